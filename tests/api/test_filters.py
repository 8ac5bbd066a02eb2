"""Filters by fields, against the oracle over the whole record: what is found, and nothing else."""

import json
import random

import pytest

import oracle
from oracle import COLLECTIONS, FIELDS

every = pytest.mark.parametrize("collection", COLLECTIONS)
DATES = ["2024", "2025", "2024-11", "2025-02", "2025-02-19", "2024-11-20", "2025-11-25", "2026-21", "2025-33",
         "2025-36", "2025-02~", "2023-12", "2025-11-25?", "1900", "9999"]
PERIODS = ["2024", "2025", "2024-Q1", "2024-S2", "2024-12", "2025-01-01", "2023"]
ORDERED = {"gt", "gte", "lt", "lte"}


def wanted_texts(collection, record, name):
    """Texts to filter by: some of the field's own, and some that are not there."""
    kind = FIELDS[collection].get(name, "line")
    if kind == "date":
        return DATES
    if kind == "period":
        return PERIODS
    if kind in oracle.ARRAYS:
        found = {each for row in record.values() for each in row[name]}
    else:
        found = {row[name] for row in record.values() if row[name] is not None}
    found = sorted(found, key=str)
    chosen = random.Random(collection + name).sample(found, min(4, len(found)))
    if kind in {"integer", "decimal"}:
        return [str(each) for each in chosen] + ["0", "-1", "1000000"]
    return chosen


def filterable(collection):
    return ["id"] + [name for name, kind in FIELDS[collection].items() if kind not in {"part", "lines"}]


def usable(text):
    """A filter's value has at most 300 bytes, and `in` splits at commas."""
    return len(text.encode()) <= 300


def expect(collection, record, name, op, text):
    return sorted(each["id"] for each in record.values()
                  if oracle.matches(collection, each, name, op, text))


@every
def test_equal_and_not(client, record, collection):
    everything = sorted(record[collection])
    for name in filterable(collection):
        for text in filter(usable, wanted_texts(collection, record[collection], name)):
            found = client.ids(f"/v1/{collection}", **{name: text})
            assert sorted(found) == expect(collection, record[collection], name, "", text), (name, text)
            others = client.ids(f"/v1/{collection}", **{f"{name}__not": text})
            assert sorted(found + others) == everything, f"{name}__not={text} is no complement"


@every
def test_in_and_notin(client, record, collection):
    everything = sorted(record[collection])
    for name in filterable(collection):
        texts = [text for text in wanted_texts(collection, record[collection], name) if "," not in text]
        text = ",".join(texts[:3])
        if not texts or not all(map(usable, texts)):
            continue
        found = client.ids(f"/v1/{collection}", **{f"{name}__in": text})
        assert sorted(found) == expect(collection, record[collection], name, "in", text), (name, text)
        others = client.ids(f"/v1/{collection}", **{f"{name}__notin": text})
        assert sorted(found + others) == everything, f"{name}__notin={text} is no complement"


@every
def test_order(client, record, collection):
    for name in filterable(collection):
        if FIELDS[collection].get(name, "line") in oracle.ARRAYS:
            continue
        for text in filter(usable, wanted_texts(collection, record[collection], name)):
            for op in sorted(ORDERED):
                found = client.ids(f"/v1/{collection}", **{f"{name}__{op}": text})
                assert sorted(found) == expect(collection, record[collection], name, op, text), (name, op, text)


@every
def test_isnull(client, record, collection):
    for name in filterable(collection):
        for text in "true", "false":
            found = client.ids(f"/v1/{collection}", **{f"{name}__isnull": text})
            assert sorted(found) == expect(collection, record[collection], name, "isnull", text), (name, text)


@every
def test_contains_and_startswith(client, record, collection):
    """At least what has the very text, at most what has it in another case."""
    dice = random.Random(collection)
    for name in filterable(collection):
        if FIELDS[collection].get(name, "line") not in {"line", "prose", "enum", "url"} | oracle.REFERENCES:
            continue
        values = {each["id"]: each[name] for each in record[collection].values() if each[name]}
        for value in dice.sample(sorted(set(values.values())), min(3, len(set(values.values())))):
            start = dice.randrange(max(1, len(value) - 4))
            for op, piece in (("contains", value[start:start + 4]), ("startswith", value[:3])):
                def has(text, piece=piece, op=op):
                    return piece in text if op == "contains" else text.startswith(piece)
                found = set(client.ids(f"/v1/{collection}", **{f"{name}__{op}": piece}))
                exact = {each for each in values if has(values[each])}
                loose = {each for each in values if piece.casefold() in values[each].casefold()}
                assert exact <= found <= loose, (name, op, piece)
                assert value in {values[each] for each in found}


