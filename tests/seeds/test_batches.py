"""All faults of all files in one run; nothing of a refused set is stored; what we ship is good."""

import os
import pathlib
import re

import daemon
import seedset
from faults import check, printed, refused, serve


def pairs(found):
    return [(fault.file, fault.pointer) for fault in found]


def test_the_shipped_seeds_are_good():
    folders = sorted(path.parent for path in (daemon.ROOT / "seeds").glob("*/dataset.json"))
    assert folders
    done = check(*folders)
    assert done.returncode == 0, done.stdout


def test_every_fault_of_every_file_at_once(tmp_path):
    data = seedset.good()
    data["meetings.json"][0]["place_id"] = "nowhere"
    data["meetings.json"][0]["participants"][0]["official_id"] = "nobody"
    data["officials.json"][0]["tenures"][0]["attested"][0]["source_id"] = "rumour"
    data["statements.json"][0]["act"] = "propose"
    data["statements.json"][1]["date"] = "2025-02-30"
    data["topics.json"][1]["naem"] = "Soup"
    data["places.json"][0]["latitude"] = 91
    found = refused(seedset.write(tmp_path / "seeds", data), store=tmp_path / "store")
    assert sorted(pairs(found)) == sorted([
        ("meetings.json", "/0/place_id"), ("meetings.json", "/0/participants/0/official_id"),
        ("officials.json", "/0/tenures/0/attested/0/source_id"), ("statements.json", "/0/act"),
        ("statements.json", "/1/date"), ("topics.json", "/1/naem"), ("places.json", "/0/latitude")])


def test_every_fault_of_one_record_at_once(tmp_path):
    """A wrong word and a reference to nothing, in the same record."""
    data = seedset.good()
    data["meetings.json"][0].update(status="hold", place_id="nowhere", end_date="2024")
    found = refused(seedset.write(tmp_path / "seeds", data), store=tmp_path / "store")
    assert sorted(pairs(found)) == [("meetings.json", f"/0/{name}") for name in ("end_date", "place_id", "status")]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path):
    data = seedset.good()
    data["topics.json"] = "[{]\n"
    data["meetings.json"][0]["status"] = "hold"
    data["officials.json"][1]["country"] = "Sylvania"
    found = refused(seedset.write(tmp_path / "seeds", data), store=tmp_path / "store")
    assert sorted(pairs(found)) == [("meetings.json", "/0/status"), ("officials.json", "/1/country"),
                                    ("topics.json", "")]


def test_what_only_leads_to_an_unreadable_file_is_not_blamed(tmp_path):
    """Whether those records are there cannot be known."""
    found = refused(seedset.write(tmp_path / "seeds", {**seedset.good(), "topics.json": "[{]\n"}),
                    store=tmp_path / "store")
    assert pairs(found) == [("topics.json", "")]


def test_a_bad_data_set_file_does_not_hide_references(tmp_path):
    """All records could be read, so a reference to nothing is known to lead to nothing."""
    data = seedset.good()
    data["dataset.json"]["licence"] = "CC0-1.0"
    data["meetings.json"][0]["place_id"] = "nowhere"
    found = refused(seedset.write(tmp_path / "seeds", data), store=tmp_path / "store")
    assert sorted(pairs(found)) == [("dataset.json", "/licence"), ("meetings.json", "/0/place_id")]


def test_an_id_used_twice_across_files(tmp_path):
    line = '{"id": "trade", "name": "Trade again", "citations": []}\n'
    folder = seedset.write(tmp_path / "seeds", {**seedset.good(), "topics.ndjson": line})
    found = refused(folder, store=tmp_path / "store")
    assert pairs(found) == [("topics.ndjson", "/id")] and "trade" in found[0].detail


def test_an_id_used_twice_across_folders(tmp_path):
    other = {"dataset.json": seedset.dataset(id="other"), "topics.json": [{"id": "trade", "name": "Trade"}]}
    found = refused(seedset.write(tmp_path / "one", seedset.good()), seedset.write(tmp_path / "two", other),
                    store=tmp_path / "store")
    assert pairs(found) == [(f"{tmp_path}/two/topics.json", "/0/id")]  # of several, which one


def test_one_id_of_two_types_is_fine(tmp_path):
    data = seedset.good()
    data["topics.json"].append({"id": "freedonia", "name": "Freedonia as a topic"})
    assert check(seedset.write(tmp_path / "seeds", data)).returncode == 0


