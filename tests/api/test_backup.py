"""`bilaterald backup` and POST /v1/backup: one state, sound, under writes, never over a file."""

import json
import sqlite3
import threading

import daemon
import seedset


def sound(path):
    """Opened as it is, alone: no log beside it."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA application_id").fetchone() == (0x626c7472,)
        return database.execute("SELECT (SELECT revision FROM store), (SELECT count(*) FROM topic)").fetchone()
    finally:
        database.close()


def test_a_backup_is_the_record(start, tmp_path):
    api = start()
    copy = tmp_path / "copy.sqlite3"
    done = daemon.run("backup", "--store", api.store, copy)
    assert done.returncode == 0 and done.stdout == f"{copy}\n"
    assert sound(copy)[0] == 1 and [each.name for each in tmp_path.iterdir()] == [copy.name]
    restored = start(store=copy, seeds=None)
    for path in "/v1/meetings?limit=1000", "/v1/search?q=durian", "/v1/officials/wei-tao":
        assert restored.get(path).json == api.get(path).json


def test_no_file_is_overwritten(start, tmp_path):
    api = start(seeds=None)
    copy = tmp_path / "copy.sqlite3"
    copy.write_text("mine")
    done = daemon.run("backup", "--store", api.store, copy)
    assert done.returncode == 1 and "exists" in done.stderr and copy.read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir()] == [copy.name]


def test_a_folder_that_is_not_there(start, tmp_path):
    api = start(seeds=None)
    assert daemon.run("backup", "--store", api.store, tmp_path / "none" / "copy").returncode == 1
    assert daemon.run("backup", "--store", tmp_path / "no-store", tmp_path / "copy").returncode == 1
    assert not (tmp_path / "copy").exists() and not (tmp_path / "no-store").exists()


def test_a_damaged_store_has_no_backup(start, tmp_path):
    api = start()
    api.stop()
    with sqlite3.connect(api.store) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, size = database.execute("PRAGMA page_count").fetchone()[0], 4096
    database.close()
    with open(api.store, "r+b") as file:
        file.seek(pages // 2 * size)
        file.write(b"\xa5" * size)
    done = daemon.run("backup", "--store", api.store, tmp_path / "copy")
    assert done.returncode == 1 and not (tmp_path / "copy").exists(), done


def test_under_full_write_load_each_backup_is_one_state(start, tmp_path):
    """Each batch adds ten topics and one to the revision: whatever the moment, both must agree."""
    api = start(seeds=None)
    token, stop, written = api.token(), threading.Event(), []

    def write():
        for batch in range(2000):
            if stop.is_set():
                return
            body = "".join(json.dumps({"type": "topic", "id": f"t-{batch}-{n}", "name": "T"}) + "\n" for n in range(10))
            answer = api.request("POST", "/v1/import", body=body.encode(), headers={
                "Content-Type": "application/x-ndjson", "Authorization": f"Bearer {token}"})
            assert answer.status == 200, answer
            written.append(batch)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        states = []
        for number in range(5):
            before = len(written)
            copy = tmp_path / f"copy-{number}"
            assert daemon.run("backup", "--store", api.store, copy).returncode == 0
            states.append(sound(copy))
            assert states[-1][0] >= before
    finally:
        stop.set()
        writer.join()
    assert all(topics == 10 * revision for revision, topics in states), states
    assert states[-1][0] > states[0][0]


def test_on_request(start, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    api = start("--backup-dir", folder, seeds=seedset.write(tmp_path / "seeds", seedset.good()))
    admin, writer = api.token("admin", "admin"), api.token("write", "writer")

    def ask(token):
        return api.request("POST", "/v1/backup", headers={"Authorization": f"Bearer {token}"} if token else {})

    assert ask(None).status == 401 and ask(writer).status == 403 and list(folder.iterdir()) == []
    answer = ask(admin)
    assert answer.status == 201, answer
    assert [each.name for each in folder.iterdir()] == [answer.json["file"]]
    assert sound(folder / answer.json["file"]) == (1, 2)


def test_without_a_folder_there_are_none(start):
    api = start(seeds=None)
    answer = api.request("POST", "/v1/backup", headers={"Authorization": f"Bearer {api.token('admin')}"})
    assert answer.status == 409 and "--backup-dir" in answer.json["detail"]
