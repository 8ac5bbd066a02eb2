"""Whole files that are not fit, by their bytes, form or name: refused with file, line and cure.

The line is that on which a reader would put the finger: counted in the file, also in NDJSON.
"""

import json
import os
import re

import pytest

import seedset
from faults import check, printed, refused

TOPIC = '{"id": "%s", "name": "%s", "citations": [{"pointer": "", "source_id": "2025-01-10-gazette"}]}'


def topics(*middle):
    """An array of the good topics with further lines between them; the first of these is line 3."""
    lines = ["[", TOPIC % ("trade", "Trade") + ","] + [line + "," for line in middle]
    return "\n".join([*lines, TOPIC % ("duck-soup", "Duck soup"), "]"]) + "\n"


def nested(levels):
    """An array in an array …: as deep as `levels` says, counting the file's own."""
    return topics('{"id": "deep", "name": ' + "[" * (levels - 2) + "]" * (levels - 2) + "}")


# name, bytes of topics.json, line, pointer, pattern of the message
FILES = [
    ("empty", "", 1, "", r"not valid"),
    ("blanks-only", "\n\n", None, "", r"not valid"),
    ("no-json", "id: trade\n", 1, "", r"not valid"),
    ("brace-missing", topics('{"id": "x"'), 4, "", r"not valid"),
    ("comma-missing", topics('{"id": "x" "name": "X"}'), 3, "", r"not valid"),
    ("comma-too-many", topics('{"id": "x", "name": "X",}'), 3, "", r"not valid"),
    ("single-quotes", topics("{'id': 'x'}"), 3, "", r"not valid"),
    ("comment", topics('{"id": "x"} // the best'), 3, "", r"not valid"),
    ("not-a-number", topics('{"id": "x", "name": NaN}'), 3, "", r"not valid"),
    ("plus-sign", topics('{"id": "x", "name": +1}'), 3, "", r"not valid"),
    ("number-overflows", topics('{"id": "x", "name": 1e999}'), 3, "", r"too big|overflow|range|large"),
    ("integer-overflows", topics('{"id": "x", "name": 99999999999999999999}'), 3, "", r"too big|range|large"),
    ("second-value", topics() + "[]\n", 5, "", r"not valid"),
    ("cut-off", topics()[:-30], None, "", r"not valid"),
    ("duplicate-key", topics('{"id": "x", "name": "X", "name": "Y"}'), 3, "", r"[Dd]uplicate.*name"),
    ("duplicate-key-by-escape", topics('{"id": "x", "name": "X", "n\\u0061me": "Y"}'), 3, "", r"[Dd]uplicate"),
    ("duplicate-key-in-part", topics('{"id": "x", "name": "X", "citations": [{"note": "a", "note": "b"}]}'),
     3, "", r"[Dd]uplicate.*note"),
    ("byte-order-mark", "\ufeff" + topics(), 1, "", r"line 1|byte order mark"),
    ("invalid-utf8", topics('{"id": "x", "name": "\udcff"}'), 3, "", r"UTF-8"),
    ("overlong-utf8", topics('{"id": "x", "name": "\udcc0\udcaf"}'), 3, "", r"UTF-8"),
    ("surrogate-in-utf8", topics('{"id": "x", "name": "\udced\udca0\udc80"}'), 3, "", r"UTF-8"),
    ("latin-1", topics('{"id": "x", "name": "Th\udceanh ph\udcf4"}'), 3, "", r"UTF-8"),
    ("utf-16", topics().encode("utf-16-le"), 1, "", r"UTF-8"),
    ("zero-byte", topics('{"id": "x", "name": "a\0b"}'), 3, "", r"UTF-8|control|NUL"),
    ("zero-escape", topics('{"id": "x", "name": "a\\u0000b"}'), 3, "", r"u0000|NUL"),
    ("lone-surrogate", topics('{"id": "x", "name": "\\ud800"}'), 3, "", r"not valid"),
    ("raw-control", topics('{"id": "x", "name": "a\x01b"}'), 3, "", r"not valid"),
    ("too-deep", nested(17), 3, "", r"16"),
    ("far-too-deep", nested(100000), 3, "", r"16"),
    ("object", '{"id": "trade", "name": "Trade"}\n', 1, "", r"an object.*array"),
    ("text", '"trade"\n', 1, "", r"array|not valid"),
    ("null", "null\n", 1, "", r"array|not valid"),
    ("number-among-records", topics("5"), 3, "/1", r"object"),
    ("array-among-records", topics("[]"), 3, "/1", r"object"),
    ("null-among-records", topics("null"), 3, "/1", r"object"),
    ("empty-object", topics("{}"), 3, "/1/id", r"[Mm]issing"),
    ("record-too-large", topics('{"id": "x", "name": "X", "description": "%s"}' % ("a" * 2**20)),
     3, "/1", r"megabyte"),
]

