"""/v1/changes and modified_since: what a follower needs to have the server's record at every moment."""

import concurrent.futures
import http.client
import json
import random
import threading
import time

import pytest

import oracle
from contract import Contract
from daemon import Daemon
from waiting import until
from writer import Writer


@pytest.fixture
def desk(start):
    private = start(seeds=None)
    return Writer(private, private.token("write", "desk"), Contract(private))


def rows(writer, query=""):
    """All rows over all pages."""
    found, link = [], f"/v1/changes?limit=7{query}"
    while link:
        answer = writer.get(link).json
        found += answer["data"]
        link = answer["links"]["next"]
    return found


def test_every_write_is_a_row_in_commit_order(desk):
    tag = desk.post("/v1/topics", {"name": "A"}).headers["ETag"]
    desk.post("/v1/places", {"name": "B"})
    desk.patch("/v1/topics/a", {"name": "A2"}, If_Match=tag)
    desk.post("/v1/topics", {"name": "C"})
    desk.post("/v1/topics/c/merge", {"into": "a"}, If_Match="*")
    desk.delete("/v1/places/b", If_Match="*")
    desk.post("/v1/topics", {"nmae": "no"})
    found = rows(desk)
    assert [(row["revision"], row["action"], row["type"], row["id"]) for row in found] == [
        (1, "created", "topic", "a"), (2, "created", "place", "b"), (3, "updated", "topic", "a"),
        (4, "created", "topic", "c"), (5, "updated", "topic", "a"), (5, "merged", "topic", "c"),
        (6, "deleted", "place", "b")]
    assert {row["by"] for row in found} == {"desk"}
    assert [row["at"] for row in found] == sorted(row["at"] for row in found)
    for since in range(8):
        assert rows(desk, f"&since={since}") == [row for row in found if row["revision"] > since]
    third = found[2]["at"]
    assert rows(desk, f"&since={third}") == [row for row in found if row["at"] >= third]
    assert rows(desk, "&type=place") == [row for row in found if row["type"] == "place"]
    assert rows(desk, "&type=topic&since=3&action__in=updated,merged") == found[4:6]
    assert rows(desk, "&sort=-number") == found[::-1]
    assert desk.get("/v1/changes?type=tpoic").json["errors"][0]["parameter"] == "type"
    assert desk.get("/v1/changes?since=yesterday").status == 400
    assert desk.get("/v1/changes.csv").text.count("\r\n") == 1 + len(found)


def test_an_unchanged_merge_target_is_no_change(desk):
    """C had nothing that A lacks: but its name."""
    desk.post("/v1/topics", {"id": "a", "name": "A"})
    desk.post("/v1/topics", {"id": "c", "name": "A"})
    desk.post("/v1/topics/c/merge", {"into": "a"}, If_Match="*")
    assert [(row["action"], row["id"]) for row in rows(desk, "&since=2")] == [("merged", "c")]


def test_modified_since(desk):
    for name in "abcdef":
        desk.post("/v1/topics", {"id": name, "name": name.upper()})
    time.sleep(0.002)  # no two of what is told apart by its time in one millisecond
    desk.patch("/v1/topics/b", {"name": "BB"}, If_Match="*")
    desk.delete("/v1/topics/c", If_Match="*")
    desk.post("/v1/topics/d/merge", {"into": "e"}, If_Match="*")

    def ids(query):
        answer = desk.get(f"/v1/topics?{query}&sort=id")
        assert answer.status == 200, answer
        return [row["id"] for row in answer.json["data"]]

    assert ids("modified_since=6") == ["b", "e"]
    assert ids("modified_since=8") == ["e"]
    assert ids("modified_since=9") == []
    assert ids("modified_since=6&deleted=true") == ["b", "c", "d", "e"]
    assert ids("modified_since=5&deleted=false") == ["b", "e", "f"]
    assert ids("deleted=true") == list("abcdef")
    assert ids("deleted=true&name=BB") == ["b"]
    when = desk.get("/v1/topics/b").json["updated_at"]
    assert ids(f"modified_since={when}") == ["b", "e"]
    assert ids("modified_since=2999-01-01T00:00:00Z") == []
    # A whole second begins before every millisecond of it; further digits count for nothing.
    assert "b" in ids(f"modified_since={when[:19]}Z")
    assert ids(f"modified_since={when[:-1]}0Z") == ["b", "e"]
    assert rows(desk, f"&since={when[:19]}Z")[-1]["action"] == "merged"
    assert desk.get(f"/v1/topics/b?as_of={when[:-1]}99Z").json["name"] == "BB"
    tombs = {row["id"]: row for row in desk.get("/v1/topics?deleted=true").json["data"] if "deleted" in row}
    assert set(tombs) == {"c", "d"}
    assert tombs["c"] == {"id": "c", "type": "topic", "deleted": True, "merged_into": None, "revision": 2,
                          "created_at": tombs["c"]["created_at"], "updated_at": tombs["c"]["updated_at"]}
    assert tombs["d"]["merged_into"] == "e"
    assert desk.get("/v1/topics?modified_since=6&count=exact&deleted=true").json["count"]["value"] == 4
    # Pages with tombstones in them, in both orders, to their end.
    for sort in ("id", "-name", "name", "-updated_at"):
        found, link = [], f"/v1/topics?deleted=true&limit=2&sort={sort}"
        while link:
            answer = desk.get(link).json
            found += [row["id"] for row in answer["data"]]
            link = answer["links"]["next"]
        assert sorted(found) == list("abcdef"), sort
    for query, parameter in [("deleted=1", "deleted"), ("modified_since=x", "modified_since"),
                             ("deleted=true&include=broader", "include")]:
        assert desk.get(f"/v1/topics?{query}").json["errors"][0]["parameter"] == parameter
    assert desk.get("/v1/topics.csv?deleted=true").status == 400
    assert len(desk.get("/v1/topics.ndjson?deleted=true").text.splitlines()) == 6


