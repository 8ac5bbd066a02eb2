"""Pages: each record once, forwards and backwards, in every order; cursors that are not ours."""

import urllib.parse

import pytest

import oracle
import seedset
from api_client import client_of
from daemon import Daemon
from oracle import COLLECTIONS, FIELDS

every = pytest.mark.parametrize("collection", COLLECTIONS)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Few records with many equal and many missing sort keys: (client, the record)."""
    folder = seedset.write(tmp_path_factory.mktemp("seeds"), seedset.grown(3))
    daemon = Daemon(tmp_path_factory.mktemp("small"), seeds=folder)
    with client_of(daemon) as client:
        yield client, oracle.load(folder)
    daemon.stop()


def keys(collection, record, name):
    kind = FIELDS[collection].get(name, "line")
    return [oracle.order_key(kind, each[name]) if name != "revision" else 1 for each in record]


def in_order(found, descending):
    """None counts as less than any value."""
    ranked = [(value is not None, value) for value in found]
    return all(one >= other if descending else one <= other for one, other in zip(ranked, ranked[1:]))


def assert_walks(client, path, wanted, limit, **parameters):
    """Forwards to the end and back again: every id once, in the same order."""
    pages = list(client.walk(path, limit=limit, fields="id", **parameters))
    assert [row["id"] for page in pages for row in page["data"]] == wanted
    assert all(len(page["data"]) == limit for page in pages[:-1])
    assert pages[0]["links"]["prev"] is None
    back = list(client.walk(pages[-1]["links"]["self"], "prev"))
    assert [row["id"] for page in reversed(back) for row in page["data"]] == wanted
    assert back[-1]["links"]["next"] is None or len(wanted) > limit


@every
@pytest.mark.parametrize("sign", ["", "-"])
def test_small_pages_in_every_order(small, collection, sign):
    client, record = small
    for name in oracle.sortable(collection):
        sort = sign + name
        order = client.ids(f"/v1/{collection}", sort=sort)
        assert sorted(order) == sorted(record[collection])
        assert in_order(keys(collection, [record[collection][each] for each in order], name), sign == "-"), sort
        for limit in 1, 2, 3:
            assert_walks(client, f"/v1/{collection}", order, limit, sort=sort)


@every
@pytest.mark.parametrize("sign", ["", "-"])
def test_the_shipped_record_in_every_order(client, record, collection, sign):
    for name in oracle.sortable(collection):
        sort = sign + name
        order = client.ids(f"/v1/{collection}", sort=sort)
        assert sorted(order) == sorted(record[collection])
        assert in_order(keys(collection, [record[collection][each] for each in order], name), sign == "-"), sort
        assert_walks(client, f"/v1/{collection}", order, 17, sort=sort)


def test_links_of_long_texts_can_be_followed(start, tmp_path):
    data = seedset.good()
    data["topics.json"] += [{"id": f"long-{number}", "name": "Long", "description": "đ" * 3990 + str(number),
                             "citations": seedset.cite()} for number in range(5)]
    with client_of(start(seeds=seedset.write(tmp_path / "seeds", data))) as client:
        for sort in "description", "-description,name":
            order = client.ids("/v1/topics", sort=sort)
            assert_walks(client, "/v1/topics", order, 2, sort=sort)


@pytest.mark.parametrize("path, parameters", [
    ("/v1/meetings", {}), ("/v1/timeline", {}), ("/v1/trade-figures/series", {}),
    ("/v1/meetings", {"sort": "-status,start_date,name", "side": "CN"}),
    ("/v1/statements", {"sort": "act,-date", "side": "VN", "date__gte": "2025"}),
    ("/v1/timeline", {"sort": "-type,date", "type__not": "trade_figure"})])
def test_walks_with_filters(client, path, parameters):
    whole = client.list(path, limit=1000, **parameters)["data"]
    for limit in (3, 11):
        pages = list(client.walk(path, limit=limit, **parameters))
        assert [row for page in pages for row in page["data"]] == whole
        back = list(client.walk(pages[-1]["links"]["self"], "prev"))
        assert [row for page in reversed(back) for row in page["data"]] == whole


def test_links_keep_what_was_asked(client):
    answer = client.list("/v1/meetings?sort=-name&limit=2&fields=id,name&status__in=held,confirmed&facet=status&count=exact")
    following = client.list(answer["links"]["next"])
    assert following["data"][0].keys() == {"id", "name"} and len(following["data"]) == 2
    assert following["facets"] == answer["facets"] and following["count"] == answer["count"]
    assert client.list(following["links"]["prev"])["data"] == answer["data"]


def test_link_fields_of_the_header(api):
    first = api.get("/v1/statements?limit=3")
    second = api.get(first.json["links"]["next"])
    for answer in first, second:
        found = {}
        for value in answer.headers.get_all("Link"):
            for link in value.split(", <"):
                target, _, relation = link.partition(">; rel=")
                found[relation.strip('"')] = target.lstrip("<")
        assert found.pop("license").startswith("https://")
        assert found == {name: link for name, link in answer.json["links"].items() if link and name != "self"}


def cursor_of(address):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["cursor"][0]


def assert_refused(client, path, **parameters):
    status, answer = client.get(path, **parameters)
    assert status == 400 and [each["parameter"] for each in answer["errors"]] == ["cursor"], answer


@every
def test_foreign_cursors_are_refused(client, record, collection):
    path = f"/v1/{collection}"
    cursor = cursor_of(client.list(path, limit=1)["links"]["next"])
    assert client.get(path, limit=1, cursor=cursor)[0] == 200
    for size in range(0, len(cursor), 3):
        assert_refused(client, path, cursor=cursor[:size])
    for at in range(len(cursor)):
        changed = cursor[:at] + ("B" if cursor[at] != "B" else "C") + cursor[at + 1:]
        assert_refused(client, path, cursor=changed)
    for wrong in cursor + "A", cursor + "=", cursor + cursor, cursor + " ", "x", "%00", "../../etc", "1", "null":
        assert_refused(client, path, cursor=wrong)
    assert_refused(client, path, cursor=cursor, sort="-id")
    assert_refused(client, path, cursor=cursor, id__not="x")
    other = COLLECTIONS[(COLLECTIONS.index(collection) + 1) % len(COLLECTIONS)]
    assert_refused(client, f"/v1/{other}", cursor=cursor)
    assert client.get(path, cursor=cursor, limit=7, fields="id", count="exact")[0] == 200


def test_a_cursor_of_one_record_is_not_anothers(client, record):
    one, other = "viet-nam", "china"
    link = client.list(f"/v1/places/{one}/meetings", limit=1)["links"]["next"]
    assert link
    assert_refused(client, f"/v1/places/{other}/meetings", cursor=cursor_of(link))
