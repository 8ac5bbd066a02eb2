"""Two sources that disagree: a citation's value and rank, and /v1/conflicts."""

import decimal
import re

import pytest

import seedset

THIRD = "2025-01-12-herald"


def seeds(tmp_path, *citations):
    """The good set, with these (pointer, source, value, rank) cited for the older talks."""
    data = seedset.good()
    data["sources.json"].append({"id": THIRD, "title": "Herald", "citations": seedset.cite(source=THIRD)})
    data["agreements.json"][1]["citations"] += [
        {"pointer": pointer, "source_id": source, "locator": f"line {number}", "value": value, "rank": rank}
        for number, (pointer, source, value, rank) in enumerate(citations)]
    return seedset.write(tmp_path / "seeds", data)


def conflicts(start, tmp_path, *citations):
    api = start(seeds=seeds(tmp_path, *citations))
    return api.get("/v1/conflicts").json["data"]


def test_a_citation_says_what_its_source_says(start, tmp_path):
    api = start(seeds=seeds(tmp_path, ("/name", THIRD, "Ancient talks", "deprecated"), ("/status", THIRD, None, None)))
    said = api.get("/v1/agreements/older-talks").json["citations"]
    assert [(one["value"], one["rank"]) for one in said] == [(None, None), ("Ancient talks", "deprecated"), (None, None)]


@pytest.mark.parametrize("value", ["Ancient “talks” \\ \"old\"", 42, 16.4, 0.1, -3, True, False, 500000])
def test_a_value_is_kept_as_it_is(start, tmp_path, value):
    rows = conflicts(start, tmp_path, ("/name", THIRD, value, None), ("/name", seedset.GAZETTE, "x", "preferred"))
    assert [row["values"] for row in rows] == [[
        {"value": value, "rank": None, "source_ids": [THIRD], "locator": "line 0"},
        {"value": "x", "rank": "preferred", "source_ids": [seedset.GAZETTE], "locator": "line 1"}]]
    assert type(rows[0]["values"][0]["value"]) is type(value)


def test_a_row_names_record_and_field(start, tmp_path):
    row, = conflicts(start, tmp_path, ("/name", THIRD, "a", None), ("/name", seedset.GAZETTE, "b", None))
    del row["values"]
    assert row == {"kind": "sources", "conflict_id": None, "type": "agreement", "id": "older-talks", "name": "Older talks",
                   "pointer": "/name"}


def test_a_wire_and_its_copy_are_one_witness(start, tmp_path):
    """COPY is wire_of GAZETTE: a slip in copying is no second opinion."""
    assert conflicts(start, tmp_path, ("/name", seedset.GAZETTE, "a", None), ("/name", seedset.COPY, "b", None)) == []


def test_a_copy_of_a_copy_is_no_witness_either(start, tmp_path):
    folder = seeds(tmp_path, ("/name", seedset.GAZETTE, "a", None), ("/name", THIRD, "b", None))
    sources = (folder / "sources.json").read_text("utf-8")
    assert '"id": "2025-01-12-herald",' in sources
    (folder / "sources.json").write_text(sources.replace(
        '"id": "2025-01-12-herald",', f'"id": "2025-01-12-herald", "wire_of": "{seedset.COPY}",'), "utf-8")
    assert start(seeds=folder).get("/v1/conflicts").json["data"] == []


def test_a_copy_stands_with_its_wire_against_a_third(start, tmp_path):
    row, = conflicts(start, tmp_path, ("/name", seedset.GAZETTE, "a", None), ("/name", seedset.COPY, "a", None),
                     ("/name", THIRD, "b", None))
    assert [value["source_ids"] for value in row["values"]] == [[seedset.GAZETTE], [seedset.COPY], [THIRD]]


@pytest.mark.parametrize("citations", [
    [("/name", THIRD, "a", None), ("/name", seedset.GAZETTE, "a", "preferred")],  # they agree
    [("/name", THIRD, 42, None), ("/name", seedset.GAZETTE, 42.0, None)],  # so do these
    [("/name", THIRD, "a", None), ("/status", seedset.GAZETTE, "b", None)],  # of two fields
    [("/name", THIRD, "a", None), ("/name", THIRD, "b", None)],  # one source, in two minds
    [("/name", THIRD, "a", None), ("/name", seedset.GAZETTE, None, None)],  # silence
])
def test_no_conflict(start, tmp_path, citations):
    assert conflicts(start, tmp_path, *citations) == []


@pytest.mark.parametrize("member, value", [("value", []), ("value", {}), ("value", ""), ("rank", "best"), ("rank", 1)])
def test_what_is_no_value_or_rank_is_refused(tmp_path, member, value):
    import daemon
    data = seedset.good()
    data["agreements.json"][1]["citations"][0][member] = value
    done = daemon.run("check", seedset.write(tmp_path / "seeds", data))
    assert done.returncode == 4 and f"/1/citations/0/{member}" in done.stdout


@pytest.mark.parametrize("number, good", [
    ("123456789.012345", True), ("-0.00123456789012345", True), ("1.5e300", True), ("123456789012345", True),
    ("1234567890.123456", False), ("1.0000000000000001", False), ("0.30000000000000004", False),
    ("12345678901234567890.5", False), ("9007199254740993.0", False)])
def test_no_digit_of_a_value_is_lost(start, tmp_path, number, good):
    """What a double may not keep (of a decimal, it keeps 15 digits) is refused, not rounded."""
    import daemon
    folder = seeds(tmp_path, ("/name", THIRD, "the number", None))
    text = (folder / "agreements.json").read_text("utf-8")
    assert text.count('"the number"') == 1
    (folder / "agreements.json").write_text(text.replace('"the number"', number), "utf-8")
    if good:
        said = start(seeds=folder).get("/v1/agreements/older-talks")
        value = decimal.Decimal(re.search(rb'"value":\s*(-?[0-9][^,}]*)', said.body)[1].decode())
        assert value == decimal.Decimal(number)
    else:
        done = daemon.run("check", folder)
        assert done.returncode == 4 and "/1/citations/1/value" in done.stdout, done.stdout


def test_the_shipped_record_tells_where_reports_differ(checked):
    answer = checked("/v1/conflicts?limit=100&count=exact").json
    found = {(row["type"], row["id"], row["pointer"]): {value["value"] for value in row["values"]}
             for row in answer["data"]}
    assert answer["count"]["value"] == len(found) == 35
    assert found["official", "wei-tao", "/name"] == {"Wei Tao", "Vi Thao"}
    assert found["place", "viet-nam", "/name"] == {"Việt Nam", "Viet Nam", "Vietnam"}
    assert found["statement", "2025-11-25-le-hoai-trung-border-issues", "/text"] == {"appropriately", "proactively"}
    assert ("meeting", "2025-11-25-le-hoai-trung-wei-tao-talks", "/place_id") not in found  # one is silent
    assert checked("/v1/conflicts?kind=seed").json["data"] == []
