"""What script/bench makes of its tools' output, and what it makes of figures."""

import pathlib
import sqlite3
import subprocess
import sys
import types

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import figures  # noqa: E402
import goals  # noqa: E402
import hotspots  # noqa: E402
import load  # noqa: E402
import nginx  # noqa: E402
import rows  # noqa: E402
import server  # noqa: E402
import speed  # noqa: E402
import tools  # noqa: E402

WRK = """Running 2s test @ http://127.0.0.1:1
  1 threads and 64 connections
Requests/sec:  75000.00
figures 150000 2000000 0 7 812 2044
"""
H2LOAD = """starting benchmark...
finished in 2.50s, 43000.00 req/s, 12.00MB/s
requests: 100000 total, 100064 started, 100000 done, 99990 succeeded, 10 failed, 10 errored, 0 timeout
status codes: 40 2xx, 99950 3xx, 0 4xx, 0 5xx
"""


def test_wrk():
    assert load.read_wrk(WRK) == (150000, 2.0, 7, 0.812, 2.044)


def test_h2load():
    assert load.read_h2load(H2LOAD) == (99990, 2.5, 10, None, None)
    assert load.read_h2load(H2LOAD.replace("2.50s", "850.00ms"))[1] == pytest.approx(0.85)


def test_the_loop():
    assert load.read_loop("1000 2.000000 26303000\n") == (1000, 2.0, 0, None, None)


ANNOTATION = """--------
Ir
1,200 (100.0%)  PROGRAM TOTALS
--------
Ir             file:function
900 (75.0%)  ???:sqlite3VdbeExec [/usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6]
200 (16.67%)  /src/text.c:find'2 [/x/build/src/bilaterald]
100 ( 8.33%)  ???:sqlite3_step [/usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6]
"""


def test_callgrind():
    total, rows = hotspots.read_annotation(ANNOTATION)
    assert total == 1200 and rows[1] == (200, "find", "bilaterald")
    assert hotspots.shares(rows) == [("libsqlite3.so.0.8.6", pytest.approx(83.33, abs=0.01)),
                                     ("bilaterald", pytest.approx(16.67, abs=0.01))]


@pytest.mark.parametrize("read", [load.read_wrk, load.read_h2load, load.read_loop])
def test_no_figures_are_a_fault(read):
    with pytest.raises(load.LoadError):
        read("unable to connect to 127.0.0.1:1 Connection refused\n")


def slices(*rates):
    return [load.Slice(rate, None, None, 1e6 / rate, 0, 1) for rate in rates]


@pytest.fixture
def rounds():
    made = figures.Rounds()
    for name, found in (("a", slices(100, 50, 300)), ("b", slices(50, 100, 100)), ("c", [None, *slices(10, 20)])):
        for each in found:
            made.add("cell", name, each)
    return made


def test_a_ratio_is_the_median_of_each_rounds(rounds):
    assert rounds.ratio(("cell", "a"), ("cell", "b")) == 2  # of 2, 0.5 and 3; that of the medians is 1
    assert rounds.ratio(("cell", "a"), ("cell", "b"), "cpu") == 0.5
    assert rounds.ratio(("cell", "a"), ("cell", "c")) == 10  # a round that failed is left out: 5 and 15
    assert rounds.ratio(("cell", "a"), ("cell", "absent")) is None


def test_a_median_leaves_failures_out(rounds):
    assert rounds.median("cell", "c") == 15
    assert rounds.median("cell", "absent") is None


@pytest.mark.parametrize("value, text", [
    (None, "–"), (0, "0"), (0.957, "0.96"), (0.00028, "0.00028"), (1.0, "1.00"), (15.04, "15.0"), (999.4, "999"),
    (26303, "26,303"), (-0.25, "-0.25"),
])
def test_numbers_for_people(value, text):
    assert figures.number(value) == text


def test_a_table_aligns_numbers_to_the_right():
    assert figures.table(["name", "x"], [["a", 1.5], ["long", None]]).split("\n") == [
        "| name |    x |", "| ---- | ---: |", "| a    | 1.50 |", "| long |    – |"]


@pytest.mark.parametrize("sign, value, verdict", [
    ("≥", 0.95, "reached"), ("≥", 0.91, "reached within 5 %"), ("≥", 0.90, "MISSED"), ("≥", None, "not measured"),
    ("≤", 0.95, "reached"), ("≤", 0.99, "reached within 5 %"), ("≤", 1.00, "MISSED"), ("≥", 2, "reached"),
])
def test_a_verdict(sign, value, verdict):
    assert goals.verdict(goals.Goal("x", sign, 0.95, "×", None), value) == verdict


