"""Long answers and what becomes of the others: slow readers, readers who leave, too many at once."""

import concurrent.futures
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import time

import pytest

import daemon
import seedset
from waiting import until

ROWS, NOTES, NOTE = 400, 10, "abcdefghij" * 350  # 14 MB: more than the kernel keeps for a connection
LIMIT = 8  # producers at a time
SIZE = ROWS * NOTES * len(NOTE)


def put_seeds(folder, version):
    """Few records that are large, so that they are soon stored; their notes are not searched."""
    folder.mkdir(exist_ok=True)
    seedset.write(folder, {"dataset.json": seedset.dataset(), "sources.json": [{"id": "s", "title": "S"}]})
    with open(folder / "topics.ndjson", "w") as file:
        for number in range(ROWS):
            file.write(json.dumps({"type": "topic", "id": f"t{number:05}", "name": f"Version {version}",
                                   "citations": [{"source_id": "s", "note": NOTE}] * NOTES}) + "\n")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store with a long list, made once."""
    folder = tmp_path_factory.mktemp("long")
    one = daemon.Daemon(folder, seeds=put_seeds(folder / "seeds", 1))
    one.stop()
    return one.store


@pytest.fixture
def serve(start, store, tmp_path):
    """A daemon with the long list to itself: `serve(BILATERAL_SPOOL_MEGABYTES="1")`."""
    def factory(**changes):
        shutil.copy(store, tmp_path / "record.sqlite3")
        return start(seeds=None, store=tmp_path / "record.sqlite3", **changes)
    return factory


@pytest.fixture
def long(serve):
    return serve()


class Reader:
    """A client with a small window, who takes his time."""

    def __init__(self, one, path):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(30)
        self.socket.connect((one.host, one.port))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.answer = http.client.HTTPResponse(self.socket)
        self.answer.begin()

    def close(self):
        self.answer.close()
        self.socket.close()


def state(one):
    """Descriptors and threads of a daemon."""
    process = pathlib.Path(f"/proc/{one.process.pid}")
    return len(os.listdir(process / "fd")), len(os.listdir(process / "task"))


def log_size(one):
    log = one.store.with_name(one.store.name + "-wal")
    return log.stat().st_size if log.exists() else 0


@pytest.mark.timeout(200)
def test_a_slow_reader_hinders_nobody_and_sees_one_state(start, store, tmp_path):
    shutil.copy(store, tmp_path / "record.sqlite3")
    seeds = put_seeds(tmp_path / "seeds", 1)
    one = start(seeds=seeds, store=tmp_path / "record.sqlite3")
    reader = Reader(one, "/v1/topics.ndjson?sort=id")
    got = reader.answer.read(1024)
    for version in 2, 3:
        put_seeds(seeds, version)
        one.process.send_signal(signal.SIGHUP)
        while sum(event["event"] == "ingested" for event in one.events) < version:
            got += reader.answer.read(256)
            time.sleep(0.25)
        assert [event["updated"] for event in one.events if event["event"] == "ingested"][-1] == ROWS
        assert log_size(one) == 0, "the log was moved into the file, for nobody reads from it"
        assert one.get("/v1/topics/t00000").json["name"] == f"Version {version}"
    assert len(got) < SIZE / 10, "it was slow indeed"
    got += reader.answer.read()
    reader.close()
    rows = [json.loads(line) for line in got.splitlines()]
    assert [row["id"] for row in rows] == [f"t{number:05}" for number in range(ROWS)]
    assert {row["name"] for row in rows} == {"Version 1"}


@pytest.mark.parallel
@pytest.mark.timeout(200)
@pytest.mark.parametrize("path", ["/v1/topics.csv", "/v1/export.ndjson", "/v1/export.sqlite"])
def test_readers_who_leave_cost_nothing(long, path):
    descriptors, threads = state(long)
    for _ in range(4):
        readers = [Reader(long, path) for _ in range(6)]
        for reader in readers:
            assert len(reader.answer.read(1000)) == 1000
        assert state(long)[0] > descriptors
        for reader in readers:
            reader.close()
        for _ in range(2):  # some leave before the first byte
            with socket.create_connection((long.host, long.port)) as client:
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        # The engine keeps a descriptor for each producer there ever was at a time, to use it again.
        until(lambda: state(long)[1] == threads and state(long)[0] <= descriptors + LIMIT, 60)


@pytest.mark.parallel
@pytest.mark.timeout(200)
def test_it_stops_with_readers_and_producers_under_way(long):
    readers = [Reader(long, "/v1/topics.csv") for _ in range(2)]
    with socket.create_connection((long.host, long.port)) as client:
        client.sendall(b"GET /v1/export.sqlite HTTP/1.1\r\nHost: x\r\n\r\n")
        long.stop()
    for reader in readers:
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            reader.answer.read()
        reader.close()


@pytest.mark.parallel
@pytest.mark.timeout(200)
def test_too_many_at_once_are_told_to_wait(long):
    def ask(_):
        answer = long.get("/v1/topics.csv?sort=-name", {"Accept-Encoding": "gzip"})
        return answer.status, answer.headers.get("Retry-After"), len(answer.body)

    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        found = list(pool.map(ask, range(40)))
    good = [each for each in found if each[0] == 200]
    assert len(good) >= 8 and len({size for _, _, size in good}) == 1
    refused = [each for each in found if each[0] != 200]
    assert refused and {(status, retry) for status, retry, _ in refused} == {(503, "1")}
    assert long.get("/v1/topics.csv?limit=1").status == 200


@pytest.mark.parallel
@pytest.mark.timeout(200)
def test_a_full_spool_breaks_the_connection_off(serve):
    one = serve(BILATERAL_SPOOL_MEGABYTES="1")
    reader = Reader(one, "/v1/topics.csv")
    assert reader.answer.status == 200
    until(lambda: any(event["event"] == "production" for event in one.events))
    with pytest.raises(http.client.IncompleteRead) as broken:
        reader.answer.read()
    assert 0 < len(broken.value.partial) < SIZE
    assert b"problem" not in broken.value.partial[-1000:]
    reader.close()
    answer = one.get("/v1/topics.csv?limit=10")
    assert answer.status == 200 and answer.body.count(b"\r\n") == 11, "what it had is given back"
    file = one.get("/v1/export.sqlite")
    assert file.status == 503 and file.headers["Retry-After"] == "1"


def test_who_keeps_pace_needs_no_room(serve):
    """What was sent is given back at once, so that a list may be longer than the spool."""
    one = serve(BILATERAL_SPOOL_MEGABYTES="12")
    assert len(one.get("/v1/topics.csv").body) > SIZE > 12 << 20


def test_no_spool_at_all_is_a_problem(start):
    one = start(BILATERAL_SPOOL_MEGABYTES="0")
    answer = one.get("/v1/topics.csv")
    assert answer.status == 503 and answer.headers["Retry-After"] == "1"
    assert answer.headers.get_content_type() == "application/problem+json"
    assert one.get("/v1/topics").status == 200
