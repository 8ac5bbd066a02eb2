"""The history of a record: every state of it, what changed between them, and reading it as it was."""

import copy
import json
import sqlite3
import time

import jsonpatch
import pytest

import oracle
import seedset
from contract import Contract
from writer import Writer


def revisions(writer, path):
    """Oldest first, over all pages."""
    rows, link = [], f"{path}/revisions?limit=3"
    while link:
        answer = writer.get(link).json
        rows += answer["data"]
        link = answer["links"]["next"]
    assert [row["revision"] for row in rows] == list(range(len(rows), 0, -1))
    return rows[::-1]


def replayed(rows):
    """The states that the patches make, one after the other, by an applier that is not ours."""
    state, states = None, []
    for row in rows:
        state = jsonpatch.apply_patch(state, row["diff"])
        states.append(copy.deepcopy(state))
    return states


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    from daemon import Daemon
    private = Daemon(tmp_path_factory.mktemp("history"))
    yield Writer(private, private.token("write", "desk"), Contract(private))
    private.stop()


def test_patches_lead_from_state_to_state(desk):
    path = "/v1/meetings/history"
    states = [
        {"name": "First", "start_date": "2026-01-02", "topic_ids": ["trade", "logistics", "tourism"][:1],
         "participants": [{"name": "A", "side": "VN"}, {"name": "B", "side": "CN"}, {"name": "C", "side": "CN"}]},
        {"name": "Second/with~signs \"and\" đấu", "start_date": "2026", "description": "Line one.\nLine two.",
         "participants": [{"name": "B", "side": "CN"}, {"name": "C", "side": "CN", "role": "chair"}]},
        {"name": "Third", "participants": [{"name": name, "side": "VN"} for name in "XBCDEF"],
         "citations": [{"pointer": "/participants/0/name", "source_id": "2024-11-22-vns"}]},
        {"name": "Third", "participants": []},
    ]
    served = []
    for state in states:
        known = {"If_Match": served[-1][1]} if served else {}
        time.sleep(0.002)  # no two in one millisecond
        answer = desk.put(path, state, **known)
        assert answer.status in (200, 201), answer
        served.append((answer.json, answer.headers["ETag"]))
    rows = revisions(desk, path)
    assert [row["action"] for row in rows] == ["created", "updated", "updated", "updated"]
    assert {row["by"] for row in rows} == {"desk"}
    assert [row["at"] for row in rows] == [state["updated_at"] for state, _ in served]
    assert replayed(rows) == [state for state, _ in served]
    assert all(each["path"] for row in rows[1:] for each in row["diff"]), "told by what changed"
    for number, (state, tag) in enumerate(served, 1):
        answer = desk.get(f"{path}?as_of={number}")
        assert answer.json == state and answer.headers["ETag"] == tag
        assert desk.get(f"{path}?as_of={state['updated_at']}").json == state
        assert desk.get(f"{path}?as_of={number}&fields=name").json == {"name": state["name"]}


def test_deletion_and_restoration_are_part_of_it(desk):
    path = "/v1/topics/phoenix"
    first = desk.put(path, {"name": "Phoenix"})
    assert desk.delete(path, If_Match=first.headers["ETag"]).status == 204
    rows = revisions(desk, path)  # of a deleted record too
    assert [row["action"] for row in rows] == ["created", "deleted"]
    assert replayed(rows) == [first.json, None]
    assert desk.get(f"{path}?as_of=1").json == first.json
    assert desk.get(f"{path}?as_of=2").status == 410
    old = desk.get(f"{path}?as_of=1").json
    back = desk.put(path, old)
    assert back.status == 201 and back.json["name"] == "Phoenix" and back.json["revision"] == 3
    rows = revisions(desk, path)
    assert [row["action"] for row in rows] == ["created", "deleted", "created"]
    assert replayed(rows) == [first.json, None, back.json]


