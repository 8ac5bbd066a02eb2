"""POST /v1/import and `bilaterald import`: any order, all or nothing, every fault with its line."""

import gzip
import json
import os
import subprocess
import sys
import threading

import pytest

import daemon
import seedset
from waiting import until

TYPES = {"trade-figures": "trade_figure", **{f"{name}s": name for name in
         ("source", "topic", "place", "organization", "post", "official", "meeting", "agreement", "statement")}}


def records():
    """The good set as lines of a user's own, what is referred to behind what refers to it."""
    return [{"type": TYPES[name.removesuffix(".json")], **record}
            for name, rows in reversed(seedset.good().items()) if name != "dataset.json" for record in rows]


def lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def topics(count, **more):
    return [{"type": "topic", "id": f"topic-{number}", "name": f"Topic {number}", **more} for number in range(count)]


@pytest.fixture
def api(start):
    return start(seeds=None)


def send(api, body, query="", token=None, **headers):
    headers = {"Content-Type": "application/x-ndjson", **headers}
    token = api.token() if token is None else token
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return api.request("POST", "/v1/import" + query, body=body, headers=headers)


def run(*arguments, **more):
    return daemon.run("import", *arguments, **more)


# ---- over HTTP

def test_all_resources_in_any_order(api):
    rows = records()
    answer = send(api, lines(rows))
    assert answer.status == 200, answer
    assert answer.json == {"records": len(rows), "created": len(rows), "updated": 0, "deleted": 0, "unchanged": 0,
                           "kept": 0, "dry_run": False, "revision": 1}
    for collection, kind in TYPES.items():
        got = {row["id"] for row in api.get(f"/v1/{collection}?limit=1000").json["data"]}
        assert got == {row["id"] for row in rows if row["type"] == kind}, collection
    assert api.get("/v1/search?q=firefly").json["data"]


def test_upsert_by_id(api):
    token = api.token()
    send(api, lines(topics(3)), token=token)
    again = send(api, lines(topics(2) + [{"type": "topic", "id": "topic-2", "name": "Other"}] + topics(4)[3:]), token=token)
    assert {name: again.json[name] for name in ("created", "updated", "unchanged", "revision")} == \
        {"created": 1, "updated": 1, "unchanged": 2, "revision": 2}
    assert api.get("/v1/topics/topic-2").json["name"] == "Other"
    assert api.get("/v1/topics/topic-0").json["revision"] == 1
    third = send(api, lines(topics(2)), token=token)
    assert third.json["revision"] == 2 and third.json["unchanged"] == 2


def test_who_imported_is_in_the_history(api):
    send(api, lines(topics(1)), token=api.token(name="archivist"))
    assert api.get("/v1/topics/topic-0/revisions").json["data"][0]["by"] == "archivist"


def test_every_fault_with_its_line_and_nothing_stored(api):
    rows = topics(6)
    rows[1]["name"] = ""
    rows[3]["broader_id"] = "nowhere"
    rows[4]["naem"] = "x"
    body = lines(rows).replace(b'{"type": "topic", "id": "topic-5"', b'{"type": "topic", "id": "topic-5')
    answer = send(api, b"\n" + body)
    assert answer.status == 422 and answer.headers["Content-Type"] == "application/problem+json"
    found = sorted((fault["line"], fault["pointer"]) for fault in answer.json["errors"])
    assert found == [(3, "/name"), (5, "/broader_id"), (6, "/naem"), (7, "")], answer
    assert api.get("/v1/topics?count=exact").json["count"]["value"] == 0
    assert api.get("/v1/topics").json["dataset"]["revision"] == 0


def test_the_first_thousand_faults_and_how_many(api):
    answer = send(api, lines(topics(1500, lang="vi")))
    assert answer.status == 422 and len(answer.json["errors"]) == 1000 and answer.json["error_count"] == 1500


def test_a_dry_run_stores_nothing(api):
    token = api.token()
    answer = send(api, lines(topics(5)), "?dry_run=true", token=token)
    assert answer.status == 200 and answer.json["created"] == 5 and answer.json["dry_run"] is True
    assert api.get("/v1/topics").json["data"] == []
    assert send(api, lines(topics(5, lang="vi")), "?dry_run=true", token=token).status == 422


def test_deletions_come_last(api):
    token = api.token()
    first = topics(3)
    first[1]["broader_id"] = "topic-0"
    send(api, lines(first), token=token)
    gone = {"type": "topic", "id": "topic-0", "deleted": True}
    refused = send(api, lines([gone]), token=token)
    assert refused.status == 422 and refused.json["errors"][0]["line"] == 1
    assert api.get("/v1/topics/topic-0").status == 200
    done = send(api, lines([gone, {"type": "topic", "id": "topic-1", "name": "Topic 1"}]), token=token)
    assert (done.json["deleted"], done.json["updated"]) == (1, 1), done
    assert api.get("/v1/topics/topic-0").status == 410
    assert send(api, lines([gone]), token=token).json["unchanged"] == 1
    back = send(api, lines(topics(1)), token=token)  # what was deleted is created anew, as its history says
    assert (back.json["created"], back.json["updated"]) == (1, 0), back
    assert api.get("/v1/changes?sort=-revision&limit=1").json["data"][0]["action"] == "created"


