"""The record says what its sources say: every fact of tests/facts, asked for over HTTP."""

import decimal
import json

import pytest

import facts

FACTS = facts.load()


@pytest.mark.parametrize("fact", [fact for _, fact in FACTS], ids=[name for name, _ in FACTS])
def test_fact(api, fact):
    assert facts.fault(fact) is None, f"{facts.fault(fact)}: {fact}"
    answer = api.get(fact["get"])
    assert answer.status == 200, f"GET {fact['get']}: {answer.status} {answer.text[:1000]}"
    try:
        found = facts.at(facts.read(answer.text), fact["at"])
    except LookupError as error:
        pytest.fail(f"GET {fact['get']}: {error} (the source: {fact['from']})", pytrace=False)
    if not facts.equal(found, fact["is"]):
        def show(value):
            return json.dumps(value, ensure_ascii=False, default=str)
        pytest.fail(f"GET {fact['get']} at {fact['at']}\n  is        {show(found)}\n"
                    f"  should be {show(fact['is'])}\n  from      {fact['from']}", pytrace=False)


DOCUMENT = {"data": [{"id": "a", "n": 1, "parts": [{"who": "x/y", "role": "host"}]},
                     {"id": "b", "n": 1, "parts": []}], "count": None, "": 7, "m~n": 8}


@pytest.mark.parametrize("pointer, value", [
    ("", DOCUMENT), ("/count", None), ("/", 7), ("/m~0n", 8), ("/data/1/id", "b"),
    ("/data/id=a/parts/who=x~1y/role", "host"), ("/data/id=b/n", 1),
])
def test_pointer_finds(pointer, value):
    assert facts.at(DOCUMENT, pointer) == value


@pytest.mark.parametrize("pointer", [
    "data", "/no", "/data/2", "/data/id=c", "/data/n=1", "/count/x", "/data/x", "/data/-", "/data/id",
])
def test_pointer_fails(pointer):
    with pytest.raises(LookupError):
        facts.at(DOCUMENT, pointer)


def test_comparison_is_that_of_json():
    assert facts.equal(facts.read("3.30"), decimal.Decimal("3.3"))
    assert facts.equal(facts.read('{"a": [1, null]}'), facts.read('{"a": [1, null]}'))
    assert not facts.equal(True, 1)
    assert not facts.equal(None, False)
    assert not facts.equal("1", 1)
    assert not facts.equal([1], [1, 1])
    assert not facts.equal({"a": 1}, {"a": 1, "b": 1})


@pytest.mark.parametrize("fact", [
    {}, [], {"get": "/v1/x", "at": "", "is": 1}, {"get": "v1", "at": "", "is": 1, "from": "p"},
    {"get": "/v1", "at": "", "is": 1, "from": ""}, {"get": "/v1", "at": 1, "is": 1, "from": "p"},
    {"get": "/v1", "at": "", "is": 1, "from": "p", "note": "x"},
])
def test_what_is_not_a_fact_is_refused(fact):
    assert facts.fault(fact)
