"""Every collection alike: the envelope, its rows, details, counts, facets and sparse answers."""

import json
import random

import pytest

import oracle
from oracle import COLLECTIONS

every = pytest.mark.parametrize("collection", COLLECTIONS)
SUBLISTS = ["/v1/timeline", "/v1/trade-figures/series"]


def same(answer, wanted):
    """Whether an answer says what the seed says; null, or nothing, where that is silent."""
    if isinstance(wanted, dict):
        assert isinstance(answer, dict) and wanted.keys() <= answer.keys()
        for name, value in answer.items():
            if name not in wanted:
                derived = oracle.precision(answer[name[:-10]]) if name.endswith("_precision") \
                    and answer.get(name[:-10]) else None
                assert value in (derived, []), (name, value)
            else:
                same(value, wanted[name])
    elif isinstance(wanted, list):
        assert isinstance(answer, list) and len(answer) == len(wanted)
        for one, other in zip(answer, wanted):
            same(one, other)
    else:
        assert answer == wanted and type(answer) is type(wanted)


@every
def test_envelope(client, record, collection):
    answer = client.list(f"/v1/{collection}")
    assert answer.keys() == {"data", "count", "links", "facets", "dataset"}
    assert answer["count"] == {"value": len(record[collection]), "exact": True}
    assert len(answer["data"]) == min(50, len(record[collection]))
    assert answer["links"].keys() == {"self", "next", "prev"}
    assert answer["links"]["self"] == f"/v1/{collection}" and answer["links"]["prev"] is None
    assert bool(answer["links"]["next"]) == (len(record[collection]) > 50)
    assert answer["facets"] == {}
    assert answer["dataset"]["id"] == "viet-nam-guangxi" and answer["dataset"]["revision"] == 1
    assert answer["dataset"]["license"]


@every
def test_every_record_says_what_its_seed_says(client, record, collection):
    rows = {row["id"]: row for row in client.list(f"/v1/{collection}", limit=1000)["data"]}
    assert rows.keys() == record[collection].keys()
    for identity, wanted in record[collection].items():
        row = dict(rows[identity])
        assert row.pop("revision") == 1
        assert row.pop("created_at") == row.pop("updated_at")
        assert list(row) == list(wanted), "the fields stand in the order of the data model"
        assert sorted(row.pop("source_ids")) == sorted(wanted["source_ids"])
        same(row, {name: value for name, value in wanted.items() if name != "source_ids"})


@every
def test_detail_equals_its_row(client, collection):
    for row in client.list(f"/v1/{collection}", limit=1000)["data"]:
        assert client.list(f"/v1/{collection}/{row['id']}") == row


def test_numbers_are_the_seeds_own_digits(api):
    """42 stays 42 and 16.4 stays 16.4: compared as text, for floats would hide a difference."""
    import daemon
    seeds = json.loads((daemon.SEEDS / "trade-figures.json").read_bytes(), parse_float=str, parse_int=str)
    for seed in seeds:
        row = json.loads(api.get(f"/v1/trade-figures/{seed['id']}").body, parse_float=str, parse_int=str)
        for name in "value", "value_low", "value_high", "unit_mult":
            assert row[name] == seed.get(name), (seed["id"], name)


@every
def test_count(client, record, collection):
    total = len(record[collection])
    for asked, wanted in (("exact", total), ("capped", total), ("auto", total), ("none", None)):
        answer = client.list(f"/v1/{collection}", count=asked, limit=1)
        assert answer["count"] == (wanted if wanted is None else {"value": wanted, "exact": True}), asked
    answer = client.list(f"/v1/{collection}", count="exact", limit=1, id__startswith="a")
    some = sum(identity.startswith("a") for identity in record[collection])
    assert answer["count"] == {"value": some, "exact": True}
    assert client.list(f"/v1/{collection}", limit=1, id__startswith="a")["count"] is None


@every
def test_facets(client, record, collection):
    for name in oracle.facets(collection):
        answer = client.list(f"/v1/{collection}", facet=name, limit=1)
        rows = answer["facets"].pop(name)
        assert answer["facets"] == {}
        wanted = {}
        for each in record[collection].values():
            wanted[each[name]] = wanted.get(each[name], 0) + 1
        assert {row["value"]: row["count"] for row in rows} == wanted and len(rows) == len(wanted)
        counts = [row["count"] for row in rows]
        assert counts == sorted(counts, reverse=True)


def test_facets_follow_the_filters_and_not_the_page(client, record):
    answer = client.list("/v1/statements?facet=act&facet=agreement_id", side="VN", limit=1)
    chosen = [each for each in record["statements"].values() if each["side"] == "VN"]
    assert answer["facets"].keys() == {"act", "agreement_id"} and len(answer["data"]) == 1
    for name, rows in answer["facets"].items():
        assert sum(row["count"] for row in rows) == len(chosen)
        for row in rows:
            assert row["count"] == sum(each[name] == row["value"] for each in chosen)


@every
def test_sparse(client, collection):
    whole = client.list(f"/v1/{collection}", limit=1000)["data"]
    names = list(whole[0])
    for name in names:
        rows = client.list(f"/v1/{collection}", limit=1000, fields=name)["data"]
        assert rows == [{name: row[name]} for row in whole], name
    dice = random.Random(collection)
    for _ in range(5):
        chosen = dice.sample(names, 3)
        rows = client.list(f"/v1/{collection}", limit=1000, fields=",".join(chosen))["data"]
        assert rows == [{name: row[name] for name in chosen} for row in whole], chosen


@every
def test_sparse_detail(client, collection):
    row = client.list(f"/v1/{collection}", limit=1)["data"][0]
    status, answer = client.get(f"/v1/{collection}/{row['id']}", fields="id,source_ids")
    assert status == 200 and answer == {"id": row["id"], "source_ids": row["source_ids"]}


@every
def test_json_by_extension_is_the_same(api, collection):
    plain, named = api.get(f"/v1/{collection}?limit=3"), api.get(f"/v1/{collection}.json?limit=3")
    assert named.status == 200 and named.headers.get_content_type() == "application/json"
    assert named.json["data"] == plain.json["data"]


@pytest.mark.parametrize("path", SUBLISTS)
def test_sublists_have_the_envelope(client, path):
    answer = client.list(path, count="exact", limit=1000)
    assert answer.keys() == {"data", "count", "links", "facets", "dataset"}
    assert answer["count"] == {"value": len(answer["data"]), "exact": True}


def test_every_list_of_the_index_answers(api):
    index = api.request("GET", "/", headers={"Accept": "application/json"})
    assert index.status == 200
    found = [each["href"] for each in index.json["collections"]]
    assert sorted(found) == sorted(f"/v1/{name}" for name in COLLECTIONS)
    assert all(api.get(href).status == 200 for href in found)
