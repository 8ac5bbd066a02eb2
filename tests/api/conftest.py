"""Every API suite has the fixtures of fixtures.py."""

from fixtures import api, client, record, shared, start  # noqa: F401