# name, lines of topics.ndjson, line, pointer, pattern
LINES = [
    ("line-3-cut-off", ['{"id": "x", '], 3, "", r"not valid"),
    ("line-3-two-records", [TOPIC % ("x", "X") + " " + TOPIC % ("y", "Y")], 3, "", r"not valid"),
    ("line-3-no-object", ["[1]"], 3, "", r"object"),
    ("line-3-text", ['"x"'], 3, "", r"object|not valid"),
    ("line-3-wrong-value", ['{"id": "x", "name": ""}'], 3, "/name", r"empty"),
    ("line-3-dangling", ['{"id": "x", "name": "X", "broader_id": "y"}'], 3, "/broader_id", r"no topic"),
    ("line-4-behind-an-empty-one", ["", '{"id": "x", "name": ""}'], 4, "/name", r"empty"),
    ("line-3-duplicate-key", ['{"id": "x", "id": "y", "name": "X"}'], 3, "", r"[Dd]uplicate.*id"),
    ("line-3-invalid-utf8", ['{"id": "x", "name": "\udcff"}'], 3, "", r"UTF-8"),
    ("line-3-too-deep", ['{"name": ' + "[" * 16 + "]" * 16 + "}"], 3, "", r"16"),
]


def seeds(folder, name, content):
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogateescape")
    data = seedset.good()
    del data["topics.json"]
    return seedset.write(folder, {**data, name: content})


def expect(found, name, line, pointer, pattern):
    """A fault at this place, and none that says the same elsewhere in the file."""
    here = [fault for fault in found if (fault.file, fault.pointer) == (name, pointer)]
    assert here, f"nothing about {name} {pointer or '(whole)'}, but {found}"
    assert re.search(pattern, here[0].detail), here
    assert line is None or here[0].line == line, here
    assert line is not None or here[0].line > 0, here
    assert {fault.file for fault in found} == {name}, found


def test_what_the_files_are_changed_from_is_good(tmp_path):
    done = check(seeds(tmp_path / "seeds", "topics.json", topics(TOPIC % ("x", "X"))))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name, content, line, pointer, pattern", FILES, ids=[row[0] for row in FILES])
def test_a_file_that_is_no_list_of_records(tmp_path, name, content, line, pointer, pattern):
    folder = seeds(tmp_path / "seeds", "topics.json", content)
    expect(refused(folder, store=tmp_path / "store"), "topics.json", line, pointer, pattern)


@pytest.mark.parametrize("name, middle, line, pointer, pattern", LINES, ids=[row[0] for row in LINES])
def test_a_line_that_is_no_record(tmp_path, name, middle, line, pointer, pattern):
    text = "\n".join([TOPIC % ("trade", "Trade"), TOPIC % ("duck-soup", "Duck soup"), *middle,
                      TOPIC % ("last", "Last")]) + "\n"
    folder = seeds(tmp_path / "seeds", "topics.ndjson", text)
    found = refused(folder, store=tmp_path / "store")
    expect(found, "topics.ndjson", line, pointer, pattern)
    # "line 1" of a record that stands on line 3 of its file sends the reader astray.
    assert not re.search(r"\bline (?!%d\b)\d" % line, found[0].detail), found


def test_depth_16_is_not_too_deep(tmp_path):
    done = check(seeds(tmp_path / "seeds", "topics.json", nested(16)))
    assert not re.search("16", done.stdout), done.stdout


@pytest.mark.parametrize("wrong, right", [
    ("topic.json", "topics.json"), ("meeting.json", "meetings.json"), ("oficials.json", "officials.json"),
    ("trade-figure.json", "trade-figures.json"), ("tradefigures.json", "trade-figures.json"),
    ("agreemnts.json", "agreements.json"), ("xyzzyxyzzy.json", None)])
