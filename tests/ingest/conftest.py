"""The helpers and fixtures of tests/api: daemon.py, seedset.py, and `start`."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "api"))

from fixtures import start  # noqa: E402, F401
