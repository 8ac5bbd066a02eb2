"""Somebody who may write: requests with a token, each answer held to the contract.

    writer = Writer(daemon, daemon.token())
    made = writer.post("/v1/topics", {"name": "Trade"})
    writer.patch("/v1/topics/trade", {"description": "Goods."}, If_Match=made.headers["ETag"])

Fields are keyword arguments with `_` for `-`. Standard library only.
"""

import http.client
import itertools
import json

from daemon import ANSWER_SECONDS, Answer

ADDRESSES = itertools.count(2)


class Writer:
    def __init__(self, daemon, token=None, contract=None):
        self.daemon = daemon
        self.token = token
        self.contract = contract
        self.connection = None

    def headers(self, fields):
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {**own, **{name.replace("_", "-"): value for name, value in fields.items()}}

    def send(self, method, path, body=None, **fields):
        """On a kept connection; a body that is not bytes is sent as JSON."""
        headers = self.headers(fields)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
        if self.connection is None:
            self.connection = self.daemon.connect()
        try:
            self.connection.request(method, path, body=body, headers=headers)
            answer = Answer(self.connection.getresponse(), method, path)
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if self.contract and not (answer.status == 201 and not answer.body):
            self.contract.check(answer)
        return answer

    def get(self, path, **fields):
        return self.send("GET", path, **fields)

    def post(self, path, body, **fields):
        return self.send("POST", path, body, **fields)

    def put(self, path, body, **fields):
        return self.send("PUT", path, body, **fields)

    def patch(self, path, body, **fields):
        return self.send("PATCH", path, body, **fields)

    def delete(self, path, **fields):
        return self.send("DELETE", path, **fields)

    def bring(self, *rows, query=""):
        """An import of the rows, a line each."""
        body = "".join(json.dumps(row) + "\n" for row in rows).encode()
        return self.send("POST", "/v1/import" + query, body, Content_Type="application/x-ndjson")

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def pointers(answer):
    """Where the faults of a refused body are."""
    assert answer.status == 422, answer
    return [each["pointer"] for each in answer.json["errors"]]


def from_elsewhere(daemon, method, path, headers, body=b"{}"):
    """A request from a loopback address of its own: who guesses tokens is slowed by address.
    `headers` are pairs, so that a field may come twice."""
    number = next(ADDRESSES)
    connection = http.client.HTTPConnection(
        daemon.host, daemon.port, timeout=ANSWER_SECONDS,
        source_address=(f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}", 0))
    try:
        connection.putrequest(method, path)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return Answer(connection.getresponse(), method, path)
    finally:
        connection.close()