def test_a_file_named_after_no_collection(tmp_path, wrong, right):
    folder = seedset.write(tmp_path / "seeds", {**seedset.good(), wrong: "[]\n"})
    found = refused(folder, store=tmp_path / "store")
    assert [fault.file for fault in found] == [wrong]
    assert right is None or re.search(rf"did you mean {right}\?", found[0].detail), found


def test_a_collection_may_be_named_with_underscores(tmp_path):
    data = seedset.good()
    data["trade_figures.json"] = data.pop("trade-figures.json")
    assert check(seedset.write(tmp_path / "seeds", data)).returncode == 0


DATASETS = [
    ("missing", None, None, "", r"missing"),
    ("no-json", "{", 1, "", r"valid"),
    ("empty", "", 1, "", r"valid"),
    ("array", "[]\n", 1, "", r"object"),
    ("duplicate-key", '{"id": "a",\n "id": "b",\n "name": "A"}\n', 2, "", r"[Dd]uplicate"),
    ("without-id", '{\n"name": "A"}\n', 1, "/id", r"[Mm]issing"),
    ("without-name", '{\n"id": "a"}\n', 1, "/name", r"[Mm]issing"),
    ("bad-id", '{\n"name": "A",\n"id": "A set"}\n', 3, "/id", r"a-z"),
    ("bad-url", '{"id": "a", "name": "A",\n"license_url": "CC0"}\n', 2, "/license_url", r"URL"),
    ("number", '{"id": "a",\n"name": 5}\n', 2, "/name", r"an integer"),
    ("unknown", '{"id": "a", "name": "A",\n"licence": "CC0-1.0"}\n', 2, "/licence", r'"license"'),
    ("invalid-utf8", b'{"id": "a",\n"name": "\xff"}\n', 2, "", r"UTF-8"),
]


@pytest.mark.parametrize("name, content, line, pointer, pattern", DATASETS, ids=[row[0] for row in DATASETS])
def test_a_data_set_that_does_not_say_what_it_is(tmp_path, name, content, line, pointer, pattern):
    folder = seedset.write(tmp_path / "seeds", {**seedset.good(), "dataset.json": content})
    found = refused(folder, store=tmp_path / "store")
    assert [(fault.file, fault.pointer) for fault in found] == [("dataset.json", pointer)], found
    assert re.search(pattern, found[0].detail), found
    assert line is None or found[0].line == line, found


def test_folders_that_hold_no_seeds(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in tmp_path / "empty", tmp_path / "no-such-folder":
        found = refused(folder, store=tmp_path / "store")
        assert len(found) == 1 and found[0].detail, found


@pytest.mark.parametrize("name", ["dataset.json", "topics.json", "more.ndjson"])
def test_nobody_waits_for_a_pipe(tmp_path, name):
    folder = seedset.write(tmp_path / "seeds", {**seedset.good(), name: None})
    os.mkfifo(folder / name)
    found = refused(folder, store=tmp_path / "store")
    assert [(fault.file, "pipe" in fault.detail) for fault in found] == [(name, True)], found


def test_what_is_no_seed_is_left_alone(tmp_path):
    """Notes, backups and hidden files beside the seeds."""
    others = {"README.md": "# Notes\n", ".meetings.json.swp": "x", "meetings.json~": "x", "notes.txt": "x"}
    assert check(seedset.write(tmp_path / "seeds", {**seedset.good(), **others})).returncode == 0


def test_a_file_alone_names_its_types(tmp_path):
    """`check FILE`: the records of any resource, each with its own type."""
    data, lines = seedset.good(), []
    kinds = {"sources": "source", "topics": "topic"}
    for name, kind in kinds.items():
        lines += [json.dumps({"type": kind, **record}) for record in data[f"{name}.json"]]
    path = tmp_path / "records.ndjson"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert check(path).returncode == 0
    path.write_text("\n".join(lines).replace('"type": "topic", ', "", 1) + "\n", "utf-8")
    done = check(path)
    faults, _ = printed(done.stdout)
    assert done.returncode == 4
    assert [(fault.line, fault.pointer) for fault in faults] == [(3, "/type")], faults
