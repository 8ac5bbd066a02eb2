"""The whole record, out: as NDJSON and as a SQLite file, over HTTP and from the command line."""

import json
import os
import pty
import select
import sqlite3
import subprocess

import pytest

import daemon
import seedset
from oracle import COLLECTIONS, TYPES


def lines(text):
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def opened(path):
    """The file as anybody opens it, from a place that cannot be written to."""
    path.chmod(0o444)
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=0", uri=True)


@pytest.fixture(scope="module")
def private(tmp_path_factory):
    """A daemon whose store has something to hide: what tables of tokens and of answers hold."""
    folder = tmp_path_factory.mktemp("export")
    one = daemon.Daemon(folder)
    with sqlite3.connect(one.store) as store:
        for table in "token", "answered":
            kept = store.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", [table]).fetchone()
            if not kept:
                store.execute(f"CREATE TABLE {table} (by TEXT, digest TEXT) STRICT")
        columns = {table: store.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
                   for table in ("token", "answered")}
        for table, names in columns.items():
            row = {name: 7 if kind == "INTEGER" else "read" if name == "scope" else f"canary-{table}-{name}"
                   for name, kind in names}
            store.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                          list(row.values()))
    store.close()
    yield one
    one.stop()


def test_ndjson(checked, api, record):
    answer = checked("/v1/export")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == 'inline; filename="export.ndjson"'
    head, *rows = lines(answer.text)
    wanted = json.loads((daemon.SEEDS / "dataset.json").read_text())
    assert head["type"] == "dataset" and head["others"] == []
    for name in "id", "name", "description", "license", "license_url", "attribution":
        assert head[name] == wanted.get(name), name
    assert head["revision"] == api.get("/v1/topics?limit=1").json["dataset"]["revision"]
    assert head["counts"] == {name: len(record[name]) for name in COLLECTIONS}
    assert [(row["type"], row["id"]) for row in rows] == [
        (TYPES[name], identity) for name in COLLECTIONS for identity in sorted(record[name])]
    served = {(row["type"], row["id"]): row for name in COLLECTIONS
              for row in api.get(f"/v1/{name}?limit=1000").json["data"]}
    assert {(row["type"], row["id"]): row for row in rows} == served


def test_two_data_sets_and_none(start, tmp_path):
    one = seedset.write(tmp_path / "one", {"dataset.json": seedset.dataset(id="one"), "topics.json": [
        {"id": "a", "name": "A"}]})
    two = seedset.write(tmp_path / "two", {"dataset.json": seedset.dataset(
        id="two", name="Two \"2\"", license=None), "topics.json": [{"id": "b", "name": "B"}]})
    head, *rows = lines(start(seeds=[one, two]).get("/v1/export.ndjson").text)
    assert head["id"] == "one" and [each["id"] for each in head["others"]] == ["two"]
    assert head["others"][0]["name"] == 'Two "2"' and head["others"][0]["license"] is None
    assert [row["id"] for row in rows] == ["a", "b"] and head["counts"]["topics"] == 2
    empty = lines(start(seeds=None).get("/v1/export.ndjson").text)
    assert len(empty) == 1 and empty[0]["id"] is None and set(empty[0]["counts"].values()) == {0}


@pytest.mark.parametrize("path, accept, status, kind", [
    ("/v1/export", "*/*", 200, "application/x-ndjson"),
    ("/v1/export", "application/vnd.sqlite3", 200, "application/vnd.sqlite3"),
    ("/v1/export", "application/vnd.sqlite3;q=0.1, application/x-ndjson", 200, "application/x-ndjson"),
    ("/v1/export.sqlite", "text/html", 200, "application/vnd.sqlite3"),
    ("/v1/export", "text/csv", 406, None), ("/v1/export.csv", "*/*", 406, None)])
def test_which(checked, path, accept, status, kind):
    answer = checked(path, {"Accept": accept})
    assert answer.status == status
    if kind:
        assert answer.headers["Content-Type"] == kind
        assert checked(path, {"Accept": accept, "If-None-Match": answer.headers["ETag"]}).status == 304
    else:
        assert ".ndjson" in answer.json["detail"] and ".sqlite" in answer.json["detail"]


def test_it_takes_no_parameter(checked):
    assert checked("/v1/export?limit=1").status == 400


