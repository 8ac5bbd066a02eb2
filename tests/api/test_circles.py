"""A record does not lie within itself: by a request, an import, seeds or a merge, at any depth."""

import pytest

import seedset
from writer import Writer, pointers

# Every reference of a record to another of its sort: collection, field, what else the record needs.
LINKS = [
    ("topics", "broader_id", {"name": "N"}), ("places", "parent_id", {"name": "N"}),
    ("places", "succeeded_by_id", {"name": "N"}), ("organizations", "parent_id", {"name": "N"}),
    ("meetings", "parent_id", {"name": "N"}), ("statements", "follows_id", {"text": "T."}),
    ("sources", "wire_of", {"title": "T"}),
]


def topic(identity, broader=None, **more):
    return {"type": "topic", "id": identity, "name": identity.title(), "broader_id": broader, **more}


@pytest.mark.parametrize("collection, field, rest", LINKS)
def test_no_request_closes_a_circle(desk, collection, field, rest):
    path = f"/v1/{collection}"
    names = [f"{field.replace('_', '-')}-{number}" for number in range(5)]
    assert pointers(desk.put(f"{path}/{names[0]}", {**rest, field: names[0]})) == [f"/{field}"]
    assert desk.get(f"{path}/{names[0]}").status == 404
    for number, name in enumerate(names):
        body = {**rest, "id": name, field: names[number - 1] if number else None}
        assert desk.post(path, body).status == 201
    for target in (0, 1, 4):
        assert pointers(desk.patch(f"{path}/{names[0]}", {field: names[target]}, If_Match="*")) == [f"/{field}"]
        assert pointers(desk.put(f"{path}/{names[0]}", {**rest, field: names[target]}, If_Match="*")) == [f"/{field}"]
    assert desk.get(f"{path}/{names[0]}").json["revision"] == 1
    # Beside another fault it is told, too; and what is no circle goes through.
    assert pointers(desk.patch(f"{path}/{names[0]}", {field: names[2], "nmae": 1}, If_Match="*")) == ["/nmae", f"/{field}"]
    assert desk.patch(f"{path}/{names[4]}", {field: names[0]}, If_Match="*").status == 200
    assert desk.patch(f"{path}/{names[3]}", {field: names[4]}, If_Match="*").status == 200
    assert pointers(desk.patch(f"{path}/{names[4]}", {field: names[3]}, If_Match="*")) == [f"/{field}"]


def test_an_agreement_is_not_related_to_itself(desk):
    body = {"id": "alone", "name": "Alone", "relations": [{"type": "amends", "agreement_id": "alone"}]}
    assert pointers(desk.post("/v1/agreements", body)) == ["/relations/0/agreement_id"]
    for name, other in [("left", None), ("right", "left")]:
        related = [{"type": "follows", "agreement_id": other}] if other else []
        assert desk.post("/v1/agreements", {"id": name, "name": name, "relations": related}).status == 201
    back = {"relations": [{"type": "based_on", "agreement_id": "right"}]}
    assert desk.patch("/v1/agreements/left", back, If_Match="*").status == 200  # either may be true of the other


def test_a_source_may_cite_itself(desk):
    body = {"id": "self-cited", "title": "Self", "citations": [{"pointer": "", "source_id": "self-cited"}]}
    assert desk.post("/v1/sources", body).json["source_ids"] == ["self-cited"]


@pytest.mark.parametrize("length", [1, 2, 3, 200])
@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_lines_that_make_a_circle_together(desk, length, query):
    rows = [topic(f"ring-{length}-{number}", f"ring-{length}-{(number + 1) % length}") for number in range(length)]
    answer = desk.bring(topic("beside-the-ring"), *rows, query=query)
    assert set(pointers(answer)) == {"/broader_id"} and all(2 <= each["line"] <= length + 1 for each in answer.json["errors"])
    assert desk.get("/v1/topics/beside-the-ring").status == 404


def test_each_circle_is_told_once_of_a_line_on_it(desk):
    """The lines before lead in, from near and far; the last closes one with what is stored and not in the file."""
    leads = [topic(f"lead-{number}", f"lead-{number + 1}" if number < 9 else "two-0") for number in range(10)]
    two = [topic("two-0", "two-1"), topic("two-1", "two-0")]
    assert desk.bring(topic("kept-0", "kept-1"), topic("kept-1", "kept-2"), topic("kept-2")).status == 200
    answer = desk.bring(*leads, topic("late-lead", "kept-1"), *two, topic("kept-1", "kept-2"), topic("kept-2", "kept-0"))
    assert answer.status == 422
    assert [(each["line"], each["pointer"]) for each in answer.json["errors"]] == [(12, "/broader_id"), (15, "/broader_id")]


def test_lines_may_turn_a_chain_over(desk):
    count = 50
    down = [topic(f"link-{number}", f"link-{number - 1}" if number else None) for number in range(count)]
    up = [topic(f"link-{number}", f"link-{number + 1}" if number + 1 < count else None) for number in range(count)]
    assert desk.bring(*reversed(down)).json["created"] == count
    for rows in (up, down, list(reversed(up)), list(reversed(down))):
        assert desk.bring(*rows).json["updated"] == count
    # One line of a file closes a circle with what is stored: told at its line, and nothing stored.
    answer = desk.bring(*up[:-1], topic(f"link-{count - 1}", "link-3"))
    assert answer.status == 422 and [each["pointer"] for each in answer.json["errors"]][0] == "/broader_id"
    assert desk.get("/v1/topics/link-7").json["broader_id"] == "link-6"