class Follower:
    """Keeps a copy of all records by /v1/changes alone, from the revision it has seen last."""

    def __init__(self, daemon):
        self.reader = Writer(daemon)
        self.copy, self.since = {}, 0

    def step(self):
        for row in rows(self.reader, f"&since={self.since}"):
            self.since = row["revision"]
            collection = next(name for name, kind in oracle.TYPES.items() if kind == row["type"])
            answer = self.reader.get(f"/v1/{collection}/{row['id']}")
            if answer.status == 200:
                self.copy[collection, row["id"]] = answer.json
            else:
                self.copy.pop((collection, row["id"]), None)


def everything(daemon):
    reader = Writer(daemon)
    found = {}
    for collection in oracle.COLLECTIONS:
        link = f"/v1/{collection}?limit=1000"
        while link:
            answer = reader.get(link).json
            found |= {(collection, row["id"]): row for row in answer["data"]}
            link = answer["links"]["next"]
    return found


def scribble(daemon, token, number, seconds):
    """Random writes for a while; returns how many were accepted."""
    writer, chance, done = Writer(daemon, token), random.Random(number), 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        collection = chance.choice(["topics", "places", "meetings"])
        path = f"/v1/{collection}/n-{number}-{chance.randrange(12)}"
        answer = writer.put(path, {"name": f"N{chance.random()}"}, If_Match="*")
        if answer.status == 412:
            answer = writer.put(path, {"name": "New"})
        elif chance.random() < 0.3:
            answer = writer.delete(path, If_Match="*")
        elif chance.random() < 0.3:
            other = f"n-{number}-{chance.randrange(12)}"
            answer = writer.post(f"{path}/merge", {"into": other}, If_Match="*")
        assert answer.status in (200, 201, 204, 308, 410, 422), answer
        done += answer.status < 300
    return done


@pytest.mark.parallel
def test_a_follower_ends_with_the_servers_record(start):
    """Under concurrent writes, with a restart in between."""
    private = start()
    token = private.token()
    follower, ends = Follower(private), threading.Event()

    def follow():
        while not ends.is_set():
            follower.step()

    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        following = pool.submit(follow)
        written = [pool.submit(scribble, private, token, number, 4) for number in range(3)]
        assert sum(each.result() for each in written) > 10
        ends.set()
        following.result()
    private.stop()
    private = start(store=private.store)
    follower.reader = Writer(private)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        written = [pool.submit(scribble, private, token, number, 2) for number in range(2, 5)]
        while not all(each.done() for each in written):
            follower.step()
        assert sum(each.result() for each in written) > 10
    follower.step()
    wanted = everything(private)
    assert len(wanted) > 371 and follower.copy.keys() == wanted.keys()
    assert follower.copy == wanted


# ---- server-sent events ----

class Stream:
    """An EventSource, by the standard's rules: events as (id, data), comments counted."""

    def __init__(self, daemon, path="/v1/changes", last=None):
        self.connection = http.client.HTTPConnection(daemon.host, daemon.port, timeout=40)
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last is not None else {})}
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        self.last = last

    def events(self, count):
        """The next so many."""
        found, data, identity = [], [], None
        while len(found) < count:
            line = self.answer.readline()
            assert line.endswith(b"\n"), (line, found)
            line = line.decode("utf-8").removesuffix("\n")
            name, _, value = line.partition(": ")
            if name == "data":
                data.append(value)
            elif name == "id":
                identity = value
            elif line == "" and data:
                found.append((identity, json.loads("\n".join(data))))
                self.last, data = identity, []
        return found

    def close(self):
        self.connection.close()


