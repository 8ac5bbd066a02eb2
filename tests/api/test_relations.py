"""Filters by relation, against the oracle: the data model says what relates to what."""

import functools

import pytest

import oracle


def values(field):
    """Of the record itself: {its value}, or the values of its array."""
    def get(record, each):
        return set(each[field]) if isinstance(each[field], list) else {each[field]}
    return get


def parts(part, *fields):
    def get(record, each):
        return {row.get(field) for row in each[part] for field in fields}
    return get


def sources(record, each):
    return set(each["source_ids"])


def posts_of(record, official):
    return [record["posts"][tenure["post_id"]] for tenure in official["tenures"]]


def statements(record, **wanted):
    return [each for each in record["statements"].values()
            if all(each[name] == value for name, value in wanted.items())]


def either(*gets):
    return lambda record, each: set().union(*(get(record, each) for get in gets))


PLACE_OF_MEETING = either(values("place_id"), parts("participants", "place_id"))
AGREEMENT_OF_MEETING = either(
    values("mechanism_id"),
    lambda record, each: {one["agreement_id"] for one in statements(record, meeting_id=each["id"])},
    lambda record, each: {one["id"] for one in record["agreements"].values()
                          if each["id"] in parts("status_history", "meeting_id")(record, one)})

# collection, relation, the ids it relates to, whose ids they are
RELATIONS = [
    ("meetings", "official", parts("participants", "official_id"), "officials"),
    ("meetings", "organization", parts("participants", "organization_id", "on_behalf_of_id"), "organizations"),
    ("meetings", "place", PLACE_OF_MEETING, "places"),
    ("meetings", "topic", values("topic_ids"), "topics"),
    ("meetings", "mechanism", values("mechanism_id"), "agreements"),
    ("meetings", "agreement", AGREEMENT_OF_MEETING, "agreements"),
    ("meetings", "meeting", values("parent_id"), "meetings"),
    ("meetings", "source", sources, "sources"),
    ("meetings", "side", parts("participants", "side"), None),
    ("statements", "official", values("official_id"), "officials"),
    ("statements", "organization", values("organization_id"), "organizations"),
    ("statements", "place", values("place_ids"), "places"),
    ("statements", "topic", values("topic_ids"), "topics"),
    ("statements", "agreement", values("agreement_id"), "agreements"),
    ("statements", "meeting", values("meeting_id"), "meetings"),
    ("statements", "source", sources, "sources"),
    ("statements", "side", values("side"), None),
    ("agreements", "place", either(values("place_ids"), parts("parties", "place_id")), "places"),
    ("agreements", "organization", parts("parties", "organization_id"), "organizations"),
    ("agreements", "topic", values("topic_ids"), "topics"),
    ("agreements", "source", sources, "sources"),
    ("agreements", "side", parts("parties", "side"), None),
    ("agreements", "official",
     lambda record, each: {one["official_id"] for one in statements(record, agreement_id=each["id"])}, "officials"),
    ("agreements", "meeting", either(
        parts("status_history", "meeting_id"),
        lambda record, each: {one["meeting_id"] for one in statements(record, agreement_id=each["id"])}), "meetings"),
    ("officials", "organization",
     lambda record, each: {post["organization_id"] for post in posts_of(record, each)}, "organizations"),
    ("officials", "place",
     lambda record, each: {post["place_id"] for post in posts_of(record, each)}, "places"),
    ("officials", "meeting",
     lambda record, each: {one["id"] for one in record["meetings"].values()
                           if each["id"] in parts("participants", "official_id")(record, one)}, "meetings"),
    ("officials", "agreement",
     lambda record, each: {one["agreement_id"] for one in statements(record, official_id=each["id"])}, "agreements"),
    ("officials", "source", sources, "sources"),
    ("officials", "side", values("country"), None),
    ("posts", "organization", values("organization_id"), "organizations"),
    ("posts", "place", values("place_id"), "places"),
    ("posts", "official",
     lambda record, each: {one["id"] for one in record["officials"].values()
                           if each["id"] in parts("tenures", "post_id")(record, one)}, "officials"),
    ("posts", "source", sources, "sources"),
    ("organizations", "place", values("place_id"), "places"),
    ("organizations", "source", sources, "sources"),
    ("places", "place", values("id"), "places"),
    ("places", "source", sources, "sources"),
    ("topics", "source", sources, "sources"),
    ("trade-figures", "place",
     either(values("ref_area_id"), values("counterpart_area_id"), values("via_area_id")), "places"),
    ("trade-figures", "topic", either(values("topic_ids"), values("commodity_id")), "topics"),
    ("trade-figures", "source", sources, "sources"),
]


@pytest.mark.parametrize("collection, relation, get, targets", RELATIONS,
                         ids=[f"{row[0]}-{row[1]}" for row in RELATIONS])
