"""Seeds against users: a seed that would undo an edit is refused, listed, and settled by an admin."""

import json
import signal
import time

import pytest

import seedset
from waiting import until
from writer import Writer

TOPIC = "/v1/topics/trade"


class Case:
    """A daemon whose seed of the topic `trade` changes under it."""

    def __init__(self, start, tmp_path):
        self.start, self.folder, self.store = start, tmp_path / "seeds", tmp_path / "store"
        self.data = seedset.good()
        self.api = None
        self.run(name="Trade")

    def run(self, **changes):
        self.data["topics.json"][0].update(changes)
        seedset.write(self.folder, self.data)
        if self.api:
            self.api.stop()
        self.api = self.start(seeds=self.folder, store=self.store)

    def edit(self, **changes):
        writer = Writer(self.api, self.api.token("write", f"user-{time.monotonic_ns()}"))
        record = writer.get(TOPIC)
        answer = writer.patch(TOPIC, changes, If_Match=record.headers["ETag"])
        assert answer.status == 200, answer

    def settle(self, take, name="topic.trade", scope="admin"):
        token = self.api.token(scope, f"settler-{time.monotonic_ns()}")
        return self.api.request("POST", f"/v1/conflicts/{name}", json_body={"take": take},
                                headers={"Authorization": f"Bearer {token}"})

    def conflicts(self):
        return self.api.get("/v1/conflicts?kind=seed").json["data"]

    def topic(self):
        return self.api.get(TOPIC).json


@pytest.fixture
def case(start, tmp_path):
    return Case(start, tmp_path)


@pytest.fixture
def refused(case):
    case.edit(name="Commerce", description="A user's \"own\"\nwords.")
    case.run(name="Dealings")
    return case


def test_a_seed_does_not_undo_an_edit(refused):
    assert refused.topic()["name"] == "Commerce"
    assert [(event["type"], event["id"]) for event in refused.api.events if event["event"] == "seed_not_applied"] \
        == [("topic", "trade")]
    rows = {row["pointer"]: row for row in refused.conflicts()}
    assert set(rows) == {"/name", "/description"}
    assert rows["/name"] == {
        "kind": "seed", "conflict_id": "topic.trade", "type": "topic", "id": "trade", "name": "Commerce",
        "pointer": "/name", "values": [
            {"value": "Commerce", "rank": None, "source_ids": [], "locator": "record"},
            {"value": "Dealings", "rank": None, "source_ids": [], "locator": "seed freedonia-sylvania"}]}
    assert [value["value"] for value in rows["/description"]["values"]] == ["A user's \"own\"\nwords.", None]


def test_an_unchanged_seed_is_no_conflict(case):
    case.edit(name="Commerce")
    case.run()
    assert case.conflicts() == [] and case.topic()["name"] == "Commerce"


def test_take_the_seed(refused):
    answer = refused.settle("seed")
    assert answer.status == 200 and answer.json == {"type": "topic", "id": "trade", "take": "seed"}, answer
    assert refused.conflicts() == []
    assert (refused.topic()["name"], refused.topic()["description"]) == ("Dealings", None)
    assert refused.api.get(f"{TOPIC}/revisions").json["data"][0]["by"].startswith("settler-")
    refused.run(name="Business")  # and the seed is applied again from now on
    assert refused.topic()["name"] == "Business" and refused.conflicts() == []


def test_take_the_record(refused):
    assert refused.settle("record").status == 200
    revision = refused.topic()["revision"]
    assert refused.conflicts() == [] and refused.topic()["name"] == "Commerce"
    refused.run()
    assert refused.conflicts() == [] and refused.topic()["revision"] == revision
    assert not [event for event in refused.api.events if event["event"] == "seed_not_applied"]
    refused.run(name="Business")  # but the next change of the seed is a new conflict
    assert refused.topic()["name"] == "Commerce" and len(refused.conflicts()) == 2


def test_a_seed_that_goes_back_settles_itself(refused):
    refused.run(name="Trade")
    assert refused.conflicts() == []


def test_a_second_seed_takes_the_place_of_the_first(refused):
    refused.run(name="Business")
    row = next(row for row in refused.conflicts() if row["pointer"] == "/name")
    assert [value["value"] for value in row["values"]] == ["Commerce", "Business"]


def test_a_hangup_reports_too(case):
    case.edit(name="Commerce")
    case.data["topics.json"][0]["name"] = "Dealings"
    seedset.write(case.folder, case.data)
    case.api.process.send_signal(signal.SIGHUP)
    assert [row["pointer"] for row in until(case.conflicts)] == ["/name"]


def test_a_list_asked_for_before_is_old(refused):
    tag = refused.api.get("/v1/conflicts").headers["ETag"]
    refused.settle("record")
    assert refused.api.get("/v1/conflicts", {"If-None-Match": tag}).status == 200


@pytest.mark.parametrize("take, name, scope, status", [
    ("seed", "topic.trade", "write", 403), ("both", "topic.trade", "admin", 422), ("seed", "topic.duck-soup", "admin", 404),
    ("seed", "soup.trade", "admin", 404), ("seed", "topic", "admin", 404)])
def test_what_cannot_be_settled(refused, take, name, scope, status):
    answer = refused.settle(take, name, scope)
    assert answer.status == status, answer
    assert refused.topic()["name"] == "Commerce" and refused.conflicts()


def test_a_body_of_another_type_settles_nothing(refused):
    for kind in ("application/jsonx", "text/plain"):
        answer = refused.api.request("POST", "/v1/conflicts/topic.trade", body=b'{"take": "seed"}', headers={
            "Authorization": f"Bearer {refused.api.token('admin', kind[-5:])}", "Content-Type": kind})
        assert answer.status == 415, answer


def test_a_seed_whose_source_is_gone_cannot_be_taken(case):
    """The faults of the seed are told, and nothing is changed."""
    writer = Writer(case.api, case.api.token("write", "w"))
    case.edit(name="Commerce")
    case.data["topics.json"].append({"id": "wider", "name": "Wider"})
    case.run(broader_id="wider")
    writer = Writer(case.api, writer.token)
    gone = writer.delete("/v1/topics/wider", If_Match=writer.get("/v1/topics/wider").headers["ETag"])
    assert gone.status == 204, gone
    answer = case.settle("seed")
    assert answer.status == 422 and answer.json["errors"][0]["pointer"] == "/broader_id", answer
    assert case.topic()["name"] == "Commerce" and json.dumps(case.conflicts())
