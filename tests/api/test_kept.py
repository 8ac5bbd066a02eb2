"""Details that are kept while other records change, and what may never be kept too long."""

import concurrent.futures
import random
import socket
import threading
import time

import pytest

import seedset
from daemon import run
from test_cache import CHANGING, hits
from waiting import until
from writer import Writer

MERGE = "application/merge-patch+json"
EMBEDS = {"topics": "broader", "places": "parent"}


@pytest.fixture
def running(start, tmp_path):
    return start("--workers", "1", seeds=seedset.write(tmp_path / "seeds", seedset.good()))


@pytest.fixture
def desk(running):
    return Writer(running, running.token("admin"))


def reader(running):
    return Writer(running)


def is_hit(answer):
    return "cache;desc=hit" in answer.headers["Server-Timing"]


def rename(desk, path, name):
    tag = desk.get(path).headers["ETag"]
    done = desk.patch(path, {"name": name}, If_Match=tag, Content_Type=MERGE)
    assert done.status == 200, done
    return done


def raw_lines(running, path):
    """The lines of the header section, as they are on the wire."""
    with socket.create_connection((running.host, int(running.port)), 20) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head = answer.split(b"\r\n\r\n", 1)[0]
    assert all(byte in b"\r\n\t" or 32 <= byte < 127 for byte in head), head
    assert head.count(b"\r\n") == head.count(b"\n") == head.count(b"\r")
    return head.decode().split("\r\n")


def test_the_lines_of_a_hit_are_those_of_the_first_answer(running):
    for path in "/v1/topics/trade", "/v1/topics?limit=1", "/docs":
        first, again = raw_lines(running, path), raw_lines(running, path)
        def kept(lines):
            return sorted(line for line in lines if line.partition(":")[0] not in CHANGING)
        assert kept(first) == kept(again)
        assert "Server-Timing: total;dur=0.00, cache;desc=hit" in again
        ids = [line for lines in (first, again) for line in lines if line.startswith("X-Request-Id: ")]
        assert len(set(ids)) == 2 and {len(line) for line in ids} == {len("X-Request-Id: ") + 36}


def test_a_record_is_kept_while_others_change(running, desk):
    one = reader(running)
    details = "/v1/topics/trade", "/v1/topics/trade?fields=id,name", "/v1/places/freedonia"
    others = "/v1/topics", "/v1/places/freedonia-city?include=parent", "/v1/topics/trade/revisions"
    for path in details + others:
        assert one.get(path).status == 200 and is_hit(one.get(path)), path
    for number in range(5):
        rename(desk, "/v1/topics/duck-soup", f"Duck soup {number}")
        assert all(not is_hit(one.get(path)) for path in others), "made of more than the record itself"
        time.sleep(0.15)  # a tick of the server
        assert all(is_hit(one.get(path)) for path in details)
    made = desk.post("/v1/topics", {"name": "Salt"})
    assert made.status == 201 and all(is_hit(one.get(path)) for path in details)
    rename(desk, "/v1/topics/trade", "Commerce")
    for path in details[:2]:
        answer = one.get(path)
        assert answer.json["name"] == "Commerce" and not is_hit(answer) and is_hit(one.get(path))
    assert is_hit(one.get(details[2]))


def test_what_goes_away_is_not_kept(running, desk):
    one = reader(running)
    ids = [desk.post("/v1/topics", {"name": name}).json["id"] for name in ("Salt", "Sea salt", "Rock salt")]
    child = desk.post("/v1/topics", {"name": "Salt mines", "broader_id": ids[1]}).json["id"]
    paths = [f"/v1/topics/{id}" for id in (*ids, child)]
    assert all(one.get(path).status == 200 and is_hit(one.get(path)) for path in paths)
    merged = desk.post(f"{paths[1]}/merge", {"into": ids[0]}, If_Match=one.get(paths[1]).headers["ETag"])
    assert merged.status == 200, merged
    assert one.get(paths[1]).status == 308
    assert one.get(paths[3]).json["broader_id"] == ids[0], "its reference has moved"
    assert one.get(paths[0]).json["revision"] == 2
    assert is_hit(one.get(paths[2]))
    assert desk.delete(paths[2], If_Match=one.get(paths[2]).headers["ETag"]).status in (200, 204)
    assert one.get(paths[2]).status == 410
    back = desk.put(paths[2], {"name": "Rock salt again"})
    assert back.status in (200, 201), back
    assert one.get(paths[2]).json["name"] == "Rock salt again"


def test_imports_make_everything_old(running, desk):
    one = reader(running)
    path = "/v1/topics/trade"
    assert one.get(path).json["name"] == "Trade" and is_hit(one.get(path))
    line = b'{"type": "topic", "id": "trade", "name": "Imported"}\n'
    done = desk.post("/v1/import", line, Content_Type="application/x-ndjson")
    assert done.status == 200, done
    assert one.get(path).json["name"] == "Imported"
    assert is_hit(one.get(path))
    file = running.folder / "more.ndjson"
    file.write_bytes(line.replace(b"Imported", b"Imported by another process"))
    assert run("import", "--store", running.store, file).returncode == 0
    until(lambda: one.get(path).json["name"] != "Imported")


