"""Every API suite has the fixtures of fixtures.py: api, shared, start."""

from fixtures import api, shared, start  # noqa: F401