def test_what_was_merged_is_not_brought_back(api):
    """As a PUT is sent to the other record (308), so its line is told of it; it is not there to be deleted, either."""
    token = api.token()
    bearer = {"Authorization": f"Bearer {token}", "If-Match": "*"}
    send(api, lines(topics(3)), token=token)
    assert api.request("POST", "/v1/topics/topic-1/merge", json_body={"into": "topic-0"}, headers=bearer).status == 200
    again = {"type": "topic", "id": "topic-1", "name": "Topic 1"}
    for query in "", "?dry_run=true":
        answer = send(api, lines([*topics(5)[3:], again]), query, token=token)
        assert answer.status == 422 and [(each["line"], each["pointer"]) for each in answer.json["errors"]] == [(3, "/id")]
        assert '"topic-0"' in answer.json["errors"][0]["detail"]
    moved = api.request("PUT", "/v1/topics/topic-1", json_body={"name": "Topic 1"}, headers=bearer)
    assert moved.status == 308 and moved.headers["Location"] == "/v1/topics/topic-0"
    assert api.get("/v1/topics/topic-3").status == 404 and api.get("/v1/topics/topic-1").status == 308
    assert send(api, lines([{**again, "deleted": True}]), token=token).json["unchanged"] == 1


@pytest.mark.parametrize("line, pointer", [
    ({"type": "topic", "deleted": True}, "/id"), ({"type": "soup", "id": "x", "deleted": True}, "/type"),
    ({"id": "x", "name": "X"}, "/type"), ({"type": "topic", "name": "X"}, "/id")])
def test_a_line_must_say_what_it_is(api, line, pointer):
    answer = send(api, lines([line]))
    assert answer.status == 422 and pointer in [fault["pointer"] for fault in answer.json["errors"]], answer


def test_names_written_with_escapes_are_the_same(api):
    body = rb'{"t\u0079pe": "topic", "id": "a", "name": "A", "broader_id": "b"}' + b"\n" + \
        rb'{"type": "top\u0069c", "\u0069d": "\u0062", "name": "B"}'
    assert send(api, body).json["created"] == 2


@pytest.mark.parametrize("line", [
    rb'{"type": "top\u0069c", "id": "topic-0", "deleted": true}', rb'{"type": "topic", "id": "\u0074opic-0", "deleted": true}',
    rb'{"type": "topic", "id": "topic-0", "d\u0065leted": true}', rb'{"t\u0079pe": "topic", "id": "topic-0", "deleted": true}'])
def test_deletions_written_with_escapes_are_the_same(api, line):
    token = api.token()
    assert send(api, lines(topics(2)), token=token).json["created"] == 2
    done = send(api, line, token=token)
    assert done.status == 200 and done.json["deleted"] == 1, done
    assert api.get("/v1/topics/topic-0").status == 410 and api.get("/v1/topics/topic-1").status == 200


def test_a_body_in_a_coding_is_refused(api):
    token = api.token()
    for body, coding in [(gzip.compress(lines(topics(1))), "gzip"), (lines(topics(1)), "identity, gzip")]:
        assert send(api, body, token=token, **{"Content-Encoding": coding}).status == 415
    assert send(api, lines(topics(1)), token=token, **{"Content-Encoding": "identity"}).json["created"] == 1


def test_the_header_of_an_export_is_no_record(api):
    header = {"type": "dataset", "id": "any", "name": "Any", "license": "CC0-1.0"}
    assert send(api, lines([header, *topics(1)])).json["records"] == 1


