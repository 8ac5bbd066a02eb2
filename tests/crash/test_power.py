"""Power cuts: what was acknowledged is there when the machine comes back.

The store lies on an ext4 file system of its own. The daemon is killed in the midst of its work, then
the file system is shut down without its log (EXT4_IOC_SHUTDOWN): whatever no sync has put on the disk
is gone. A control run on a disk that lies about its syncs must lose writes, or this proves nothing.

A longer run by hand, against the release build (about three cuts a second):

    BILATERAL_DAEMON=build/release/src/bilaterald BILATERAL_CUTS=60 pytest tests/crash
"""

import contextlib
import fcntl
import http.client
import json
import os
import pathlib
import sqlite3
import struct
import subprocess
import threading
import time

import pytest

import daemon
from waiting import until
from writer import Writer

HERE = pathlib.Path(__file__).resolve().parent
CUTS = int(os.environ.get("BILATERAL_CUTS", "4"))
WRITERS, SECONDS = 8, 0.5
EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2  # _IOR('X', 125, __u32); linux/fs/ext4/ext4.h

pytestmark = pytest.mark.timeout(120 + 20 * CUTS)


class Disk:
    """An ext4 file system that can lose its power."""

    def __init__(self, folder):
        self.path, self.device = folder / "disk", None
        image = folder / "image"
        self.path.mkdir()
        with open(image, "wb") as file:
            file.truncate(256 << 20)
        self._run("mkfs.ext4", "-q", "-F", image)
        self.device = self._run("losetup", "--find", "--show", image).stdout.strip()
        self.mount()

    @staticmethod
    def _run(*command):
        return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)

    def mount(self):
        self._run("mount", "-t", "ext4", self.device, self.path)

    def cut(self):
        """The power goes, and comes back."""
        folder = os.open(self.path, os.O_RDONLY)
        fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(folder)
        self._run("umount", self.path)
        self.mount()

    def remove(self):
        subprocess.run(["umount", "-l", self.path], check=False, capture_output=True)
        if self.device:
            subprocess.run(["losetup", "--detach", self.device], check=False)


@pytest.fixture
def disk(tmp_path):
    try:
        one = Disk(tmp_path)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no loop-mounted ext4 here, so NO POWER CUT WAS TRIED: {getattr(error, 'stderr', error)}")
    yield one
    one.remove()


@pytest.fixture(scope="module")
def liar(tmp_path_factory):
    library = tmp_path_factory.mktemp("lie") / "lie.so"
    subprocess.run(["cc", "-std=c17", "-O1", "-shared", "-fPIC", "-o", library, HERE / "lie.c"], check=True, timeout=60)
    return {"LD_PRELOAD": str(library), "ASAN_OPTIONS": "verify_asan_link_order=0"}


def put_records(one, token, name, acknowledged):
    """New records, one request each."""
    writer = Writer(one, token)
    with contextlib.suppress(OSError, http.client.HTTPException):
        for count in range(100000):
            answer = writer.put(f"/v1/topics/{name}-{count}", {"name": "Topic"})
            assert answer.status == 201, answer
            acknowledged.append(f"{name}-{count}")


def import_records(one, token, name, acknowledged):
    """New records, twenty in each request."""
    writer = Writer(one, token)
    with contextlib.suppress(OSError, http.client.HTTPException):
        for count in range(100000):
            ids = [f"{name}-{count}-{number}" for number in range(20)]
            body = "".join(json.dumps({"type": "topic", "id": each, "name": "Topic"}) + "\n" for each in ids)
            answer = writer.send("POST", "/v1/import", body.encode(), Content_Type="application/x-ndjson")
            assert answer.status in (200, 503), answer
            acknowledged.extend(ids if answer.status == 200 else [])


def write_until_the_cut(disk, folder, number, **environment):
    """What was acknowledged before the power went."""
    one = daemon.Daemon(folder, seeds=None, store=disk.path / "store", **environment)
    token, acknowledged = one.token("write", f"token-{number}"), []
    works = [put_records] * WRITERS + [import_records]
    threads = [threading.Thread(target=work, args=(one, token, f"t-{number}-{thread}", acknowledged))
               for thread, work in enumerate(works)]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    until(lambda: len(acknowledged) > 40)
    one.kill()
    for thread in threads:
        thread.join()
    disk.cut()
    return acknowledged


def stored(disk):
    """The ids that are there; None where there is no sound store any more."""
    try:
        with contextlib.closing(sqlite3.connect(disk.path / "store")) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return None
            database.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
            return {row[0] for row in database.execute("SELECT id FROM record WHERE state = 'live'")}
    except sqlite3.DatabaseError:
        return None


def test_no_acknowledged_write_is_lost(disk, tmp_path, record_property):
    acknowledged = set()
    for number in range(CUTS):
        acknowledged |= set(write_until_the_cut(disk, tmp_path, number))
        there = stored(disk)
        assert there is not None, f"cut {number}: the store is damaged"
        assert acknowledged - there == set(), f"cut {number}: {len(acknowledged - there)} of {len(acknowledged)} lost"
    record_property("acknowledged", len(acknowledged))
    print(f"0 of {len(acknowledged)} acknowledged writes lost in {CUTS} cuts")
    assert len(acknowledged) >= 20 * CUTS


def test_the_test_bites(disk, tmp_path, liar):
    """The same on a disk that lies: writes are lost, or the store is."""
    lost, total = 0, 0
    for number in range(CUTS):
        acknowledged = write_until_the_cut(disk, tmp_path, number, **liar)
        there, total = stored(disk), total + len(acknowledged)
        if there is None or set(acknowledged) - there:
            lost += len(set(acknowledged) - (there or set()))
            for file in disk.path.glob("store*"):
                file.unlink()
    print(f"control: {lost} of {total} lost")
    assert lost > 0


@pytest.mark.parametrize("number", range(4))
def test_a_backup_that_was_announced_is_whole(disk, tmp_path, number):
    one = daemon.Daemon(tmp_path, store=tmp_path / "store")
    done = daemon.run("backup", "--store", one.store, disk.path / "copy")
    assert done.returncode == 0, done
    one.stop()
    disk.cut()
    with contextlib.closing(sqlite3.connect(disk.path / "copy")) as copy, \
            contextlib.closing(sqlite3.connect(one.store)) as original:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for table in "record", "meeting", "search_text":
            count = f"SELECT count(*) FROM {table}"
            assert copy.execute(count).fetchone() == original.execute(count).fetchone()
