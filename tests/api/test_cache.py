"""Answers out of the cache: the same as fresh ones, never older than what was acknowledged."""

import collections
import concurrent.futures
import itertools
import json
import random
import re
import signal
import sqlite3
import threading

import pytest

import seedset
from api_client import client_of
from test_http import DETAILS, LISTS
from waiting import until

PATHS = LISTS + DETAILS + ["/v1/search?q=guangxi", "/openapi.json", "/docs", "/assets/docs.css",
                           "/v1/meetings?include=place&facet=status&limit=3&count=exact"]
CHANGING = {"Date", "X-Request-Id", "Server-Timing"}


def figure(daemon, name):
    found = re.search(rf"^{re.escape(name)} (\d+)$", daemon.get("/metrics").text, re.MULTILINE)
    return int(found[1]) if found else None


def hits(daemon):
    return figure(daemon, 'http_cache_requests_total{outcome="hit"}')


def same(one, other, path):
    assert one.status == other.status and one.body == other.body, path
    for name in {*one.headers, *other.headers} - CHANGING:
        assert one.headers.get_all(name) == other.headers.get_all(name), (path, name)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """One that keeps answers and one that does not, on the same store."""
    from daemon import Daemon
    kept = Daemon(tmp_path_factory.mktemp("kept"), "--cache-bytes", "40000000", "--workers", "1")
    fresh = Daemon(tmp_path_factory.mktemp("fresh"), "--cache-bytes", "0", store=kept.store, seeds=None)
    yield kept, fresh
    fresh.stop()
    kept.stop()


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_out_of_the_cache_is_the_answer(pair, path):
    kept, fresh = pair
    for fields in {}, {"Accept-Encoding": "gzip"}, {"Accept": "application/json, text/html;q=0.5, */*;q=0.1"}:
        first = kept.get(path, fields)
        before = hits(kept)
        again = kept.get(path, fields)
        assert hits(kept) == before + 1, "the second of two equal requests is a hit"
        assert "cache;desc=hit" in again.headers["Server-Timing"]
        assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]
        plain = fresh.get(path, fields)
        assert "cache" not in plain.headers["Server-Timing"]
        same(first, again, path)
        same(again, plain, path)
        same(kept.request("HEAD", path, headers=fields), fresh.request("HEAD", path, headers=fields), path)


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/docs/problems"])
def test_304_out_of_the_cache(pair, path):
    kept, fresh = pair
    packed, plain = (kept.get(path, {"Accept-Encoding": coding}).headers["ETag"] for coding in ("gzip", "identity"))
    modified = kept.get(path).headers["Last-Modified"]
    for coding, (name, value) in itertools.product(("identity", "gzip"), [
            ("If-None-Match", plain), ("If-None-Match", packed), ("If-None-Match", f'"x", W/{plain}'),
            ("If-None-Match", "*"), ("If-None-Match", '"x"'), ("If-None-Match", plain),
            ("If-Modified-Since", modified), ("If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT")]):
        fields = {"Accept-Encoding": coding, name: value or "yesterday"}
        before = hits(kept)
        answer = kept.get(path, fields)
        assert hits(kept) == before + 1
        same(answer, fresh.get(path, fields), (path, fields))
        if value in (plain, packed):
            assert answer.status == 304 and answer.headers["ETag"] == value


def test_the_first_may_be_a_head_or_a_304(start):
    running = start("--workers", "1")
    tag = running.get("/v1/places").headers["ETag"]
    for method, fields in ("HEAD", {}), ("GET", {"If-None-Match": tag}):
        path = f"/v1/places?limit={1 if fields else 2}"
        first = running.request(method, path, headers=fields)
        assert first.body == b"" and first.status == (304 if fields else 200)
        whole = running.get(path)
        assert whole.status == 200 and len(whole.json["data"]) == (1 if fields else 2)
        assert "cache;desc=hit" in whole.headers["Server-Timing"]
        assert whole.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path, fields", [
    ("/health", {}), ("/ready", {}), ("/metrics", {}), ("/v1/meetings/nothing", {}), ("/v1/meetings?limit=0", {}),
    ("/v1/meetings/", {}), ("/v1/meetings.csv", {}), ("/v1/meetings", {"Prefer": "handling=lenient"}),
    ("/v1/places", {"Authorization": "Bearer x"})])
def test_what_is_not_kept(pair, path, fields):
    kept, _ = pair
    before = hits(kept)
    for _ in range(3):
        kept.get(path, fields)
    assert hits(kept) == before


