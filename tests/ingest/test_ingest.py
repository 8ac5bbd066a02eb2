"""Seeds come in once, change what changed, and never halfway."""

import contextlib
import json
import signal
import sqlite3

import pytest

import daemon
import seedset
from waiting import until
from writer import Writer

COLLECTIONS = ["sources", "topics", "places", "organizations", "posts", "officials", "meetings",
               "agreements", "statements", "trade-figures"]


def records(running):
    """Every record of every collection: (collection, id) -> (ETag of its address, its text)."""
    found = {}
    for collection in COLLECTIONS:
        listed = running.get(f"/v1/{collection}?limit=1000").json
        assert listed["links"]["next"] is None
        for record in listed["data"]:
            answer = running.get(f"/v1/{collection}/{record['id']}")
            assert answer.status == 200 and answer.json == record
            found[collection, record["id"]] = answer.headers["ETag"], answer.body
    return found


def revision(running):
    return running.get("/v1/topics").json["dataset"]["revision"]


def reports(running, event="ingested"):
    return [line for line in running.events if line["event"] == event]


def ingest_again(running, event="ingested"):
    """SIGHUP, and wait for what comes of it; its log line."""
    before = len(reports(running, event))
    running.process.send_signal(signal.SIGHUP)
    until(lambda: len(reports(running, event)) > before)
    return reports(running, event)[-1]


def numbers(report):
    return {name: report[name] for name in ("records", "created", "updated", "unchanged", "kept")}


def plain(body):
    """A record without what the time of its making decides."""
    record = json.loads(body)
    assert record.pop("created_at") and record.pop("updated_at")
    return record


@pytest.fixture
def seeds(tmp_path):
    return seedset.write(tmp_path / "seeds", seedset.good())


TOTAL = seedset.count(seedset.good())


def test_rows_lie_by_the_day_of_their_list(start, tmp_path):
    """So that the rows of a page are neighbours in the file; equal days in the order of their coming."""
    data = seedset.good()
    dates = {"b": "2025-03-02", "a": "2024", "d": None, "c": "2025-03-02", "f": "2025-03", "e": "1999-12-31~"}
    data["meetings.json"] += [{"id": own, "name": own.upper(), "classification": "talks", "start_date": date,
                               "citations": seedset.cite()} for own, date in dates.items()]
    running = start(seeds=seedset.write(tmp_path / "seeds", data), store=tmp_path / "store")
    assert numbers(reports(running)[-1])["created"] == TOTAL + len(dates)
    running.stop()
    with contextlib.closing(sqlite3.connect(tmp_path / "store")) as store:
        found = [row[0] for row in store.execute("SELECT id FROM meeting ORDER BY rowid")]
    assert found == ["d", "e", "a", "2025-01-09-talks", "f", "b", "c"]


def test_a_second_start_writes_nothing(start, seeds, tmp_path):
    first = start(seeds=seeds, store=tmp_path / "store")
    assert numbers(reports(first)[-1]) == {"records": TOTAL, "created": TOTAL, "updated": 0,
                                           "unchanged": 0, "kept": 0}
    before, lists = records(first), {name: first.get(f"/v1/{name}").headers["ETag"] for name in COLLECTIONS}
    assert revision(first) == 1 and len(before) == TOTAL
    first.stop()

    second = start(seeds=seeds, store=tmp_path / "store")
    assert numbers(reports(second)[-1]) == {"records": TOTAL, "created": 0, "updated": 0,
                                            "unchanged": TOTAL, "kept": 0}
    assert revision(second) == 1
    assert records(second) == before
    assert {name: second.get(f"/v1/{name}").headers["ETag"] for name in COLLECTIONS} == lists


def test_a_cursor_lives_through_a_restart(start, seeds, tmp_path):
    first = start(seeds=seeds, store=tmp_path / "store")
    following = first.get("/v1/places?limit=1").json["links"]["next"]
    page = first.get(following).body
    first.stop()
    assert start(seeds=seeds, store=tmp_path / "store").get(following).body == page


def test_a_changed_seed_updates_that_record_alone(start, seeds, tmp_path):
    first = start(seeds=seeds, store=tmp_path / "store")
    before = records(first)
    first.stop()
    data = seedset.good()
    data["topics.json"][1]["name"] = "Duck consommé"
    seedset.write(seeds, data)

    second = start(seeds=seeds, store=tmp_path / "store")
    assert numbers(reports(second)[-1]) == {"records": TOTAL, "created": 0, "updated": 1,
                                            "unchanged": TOTAL - 1, "kept": 0}
    assert revision(second) == 2
    after = records(second)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {("topics", "duck-soup")} and after.keys() == before.keys()
    old, new = (json.loads(each["topics", "duck-soup"][1]) for each in (before, after))
    assert (old["revision"], new["revision"]) == (1, 2)
    assert new["name"] == "Duck consommé" and new["created_at"] == old["created_at"] < new["updated_at"]
    assert before["topics", "duck-soup"][0] != after["topics", "duck-soup"][0]


