"""Finds the helpers of tests/api: daemon.py and seedset.py."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "api"))