def test_formats_and_codings_are_kept_apart(pair):
    kept, _ = pair
    for _ in range(2):
        for accept, kind in ("text/html", "text/html"), ("application/json", "application/json"), ("*/*", "text/html"):
            assert kept.get("/", {"Accept": accept}).headers.get_content_type() == kind
        assert kept.get("/v1/meetings", {"Accept": "text/css"}).status == 406
        assert kept.get("/v1/meetings", {"Accept": "application/json"}).status == 200
        assert kept.get("/v1/meetings", {"Accept-Encoding": "gzip"}).body[:2] == b"\x1f\x8b"
        assert kept.get("/v1/meetings", {"Accept-Encoding": "gzip;q=0"}).json["data"]
        assert kept.get("/v1/meetings?limit=1&status=held").json["links"]["self"] == "/v1/meetings?limit=1&status=held"
        assert kept.get("/v1/meetings?status=held&limit=1").json["links"]["self"] == "/v1/meetings?status=held&limit=1"


def test_origins_are_kept_apart(start):
    running = start("--cors-origin", "https://a.example,https://b.example")
    for _ in range(3):
        for origin, allowed in (("https://a.example",) * 2, ("https://b.example",) * 2, ("https://c.example", None), (None, None)):
            answer = running.get("/v1/places", {"Origin": origin} if origin else {})
            assert answer.headers["Access-Control-Allow-Origin"] == allowed


# ---- what is acknowledged is seen

def seeds(number):
    data = seedset.good()
    data["topics.json"][0]["name"] = f"Round {number}"
    return data


def seen(rows):
    return max(int(name[1]) for row in rows if (name := re.fullmatch(r"Round (\d+)", row["name"])))


@pytest.mark.parallel
def test_nobody_sees_the_past_after_seeds_were_ingested_again(start, tmp_path):
    """The daemon's log line is the acknowledgement: whoever asks after it must see that round."""
    folder = seedset.write(tmp_path / "seeds", seeds(0))
    running = start("--workers", "3", seeds=folder)
    acknowledged, ended = [0], threading.Event()

    def read():
        count = 0
        with client_of(running) as client:
            while not ended.is_set():
                least = acknowledged[0]
                for path in "/v1/topics", "/v1/topics?fields=id,name":
                    assert seen(client.list(path)["data"]) >= least
                least = acknowledged[0]
                assert seen([client.list("/v1/topics/trade")]) >= least
                count += 1
        return count

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(6)]
        try:
            for number in range(1, 15):
                seedset.write(folder, seeds(number))
                running.process.send_signal(signal.SIGHUP)
                until(lambda: sum(event["event"] == "ingested" for event in running.events) > number)
                acknowledged[0] = number
        finally:
            ended.set()
        assert all(reader.result() > 5 for reader in readers)
    assert hits(running) > 0


@pytest.mark.parallel
def test_a_writer_sees_his_own_write_at_once(start, tmp_path):
    running = start("--workers", "3", seeds=seedset.write(tmp_path / "seeds", seedset.good()))
    headers = {"Authorization": f"Bearer {running.token()}"}
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        ended = threading.Event()

        def warm():
            with client_of(running) as client:
                while not ended.is_set():
                    client.list("/v1/topics/trade")

        warmer = pool.submit(warm)
        for number in range(40):
            old = running.get("/v1/topics/trade")
            written = running.request("PATCH", "/v1/topics/trade", body=json.dumps({"name": f"Round {number}"}).encode(),
                                      headers={**headers, "If-Match": old.headers["ETag"],
                                               "Content-Type": "application/merge-patch+json"})
            assert written.status == 200, written
            for path in "/v1/topics/trade", "/v1/topics/trade.json":
                assert running.get(path).json["name"] == f"Round {number}"
            listed = running.get("/v1/topics").json["data"]
            assert seen(listed) == number
        ended.set()
        warmer.result()


def test_what_another_process_writes_is_noticed(start):
    running = start("--workers", "2", "--no-access-log")
    before = running.get("/v1/places").json["dataset"]["revision"]
    with sqlite3.connect(running.store) as store:
        store.execute("UPDATE store SET revision = revision + 1")
    store.close()
    until(lambda: running.get("/v1/places").json["dataset"]["revision"] == before + 1)
    for _ in range(6):  # on every worker
        assert running.get("/v1/places").json["dataset"]["revision"] == before + 1