def test_parts_and_references_of_a_changed_seed_are_replaced(start, seeds, tmp_path):
    running = start(seeds=seeds, store=tmp_path / "store")
    data = seedset.good()
    meeting = data["meetings.json"][0]
    meeting["participants"] = [{"official_id": "trentino", "side": "SE", "attendance": "present"}]
    meeting["topic_ids"], meeting["citations"] = ["trade"], seedset.cite()
    data["officials.json"][0]["tenures"] = []
    seedset.write(seeds, data)
    assert numbers(ingest_again(running))["updated"] == 2

    def ids(path):
        return [row["id"] for row in running.get(path).json["data"]]
    assert ids("/v1/meetings?official=rufus-firefly") == []
    assert ids("/v1/meetings?official=trentino") == ["2025-01-09-talks"]
    assert ids("/v1/meetings?topic=duck-soup") == []
    assert ids("/v1/meetings?topic_ids=duck-soup") == []
    assert running.get("/v1/officials/trentino/counterparts").json["data"] == []
    assert running.get("/v1/posts/chancellor/holders").json["data"] == []
    assert "2025-01-09-talks" not in ids(f"/v1/sources/{seedset.COPY}/facts")


@pytest.mark.parametrize("form", ["compact", "sorted", "null-written"])
def test_form_is_no_change(start, seeds, tmp_path, form):
    start(seeds=seeds, store=tmp_path / "store").stop()
    for path in seeds.glob("*.json"):
        data = json.loads(path.read_bytes())
        if form == "null-written" and path.name == "meetings.json":
            data[0].update(description=None, parent_id=None)
        separators = (",", ":") if form == "compact" else None
        path.write_text(json.dumps(data, sort_keys=form == "sorted", separators=separators), "utf-8")
    second = start(seeds=seeds, store=tmp_path / "store")
    assert numbers(reports(second)[-1])["unchanged"] == TOTAL and revision(second) == 1


def test_a_changed_data_set_keeps_every_record(start, seeds, tmp_path):
    first = start(seeds=seeds, store=tmp_path / "store")
    before = records(first)
    first.stop()
    seedset.write(seeds, {"dataset.json": seedset.dataset(license="CC-BY-4.0")})
    second = start(seeds=seeds, store=tmp_path / "store")
    assert records(second) == before
    answer = second.get("/v1/topics").json
    assert answer["dataset"] == {"id": "freedonia-sylvania", "revision": 2, "license": "CC-BY-4.0"}


def test_sighup_ingests_again(start, seeds):
    running = start(seeds=seeds)
    before = records(running)
    assert numbers(ingest_again(running))["unchanged"] == TOTAL and revision(running) == 1
    data = seedset.good()
    data["topics.json"].append({"id": "ducks", "name": "Ducks"})
    seedset.write(seeds, data)
    assert numbers(ingest_again(running)) == {"records": TOTAL + 1, "created": 1, "updated": 0,
                                              "unchanged": TOTAL, "kept": 0}
    after = records(running)
    assert revision(running) == 2 and after.pop(("topics", "ducks")) and after == before
    assert running.get("/v1/topics").json["count"] == {"value": 3, "exact": True}


def test_a_bad_seed_at_sighup_changes_nothing(start, seeds):
    running = start(seeds=seeds)
    before, address = records(running), running.get("/v1/topics").headers["ETag"]
    data = seedset.good()
    data["topics.json"][0]["name"] = "Commerce"
    data["topics.json"][1]["broader_id"] = "nothing"
    seedset.write(seeds, data)
    ingest_again(running, "seeds_refused")
    fault = reports(running, "seed_fault")[-1]
    assert (fault["file"], fault["pointer"]) == ("topics.json", "/1/broader_id")
    assert records(running) == before and revision(running) == 1
    assert running.get("/v1/topics", headers={"If-None-Match": address}).status == 304
    assert running.get("/ready").status == 200

    data["topics.json"][1]["broader_id"] = "trade"
    seedset.write(seeds, data)
    assert numbers(ingest_again(running))["updated"] == 1
    assert running.get("/v1/topics/trade").json["name"] == "Commerce"


def test_a_folder_gone_at_sighup_changes_nothing(start, seeds, tmp_path):
    running = start(seeds=seeds)
    seeds.rename(tmp_path / "elsewhere")
    ingest_again(running, "seeds_refused")
    assert running.get("/v1/topics").json["count"]["value"] == 2
    (tmp_path / "elsewhere").rename(seeds)
    assert numbers(ingest_again(running))["unchanged"] == TOTAL


def test_order_does_not_matter(start, seeds, tmp_path):
    """Files in another order (by their names), records in reverse, references both ways."""
    backwards = {name: records[::-1] if isinstance(records, list) else records
                 for name, records in seedset.good().items()}
    wanted = {key: plain(value[1]) for key, value in records(start(seeds=seeds)).items()}
    found = records(start(seeds=seedset.write(tmp_path / "backwards", backwards)))
    assert {key: plain(value[1]) for key, value in found.items()} == wanted


