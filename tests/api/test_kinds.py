"""What a reference names must be of its kind: a session's mechanism a mechanism, a figure's commodity a commodity."""

import pytest

import seedset
from writer import Writer, pointers

# collection, field, the other's collection, its kind, another, what else each needs
CASES = [
    ("meetings", "mechanism_id", "agreements", "mechanism", "treaty", {"name": "N"}, {"name": "N"}),
    ("trade-figures", "commodity_id", "topics", "commodity", "theme", {"indicator": "other"}, {"name": "N"}),
]
every = pytest.mark.parametrize("collection, field, others, kind, another, rest, more", CASES)
TYPES = {"meetings": "meeting", "agreements": "agreement", "trade-figures": "trade_figure", "topics": "topic"}


@every
def test_no_request_names_one_of_another_kind(desk, collection, field, others, kind, another, rest, more):
    path, other = f"/v1/{collection}", f"/v1/{others}"
    assert desk.post(other, {**more, "id": "right", "classification": kind}).status == 201
    assert desk.post(other, {**more, "id": "wrong", "classification": another}).status == 201
    assert pointers(desk.post(path, {**rest, "id": "one", field: "wrong"})) == [f"/{field}"]
    assert pointers(desk.put(f"{path}/one", {**rest, field: "wrong"})) == [f"/{field}"]
    assert desk.post(path, {**rest, "id": "one", field: "right"}).status == 201
    assert pointers(desk.patch(f"{path}/one", {field: "wrong", "nmae": 1}, If_Match="*")) == ["/nmae", f"/{field}"]
    # Nor does the other become something else while it is named.
    answer = desk.patch(f"{other}/right", {"classification": another}, If_Match="*")
    assert pointers(answer) == ["/classification"] and '"one"' in answer.json["errors"][0]["detail"]
    assert pointers(desk.put(f"{other}/right", {**more, "classification": another}, If_Match="*")) == ["/classification"]
    assert desk.post(f"{other}/right/merge", {"into": "wrong"}, If_Match="*").status == 409
    assert desk.get(f"{path}/one").json[field] == "right"
    assert desk.patch(f"{other}/right", {"name": "Renamed"}, If_Match="*").status == 200
    assert desk.patch(f"{path}/one", {field: None}, If_Match="*").status == 200
    assert desk.patch(f"{other}/right", {"classification": another}, If_Match="*").status == 200
    assert desk.patch(f"{other}/right", {"classification": None}, If_Match="*").status == 200
    # What does not say what it is may be it, until it says otherwise.
    assert desk.patch(f"{path}/one", {field: "right"}, If_Match="*").status == 200
    assert pointers(desk.patch(f"{other}/right", {"classification": another}, If_Match="*")) == ["/classification"]
    assert desk.patch(f"{other}/right", {"classification": kind}, If_Match="*").status == 200
    assert desk.patch(f"{other}/right", {"classification": None}, If_Match="*").status == 200


@every
@pytest.mark.parametrize("query", ["?dry_run=true", ""])
def test_lines_in_any_order(desk, query, collection, field, others, kind, another, rest, more):
    def one(name, target):
        return {**rest, "type": TYPES[collection], "id": name, field: target}

    def other(name, classification):
        return {**more, "type": TYPES[others], "id": name, "classification": classification}

    for first, second in ((0, 1), (1, 0)):
        rows = [one("line", "target"), other("target", another)]
        answer = desk.bring(other("beside", another), rows[first], rows[second], query=query)
        told = {(each["line"], each["pointer"]) for each in answer.json["errors"]}
        assert answer.status == 422 and (2 + first, f"/{field}") in told
        assert told <= {(2 + first, f"/{field}"), (2 + second, "/classification")}
        assert desk.get(f"/v1/{others}/beside").status == 404
    if query:
        return
    assert desk.bring(one("line", "target"), other("target", kind), one("line-2", "target-2"), other("target-2", kind)).status == 200
    assert pointers(desk.bring(other("target", another))) == ["/classification"]
    # Both at once: what was a mechanism is one no more, and what was none is one now.
    assert desk.bring(other("target-3", another)).status == 200
    for first, second, third in ((0, 1, 2), (2, 1, 0)):
        now, then = ("target-3", "target") if first == 0 else ("target", "target-3")
        rows = [other(now, kind), one("line", now), other(then, another)]
        assert desk.bring(rows[first], rows[second], rows[third]).status == 200, (now, then)
        assert desk.get(f"/v1/{collection}/line").json[field] == now


@pytest.mark.parametrize("name, index, change, pointer", [
    ("meetings.json", 0, {"mechanism_id": "older-talks"}, "mechanism_id"),
    ("trade-figures.json", 0, {"commodity_id": "trade"}, "commodity_id")])
def test_seeds(tmp_path, name, index, change, pointer):
    import daemon
    data = seedset.good()
    data["agreements.json"][1]["classification"] = "treaty"
    data[name][index].update(change)
    done = daemon.run("check", seedset.write(tmp_path / "seeds", data))
    assert done.returncode == 4 and f"{name}:" in done.stdout and f"/{index}/{pointer}" in done.stdout, done.stdout


def test_a_seed_that_a_users_record_does_not_let_be_is_kept_back(start, tmp_path):
    """The user's session wants the mechanism; that the seed calls it a treaty now waits as a conflict."""
    data = seedset.good()
    data["agreements.json"][1]["classification"] = "mechanism"
    folder = seedset.write(tmp_path / "seeds", data)
    first = start(seeds=folder)
    user = Writer(first, first.token())
    assert user.post("/v1/meetings", {"id": "ours", "name": "Ours", "mechanism_id": "older-talks"}).status == 201
    first.stop()
    data["agreements.json"][1]["classification"] = "treaty"
    data["topics.json"][0]["description"] = "Goods."
    second = start(seeds=seedset.write(folder, data), store=first.store)
    assert second.get("/v1/agreements/older-talks").json["classification"] == "mechanism"
    assert second.get("/v1/topics/trade").json["description"] == "Goods."
    row, = second.get("/v1/conflicts?kind=seed").json["data"]
    assert (row["conflict_id"], row["pointer"]) == ("agreement.older-talks", "/classification")
