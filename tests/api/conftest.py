"""Every API suite has the fixtures of fixtures.py."""

from fixtures import api, checked, client, contract, desk, record, shared, start  # noqa: F401