def test_changes_as_events(desk):
    private = desk.daemon
    desk.post("/v1/topics", {"name": "Before"})
    stream = Stream(private)
    assert stream.answer.status == 200
    assert stream.answer.headers.get_content_type() == "text/event-stream"
    assert stream.answer.headers["Cache-Control"] == "no-store" and "Accept" in stream.answer.headers["Vary"]
    assert stream.answer.readline() == b"retry: 3000\n"
    began = time.monotonic()
    desk.post("/v1/topics", {"name": "One"})
    assert [data["id"] for _, data in stream.events(1)] == ["one"]
    assert time.monotonic() - began < 10, "it came with the next sign of life"
    desk.post("/v1/places", {"name": "Two"})
    desk.post("/v1/topics/one/merge", {"into": "before"}, If_Match="*")
    found = stream.events(3)
    assert [data for _, data in found] == rows(desk, "&since=2")
    # Again from any event on, also behind a restart.
    everything = rows(desk)
    for position, last in [(0, "0"), (3, found[0][0])]:
        again = Stream(private, last=last)
        assert [data for _, data in again.events(len(everything) - position)] == everything[position:]
        again.close()
    since = Stream(private, "/v1/changes?since=1&type=topic")
    assert [data["id"] for _, data in since.events(3)] == ["one", "before", "one"]
    private.stop()
    assert stream.answer.read() == b""  # the end is told, not torn off


def test_events_survive_a_restart(desk, start):
    private = desk.daemon
    stream = Stream(private)
    desk.post("/v1/topics", {"name": "One"})
    last = stream.events(1)[0][0]
    desk.post("/v1/topics", {"name": "Two"})
    private.stop()
    again = start(seeds=None, store=private.store)
    desk = Writer(again, desk.token)
    desk.post("/v1/topics", {"name": "Three"})
    stream = Stream(again, last=last)
    assert [data["id"] for _, data in stream.events(2)] == ["two", "three"]
    stream.close()


def test_other_programs_changes_come_too(desk):
    stream = Stream(desk.daemon)
    seeds = desk.daemon.folder / "more.ndjson"
    seeds.write_text('{"type": "topic", "id": "from-outside", "name": "From outside"}\n')
    other = Daemon(desk.daemon.folder / "..", seeds=seeds, store=desk.daemon.store)
    assert [data["id"] for _, data in stream.events(1)] == ["from-outside"]
    other.stop()
    stream.close()


def test_an_empty_last_event_id_is_none(desk):
    """As of a client that has seen no event yet (WHATWG HTML, 9.2.3)."""
    stream = Stream(desk.daemon, last="")
    assert stream.answer.status == 200
    made = desk.post("/v1/topics", {"name": "After the empty id"})
    assert [data["id"] for _, data in stream.events(1)] == [made.json["id"]]
    stream.close()


@pytest.mark.parametrize("path, headers, status", [
    ("/v1/changes?limit=1", {}, 400), ("/v1/changes?type=x", {}, 400), ("/v1/changes?since=x", {}, 400),
    ("/v1/changes", {"Last-Event-ID": "x"}, 400), ("/v1/topics", {}, 406)])
def test_streams_that_are_none(desk, path, headers, status):
    answer = desk.daemon.get(path, {"Accept": "text/event-stream", **headers})
    assert answer.status == status and answer.headers.get_content_type() == "application/problem+json"


@pytest.mark.parallel
def test_many_listeners_block_nobody(start):
    """They sleep: the two workers serve others meanwhile; one too many is told so."""
    private = start(seeds=None)
    desk = Writer(private, private.token())
    streams = [Stream(private) for _ in range(200)]
    assert {stream.answer.status for stream in streams} == {200}
    refused = Stream(private)
    assert refused.answer.status == 503 and refused.answer.headers["Retry-After"]
    began = time.monotonic()
    assert desk.post("/v1/topics", {"name": "One"}).status == 201
    assert all(stream.events(1)[0][1]["id"] == "one" for stream in streams)
    assert time.monotonic() - began < 10
    for stream in streams[:50]:
        stream.close()
    again = until(lambda: stream if (stream := Stream(private)).answer.status == 200 else None)  # who has gone is noticed
    for stream in [again, *streams]:
        stream.close()


def test_a_quiet_stream_is_kept_alive(desk):
    """Something comes every fifteen seconds, so that no proxy in between takes it for dead."""
    began = time.monotonic()
    stream = Stream(desk.daemon)
    assert [stream.answer.readline() for _ in range(2)] == [b"retry: 3000\n", b"\n"]
    assert stream.answer.readline() == b":\n"
    assert 13 < time.monotonic() - began < 25
    stream.close()
