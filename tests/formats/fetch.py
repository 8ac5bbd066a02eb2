"""Records in formats that other tools read: `formats.get("meetings", "ics")` -> bytes.

How they are come by is this file's alone: over HTTP, from a daemon behind a base path, each answer
held to the document that the daemon serves.
"""

import pathlib
import urllib.parse

from contract import Contract
from daemon import Daemon

BASE_PATH = "/x"


class Formats:
    """A daemon on these seeds. Lists come in the order of their ids."""

    def __init__(self, folder, seeds):
        self.folder = pathlib.Path(folder)
        self.start(seeds)

    def start(self, seeds):
        self.daemon = Daemon(self.folder, "--base-path", BASE_PATH, seeds=seeds)
        self.contract = Contract(self.daemon, BASE_PATH)

    def restart(self, seeds):
        """The same store, with what other seeds change in it."""
        self.daemon.stop()
        self.start(seeds)

    def stop(self):
        self.daemon.stop()

    def answer(self, path, **query):
        target = f"{BASE_PATH}/v1/{path}"
        if query:
            target += "?" + urllib.parse.urlencode(query)
        return self.contract.check(self.daemon.get(target))

    def get(self, path, extension, **query):
        answer = self.answer(f"{path}.{extension}", **{"sort": "id", **query})
        assert answer.status == 200, answer
        return answer.body
