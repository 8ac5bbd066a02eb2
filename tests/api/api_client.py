"""Many requests in turn on one kept connection, and walks over the pages of a list."""

import contextlib
import json
import urllib.parse


class Client:
    """`client.get("/v1/meetings", sort="-start_date", limit=2)` -> (status, JSON)."""

    def __init__(self, daemon):
        self.connection = daemon.connect()

    def get(self, path, **parameters):
        if parameters:
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(parameters)
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def list(self, path, **parameters):
        """The whole answer, which must be good."""
        status, answer = self.get(path, **parameters)
        assert status == 200, (path, parameters, answer)
        return answer

    def ids(self, path, **parameters):
        """The ids of a list that fits one page, in its order."""
        answer = self.list(path, fields="id", limit=1000, **parameters)
        assert answer["links"]["next"] is None
        return [row["id"] for row in answer["data"]]

    def walk(self, path, direction="next", **parameters):
        """The pages from this address on, in one direction."""
        answer = self.list(path, **parameters)
        yield answer
        while answer["links"][direction]:
            answer = self.list(answer["links"][direction])
            yield answer

    def close(self):
        self.connection.close()


@contextlib.contextmanager
def client_of(daemon):
    client = Client(daemon)
    try:
        yield client
    finally:
        client.close()