def test_sqlite_is_whole_and_keeps_its_secrets(private, tmp_path):
    answer = private.get("/v1/export.sqlite")
    assert answer.status == 200 and answer.headers["Content-Encoding"] is None
    with sqlite3.connect(private.store) as store:
        secret, = store.execute("SELECT secret FROM store").fetchone()
        counts = store.execute("SELECT type, value FROM total ORDER BY type").fetchall()
    store.close()
    assert len(secret) == 64 and secret.encode() not in answer.body
    assert b"canary-" not in answer.body, "neither in rows nor in what rows have left"
    assert private.store.read_bytes().count(b"canary-") + pathless(private).count(b"canary-") > 0
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(answer.body)
    copy = opened(path)
    assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert copy.execute("SELECT type, value FROM total ORDER BY type").fetchall() == counts
    assert copy.execute("SELECT name FROM official WHERE id = 'bui-thanh-son'").fetchone() == ("Bùi Thanh Sơn",)
    assert copy.execute("SELECT secret FROM store").fetchone() == ("",)
    assert copy.execute("SELECT count(*) FROM token").fetchone() == (0,)
    copy.close()
    assert private.get("/v1/export.sqlite").body == answer.body, "its tag says that they are the same"


def pathless(one):
    """What the write-ahead log holds, should nobody have moved it into the file yet."""
    log = one.store.with_name(one.store.name + "-wal")
    return log.read_bytes() if log.exists() else b""


def test_the_copy_is_a_store(private, start, tmp_path):
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(private.get("/v1/export.sqlite").body)
    other = start(seeds=None, store=path)
    assert other.get("/v1/export.ndjson").body == private.get("/v1/export.ndjson").body
    page = other.get("/v1/statements?limit=2").json
    assert other.get(page["links"]["next"]).status == 200
    with sqlite3.connect(path) as store:
        assert len(store.execute("SELECT secret FROM store").fetchone()[0]) == 64, "a secret of its own"
    store.close()
    assert private.get(page["links"]["next"]).status == 400, "so their places differ"


def test_no_file_stays_behind(private):
    assert [path.name for path in private.folder.iterdir() if path.name.startswith(".bilateral")] == []


def test_command_line(api, tmp_path):
    store = api.store
    done = daemon.run("export", "--store", store)
    assert done.returncode == 0 and done.stdout == api.get("/v1/export").text
    target = tmp_path / "copy.sqlite3"
    with open(target, "wb") as file:
        made = subprocess.run([daemon.program(), "export", "--store", store, "--format", "sqlite"],
                              stdout=file, env=daemon.environment(), timeout=30)
    assert made.returncode == 0 and target.read_bytes() == api.get("/v1/export.sqlite").body
    wrong = daemon.run("export", "--store", store, "--format", "csv")
    assert wrong.returncode == 2 and "ndjson" in wrong.stderr and wrong.stdout == ""
    assert daemon.run("export", "--store", tmp_path / "none").returncode == 1


@pytest.mark.parametrize("arguments", [["export"], ["export", "--format", "sqlite"],
                                       ["get", "/v1/topics?limit=1"]], ids=" ".join)
def test_what_the_disk_did_not_take_is_told(api, arguments):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([daemon.program(), *arguments, "--store", api.store], stdout=full,
                              stderr=subprocess.PIPE, timeout=30, env=daemon.environment())
    assert done.returncode == 1 and b"standard output" in done.stderr


def test_what_went_out_comes_in_again(api, tmp_path):
    """But for what the other store says of its own: when, and for the how manieth time."""
    file, store = tmp_path / "record.ndjson", tmp_path / "other.sqlite3"
    file.write_bytes(api.get("/v1/export").body)
    done = daemon.run("import", "--store", store, file)
    assert done.returncode == 0, done.stderr
    def content(text):
        return [{name: value for name, value in row.items()
                 if name not in ("created_at", "updated_at", "revision")} for row in lines(text)[1:]]
    again = daemon.run("export", "--store", store)
    assert content(again.stdout) == content(file.read_text("utf-8")) != []


def test_a_database_is_not_written_to_a_terminal(api):
    reading, terminal = pty.openpty()
    done = subprocess.run([daemon.program(), "export", "--store", api.store, "--format", "sqlite"],
                          stdout=terminal, stderr=subprocess.PIPE, timeout=30, env=daemon.environment())
    assert done.returncode == 2 and b"terminal" in done.stderr
    assert not select.select([reading], [], [], 0)[0]
    os.close(reading)
    os.close(terminal)
