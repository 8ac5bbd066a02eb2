"""A disk that is full or cannot be written, under a first ingestion: said plainly, nothing half-written."""

import contextlib
import json
import os
import sqlite3
import subprocess

import pytest

import daemon

RECORDS = sum(len(json.loads(path.read_text("utf-8"))) for path in daemon.SEEDS.glob("*.json")
              if path.name != "dataset.json")


@pytest.fixture
def disk(tmp_path):
    """A file system of its own: `disk.remount("ro")`, `disk.remount("size=64m")`."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")

    class Disk:
        path = folder

        @staticmethod
        def remount(options):
            subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)

    yield Disk
    subprocess.run(["umount", "-l", folder], check=True)


def refused(disk, *words):
    """The daemon does not start, and one line says why, without a path of the program's own."""
    done = daemon.run("serve", "--listen", "127.0.0.1:0", "--seeds", daemon.SEEDS, "--store", disk.path / "store",
                      seconds=30)
    assert done.returncode == 3 and done.stdout == "", done
    errors = [line for line in map(json.loads, done.stderr.splitlines()) if line["level"] == "error"]
    assert len(errors) == 1 and any(word in errors[0]["message"] for word in words), errors


def records(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return database.execute("SELECT count(*) FROM record WHERE state = 'live'").fetchone()[0]


@pytest.mark.parametrize("size", ["40k", "400k", "900k", "2m"])
def test_a_full_disk_stores_nothing_and_the_next_start_completes(disk, size):
    disk.remount(f"size={size}")
    refused(disk, "full", "cannot be used")
    disk.remount("size=64m")
    if (disk.path / "store").exists() and (disk.path / "store").stat().st_size:
        with contextlib.closing(sqlite3.connect(disk.path / "store")) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
        assert "record" not in tables or records(disk.path / "store") == 0
    one = daemon.Daemon(disk.path, store=disk.path / "store")
    assert one.get("/v1/meetings").json["count"]["value"] > 10
    one.stop()
    assert records(disk.path / "store") == RECORDS


def test_a_disk_that_cannot_be_written(disk):
    disk.remount("ro")
    refused(disk, "cannot be used", "cannot be opened")
    disk.remount("rw")
    one = daemon.Daemon(disk.path, store=disk.path / "store")
    one.stop()
    os.unlink(one.log_path)
    before = sorted((each.name, each.read_bytes()) for each in disk.path.iterdir())
    disk.remount("ro")
    refused(disk, "cannot be used", "cannot be written", "read-only")
    assert before == sorted((each.name, each.read_bytes()) for each in disk.path.iterdir())