def test_goals_are_taken_from_what_was_measured():
    measured = types.SimpleNamespace(results=figures.Rounds())
    measured.results.add(goals.ONE, goals.CACHED, slices(97)[0])
    measured.results.add(goals.ONE, goals.BARE, slices(100)[0])
    lines = goals.goals_table(measured, {"304": 1.01}).split("\n")
    found = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:5]] for line in lines}
    assert found["cached list against bare MHD"] == ["0.97 ×", "≥ 0.95 ×", "reached"]
    assert found["304 against cached 200"] == ["1.01 ×", "≥ 1.05 ×", "reached within 5 %"]
    assert found["RssAnon idle"] == ["–", "≤ 6.00 MB", "not measured"]


def test_every_goal_is_of_a_comparison_that_is_made():
    """In a full run each ratio has both of its contenders in its cell."""
    full = {(cell.name, name) for cell in speed.CELLS for name in cell.full}
    asked = []

    class Results:
        def ratio(self, above, below, figure="rate"):
            asked.extend([above, below])

    for goal in goals.GOALS:
        goal.value(types.SimpleNamespace(results=Results()), {})
    assert asked and set(asked) <= full, set(asked) - full


def test_a_contender_that_cannot_run_is_named_with_the_reason(capsys, tmp_path):
    def missing(*_):
        raise tools.Missing("node is not installed")

    data = types.SimpleNamespace(folder=tmp_path, pages=[], ids=[])
    made = speed.Speed(data, 1, 1, 0, True)
    contender = speed.contenders.TABLE[0]._replace(name="absent", command=missing)
    assert made.start([contender], 1) == {} and made.skipped == {"absent": "node is not installed"}
    made.compare(speed.CELLS[0], [contender], {})  # and is left out of what follows
    assert made.results.values(speed.CELLS[0].name, "absent") == [None]
    assert "absent: node is not installed" in capsys.readouterr().err


def test_an_answer_survives_nginxs_words():
    blocks, joined = nginx.words("list", '{"price":"$5","path":"a\\\\b"}' + "x" * 4000)
    assert len(blocks) == 2 and joined == '"${list0}${list1}"'
    assert blocks[0].startswith('    map "" $list0 { default "{\\"price\\":\\"${dollar}5\\"')
    assert all(len(block) < 4096 for block in blocks)


def compile_contender(name, folder, *libraries):
    program = folder / name
    subprocess.run(["gcc", "-std=c17", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror",
                    "-o", program, ROOT / f"bench/contenders/{name}/{name}.c", *libraries], check=True)
    return program


def test_bare_mhd_answers_constants_and_ends(tmp_path):
    program = compile_contender("bare_mhd", tmp_path, "-lmicrohttpd", "-lpthread")
    (tmp_path / "list").write_bytes(b'{"data":[]}')
    (tmp_path / "detail").write_bytes(b'{"id":"x"}')
    with server.Server("bare", lambda port: [program, port, 2, tmp_path / "list", tmp_path / "detail"]) as bare:
        assert list(bare.get_all(["/a?limit=20", "/a/b"])) == [(200, b'{"data":[]}'), (200, b'{"id":"x"}')]
        assert bare.megabytes() > 0
    assert bare.process.poll() is not None and not server.RUNNING


def test_the_loop_reads_the_rows_of_a_page(tmp_path):
    program = compile_contender("sqlite_loop", tmp_path, "-lsqlite3")
    store = sqlite3.connect(tmp_path / "store")
    store.execute("CREATE TABLE meeting (id TEXT PRIMARY KEY, start_date_earliest TEXT, json TEXT) STRICT")
    store.executemany("INSERT INTO meeting VALUES (?, ?, ?)",
                      [(f"m-{number:02}", f"2025-01-{number:02}", "x" * number) for number in range(1, 26)])
    store.commit()
    for kind, keys, each in (("list", "2025-01-25 m-25\n", sum(range(5, 25))), ("detail", "m-07\n", 7)):
        done = subprocess.run([program, tmp_path / "store", kind, "20"], input=keys, capture_output=True, text=True,
                              check=True)
        operations, lasted, count = done.stdout.split()
        assert int(count) == each * int(operations) and float(lasted) >= 0.02


