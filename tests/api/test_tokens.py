"""Who may write: tokens made on the command line, and every way to come without a good one."""

import json
import os
import re
import sqlite3
import time

import pytest

import daemon as daemons
import oracle
from contract import Contract
from waiting import until
from writer import Writer, from_elsewhere

TOKEN = re.compile(r"bltr_[A-Za-z0-9_-]{43}")


def command(store, *arguments, **settings):
    return daemons.run("token", *arguments, "--store", store, **settings)


def create(store, name, scope="write", *more):
    done = command(store, "create", "--name", name, "--scope", scope, *more)
    assert done.returncode == 0, done.stderr
    assert TOKEN.fullmatch(done.stdout.removesuffix("\n")), done.stdout
    return done.stdout.strip()


def listed(store):
    return [json.loads(line) for line in command(store, "list").stdout.splitlines()]


def operations():
    """One of each kind, and of each collection."""
    kinds = [("POST", ""), ("PUT", "/x"), ("PATCH", "/x"), ("DELETE", "/x"), ("POST", "/x/merge")]
    for number, collection in enumerate(oracle.COLLECTIONS):
        for method, rest in kinds if collection == "topics" else kinds[number % 5:][:1]:
            yield method, f"/v1/{collection}{rest}"


def snapshot(store):
    """Everything that a write would change."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        return [connection.execute(sql).fetchall() for sql in (
            "SELECT revision, updated_at FROM store", "SELECT COUNT(*) FROM change",
            "SELECT COUNT(*) FROM answered", "SELECT name, used_at FROM token")]


def test_whatever_is_no_good_token_is_refused(start):
    private = start(seeds=None)
    contract = Contract(private)
    good = create(private.store, "good")
    revoked = create(private.store, "revoked")
    assert command(private.store, "revoke", "revoked").returncode == 0
    expired = create(private.store, "expired", "write", "--expires", "2020-01-01T00:00:00Z")
    reader = create(private.store, "reader", "read")
    before = snapshot(private.store)
    bearers = {
        "none": ([], 401, "Bearer realm="),
        "empty": ([""], 401, "invalid_token"),
        "scheme alone": (["Bearer"], 401, "invalid_token"),
        "wrong": ([f"Bearer bltr_{'A' * 43}"], 401, "invalid_token"),
        "one letter off": ([f"Bearer {good[:-1]}{'A' if good[-1] != 'A' else 'B'}"], 401, "invalid_token"),
        "short": ([f"Bearer {good[:-1]}"], 401, "invalid_token"),
        "long": ([f"Bearer {good}A"], 401, "invalid_token"),
        "very long": ([f"Bearer {good * 30}"], 401, "invalid_token"),
        "wrong scheme": ([f"Basic {good}"], 401, "invalid_token"),
        "two": ([f"Bearer {good}", f"Bearer {good}"], 401, "invalid_token"),
        "revoked": ([f"Bearer {revoked}"], 401, "invalid_token"),
        "expired": ([f"Bearer {expired}"], 401, "invalid_token"),
        "read scope": ([f"Bearer {reader}"], 403, "insufficient_scope"),
    }
    for method, path in operations():
        for name, (values, status, challenge) in bearers.items():
            headers = [("Content-Type", "application/json"), *(("Authorization", each) for each in values)]
            answer = contract.check(from_elsewhere(private, method, path, headers))
            assert answer.status == status, (method, path, name, answer)
            assert challenge in answer.headers["WWW-Authenticate"], (name, answer.headers)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer "), name
    assert snapshot(private.store) == before
    for token in (good, revoked, expired, reader):
        assert token not in private.log and token[5:20] not in private.log
    assert Writer(private, good, contract).post("/v1/topics", {"name": "Trade"}).status == 201
    assert good not in private.log


def test_a_wrong_token_is_refused_where_none_is_needed(start):
    private = start(seeds=None)
    reader = create(private.store, "reader", "read")
    for path in ("/v1/topics", "/v1/topics/x", "/openapi.json", "/health", "/v1/changes"):
        wrong = from_elsewhere(private, "GET", path, [("Authorization", "Bearer nonsense")], None)
        assert wrong.status == 401 and "invalid_token" in wrong.headers["WWW-Authenticate"], path
        assert "nonsense" not in wrong.text + private.log
        with_it = private.get(path, {"Authorization": f"Bearer {reader}"})
        assert with_it.status == private.get(path).status, path
        # The scheme's case does not count (RFC 9110, 11.1), nor how many spaces follow (RFC 6750, 2.1).
        for scheme in ("bearer ", "Bearer  "):
            assert private.get(path, {"Authorization": scheme + reader}).status == with_it.status, path


def test_a_token_is_taken_from_the_field_alone(start):
    private = start(seeds=None)
    token = create(private.store, "desk")
    body = json.dumps({"name": "Trade", "access_token": token}).encode()
    for path, headers in [(f"/v1/topics?access_token={token}", {}),
                          ("/v1/topics", {"Cookie": f"token={token}"}),
                          ("/v1/topics", {"X-Authorization": f"Bearer {token}"})]:
        fields = [("Content-Type", "application/json"), *headers.items()]
        assert from_elsewhere(private, "POST", path, fields, body).status == 401
    for path in (f"/v1/{token}", f"/v1/topics/{token}?q={token}&limit={token}"):
        assert private.get(path).status in (400, 404)
    private.stop()
    assert token[5:] not in private.log and token[-20:] not in private.log  # who reads logs shall not write
    # As a set: the lines of two workers may change places.
    asked = {(event["path"], event.get("query")) for event in private.events if event["event"] == "request"}
    assert {("/v1/topics", "access_token=bltr_…"), ("/v1/bltr_…", None),
            ("/v1/topics/bltr_…", "q=bltr_…&limit=bltr_…")} <= asked


def test_without_tokens_it_is_read_only_and_says_so(start):
    private = start(seeds=None)
    assert any(event["event"] == "read_only" for event in private.events)
    answer = private.request("POST", "/v1/topics", json_body={"name": "Trade"})
    assert answer.status == 401 and "read-only" in answer.json["detail"]
    token = create(private.store, "first")  # noticed by the daemon that runs
    answer = private.request("POST", "/v1/topics", json_body={"name": "Trade"})
    assert answer.status == 401 and "read-only" not in answer.json["detail"]
    writer = Writer(private, token)
    assert writer.post("/v1/topics", {"name": "Trade"}).status == 201
    assert command(private.store, "revoke", "first").returncode == 0
    assert writer.post("/v1/topics", {"name": "Trade"}).status == 401


def test_a_token_ends_when_it_shall(start):
    private = start(seeds=None)
    began = time.monotonic()
    Writer(private, create(private.store, "long")).post("/v1/topics", {"name": "Trade"})
    lasted = time.monotonic() - began  # so that the next has the time to be used
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2 + 5 * lasted))
    writer = Writer(private, create(private.store, "short", "write", "--expires", soon))
    assert writer.post("/v1/topics", {"name": "Trade"}).status == 201
    until(lambda: writer.post("/v1/topics", {"name": "Trade"}).status != 201)
    assert time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()) >= soon
    assert writer.post("/v1/topics", {"name": "Trade"}).status == 401


def test_the_command_line(tmp_path):
    store = tmp_path / "s.sqlite3"
    first, second = create(store, "desk"), create(store, "import-job", "admin", "--expires", "90d")
    assert first != second
    rows = {row["name"]: row for row in listed(store)}
    assert set(rows) == {"desk", "import-job"}
    assert set(rows["desk"]) == {"name", "scope", "created_at", "expires_at", "used_at", "revoked_at"}
    assert rows["desk"]["scope"] == "write" and rows["desk"]["expires_at"] is None
    expiry = time.mktime(time.strptime(rows["import-job"]["expires_at"], "%Y-%m-%dT%H:%M:%SZ"))
    assert abs(expiry - time.mktime(time.gmtime()) - 90 * 86400) < 3700
    with open(store, "rb") as file:
        everything = file.read() + (tmp_path / "s.sqlite3-wal").read_bytes() \
            if (tmp_path / "s.sqlite3-wal").exists() else file.read()
    assert first.encode() not in everything and first[5:].encode() not in everything
    for arguments, status in [
            (("create", "--name", "desk", "--scope", "write"), 1),  # taken
            (("create", "--name", "new", "--scope", "write", "--expires", "soon"), 1),
            (("create", "--name", "new", "--scope", "all"), 1),
            (("create", "--name", "two words", "--scope", "read"), 1),
            (("create", "--name", "", "--scope", "read"), 1),
            (("create", "--scope", "read"), 2), (("create", "--name", "new"), 2),
            (("revoke", "nobody"), 1), (("revoke",), 2), (("forget",), 2), ((), 2)]:
        done = command(store, *arguments)
        assert done.returncode == status and done.stdout == "" and done.stderr, arguments
    assert command(store, "revoke", "desk").returncode == 0
    assert command(store, "revoke", "desk").returncode == 1
    assert {row["name"]: bool(row["revoked_at"]) for row in listed(store)} == \
        {"desk": True, "import-job": False}
    assert command(store, "create", "--name", "desk", "--scope", "write").returncode == 1


def test_its_use_is_noted(start):
    private = start(seeds=None)
    token = create(private.store, "desk")
    assert listed(private.store)[0]["used_at"] is None
    before = time.strftime("%Y-%m-%d", time.gmtime())
    assert Writer(private, token).post("/v1/topics", {"name": "Trade"}).status == 201
    assert before <= listed(private.store)[0]["used_at"][:10] <= time.strftime("%Y-%m-%d", time.gmtime())


@pytest.mark.parametrize("how", ["file", "secret"])
def test_a_container_can_be_started_with_one(start, tmp_path, how):
    token = "a-secret-of-the-orchestrator-0123456789"
    path = tmp_path / "token"
    path.write_text(token + "\n")
    path.chmod(0o600)
    private = start("--token-file", path, seeds=None) if how == "file" \
        else start(seeds=None, BILATERAL_TOKEN=token)
    assert not any(event["event"] == "read_only" for event in private.events)
    writer = Writer(private, token)
    made = writer.post("/v1/topics", {"name": "Trade"})
    assert made.status == 201
    assert private.get("/v1/changes").json["data"][0]["by"] == "bootstrap"
    assert listed(private.store) == []
    wrong = from_elsewhere(private, "POST", "/v1/topics", [("Authorization", f"Bearer {token}x")])
    assert wrong.status == 401
    assert token not in private.log


def test_a_bad_secret_is_refused_at_start(tmp_path):
    path = tmp_path / "token"

    def served(**changes):
        done = daemons.run("serve", "--no-seeds", "--listen", "127.0.0.1:0", "--store",
                           tmp_path / "s.sqlite3", **changes)
        assert done.stdout == ""
        return done.returncode, done.stderr

    path.write_text("x" * 40)
    path.chmod(0o644)
    code, log = served(BILATERAL_TOKEN_FILE=str(path))
    assert code == 3 and "chmod" in log and "x" * 40 not in log
    path.chmod(0o600)
    path.write_text("short")
    assert served(BILATERAL_TOKEN_FILE=str(path))[0] == 3
    assert served(BILATERAL_TOKEN_FILE=str(tmp_path / "missing"))[0] == 3
    assert served(BILATERAL_TOKEN_FILE=str(tmp_path))[0] == 3
    code, log = served(BILATERAL_TOKEN="tiny")
    assert code == 3 and "tiny" not in log
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert served(BILATERAL_TOKEN_FILE=str(tmp_path / "pipe"))[0] == 3


def test_who_guesses_is_slowed_and_nobody_else(start):
    private = start(seeds=None)
    token = create(private.store, "desk")
    writer, guesser = Writer(private, token), Writer(private, "bltr_" + "A" * 43)
    def timed(who, ask, status):
        began = time.monotonic()
        assert ask(who).status == status
        return time.monotonic() - began

    began = time.monotonic()
    burst = [timed(guesser, lambda who: who.get("/v1/topics"), 401) for _ in range(10)]
    assert sorted(burst)[5] < 0.1, "ten are answered at once, or each would have a fifth of a second to wait"
    for _ in range(6):
        timed(guesser, lambda who: who.get("/v1/topics"), 401)
    assert time.monotonic() - began > 6 * 0.2 - 0.05, "16 guesses in a row were not slowed"
    mine = [timed(writer, lambda who: who.post("/v1/topics", {"name": "T"}), 201) for _ in range(5)]
    assert sorted(mine)[2] < 0.1, "he who has a token waits as long as the guesser"


def test_many_guesses_at_once_are_sent_away(start):
    private = start(seeds=None)
    sockets = [private.connect() for _ in range(60)]
    for each in sockets:
        each.request("GET", "/v1/topics", headers={"Authorization": "Bearer guess"})
    began = time.monotonic()
    assert private.get("/v1/topics").status == 200 and time.monotonic() - began < 4  # the last guess: five
    answers = [each.getresponse() for each in sockets]
    assert {answer.status for answer in answers} == {401, 429}
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 429)
    for each in sockets:
        each.close()