def test_a_body_larger_than_other_requests_may_be(api):
    rows = [{"type": "topic", "id": f"t-{number}", "name": "N", "description": "d" * 3000} for number in range(1000)]
    body = lines(rows)
    assert len(body) > 2 << 20
    token = api.token()
    assert send(api, body, token=token).json["created"] == 1000
    connection = api.connect()
    connection.putrequest("POST", "/v1/topics")
    for name, value in {"Content-Type": "application/json", "Content-Length": len(body),
                        "Authorization": f"Bearer {token}"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_in_chunks(api):
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {api.token()}"}
    connection = api.connect()
    connection.request("POST", "/v1/import", body=iter([lines(topics(2))[:40], lines(topics(2))[40:]]),
                       headers=headers, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["created"] == 2
    connection.close()


@pytest.mark.parametrize("token, status", [("", 401), ("wrong", 401), ("read", 403)])
def test_who_may_not_import_is_told_before_the_body(api, token, status):
    """Two gigabytes are announced, none is sent; the answer comes nevertheless, and no file is made."""
    api.token()
    token = api.token("read", "reader") if token == "read" else token
    connection = api.connect()
    connection.putrequest("POST", "/v1/import")
    connection.putheader("Content-Length", str(2 << 30))
    connection.putheader("Content-Type", "application/x-ndjson")
    if token:
        connection.putheader("Authorization", f"Bearer {token}")
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == status and answer.headers["WWW-Authenticate"].startswith("Bearer")
    connection.close()


@pytest.mark.parametrize("query, headers, body, status", [
    ("?dry_run=maybe", {}, b"{}", 400), ("?dri_run=true", {}, b"{}", 400), ("", {}, b"", 400),
    ("", {"Content-Type": "application/json"}, b"{}", 415)])
def test_requests_that_are_refused(api, query, headers, body, status):
    assert send(api, body, query, **headers).status == status


@pytest.mark.parallel
def test_readers_go_on_and_see_all_or_nothing(start):
    api = start(seeds=None)
    token, seen, done = api.token(), set(), threading.Event()

    def read():
        while not done.is_set():
            seen.add(api.get("/v1/topics?count=exact&limit=1").json["count"]["value"])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        until(lambda: seen)
        assert send(api, lines(topics(4000)), token=token).status == 200
    finally:
        done.set()
        reader.join()
    assert seen <= {0, 4000} and 0 in seen


# ---- on the command line

def test_from_a_file_and_from_standard_input(tmp_path):
    path, store = tmp_path / "records.ndjson", tmp_path / "store.sqlite3"
    path.write_bytes(lines(topics(3)))
    done = run("--store", store, path)
    assert done.returncode == 0 and done.stdout == \
        "3 records: 3 created, 0 updated, 0 deleted, 0 unchanged; revision 1\n", done
    done = run("--store", store, "-", stdin=lines(topics(4)).decode())
    assert done.returncode == 0 and "4 records: 1 created, 0 updated, 0 deleted, 3 unchanged; revision 2" in done.stdout
    assert sorted(each.name for each in tmp_path.iterdir() if "import" in each.name) == []


def test_faults_on_the_command_line(tmp_path):
    path, store = tmp_path / "records.ndjson", tmp_path / "store.sqlite3"
    path.write_bytes(lines(topics(1200, lang="vi")))
    done = run("--store", store, path)
    told = done.stdout.splitlines()
    assert done.returncode == 4 and len(told) == 1001
    assert told[0].startswith(f"{path}:1: /lang: ") and told[-1] == "1200 faults; nothing was stored"
    done = run("--store", store, "-", stdin="{")
    assert done.returncode == 4 and done.stdout.startswith("-:1: (whole): "), done


def test_a_dry_run_on_the_command_line(tmp_path):
    path, store = tmp_path / "records.ndjson", tmp_path / "store.sqlite3"
    path.write_bytes(lines(topics(2)))
    done = run("--store", store, "--dry-run", path)
    assert done.returncode == 0 and done.stdout.startswith("would be stored: 2 records: 2 created")
    assert "2 created" in run("--store", store, path).stdout


def test_a_line_longer_than_a_record_may_be(tmp_path):
    path = tmp_path / "records.ndjson"
    long = json.dumps({"type": "topic", "id": "long", "name": "N", "description": "d" * (1 << 20)})
    path.write_text(long + "\n" + lines(topics(1)).decode() + long * 3 + "\n" + "x\n")
    done = run("--store", tmp_path / "store.sqlite3", path)
    assert [line.split(": ")[0] for line in done.stdout.splitlines()[:-1]] == [f"{path}:{n}" for n in (1, 3, 4)]
    assert "megabyte" in done.stdout


def test_import_into_a_store_that_is_served(start):
    api = start(seeds=None)
    path = api.folder / "records.ndjson"
    path.write_bytes(lines(topics(10)))
    assert run("--store", api.store, path).returncode == 0
    assert api.get("/v1/topics?count=exact").json["count"]["value"] == 10


# Of a process of its own: the largest size of a child counts what it was when it was forked.
MEASURE = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def test_memory_does_not_grow_with_the_file(tmp_path):
    """A file of 60 MB within 64 MB: were it held in memory, it would not do."""
    path, release = tmp_path / "records.ndjson", os.environ["BILATERAL_RELEASE_DAEMON"]
    with open(path, "w", encoding="utf-8") as file:
        for number in range(20000):
            row = {"type": "topic", "id": f"t-{number}", "name": "N", "description": "0123456789abcde\n" * 187}
            file.write(json.dumps(row) + "\n")
    assert path.stat().st_size > 60e6
    done = subprocess.run([sys.executable, "-c", MEASURE, release, "import", "--store", tmp_path / "store", path],
                          capture_output=True, text=True, env=daemon.environment())
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 64 * 1024, done.stdout


@pytest.mark.parallel
def test_one_import_at_a_time(start):
    api = start(seeds=None)
    tokens = [api.token(name=f"token-{number}") for number in range(4)]
    answers, begin = [], threading.Barrier(len(tokens))

    def work(token, number):
        rows = lines([{"type": "topic", "id": f"t-{number}-{count}", "name": "N"} for count in range(2000)])
        begin.wait(30)
        answers.append(send(api, rows, token=token))

    threads = [threading.Thread(target=work, args=(token, number)) for number, token in enumerate(tokens)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status for answer in answers)
    assert statuses[0] == 200 and statuses[-1] == 503, statuses
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 503)
    assert api.get("/v1/topics?count=exact").json["count"]["value"] == 2000 * statuses.count(200)