def test_what_changes_nothing_leaves_no_revision(desk):
    path = "/v1/topics/still"
    made = desk.put(path, {"name": "Still"})
    store = desk.get("/v1/changes?limit=1").json["dataset"]["revision"]
    for answer in (desk.put(path, {"name": "Still", "description": None}, If_Match="*"),
                   desk.patch(path, {"name": "Still"}, If_Match="*"), desk.patch(path, {}, If_Match="*")):
        assert answer.status == 200 and answer.headers["ETag"] == made.headers["ETag"]
        assert answer.body == made.body
    assert len(revisions(desk, path)) == 1
    assert desk.get("/v1/changes?limit=1").json["dataset"]["revision"] == store


def test_seeds_have_revisions_too(desk, record):
    for collection in oracle.COLLECTIONS:
        for identity in list(record[collection])[:2]:
            path = f"/v1/{collection}/{identity}"
            rows = desk.get(f"{path}/revisions").json["data"]
            now = desk.get(path).json
            assert [(row["revision"], row["by"], row["action"], row["at"]) for row in rows] == \
                [(1, "seed viet-nam-guangxi", "created", now["created_at"])]
            assert replayed(rows) == [now]
            assert desk.get(f"{path}?as_of=1").json == now


def test_a_seed_that_changes_leaves_what_it_replaced(start):
    data = seedset.good()
    private = start(seeds=None)
    folder = private.folder / "seeds"
    folder.mkdir()
    seedset.write(folder, {name: seedset.dump(records)[0] for name, records in data.items()})
    private.stop()
    private = start(seeds=folder, store=private.store)
    before = private.get("/v1/topics/trade").json
    private.stop()
    data["topics.json"][0]["description"] = "Goods and services."
    seedset.write(folder, {name: seedset.dump(records)[0] for name, records in data.items()})
    private = start(seeds=folder, store=private.store)
    reader = Writer(private, None, Contract(private))
    now = reader.get("/v1/topics/trade").json
    rows = revisions(reader, "/v1/topics/trade")
    assert replayed(rows) == [before, now] and now["description"] == "Goods and services."
    assert {row["by"] for row in rows} == {"seed freedonia-sylvania"}
    # First states are not kept twice.
    with sqlite3.connect(f"file:{private.store}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT COUNT(*) FROM change WHERE before IS NOT NULL").fetchone() == (1,)


@pytest.mark.parametrize("query, status", [
    ("as_of=0", 404), ("as_of=99", 404), ("as_of=2020-01-01T00:00:00Z", 404), ("as_of=", 400), ("as_of=x", 400),
    ("as_of=-1", 400), ("as_of=2024-13-01T00:00:00Z", 400), ("as_of=99999999999999999999", 400),
    ("as_of=2024-11-20", 400), ("as_of=1&include=topics", 400), ("as_of=1&as_of=1", 400),
    ("as_of=2999-01-01T00:00:00Z", 200)])
def test_moments_that_are_none(desk, query, status):
    answer = desk.get(f"/v1/officials/chen-gang?{query}")
    assert answer.status == status, answer


def test_filters_of_a_history(desk):
    path = "/v1/topics/filtered"
    tag = desk.put(path, {"name": "F0"}).headers["ETag"]
    for number in range(1, 6):
        tag = desk.patch(path, {"name": f"F{number}"}, If_Match=tag).headers["ETag"]
    get = lambda query: [row["revision"] for row in desk.get(f"{path}/revisions?{query}").json["data"]]  # noqa: E731
    assert get("sort=revision") == [1, 2, 3, 4, 5, 6] and get("action=created") == [1]
    assert get("revision__gt=4") == [6, 5] and get("by=nobody") == [] and get("limit=1") == [6]
    assert desk.get(f"{path}/revisions?count=exact").json["count"] == {"value": 6, "exact": True}
    assert desk.get(f"{path}/revisions?acton=created").status == 400
    assert desk.get("/v1/topics/no-such/revisions").status == 404
    lines = desk.get(f"{path}/revisions.ndjson").text.splitlines()
    assert [json.loads(line)["revision"] for line in lines] == [6, 5, 4, 3, 2, 1]


def test_times_are_those_of_the_clock(desk):
    before = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    made = desk.post("/v1/topics", {"name": "Clock"})
    after = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    assert before <= made.json["created_at"] <= after
