"""A list of any length takes the memory of one record; measured on the release build."""

import gzip
import json
import os
import pathlib
import re
import subprocess
import time

import pytest

import daemon
import seedset

RELEASE = pathlib.Path(os.environ.get("BILATERAL_RELEASE_DAEMON")
                       or daemon.ROOT / "build/release/src/bilaterald")
ROWS = 200_000
MOST = 50 << 20  # bytes resident, the program and its libraries included


def peak(one):
    """The most that the daemon ever had resident, in bytes."""
    status = pathlib.Path(f"/proc/{one.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) << 10


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    seeds = seedset.write(folder / "seeds", {"dataset.json": seedset.dataset()})
    with open(seeds / "statements.ndjson", "w") as file:
        for number in range(ROWS):
            file.write(json.dumps({
                "id": f"s-{number}", "date": f"{1950 + number % 70}-{1 + number % 12:02}-01",
                "side": "VN" if number % 2 else "CN", "act": "proposed",
                "text": f"Số {number}: both sides should build the road."}) + "\n")
    made = subprocess.Popen([RELEASE, "serve", "--listen", "127.0.0.1:0", "--store", folder / "s.sqlite3",
                             "--seeds", seeds], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            env=daemon.environment())
    assert b"http://" in made.stdout.readline()
    made.terminate()
    assert made.wait(30) == 0
    made.stdout.close()
    return folder / "s.sqlite3"


def take(one, path, headers=None):
    """How many bytes and line feeds an answer has, and how long the whole took; nothing is kept."""
    connection, begun = one.connect(), time.monotonic()
    connection.request("GET", path, headers=headers or {})
    answer, size, lines = connection.getresponse(), 0, 0
    assert answer.status == 200
    body = gzip.GzipFile(fileobj=answer) if headers else answer
    while piece := body.read(1 << 16):
        size, lines = size + len(piece), lines + piece.count(b"\n")
    connection.close()
    return size, lines, time.monotonic() - begun


@pytest.mark.timeout(400)  # most of it is the ingestion
def test_no_list_is_too_long(store, start, monkeypatch):
    monkeypatch.setenv("BILATERAL_DAEMON", str(RELEASE))
    one = start(seeds=None, store=store)
    assert one.get("/v1/statements?count=exact&limit=1").json["count"]["value"] == ROWS
    for path, head, headers in [
            ("/v1/statements.ndjson", 0, None), ("/v1/statements.csv", 1, None),
            ("/v1/statements.csv", 1, {"Accept-Encoding": "gzip"}),
            ("/v1/statements.ndjson?sort=text&side=VN", -ROWS // 2, None),
            ("/v1/timeline.csv", 1, None), ("/v1/export", 1, None)]:
        size, lines, _ = take(one, path, headers)
        assert lines == ROWS + head and size > 50 * ROWS, path
        assert peak(one) < MOST, path
    size, _, _ = take(one, "/v1/export.sqlite")
    assert size > 100 * ROWS and peak(one) < MOST
