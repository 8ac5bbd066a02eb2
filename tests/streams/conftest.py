"""The helpers and fixtures of tests/api."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "api"))

from fixtures import api, checked, client, contract, record, shared, start  # noqa: E402, F401