def test_many_faults_are_all_counted(tmp_path):
    data = seedset.good()
    data["topics.json"] += [{"id": f"topic-{number}", "name": ""} for number in range(500)]
    done = check(seedset.write(tmp_path / "seeds", data))
    found, rest = printed(done.stdout)
    assert done.returncode == 4 and len(found) == 500 and rest == ["500 faults"]


def test_nothing_of_a_refused_set_is_stored(tmp_path):
    """Every record but one is good; then, with that one mended, the store begins at revision 1."""
    data = seedset.good()
    data["trade-figures.json"][1]["ref_area_id"] = "nowhere"
    bad = seedset.write(tmp_path / "bad", data)
    good = seedset.write(tmp_path / "good", seedset.good())
    for _ in range(2):
        assert serve(tmp_path / "store", bad).returncode == 3

    running = daemon.Daemon(tmp_path, seeds=good, store=tmp_path / "store")
    answer = running.get("/v1/topics").json
    running.stop()
    assert answer["dataset"]["revision"] == 1
    assert answer["count"]["value"] == 2
    ingested = [event for event in running.events if event["event"] == "ingested"]
    assert [event["created"] for event in ingested] == [seedset.count(seedset.good())]


def test_a_refused_set_changes_nothing_that_is_stored(tmp_path):
    good = seedset.write(tmp_path / "good", seedset.good())
    data = seedset.good()
    data["topics.json"][0]["name"] = "Commerce"
    data["topics.json"][1]["name"] = ""
    bad = seedset.write(tmp_path / "bad", data)

    def state():
        running = daemon.Daemon(tmp_path, seeds=None, store=tmp_path / "store")
        answer = running.get("/v1/topics")
        running.stop()
        return answer.body, answer.headers["ETag"]

    daemon.Daemon(tmp_path, seeds=good, store=tmp_path / "store").stop()
    before = state()
    assert serve(tmp_path / "store", bad).returncode == 3
    assert state() == before


def test_check_needs_no_store_and_leaves_nothing_behind(tmp_path):
    folder = seedset.write(tmp_path / "seeds", seedset.good())
    before = sorted(path.name for path in folder.iterdir())
    empty = tmp_path / "empty"
    empty.mkdir()
    here = pathlib.Path.cwd()
    os.chdir(empty)
    try:
        assert check(folder).returncode == 0
    finally:
        os.chdir(here)
    assert not list(empty.iterdir())
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_citation_without_a_pointer_is_taken_or_named(tmp_path):
    """Its store column is NOT NULL: then the fault must have a place like any other."""
    for pointer in {}, {"pointer": None}:
        data = seedset.good()
        data["topics.json"][0]["citations"] = [{"source_id": seedset.GAZETTE, **pointer}]
        done = check(seedset.write(tmp_path / "seeds", data))
        found, _ = printed(done.stdout)
        assert done.returncode == 0 or pairs(found) == [("topics.json", "/0/citations/0/pointer")], done.stdout


def test_faults_speak_of_records_not_of_tables(tmp_path):
    data = seedset.good()
    data["meetings.json"][0]["place_id"] = "nowhere"
    data["topics.json"][0]["name"] = None
    done = check(seedset.write(tmp_path / "seeds", data))
    assert not re.search(r"\b(SELECT|INSERT|constraint|FOREIGN|sqlite)\b", done.stdout, re.IGNORECASE)


def test_a_circle_is_told_once_of_the_first_of_its_records(tmp_path):
    data = seedset.good()
    harbour = {"id": "harbour", "name": "Harbour", "parent_id": "freedonia", "citations": seedset.cite()}
    pier = {"id": "pier", "name": "Pier", "parent_id": "harbour", "citations": seedset.cite()}
    data["places.json"][:0] = [harbour, pier]  # they lead into the circle, but are no part of it
    data["places.json"][2]["parent_id"] = "freedonia-city"  # which lies in freedonia
    found = refused(seedset.write(tmp_path / "seeds", data), store=tmp_path / "store")
    line = seedset.line_of(seedset.dump(data["places.json"])[1], "/2/parent_id")
    assert [(each.file, each.line, each.pointer) for each in found] == [("places.json", line, "/2/parent_id")]


def test_two_folders_are_two_data_sets(tmp_path):
    one = seedset.write(tmp_path / "one", seedset.good())
    two = seedset.write(tmp_path / "two", {"dataset.json": seedset.dataset(name="Another"),
                                           "topics.json": [{"id": "another", "name": "Another"}]})
    found = refused(one, two, store=tmp_path / "store")
    assert [(each.file, each.line, each.pointer) for each in found] == [(f"{two}/dataset.json", 2, "/id")]
