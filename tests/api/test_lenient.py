"""Prefer: handling=lenient (RFC 7240, 4.4): what nobody knows is passed over, and named."""

import pytest

LENIENT = {"Prefer": "handling=lenient"}


def ignored(answer):
    return sorted((answer.headers["Ignored-Parameters"] or "").split(", "))


@pytest.mark.parametrize("path, plain, names", [
    ("/v1/meetings?colour=red", "/v1/meetings", ["colour"]),
    ("/v1/meetings?colour=red&colour=blue", "/v1/meetings", ["colour"]),
    ("/v1/meetings?oficial=chen-gang&place=ha-noi", "/v1/meetings?place=ha-noi", ["oficial"]),
    ("/v1/meetings?start_date__after=2024", "/v1/meetings", ["start_date__after"]),
    ("/v1/meetings?sort=-size,name", "/v1/meetings?sort=name", ["sort=size"]),
    ("/v1/meetings?sort=size", "/v1/meetings", ["sort=size"]),
    ("/v1/meetings?facet=status,colour", "/v1/meetings?facet=status", ["facet=colour"]),
    ("/v1/meetings?fields=id,colour,name", "/v1/meetings?fields=id,name", ["fields=colour"]),
    ("/v1/meetings?fields=colour", "/v1/meetings", ["fields=colour"]),
    ("/v1/meetings?include=place,cats", "/v1/meetings?include=place", ["include=cats"]),
    ("/v1/places/guangxi?fields=name,colour&x=1&x=2", "/v1/places/guangxi?fields=name", ["fields=colour", "x"]),
    ("/v1/places/guangxi?include=cats", "/v1/places/guangxi", ["include=cats"]),
    ("/v1/search?q=guangxi&page=2", "/v1/search?q=guangxi", ["page"]),
    ("/v1/officials/chen-gang/meetings?m%C3%A0u=%0A,", "/v1/officials/chen-gang/meetings", ["m%C3%A0u"]),
    ("/health?x", "/health", ["x"]),
])
def test_unknown_names_are_passed_over_and_named(api, path, plain, names):
    assert api.get(path).status == 400
    whole, answer = api.get(plain).json, api.get(path, LENIENT)
    assert answer.status == 200 and ignored(answer) == names
    assert answer.headers["Preference-Applied"] == "handling=lenient"
    assert "Prefer" in answer.headers["Vary"].split(", ")
    links = {"links": answer.json["links"]} if "links" in whole else {}  # carry the address as asked
    assert answer.json == {**whole, **links}
    head = api.request("HEAD", path, headers=LENIENT)
    assert head.headers["Ignored-Parameters"] == answer.headers["Ignored-Parameters"]


@pytest.mark.parametrize("path", [
    "/v1/meetings?limit=0", "/v1/meetings?limit=1&limit=2", "/v1/meetings?status=hold", "/v1/meetings?start_date=soon",
    "/v1/meetings?official=nobody", "/v1/meetings?cursor=x", "/v1/meetings?at=2024-02-30", "/v1/search?q=a&type=cat",
    "/v1/meetings?colour=red&limit=x", "/v1/search"])
def test_bad_values_are_still_refused(api, path):
    answer = api.get(path, LENIENT)
    assert answer.status == 400
    assert "colour" not in answer.text


@pytest.mark.parametrize("field, lenient", [
    ("handling=lenient", True), ("respond-async, handling=lenient;x=y", True), ('HANDLING = "Lenient"', True),
    ('foo="a, handling=strict", handling=lenient', True), ("handling=strict", False), ("handling", False),
    ("return=minimal", False), ("handling=strict, handling=lenient", False), ("", False)])
def test_how_the_preference_is_written(api, field, lenient):
    answer = api.get("/v1/meetings?colour=red", {"Prefer": field})
    assert (answer.status == 200) == lenient
    assert (answer.headers["Preference-Applied"] is not None) == lenient


def test_nothing_ignored_nothing_named(api):
    answer = api.get("/v1/meetings?limit=1", LENIENT)
    assert answer.headers["Ignored-Parameters"] is None
    assert answer.headers["Preference-Applied"] == "handling=lenient"
    assert api.get("/v1/meetings?limit=1").headers["Preference-Applied"] is None


def test_the_list_of_names_has_a_limit(api):
    path = "/v1/meetings?" + "&".join(f"unknown{i}=x" for i in range(190))
    names = api.get(path, LENIENT).headers["Ignored-Parameters"]
    assert len(names) < 1200 and names.endswith(", ...")


def test_pages_can_be_turned_and_pages_of_other_origins_can_read_it(api):
    first = api.get("/v1/statements?colour=red&limit=2", {**LENIENT, "Origin": "https://a.example"})
    assert "Ignored-Parameters" in first.headers["Access-Control-Expose-Headers"].split(", ")
    second = api.get(first.json["links"]["next"], LENIENT)
    assert second.status == 200
    assert [row["id"] for row in first.json["data"] + second.json["data"]] == [
        row["id"] for row in api.get("/v1/statements?limit=4").json["data"]]
    preflight = api.request("OPTIONS", "/v1/meetings", headers={
        "Origin": "https://a.example", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "prefer"})
    assert "prefer" in preflight.headers["Access-Control-Allow-Headers"].lower()