@pytest.mark.parametrize("piece", ["%", "_", "\\", "%%", "a%", "\\%", "'", "\"", "*", "?", "[a]", "--", "(", "–"])
def test_patterns_are_plain_text(client, record, piece):
    values = {each["id"]: each["text"] for each in record["statements"].values()}
    assert sorted(client.ids("/v1/statements", text__contains=piece)) \
        == sorted(each for each in values if piece in values[each])
    assert sorted(client.ids("/v1/statements", text__startswith=piece)) \
        == sorted(each for each in values if values[each].startswith(piece))


def test_filters_are_joined_by_and(client, record):
    found = client.ids("/v1/statements?side=VN&act__in=proposed,requested&date__gte=2025&agreement_id__isnull=false")
    assert sorted(found) == sorted(
        each["id"] for each in record["statements"].values()
        if each["side"] == "VN" and each["act"] in {"proposed", "requested"} and each["agreement_id"]
        and each["date"] and oracle.span(each["date"])[1] >= "2025-01-01")
    both = client.ids("/v1/meetings?topic_ids=trade&topic_ids=border-gates")
    assert both == [] or set(both) <= set(client.ids("/v1/meetings?topic_ids=trade"))
    assert client.ids("/v1/meetings?status=held&status=proposed") == []


def test_an_empty_text_is_looked_for(client, record):
    assert client.ids("/v1/sources", title="") == []
    assert sorted(client.ids("/v1/sources", title__not="")) == sorted(record["sources"])


@pytest.mark.parametrize("day", ["2024-11-20", "2025-02-19", "2025-11-25", "2023-11-30", "2023-12-31", "1945-09-02"])
def test_agreements_on_a_day(client, record, day):
    """Those that may have begun by then, and are not known to have ended before. An agreement
    without any date is in none; the first date is the start's, else the first change of status."""
    def runs(each):
        starts = [each["start_date"]] if each["start_date"] else \
            [change["date"] for change in each["status_history"] if change.get("date")] or [each["status_date"]]
        starts = [oracle.span(text)[0] for text in starts if text]
        ended = each["end_date"] and oracle.span(each["end_date"])[1] < day
        return bool(starts) and min(starts) <= day and not ended
    assert sorted(client.ids("/v1/agreements", at=day)) \
        == sorted(each["id"] for each in record["agreements"].values() if runs(each))


# ---- times: a filter without a fraction means the whole second

TIMES = ["2025-11-27T08:00:04Z", "2025-11-27T08:00:05Z", "2025-11-27T08:00:05.2Z", "2025-11-27T08:00:05.999Z",
         "2025-11-27T08:00:06Z"]


@pytest.mark.parametrize("suffix, value, expected", [
    ("", "08:00:05Z", [1, 2, 3]), ("__gte", "08:00:05Z", [1, 2, 3, 4]), ("__gt", "08:00:05Z", [4]),
    ("__lte", "08:00:05Z", [0, 1, 2, 3]), ("__lt", "08:00:05Z", [0]), ("__not", "08:00:05Z", [0, 4]),
    ("__in", "08:00:05Z,2025-11-27T08:00:06Z", [1, 2, 3, 4]), ("__gt", "08:00:05.2Z", [3, 4]),
    ("", "08:00:05.999Z", [3])])
def test_times(start, tmp_path, suffix, value, expected):
    rows = [{"type": "source", "id": f"s-{number}", "retrieved_at": time} for number, time in enumerate(TIMES)]
    (tmp_path / "s.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = start(seeds=tmp_path / "s.ndjson").get(f"/v1/sources?sort=id&retrieved_at{suffix}=2025-11-27T{value}").json
    assert [row["id"] for row in found["data"]] == [f"s-{number}" for number in expected]