def test_a_write_between_those_of_another_process(running, desk):
    """Our own next revision must not hide that somebody else has written before it."""
    one = reader(running)
    assert one.get("/v1/topics/trade").status == 200 and is_hit(one.get("/v1/topics/trade"))
    file = running.folder / "more.ndjson"
    for number in range(5):
        file.write_text(f'{{"type": "topic", "id": "trade", "name": "Round {number}"}}\n')
        assert run("import", "--store", running.store, file).returncode == 0
        rename(desk, "/v1/topics/duck-soup", f"Duck soup {number}")
        wanted = f"Round {number}"
        until(lambda: one.get("/v1/topics/trade").json["name"] == wanted)


@pytest.mark.parallel
def test_nobody_sees_a_record_older_than_its_last_answer(start, tmp_path):
    """Four write records of their own as fast as they can, six read all of them."""
    running = start("--workers", "3", seeds=seedset.write(tmp_path / "seeds", seedset.good()))
    token = running.token()
    paths = ["/v1/topics/trade", "/v1/topics/duck-soup", "/v1/places/freedonia", "/v1/places/sylvania"]
    acknowledged, kept, ended = dict.fromkeys(paths, 1), [], threading.Event()

    def write(path):
        desk = Writer(running, token)
        tag = desk.get(path).headers["ETag"]
        while not ended.is_set():
            done = desk.patch(path, {"name": f"Round {acknowledged[path] + 1}"}, If_Match=tag, Content_Type=MERGE)
            assert done.status == 200, done
            tag = done.headers["ETag"]
            acknowledged[path] = done.json["revision"]
            own = Writer(running).get(path)  # on a fresh connection: perhaps another worker
            assert own.headers["ETag"] == tag and own.json["revision"] == acknowledged[path]
            time.sleep(0.01 * random.random())

    def read():
        client = reader(running)
        while not ended.is_set():
            for path in paths:
                for asked in path, f"{path}?fields=revision", f"{path}?include={EMBEDS[path.split('/')[2]]}":
                    least = acknowledged[path]
                    answer = client.get(asked)
                    if is_hit(answer) and asked == path:
                        kept.append(asked)
                    assert answer.json["revision"] >= least, (asked, answer, least)

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        busy = [*(pool.submit(write, path) for path in paths), *(pool.submit(read) for _ in range(6))]
        enough = time.monotonic() + 4
        try:
            until(lambda: any(each.done() for each in busy) or (time.monotonic() > enough and len(kept) > 20
                                                                and min(acknowledged.values()) > 10))
        finally:
            ended.set()
        for each in busy:
            each.result()
    assert hits(running) > 0


# ---- connections that are kept, too

def megabytes(running):
    with open(f"/proc/{running.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon")) / 1024


def test_a_quiet_connection_gives_its_memory_back(start):
    running = start("--workers", "1", "--connections", "400", "--connections-per-address", "0")
    request = b"GET /v1/places/guangxi?fields=id HTTP/1.1\r\nHost: a\r\n\r\n"
    many = [socket.create_connection((running.host, int(running.port)), 20) for _ in range(300)]

    def ask(connection, sent=request):
        connection.sendall(sent)
        answer = b""
        while b'"id"' not in answer:
            piece = connection.recv(65536)
            assert piece, answer
            answer += piece
        assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b'{"id":"guangxi"}\n'), answer

    for each in many:
        ask(each)
    # Some have sent part of the next request, or a line before it that nobody counts.
    begun = {1: request[:-1], 2: request[:30], 3: b"\r\n", 4: request[:3]}
    rest = {1: request[-1:], 2: request[30:], 4: request[3:]}
    for number, each in enumerate(many):
        each.sendall(begun.get(number % 15, b""))
    before = megabytes(running)
    # Each of those that are quiet gives 5 KB back.
    until(lambda: before - megabytes(running) > 300 * 11 / 15 * 5 / 1024)
    for number, each in enumerate(many):
        ask(each, rest.get(number % 15, request))
    for each in many:
        each.close()


def test_no_line_of_the_log_is_lost_at_the_end(start):
    running = start("--workers", "2")
    one = reader(running)
    for number in range(333):
        assert one.get(f"/v1/topics?limit={number % 7 + 1}").status == 200
    one.get("/v1/places/guangxi?fields=id")
    # A quiet worker writes what it has.
    until(lambda: any(event.get("query") == "fields=id" for event in running.events))
    one.get("/v1/places/guangxi")
    running.stop()
    asked = [event for event in running.events if event["event"] == "request"]
    assert len(asked) == 335 and [event["time"] for event in asked] == sorted(event["time"] for event in asked)