def test_a_merge_closes_no_circle(desk):
    assert desk.bring(topic("head"), topic("neck"), topic("body", "neck"), topic("tail", "body")).status == 200
    assert desk.patch("/v1/topics/head", {"broader_id": "tail"}, If_Match="*").status == 200
    # What lies in the neck is above the head: were they one, it would lie within itself.
    answer = desk.post("/v1/topics/neck/merge", {"into": "head"}, If_Match="*")
    assert answer.status == 409 and '"body"' in answer.json["detail"], answer
    assert desk.get("/v1/topics/body").json["broader_id"] == "neck"
    assert desk.patch("/v1/topics/head", {"broader_id": None}, If_Match="*").status == 200
    assert desk.post("/v1/topics/neck/merge", {"into": "head"}, If_Match="*").status == 200
    assert desk.get("/v1/topics/body").json["broader_id"] == "head"


def test_seeds_that_a_user_turned_over_do_not_keep_the_daemon_from_starting(start, tmp_path):
    """Both records were edited, so both seeds are kept back: what they say together is no fault."""
    data = seedset.good()
    folder = seedset.write(tmp_path / "seeds", data)
    first = start(seeds=folder)
    user = Writer(first, first.token())
    assert user.patch("/v1/topics/duck-soup", {"broader_id": None}, If_Match="*").status == 200
    assert user.patch("/v1/topics/trade", {"broader_id": "duck-soup"}, If_Match="*").status == 200
    first.stop()
    data["topics.json"][1]["description"] = "Soup of ducks."
    second = start(seeds=seedset.write(folder, data), store=first.store)
    assert second.get("/v1/topics/trade").json["broader_id"] == "duck-soup"
    admin = Writer(second, second.token("admin", "judge"))
    answer = admin.post("/v1/conflicts/topic.duck-soup", {"take": "seed"})
    assert answer.status == 422 and [each["pointer"] for each in answer.json["errors"]] == ["/broader_id"]
    assert second.get("/v1/topics/duck-soup").json["broader_id"] is None


@pytest.mark.parametrize("theirs", [{"broader_id": "duck-soup"}, {"broader_id": "between"}])
def test_a_seed_that_closes_a_circle_with_an_edit_is_kept_back(start, tmp_path, theirs):
    """Neither record is the seed's alone, and the user's stays; everything else is ingested, and the daemon starts."""
    data = seedset.good()
    data["topics.json"][1]["broader_id"] = None
    folder = seedset.write(tmp_path / "seeds", data)
    first = start(seeds=folder)
    user = Writer(first, first.token())
    assert user.post("/v1/topics", {"id": "between", "name": "Between", "broader_id": "duck-soup"}).status == 201
    assert user.patch("/v1/topics/trade", theirs, If_Match="*").status == 200
    first.stop()
    data["topics.json"][1]["broader_id"] = "trade"
    data["places.json"][0]["latitude"] = 1.25
    seedset.write(folder, data)
    second = start(seeds=folder, store=first.store)
    assert second.get("/v1/topics/duck-soup").json["broader_id"] is None
    assert second.get("/v1/topics/trade").json["broader_id"] == theirs["broader_id"]
    assert second.get("/v1/places/" + data["places.json"][0]["id"]).json["latitude"] == 1.25
    told = [(event["type"], event["id"]) for event in second.events if event["event"] == "seed_not_applied"]
    assert told == [("topic", "duck-soup")]
    row, = second.get("/v1/conflicts?kind=seed").json["data"]
    assert (row["conflict_id"], row["pointer"]) == ("topic.duck-soup", "/broader_id")
    assert [value["value"] for value in row["values"]] == [None, "trade"]
    revision = second.get("/v1/topics").json["dataset"]["revision"]
    second.stop()
    third = start(seeds=folder, store=first.store)  # an unchanged seed writes nothing
    assert third.get("/v1/topics").json["dataset"]["revision"] == revision
    user = Writer(third, user.token)
    assert user.patch("/v1/topics/trade", {"broader_id": None}, If_Match="*").status == 200
    admin = Writer(third, third.token("admin", "judge"))
    assert admin.post("/v1/conflicts/topic.duck-soup", {"take": "seed"}).status == 200
    assert third.get("/v1/topics/duck-soup").json["broader_id"] == "trade"


def test_seeds_that_are_a_circle_by_themselves_are_refused(start, tmp_path):
    """Though a user edited another record, and these are stored already."""
    import daemon
    data = seedset.good()
    folder = seedset.write(tmp_path / "seeds", data)
    first = start(seeds=folder)
    user = Writer(first, first.token())
    assert user.patch("/v1/places/" + data["places.json"][0]["id"], {"latitude": 1.5}, If_Match="*").status == 200
    first.stop()
    data["topics.json"][0]["broader_id"] = "duck-soup"
    done = daemon.run("serve", "--listen", "127.0.0.1:0", "--store", first.store, "--seeds", seedset.write(folder, data))
    assert done.returncode == 3 and "/0/broader_id" in done.stderr, done.stderr