def test_what_was_counted_is_counted_anew_after_a_write(start, tmp_path):
    """Plan, count and facets of a list are kept for one state, also where no answer is."""
    running = start("--workers", "2", "--cache-bytes", "0", seeds=seedset.write(tmp_path / "seeds", seedset.good()))
    headers = {"Authorization": f"Bearer {running.token()}", "Content-Type": "application/json"}
    paths = [f"/v1/topics?count={count}&facet=classification&limit=1{narrowed}"
             for count in ("exact", "capped") for narrowed in ("", "&classification=commodity", "&name__startswith=Round")]
    wanted = {path: running.get(path).json["count"]["value"] for path in paths}
    for number in range(12):
        kind = "commodity" if number % 2 else "theme"
        body = {"id": f"round-{number}", "name": f"Round {number}", "classification": kind, "citations": seedset.cite()}
        assert running.request("POST", "/v1/topics", body=json.dumps(body).encode(), headers=headers).status == 201
        for path in paths:
            wanted[path] += "classification=commodity" not in path or kind == "commodity"
            for _ in range(4):  # on every worker
                found = running.get(path).json
                assert found["count"] == {"value": wanted[path], "exact": True}, path
                assert sum(each["count"] for each in found["facets"]["classification"]) == wanted[path], path


def test_facets_follow_every_kind_of_write(start, tmp_path):
    """They are carried over from the state before: whatever was made, changed, deleted, made again or merged."""
    running = start("--workers", "1", "--cache-bytes", "0", seeds=seedset.write(tmp_path / "seeds", seedset.good()))
    token = {"Authorization": f"Bearer {running.token()}"}
    dice = random.Random(11)

    def write(method, path, body=None, media="application/json", **headers):
        answer = running.request(method, path, body=None if body is None else json.dumps(body).encode(),
                                 headers={**token, "Content-Type": media, **headers})
        assert answer.status in (200, 201, 204), (method, path, answer.body)

    def one(number, name):
        return {"id": f"round-{number}", "name": name, "classification": dice.choice(["theme", "commodity", None]),
                "citations": seedset.cite()}

    narrowed = ("", "&classification=commodity", "&classification__not=theme", "&classification__isnull=true",
                "&name__startswith=Round", "&name__contains=two", "&revision__gte=2", "&id__in=round-1,round-2,round-3")
    live, gone, number = set(), set(), 0
    for _ in range(60):
        kind = dice.choice(["make", "change", "change", "delete", "again", "merge", "nothing"])
        if kind == "make" or len(live) < 3:
            write("POST", "/v1/topics", one(number, f"Round {number}"))
            live.add(number)
            number += 1
        elif kind in ("change", "delete", "merge"):
            chosen = dice.choice(sorted(live))
            path = f"/v1/topics/round-{chosen}"
            match = {"If-Match": running.get(path).headers["ETag"]}
            if kind == "change":
                new = {"classification": dice.choice(["theme", "commodity", None]), "name": dice.choice(["Round two", "Two"])}
                write("PATCH", path, new, "application/merge-patch+json", **match)
            elif kind == "delete":
                write("DELETE", path, **match)
            else:
                write("POST", f"{path}/merge", {"into": f"round-{dice.choice(sorted(live - {chosen}))}"}, **match)
            if kind != "change":
                live.remove(chosen)
                gone |= {chosen} if kind == "delete" else set()
        elif kind == "again" and gone:
            chosen = gone.pop()
            write("PUT", f"/v1/topics/round-{chosen}", one(chosen, "Round again"), **{"If-None-Match": "*"})
            live.add(chosen)
        for filters in narrowed:
            found = running.get(f"/v1/topics?limit=1000&facet=classification,revision,name{filters}").json
            for name, facet in found["facets"].items():
                counted = collections.Counter(row[name] for row in found["data"])
                assert {each["value"]: each["count"] for each in facet} == counted, (kind, filters, name)


# ---- memory

def test_a_scan_neither_fills_memory_nor_pushes_out_what_is_asked_for(start):
    running = start("--cache-bytes", "1000000", "--workers", "1")
    hot = [f"/v1/places/{id}" for id in ("guangxi", "ha-noi", "viet-nam")]
    with client_of(running) as client:
        for path in hot * 3:
            client.list(path)
        for number in range(1500):
            client.list(f"/v1/statements?limit=2&text__not={number}")
            if number % 100 == 99:
                before = hits(running)
                for path in hot:
                    client.list(path)
                assert hits(running) == before + len(hot)
    assert figure(running, "http_cache_bytes") <= 1000000
    assert figure(running, "http_cache_evictions_total") > 100
    assert 10 < figure(running, "http_cache_replies") < 1000


def test_without_a_cache_there_are_no_figures_of_one(pair):
    kept, fresh = pair
    assert "http_cache" not in fresh.get("/metrics").text
    assert 0 < figure(kept, "http_cache_bytes") <= 40000000


def test_each_tag_holds_the_programs_version(api):
    """A newer program may write the same state otherwise; no copy of the older one's shall pass for fresh."""
    version = api.get("/", {"Accept": "application/json"}).json["version"]
    for path in ("/v1/topics", "/v1/topics/trade", "/v1/topics/trade?as_of=1", "/v1/topics/trade.csv", "/v1/export"):
        assert api.get(path).headers["ETag"].startswith(f'"{version}-'), path
