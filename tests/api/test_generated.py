"""Thousands of random lists of a generated record, each equal to what Python makes of its seeds.

A list here is a mix of filters, an order of up to three keys, a page size, a count and facets. It
is walked from page to page, forwards and backwards; rows come and go meanwhile. See oracle.py.
"""

import collections
import functools
import json
import random
import re
import runpy
import signal
import unicodedata

import pytest

import oracle
from api_client import client_of
from daemon import ROOT, Daemon
from oracle import COLLECTIONS, FIELDS
from test_relations import RELATIONS
from waiting import until

generate = runpy.run_path(str(ROOT / "bench" / "generate.py"))
ROUNDS = 150  # of each collection
ORDERED = ["", "not", "gt", "gte", "lt", "lte", "in", "notin", "isnull"]
TEXTS = {"statements": ["text"], "meetings": ["name", "description"], "agreements": ["name", "description"]}


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """(client, the record) of some two thousand records with many ties and nulls."""
    folder = tmp_path_factory.mktemp("generated")
    generate["write_folder"](generate["Record"](generate["Sizes"](220), 7), folder)
    daemon = Daemon(tmp_path_factory.mktemp("daemon"), seeds=folder)
    with client_of(daemon) as client:
        yield client, oracle.load(folder)
    daemon.check()
    daemon.stop()


