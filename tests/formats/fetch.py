"""Records in formats that other tools read: `formats.get("meetings", "ics")` -> bytes.

Until an address serves a format, the test program `convert` writes it, over a store that the daemon
made of seeds. What a test knows of that is this file alone.
"""

import os
import pathlib
import subprocess

from daemon import ROOT, SANITIZER, Daemon, environment


def program():
    build = pathlib.Path(os.environ.get("BILATERAL_BUILD") or ROOT / "build/debug")
    return build / "tests/unit/format/convert"


class Formats:
    """A store of these seeds; `refill` reads others into it."""

    def __init__(self, folder, seeds):
        self.folder = pathlib.Path(folder)
        self.store = self.folder / "record.sqlite3"
        self.refill(seeds)

    def refill(self, seeds):
        Daemon(self.folder, seeds=seeds, store=self.store).stop()

    def get(self, collection, extension, *, fields=(), base_path="", query=""):
        address = f"{base_path}/v1/{collection}.{extension}{query}"
        done = subprocess.run([program(), self.store, collection, extension, address, base_path,
                               *fields], capture_output=True, timeout=30, env=environment())
        assert done.returncode == 0 and not SANITIZER.search(done.stderr.decode()), done.stderr
        return done.stdout