# A topic that cites a source: what the daemon would have put where, but for the source itself.
WRITTEN = {
    "topic": {"id": "rail", "name": "Rail", "created_at": "t", "updated_at": "t", "revision": 1, "source_ids": "[]",
              "json": "{}"},
    "record": {"type": "topic", "id": "rail", "revision": 1, "state": "live", "created_at": "t", "updated_at": "t",
               "committed": 1, "label": "Rail"},
    "change": {"number": 1, "committed": 1, "at": "2025-01-01T00:00:00Z", "record_type": "topic", "record_id": "rail",
               "revision": 1, "action": "created", "by": "x"},
    "reference": {"to_type": "topic", "to_id": "trade", "from_type": "topic", "from_id": "rail", "field": "broader_id"},
    "other_name": {"record_type": "topic", "record_id": "rail", "position": 0, "name": "Đường sắt", "kind": "official"},
    "search_text": {"number": 7, "record_type": "topic", "record_id": "rail", "text": "Rail", "words": " rail _topic "},
    "total": {"type": "topic", "value": 1},
    "search_index": {"rowid": 7, "words": " rail _topic "},
}


def migrated(path, revision):
    made = sqlite3.connect(path)
    for migration in sorted((ROOT / "migrations").glob("0*.sql")):
        made.executescript(migration.read_text())
    made.execute("INSERT INTO store VALUES (1, 'a', 'b', ?, 'c', '2025-01-01T00:00:00Z')", (revision,))
    made.commit()
    return made


@pytest.mark.parametrize("save", [lambda *paths: rows.save_singly(paths[0], 0, paths[1]), rows.save_together])
def test_the_writer_puts_the_rows_of_a_store_into_another(tmp_path, save):
    program = compile_contender("sqlite_writer", tmp_path, "-lsqlite3")
    made, again = migrated(tmp_path / "made", 1), migrated(tmp_path / "again", 0)
    for name, values in WRITTEN.items():
        made.execute(f"INSERT INTO {name} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
                     list(values.values()))
    made.commit()
    save(tmp_path / "made", tmp_path / "rows")
    with open(tmp_path / "rows", "rb") as given:
        done = subprocess.run([program, tmp_path / "again"], stdin=given, capture_output=True, text=True, check=True)
    assert load.read_loop(done.stdout)[0] == 1
    for name in (*WRITTEN, "store", "sqlite_schema WHERE type = 'index'"):
        columns = "name, sql" if name.startswith("sqlite") else "*"
        assert sorted(made.execute(f"SELECT {columns} FROM {name}")) == sorted(again.execute(f"SELECT {columns} FROM {name}"))
    assert again.execute("SELECT rowid FROM search_index WHERE search_index MATCH 'rai*'").fetchall() == [(7,)]


def test_the_writer_ends_with_its_time(tmp_path):
    program = compile_contender("sqlite_writer", tmp_path, "-lsqlite3")
    store = sqlite3.connect(tmp_path / "store")
    store.execute("CREATE TABLE t (a ANY) STRICT")
    one = rows.chunk(b"\0\0" + rows.packed("đ")) + rows.chunk()
    head = rows.chunk(b"PRAGMA foreign_keys = ON") + rows.chunk(b"INSERT INTO t VALUES (?)") + rows.chunk()
    done = subprocess.run([program, tmp_path / "store", "50"], input=head + 10_000_000 // len(one) * one,
                          stdout=subprocess.PIPE, check=True)
    operations, lasted, *_ = load.read_loop(done.stdout.decode())
    assert 0.05 <= lasted < 5 and store.execute("SELECT count(*), min(a), max(a) FROM t").fetchall() == [(operations, "đ", "đ")]


def test_a_slice_is_taken_again_when_others_were_at_work_or_it_failed():
    def slices_of(*foreign):
        left = list(foreign)

        def once():
            share = left.pop(0)
            if share is None:
                raise load.LoadError("no answer")
            return load.Slice(1, None, None, 1, share, 1)
        return once

    assert load.steadily(slices_of(0.5, 0.3, 0.05, 0.9), 2).foreign == 0.05
    assert load.steadily(slices_of(0.5, 0.3, 0.4, 0.01), 2).foreign == 0.3  # the quietest of three
    assert load.steadily(slices_of(0.01, 0.0), 2).foreign == 0.01  # quiet enough, so the only one
    assert load.steadily(slices_of(None, 0.02), 0).foreign == 0.02
    with pytest.raises(load.LoadError):
        load.steadily(slices_of(None, None), 2)