def words(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", plain.replace("đ", "d"))


def sample(record, dice, collection, name):
    """A value to compare with: mostly one of the field's own."""
    kind = FIELDS[collection].get(name, "line")
    value = dice.choice(list(record[collection].values()))[name]
    if kind in oracle.ARRAYS:
        return dice.choice(value) if value else None
    if kind == "date" and dice.random() < 0.5:
        return f"{dice.randint(1990, 2026)}-{dice.randint(1, 12):02}"
    if kind == "period" and dice.random() < 0.5:
        return f"{dice.randint(1990, 2026)}-Q{dice.randint(1, 4)}"
    return None if value is None else str(value)


def field_filter(record, dice, collection):
    """(parameter, value, whether a row matches)"""
    names = ["id"] + [name for name, kind in FIELDS[collection].items() if kind not in {"part", "lines"}]
    name, op = dice.choice(names), dice.choice(ORDERED)
    kind = FIELDS[collection].get(name, "line")
    if kind in oracle.ARRAYS:
        op = dice.choice(["", "not", "in", "notin", "isnull"])
    value = dice.choice(["true", "false"]) if op == "isnull" else sample(record, dice, collection, name)
    if op in {"in", "notin"} and value:
        value = ",".join(filter(None, [value, *(sample(record, dice, collection, name) for _ in range(2))]))
    if not value or len(value.encode()) > 300 or ("," in value and op not in {"in", "notin"}):
        return None
    if op in {"in", "notin"} and kind in {"line", "prose"} and value.count(",") > 2:
        return None
    return name + (op and "__" + op), value, lambda row: oracle.matches(collection, row, name, op, value)


def relation_filter(record, dice, collection, related):
    rows = [row for row in RELATIONS if row[0] == collection]
    if not rows:
        return None
    _, name, _, targets = dice.choice(rows)
    kind = FIELDS[collection].get(name)
    if kind in {"enum", "country", "side"}:
        return None
    target = dice.choice(list(record[targets])) if targets else dice.choice(["VN", "CN", "US"])
    wanted = oracle.inside(record, target) if name == "place" else {target}
    ids, op = related(collection, name), dice.choice(["", "", "not"])
    return name + (op and "__not"), target, lambda row: bool(ids[row["id"]] & wanted) != (op == "not")


def word_filter(record, dice, collection):
    if collection not in TEXTS:
        return None
    row = dice.choice(list(record[collection].values()))
    found = [word for name in TEXTS[collection] for word in words(row[name] or "") if len(word) > 3]
    if not found:
        return None
    whole, start = dice.choice(found), dice.choice(found)[:dice.randint(2, 5)]
    if {"viet", "vietnam", "lang", "bang"} & {whole, start}:
        return None

    def matches(each):
        texts = [each[name] for name in TEXTS[collection]] + [
            change.get("note") for change in each.get("status_history", [])]
        of = [word for text in texts for word in words(text or "")]
        of += [one + other for text in [each.get("name")] for one, other in zip(words(text or ""), words(text or "")[1:])]
        return whole in of and any(word.startswith(start) for word in of)
    return "q", f"{whole} {start}", matches


@pytest.fixture(scope="module")
def related(generated):
    """(collection, relation) -> id -> the ids it relates to."""
    _, record = generated
    gets = {(collection, name): get for collection, name, get, _ in RELATIONS}
    return functools.cache(lambda collection, name: {
        key: gets[collection, name](record, row) for key, row in record[collection].items()})


def order(record, collection, rows, sort):
    """Nulls before everything, the id behind everything, going the way of the last key."""
    keys = [(key.lstrip("-"), key.startswith("-")) for key in sort.split(",")]
    if keys[-1][0] != "id":
        keys.append(("id", keys[-1][1]))
    for name, falling in reversed(keys):
        kind = FIELDS[collection].get(name, "line")

        def key(row, name=name, kind=kind):
            value = oracle.order_key(kind, row[name][:300] if kind in {"prose", "url"} and row[name] else row[name])
            return (value is not None, value) if value is not None else (False,)
        rows = sorted(rows, key=key, reverse=falling)
    return [row["id"] for row in rows]


def random_list(record, dice, collection, related):
    """(parameters, the rows that match, their ids in order)"""
    makers = [lambda: field_filter(record, dice, collection), lambda: field_filter(record, dice, collection),
              lambda: relation_filter(record, dice, collection, related), lambda: word_filter(record, dice, collection)]
    filters = [found for _ in range(dice.choice([0, 1, 1, 2, 3])) if (found := dice.choice(makers)())]
    parameters = {name: value for name, value, _ in filters}
    filters = [one for one in filters if parameters[one[0]] == one[1]]
    rows = [row for row in record[collection].values() if all(one[2](row) for one in filters)]
    names = oracle.sortable(collection)[:-1]
    sort = ",".join(dice.choice(["", "-"]) + name for name in dice.sample(names, dice.choice([1, 1, 2, 3])))
    return {**parameters, "sort": sort}, rows, order(record, collection, rows, sort)


def walk(client, path, wanted, **parameters):
    """Each row once, forwards to the end and back to the beginning."""
    pages = list(client.walk(path, **parameters))
    assert [row["id"] for page in pages for row in page["data"]] == wanted, parameters
    assert pages[0]["links"]["prev"] is None
    back = list(client.walk(pages[-1]["links"]["self"], "prev"))
    assert [row["id"] for page in reversed(back) for row in page["data"]] == wanted, parameters


def counted(client, path, **parameters):
    """The answer with all its counts: on a busy machine some may come late, and then are null."""
    for _ in range(20):
        answer = client.list(path, **parameters)
        if answer["count"] and all(counts is not None for counts in answer["facets"].values()):
            return answer
    raise AssertionError(f"{path} {parameters}: never had the time to count")


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_random_lists(generated, related, collection):
    client, record = generated
    dice = random.Random(collection)
    for _ in range(ROUNDS):
        parameters, rows, wanted = random_list(record, dice, collection, related)
        facet = dice.choice(oracle.facets(collection) or ["id"])
        answer = counted(client, f"/v1/{collection}", limit=dice.choice([1, 7, 50, 1000]), count="exact", fields="id",
                         **({"facet": facet} if facet != "id" else {}), **parameters)
        found = [row["id"] for row in answer["data"]]
        assert found == wanted[:len(found)] and (len(found) == len(wanted) or answer["links"]["next"]), parameters
        assert answer["count"] == {"value": len(wanted), "exact": True}, parameters
        if facet != "id":
            values = collections.Counter(row[facet] for row in rows)
            most = sorted(values.items(), key=lambda pair: (-pair[1], pair[0] is not None, pair[0] or ""))[:100]
            assert [(one["value"], one["count"]) for one in answer["facets"][facet]] == most, (facet, parameters)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_random_walks(generated, related, collection):
    client, record = generated
    dice = random.Random("walk " + collection)
    for _ in range(ROUNDS // 5):
        parameters, _, wanted = random_list(record, dice, collection, related)
        limit = min(1000, max(1, len(wanted) // dice.randint(1, 5)))
        walk(client, f"/v1/{collection}", wanted, limit=limit, fields="id", **parameters)


def test_a_capped_count_is_exact_below_its_cap(generated):
    client, record = generated
    answer = client.list("/v1/trade-figures?freq=A&count=capped&limit=1")
    assert answer["count"] == {"value": sum(row["freq"] == "A" for row in record["trade-figures"].values()), "exact": True}


def test_cursors_belong_to_one_list(generated, related):
    """Cut, with a bit turned, or taken to another list: 400, whatever it is."""
    client, record = generated
    dice = random.Random("cursors")
    for _ in range(150):
        collection = dice.choice(COLLECTIONS)
        parameters, _, wanted = random_list(record, dice, collection, related)
        link = client.list(f"/v1/{collection}", limit=1, **parameters)["links"]["next"]
        if not link:
            continue
        path, _, cursor = link.partition("cursor=")
        at = dice.randrange(len(cursor))
        changed = cursor[:at] + dice.choice([c for c in "ABab019-_" if c != cursor[at]]) + cursor[at + 1:]
        others, _, _ = random_list(record, dice, collection, related)
        for wrong in cursor[:at], changed, cursor + cursor[:at + 1]:
            assert client.get(path + "cursor=" + wrong)[0] == 400, (path, cursor, wrong)
        if others != parameters:
            assert client.get(f"/v1/{collection}", cursor=cursor, **others)[0] == 400, (parameters, others)


@pytest.mark.parametrize("sort", ["-start_date", "place_id,-start_date", "-session_number"])
def test_walks_while_rows_come(start, tmp_path, sort):
    """What was there before is met once, in order, whatever comes in between."""
    maker = generate["Record"](generate["Sizes"](60), 3)
    generate["write_folder"](maker, tmp_path)
    record = oracle.load(tmp_path)
    daemon = start(seeds=tmp_path)
    wanted = order(record, "meetings", list(record["meetings"].values()), sort)
    with client_of(daemon) as client:
        for direction in "next", "prev":
            found, page = [], client.list("/v1/meetings", sort=sort, limit=20, fields="id")
            if direction == "prev":
                page = list(client.walk("/v1/meetings", sort=sort, limit=20, fields="id"))[-1]
            while True:
                ids = [row["id"] for row in page["data"]]
                found = found + ids if direction == "next" else ids + found
                if not page["links"][direction]:
                    break
                more(daemon, maker, tmp_path, len(found) if direction == "next" else 1000 + len(found))
                page = client.list(page["links"][direction])
            assert [each for each in found if each in record["meetings"]] == wanted
            assert len(found) == len(set(found))


def more(daemon, maker, folder, number):
    """A few more meetings, in places of the order that are anywhere."""
    fresh = [{**maker.meetings_(number + k), "id": f"more-{number + k}", "parent_id": None} for k in range(3)]
    (folder / f"meetings.more{number}.ndjson").write_text("".join(json.dumps(each) + "\n" for each in fresh))
    before = sum(line["event"] == "ingested" for line in daemon.events)
    daemon.process.send_signal(signal.SIGHUP)
    until(lambda: sum(line["event"] == "ingested" for line in daemon.events) > before)