def halves(tmp_path):
    """Two folders that refer to each other."""
    data = seedset.good()
    names = sorted(data.keys() - {"dataset.json"})
    one, two = ({name: data[name] for name in names[half::2]} for half in (0, 1))
    return (seedset.write(tmp_path / "one", {**one, "dataset.json": seedset.dataset(id="one")}),
            seedset.write(tmp_path / "two", {**two, "dataset.json": seedset.dataset(id="two")}))


@pytest.mark.parametrize("turned", [False, True])
def test_two_folders_that_refer_to_each_other(start, seeds, tmp_path, turned):
    folders = halves(tmp_path)[::-1 if turned else 1]
    running = start(seeds=folders)
    assert numbers(reports(running)[-1])["created"] == TOTAL and revision(running) == 1
    assert {key: plain(value[1]) for key, value in records(running).items()} \
        == {key: plain(value[1]) for key, value in records(start(seeds=seeds)).items()}
    assert running.get("/v1/topics").json["dataset"]["id"] == ("two" if turned else "one")


def test_a_second_folder_may_build_on_what_is_stored(start, seeds, tmp_path):
    start(seeds=seeds, store=tmp_path / "store").stop()
    more = {"dataset.json": seedset.dataset(id="more"),
            "topics.json": [{"id": "ducks", "name": "Ducks", "broader_id": "trade"}]}
    running = start(seeds=seedset.write(tmp_path / "more", more), store=tmp_path / "store")
    assert revision(running) == 2
    assert running.get("/v1/topics").json["count"]["value"] == 3


@pytest.mark.parametrize("ending", ["ndjson", "jsonl"])
def test_seeds_by_lines(start, seeds, tmp_path, ending):
    lines = {}
    for name, content in seedset.good().items():
        if isinstance(content, dict):
            lines[name] = content
        else:
            lines[name.replace(".json", "." + ending)] = "\n\n".join(map(json.dumps, content))
    running = start(seeds=seedset.write(tmp_path / "lines", lines))
    assert {key: plain(value[1]) for key, value in records(running).items()} \
        == {key: plain(value[1]) for key, value in records(start(seeds=seeds)).items()}


def test_without_seeds(start, seeds, tmp_path):
    empty = start(seeds=None, store=tmp_path / "store")
    assert records(empty) == {} and revision(empty) == 0
    assert empty.get("/v1/topics").json == {
        "data": [], "count": {"value": 0, "exact": True},
        "links": {"self": "/v1/topics", "next": None, "prev": None}, "facets": {},
        "dataset": {"id": None, "revision": 0, "license": None}}
    empty.process.send_signal(signal.SIGHUP)
    assert empty.get("/ready").status == 200
    empty.stop()
    assert len(records(start(seeds=seeds, store=tmp_path / "store"))) == TOTAL


def test_a_record_whose_seed_is_gone_stays(start, seeds, tmp_path):
    """Nothing in the contract lets a missing line delete what was stored."""
    first = start(seeds=seeds, store=tmp_path / "store")
    before = records(first)
    first.stop()
    data = seedset.good()
    del data["statements.json"][1]
    second = start(seeds=seedset.write(seeds, data), store=tmp_path / "store")
    assert records(second) == before and revision(second) == 1


def test_seeds_that_refer_to_what_a_user_deleted(start, tmp_path):
    """The deletion stays. A seed that is kept back may refer to it; one that is new leads nowhere, and is
    named at its place, not as a failure of the store."""
    data = seedset.good()
    data["topics.json"] += [{"id": "lonely", "name": "Lonely"}, {"id": "leaf", "name": "Leaf", "broader_id": "lonely"}]
    folder = seedset.write(tmp_path / "mine", data)
    first = start(seeds=folder)
    user = Writer(first, first.token())
    assert user.patch("/v1/topics/leaf", {"broader_id": None}, If_Match="*").status == 200
    assert user.delete("/v1/topics/lonely", If_Match="*").status == 204
    first.stop()
    data["topics.json"][3]["description"] = "Green."
    second = start(seeds=seedset.write(folder, data), store=first.store)
    assert second.get("/v1/topics/leaf").json["description"] is None
    assert {row["id"] for row in second.get("/v1/conflicts?kind=seed").json["data"]} == {"leaf"}
    second.stop()
    data["topics.json"].append({"id": "child", "name": "Child", "broader_id": "lonely"})
    done = daemon.run("serve", "--listen", "127.0.0.1:0", "--store", first.store, "--seeds", seedset.write(folder, data))
    assert done.returncode == 3, done.stderr
    faults = [event for event in map(json.loads, done.stderr.splitlines()) if event["event"] == "seed_fault"]
    assert [(each["file"], each["pointer"]) for each in faults] == [("topics.json", "/4/broader_id")]
    assert "deleted" in faults[0]["detail"]
