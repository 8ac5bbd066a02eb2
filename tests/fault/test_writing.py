"""Acknowledged is on the disk: kill -9, a full disk, a lost sync, a locked file, while clients write.

A longer run by hand: BILATERAL_KILLS=200 pytest tests/fault/test_writing.py -k kill
"""

import contextlib
import http.client
import os
import pathlib
import sqlite3
import subprocess
import threading
import time

import pytest

import daemon
from test_disk import disk  # noqa: F401
from waiting import until
from writer import Writer

HERE = pathlib.Path(__file__).resolve().parent
KILLS = int(os.environ.get("BILATERAL_KILLS", "5"))


def is_whole(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        database.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")


def write_until_it_dies(private, token, number, acknowledged):
    """Puts and deletions; notes what each record is by the last answer, just behind the answer."""
    writer = Writer(private, token)
    with contextlib.suppress(OSError, http.client.HTTPException):
        for count in range(100000):
            path = f"/v1/topics/t-{number}-{count // 3}"
            if count % 3 == 2 and count % 2:
                acknowledged[path] = None  # from here on either is right
                if writer.delete(path, If_Match="*").status == 204:
                    acknowledged[path] = 410
                continue
            known = acknowledged.get(path)
            acknowledged[path] = None
            answer = writer.put(path, {"name": f"N{count}"}, **({"If_Match": known} if known else {}))
            assert answer.status in (200, 201), answer
            acknowledged[path] = answer.headers["ETag"]


@pytest.mark.timeout(60 + 20 * KILLS)
def test_what_was_acknowledged_survives_kill(tmp_path):
    total, store = 0, tmp_path / "store"
    for round_number in range(KILLS):
        private = daemon.Daemon(tmp_path, seeds=None, store=store)
        token = private.token("write", f"token-{round_number}")
        acknowledged = {}
        threads = [threading.Thread(target=write_until_it_dies,
                                    args=(private, token, f"{round_number}-{number}", acknowledged))
                   for number in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.7 + 0.13 * (round_number % 7))
        until(lambda: sum(known is not None for known in acknowledged.copy().values()) > 120)
        private.kill()
        for thread in threads:
            thread.join()
        private = daemon.Daemon(tmp_path, seeds=None, store=store)
        reader = Writer(private)
        lost = []
        for path, known in acknowledged.items():
            answer = reader.get(path)
            if known and (answer.status != 410 if known == 410 else answer.headers["ETag"] != known):
                lost.append((path, known, answer))
        assert not lost, f"{len(lost)} of {len(acknowledged)} are lost: {lost[:3]}"
        total += sum(known is not None for known in acknowledged.values())
        private.stop()
        is_whole(store)
    print(f"0 of {total} acknowledged writes lost in {KILLS} kills")
    assert total > 100 * KILLS


def test_a_full_disk_is_said_and_mended(disk):  # noqa: F811
    private = daemon.Daemon(disk.path, seeds=None, store=disk.path / "store")
    try:
        writer = Writer(private, private.token())
        assert writer.post("/v1/topics", {"id": "before", "name": "Before"}).status == 201
        used = sum(each.stat().st_blocks * 512 for each in disk.path.iterdir())
        disk.remount(f"size={used + 300 * 1024}")
        made, answer = [], None
        for number in range(2000):
            answer = writer.post("/v1/topics", {"id": f"t-{number}", "name": "T", "description": "x" * 3000})
            if answer.status != 201:
                break
            made.append(f"t-{number}")
        assert answer.status == 507 and "full" in answer.json["detail"], answer
        assert answer.headers.get_content_type() == "application/problem+json"
        assert "store" not in answer.json["detail"].replace("the store", "")
        assert writer.get("/v1/topics/before").status == 200  # reading goes on
        assert private.get("/v1/search?q=before").status == 200
        assert len(private.get("/v1/topics?limit=1000&fields=id").json["data"]) == len(made) + 1
        assert writer.post("/v1/topics", {"name": "Still", "description": "x" * 3000}).status == 507
        disk.remount("size=64m")
        assert writer.post("/v1/topics", {"id": "after", "name": "After"}).status == 201
        ids = {row["id"] for row in private.get("/v1/topics?limit=1000&fields=id").json["data"]}
        assert ids == {"before", "after", *made}
    finally:
        private.stop()
    is_whole(disk.path / "store")


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A release daemon whose disk can be broken: `broken.sync.touch()`, `broken.sync.unlink()`."""
    monkeypatch.setenv("BILATERAL_DAEMON", os.environ["BILATERAL_RELEASE_DAEMON"])
    library = tmp_path / "break.so"
    subprocess.run(["cc", "-std=c17", "-O1", "-shared", "-fPIC", "-D_FORTIFY_SOURCE=0", "-o", library,
                    HERE / "break.c"], check=True, timeout=60)
    private = daemon.Daemon(tmp_path, seeds=None, LD_PRELOAD=str(library),
                            BREAK_SYNC=str(tmp_path / "sync"), BREAK_WRITE=str(tmp_path / "write"))
    private.sync, private.write = tmp_path / "sync", tmp_path / "write"
    yield private
    private.stop()
    is_whole(private.store)


@pytest.mark.parametrize("what", ["sync", "write"])
def test_a_disk_that_fails_is_said_and_mended(broken, what):
    writer = Writer(broken, broken.token())
    assert writer.post("/v1/topics", {"id": "a", "name": "A"}).status == 201
    switch = getattr(broken, what)
    switch.touch()
    for _ in range(3):
        answer = writer.post("/v1/topics", {"id": "b", "name": "B"})
        assert answer.status == 503 and answer.headers["Retry-After"], answer
        assert str(broken.folder) not in answer.text and "SQL" not in answer.text.upper()
        assert writer.get("/v1/topics/a").status == 200
    switch.unlink()
    again = writer.post("/v1/topics", {"id": "c", "name": "C"})
    assert again.status == 201, again
    assert writer.put("/v1/topics/b", {"name": "B2"}, If_Match="*").status in (200, 412)
    assert [event for event in broken.events if event["level"] == "error"], "the operator is told the cause"


def test_a_locked_file_is_said_and_mended(tmp_path):
    private = daemon.Daemon(tmp_path, seeds=None)
    try:
        writer = Writer(private, private.token())
        assert writer.post("/v1/topics", {"id": "a", "name": "A"}).status == 201
        with contextlib.closing(sqlite3.connect(private.store, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = writer.post("/v1/topics", {"id": "b", "name": "B"})
            assert answer.status == 503 and answer.headers["Retry-After"] \
                and "writes to the store" in answer.json["detail"]
            assert writer.get("/v1/topics/a").status == 200
            other.execute("ROLLBACK")
        assert writer.post("/v1/topics", {"id": "b", "name": "B"}).status == 201
    finally:
        private.stop()


def test_what_is_under_way_is_written_before_the_end(tmp_path):
    """SIGTERM while clients write: every request that was taken is answered, and what was answered is there."""
    private = daemon.Daemon(tmp_path, seeds=None)
    token, acknowledged = private.token(), {}
    threads = [threading.Thread(target=write_until_it_dies, args=(private, token, number, acknowledged))
               for number in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    private.stop()
    for thread in threads:
        thread.join()
    again = daemon.Daemon(tmp_path, seeds=None, store=private.store)
    reader = Writer(again)
    for path, known in acknowledged.items():
        answer = reader.get(path)
        if known:
            assert answer.status == 410 if known == 410 else answer.headers["ETag"] == known
    again.stop()