def test_relation(client, record, collection, relation, get, targets):
    related = {identity: get(record, each) for identity, each in record[collection].items()}
    inside = functools.cache(lambda place: oracle.inside(record, place))
    some = False
    for target in sorted(record[targets]) if targets else ["VN", "CN", "US"]:
        wanted = inside(target) if relation == "place" else {target}
        expected = sorted(identity for identity, ids in related.items() if ids & wanted)
        assert sorted(client.ids(f"/v1/{collection}", **{relation: target})) == expected, target
        for count in "exact", "capped":
            found = client.list(f"/v1/{collection}", count=count, limit=1, fields="id", **{relation: target})
            assert found["count"] == {"value": len(expected), "exact": True}, (target, count)
        some = some or expected
    assert some or (collection, relation) in {("statements", "organization"), ("agreements", "organization")}
    status, answer = client.get(f"/v1/{collection}", **{relation: "no-such-thing"})
    assert status == 400 and [fault["parameter"] for fault in answer["errors"]] == [relation]


@pytest.mark.parametrize("relation, wrong, right", [
    ("place", "guangx", "guangxi"), ("official", "chen-gan", "chen-gang"), ("source", "2024-11-22-vna", "2024-11-22-vns")])
def test_a_mistyped_id_is_told_the_nearest(client, relation, wrong, right):
    status, answer = client.get("/v1/meetings", **{relation: wrong})
    assert status == 400 and f'"{right}"' in answer["errors"][0]["detail"], answer


def test_relations_join_with_fields(client, record):
    found = client.ids("/v1/meetings?place=viet-nam&official=chen-gang&status=held&sort=start_date")
    places = oracle.inside(record, "viet-nam")
    assert sorted(found) == sorted(
        each["id"] for each in record["meetings"].values()
        if each["status"] == "held" and PLACE_OF_MEETING(record, each) & places
        and "chen-gang" in parts("participants", "official_id")(record, each))
    assert found


def test_an_inner_place_is_found_by_its_country(client, record):
    inner = [each["id"] for each in record["places"].values() if each["parent_id"] == "guangxi"]
    assert inner
    for place in inner:
        assert set(client.ids("/v1/meetings", place=place)) <= set(client.ids("/v1/meetings", place="guangxi"))
        assert set(client.ids("/v1/meetings", place=place)) <= set(client.ids("/v1/meetings", place="china"))


# ---- addresses that hang under a record

def test_meetings_of_officials(client, record):
    for official in record["officials"]:
        assert client.ids(f"/v1/officials/{official}/meetings") == client.ids("/v1/meetings", official=official)


def test_meetings_of_places(client, record):
    for place in record["places"]:
        places = oracle.inside(record, place)
        assert sorted(client.ids(f"/v1/places/{place}/meetings")) == sorted(
            each["id"] for each in record["meetings"].values() if PLACE_OF_MEETING(record, each) & places)


def test_sessions(client, record):
    for agreement in record["agreements"]:
        rows = client.list(f"/v1/agreements/{agreement}/sessions", limit=1000)["data"]
        assert sorted(row["id"] for row in rows) == sorted(
            each["id"] for each in record["meetings"].values() if each["mechanism_id"] == agreement)
        assert all("participants" in row for row in rows)


def test_counterparts(client, record):
    """Both present at one meeting, on different sides; who is only mentioned was not met."""
    for official in record["officials"]:
        met = {}
        for meeting in record["meetings"].values():
            there = [row for row in meeting["participants"] if row.get("official_id")
                     and row.get("attendance") == "present" and row.get("role") != "mentioned"]
            sides = {row["side"] for row in there if row["official_id"] == official}
            for row in there:
                if any(row["side"] != side for side in sides):
                    met.setdefault(row["official_id"], {})[meeting["id"]] = meeting["start_date"]
        rows = client.list(f"/v1/officials/{official}/counterparts", limit=1000)["data"]
        assert {row["official_id"]: (row["name"], row["country"], row["meetings"], row["first_date"], row["last_date"])
                for row in rows} \
            == {other: (record["officials"][other]["name"], record["officials"][other]["country"], len(dates),
                        min(dates.values(), key=lambda text: oracle.span(text)[0]),
                        max(dates.values(), key=lambda text: oracle.span(text)[0]))
                for other, dates in met.items()}, official


def test_facts(client, record):
    labels = {"sources": "title", "posts": "label", "statements": "text", "trade-figures": "value_text"}
    for source in record["sources"]:
        wanted = sorted((each["type"], each["id"], each[labels.get(collection, "name")] or "", one["pointer"],
                         one.get("locator") or "", one.get("note") or "")
                        for collection, found in record.items() for each in found.values()
                        for one in each["citations"] if one["source_id"] == source)
        pages = client.walk(f"/v1/sources/{source}/facts", limit=1000)
        rows = [row for page in pages for row in page["data"]]
        assert all(row.keys() == {"type", "id", "name", "pointer", "locator", "note"} for row in rows)
        assert sorted(tuple(row[name] or "" for name in ("type", "id", "name", "pointer", "locator", "note"))
                      for row in rows) == wanted
