"""Writing over HTTP: every collection's round trip, every refusal, and what two writers at once do."""

import concurrent.futures
import copy
import json
import sqlite3
import zlib

import pytest

import oracle
import seedset
from contract import Contract
from daemon import SEEDS
from writer import Writer

OWN = {"created_at", "updated_at", "revision"}
GAZETTE = seedset.GAZETTE


def seeds(collection):
    return json.loads((SEEDS / f"{collection}.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A daemon on the shipped seeds whose record these tests change, each its own part of it."""
    from daemon import Daemon
    daemon = Daemon(tmp_path_factory.mktemp("seeded"))
    yield daemon
    daemon.stop()


@pytest.fixture(scope="module")
def desk(seeded):
    one = Writer(seeded, seeded.token(), Contract(seeded))
    yield one
    seeded.check()


def without_own(record):
    return {name: value for name, value in record.items() if name not in OWN}


def covers(found, wanted):
    """The same, but that members of parts which a seed leaves out are null or empty."""
    if isinstance(wanted, dict):
        return all(covers(value, wanted[name]) if name in wanted else value in (None, [])
                   or name.endswith("_precision") for name, value in found.items()) \
            and wanted.keys() <= found.keys()
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(covers, found, wanted))
    return found == wanted


# ---- every collection ----

@pytest.mark.parametrize("collection", oracle.COLLECTIONS)
def test_a_round_trip(seeded, desk, record, collection):
    kind = oracle.TYPES[collection]
    total = seeded.get(f"/v1/{collection}?limit=1").json["count"]["value"]
    for number, seed in enumerate(seeds(collection)[:4]):
        path = f"/v1/{collection}/copy-{number}-of-{kind.replace('_', '-')}"
        identity = path.rpartition("/")[2]
        body = {**copy.deepcopy(seed), "id": identity}
        wanted = {**record[collection][seed["id"]], "id": identity}

        made = desk.post(f"/v1/{collection}", body)
        assert made.status == 201 and made.headers["Location"] == path, made
        assert made.json["revision"] == 1 and made.json["created_at"] == made.json["updated_at"]
        assert covers(without_own(made.json), without_own(wanted)), made
        read = desk.get(path)
        assert read.body == made.body and read.headers["ETag"] == made.headers["ETag"]
        assert read.headers["Last-Modified"] == made.headers["Last-Modified"]
        assert seeded.get(f"/v1/{collection}?limit=1").json["count"]["value"] == total + 1
        assert [row["id"] for row in seeded.get(f"/v1/{collection}?id={identity}").json["data"]] == [identity]

        # What was read can be sent back as it is, and changes nothing.
        same = desk.put(path, read.json, If_Match=read.headers["ETag"])
        assert same.status == 200 and same.body == read.body
        # The body that it was made of, too, though a source then rests on its copy alone.
        same = desk.put(path, body, If_Match=read.headers["ETag"])
        assert same.status == 200 and same.headers["ETag"] == read.headers["ETag"]

        changed = {**body, "citations": []}
        put = desk.put(path, changed, If_Match=read.headers["ETag"])
        assert put.status == 200 and put.json["citations"] == [] and put.json["revision"] == 2
        assert put.json["created_at"] == made.json["created_at"]
        assert put.json["updated_at"] >= made.json["updated_at"]
        assert put.headers["ETag"] != read.headers["ETag"]

        patched = desk.patch(path, {"citations": seed.get("citations", [])}, If_Match=put.headers["ETag"])
        assert patched.status == 200 and patched.json["citations"] == made.json["citations"]
        assert {**without_own(patched.json), "source_ids": 0} == {**without_own(made.json), "source_ids": 0}
        assert set(patched.json["source_ids"]) == set(made.json["source_ids"])

        gone = desk.delete(path, If_Match=patched.headers["ETag"])
        assert gone.status == 204 and gone.body == b"" and "ETag" not in gone.headers
        assert desk.get(path).status == 410
        assert desk.delete(path, If_Match="*").status == 410
        assert desk.patch(path, {}, If_Match="*").status == 410
        assert seeded.get(f"/v1/{collection}?id={identity}").json["data"] == []
        assert desk.post(f"/v1/{collection}", body).status == 409  # a tombstone keeps its id
        assert desk.put(path, body, If_Match=patched.headers["ETag"]).status == 412
        back = desk.put(path, body)
        assert back.status == 201 and back.headers["Location"] == path
        # Revision 1 made, 2 put, 3 patched, 4 deleted.
        assert back.json["revision"] == 5 and back.json["created_at"] == made.json["created_at"]
        assert desk.delete(path, If_Match=back.headers["ETag"]).status == 204
        assert seeded.get(f"/v1/{collection}?limit=1").json["count"]["value"] == total


def test_what_was_written_leaves_nothing_behind(seeded, desk):
    """After a deletion no table has a row of the record, and no search finds it."""
    name = "Zyzzogeton Quadrilateral"
    body = {"id": "zyzzogeton", "name": name, "country": "VN",
            "other_names": [{"name": "Zyzzo", "kind": "short", "source_ids": ["2024-11-22-vns"]}],
            "tenures": [{"post_id": "secretary-guangxi-party-committee",
                         "attested": [{"date": "2019-01-01", "source_id": "2024-11-22-vns"}]}],
            "citations": [{"pointer": "", "source_id": "2024-11-22-vns"}]}
    assert desk.post("/v1/officials", body).status == 201
    found = seeded.get("/v1/search?q=zyzzo").json["data"]
    assert [row["id"] for row in found] == ["zyzzogeton"]
    assert seeded.get("/v1/officials?q=quadrilat").json["data"][0]["id"] == "zyzzogeton"
    assert desk.delete("/v1/officials/zyzzogeton", If_Match="*").status == 204
    assert seeded.get("/v1/search?q=zyzzo").json["data"] == []
    with sqlite3.connect(f"file:{seeded.store}?mode=ro", uri=True) as connection:
        for table, column in [("official", "id"), ("tenure", "official_id"), ("attestation", "official_id"),
                              ("citation", "record_id"), ("other_name", "record_id"),
                              ("reference", "from_id"), ("search_text", "record_id")]:
            assert connection.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} = 'zyzzogeton'") \
                .fetchone() == (0,), table


# ---- ids ----

@pytest.mark.parametrize("collection, body, wanted", [
    ("topics", {"name": "Cải cách hành chính"}, "cai-cach-hanh-chinh"),
    ("officials", {"name": "Nguyễn Văn Đ."}, "nguyen-van-d"),
    ("meetings", {"name": "Talks on bridges", "start_date": "2026-03-04"}, "2026-03-04-talks-on-bridges"),
    ("meetings", {"name": "Spring talks", "start_date": "2026-21~"}, "2026-21-spring-talks"),
    ("sources", {"title": "A title", "publisher": "Báo Mới", "published_on": "2026-05-06"}, "2026-05-06-bao-moi"),
    ("posts", {"label": "Chief of Protocol"}, "chief-of-protocol"),
    ("agreements", {"name": "x" * 150 + " y"}, "x" * 95),
    ("agreements", {"name": "word " * 39 + "word"}, "-".join(["word"] * 19)),
])
def test_an_id_is_made_of_the_record(desk, collection, body, wanted):
    for number in ("", "-2", "-3"):
        made = desk.post(f"/v1/{collection}", body)
        assert made.status == 201 and made.json["id"] == wanted + number, made
    assert desk.delete(f"/v1/{collection}/{wanted}", If_Match="*").status == 204
    assert desk.post(f"/v1/{collection}", body).json["id"] == wanted + "-4"  # an id is never used again


def test_what_has_no_letters_needs_an_id(desk):
    answer = desk.post("/v1/topics", {"name": "贸易"})
    assert answer.status == 422 and [each["pointer"] for each in answer.json["errors"]] == ["/id"]
    assert desk.post("/v1/topics", {"name": "贸易", "id": "mao-yi"}).status == 201


def test_an_id_that_is_taken(desk):
    body = {"id": "taken", "name": "One"}
    assert desk.post("/v1/topics", body).status == 201
    for other in (body, {**body, "name": "Two"}):
        answer = desk.post("/v1/topics", other)
        assert answer.status == 409 and "taken" in answer.json["detail"]
    assert desk.get("/v1/topics/taken").json["name"] == "One"


# ---- refusals ----

def test_all_faults_at_once(desk):
    body = {"id": "Not A Slug", "type": "meeting", "name": "", "classification": "them", "nmae": "x",
            "broader_id": "no-such-topic", "revision": 3, "created_at": "2024-01-01T00:00:00Z",
            "other_names": [{"name": "a", "kind": "shorter", "lang": "english language"}, 7],
            "source_ids": ["no-such-source"], "citations": [{"source_id": "nor-this"}, {"pointer": "/nothing"}]}
    answer = desk.post("/v1/topics", body)
    assert answer.status == 422
    faults = {each["pointer"]: each["detail"] for each in answer.json["errors"]}
    assert set(faults) == {
        "/id", "/type", "/name", "/classification", "/nmae", "/broader_id", "/revision", "/created_at",
        "/other_names/0/kind", "/other_names/0/lang", "/other_names/1", "/source_ids/0",
        "/citations/0/source_id", "/citations/1/source_id", "/citations/1/pointer"}
    assert '"theme"' in faults["/classification"] and '"name"' in faults["/nmae"]
    assert desk.get("/v1/topics/not-a-slug").status == 404


@pytest.mark.parametrize("date, good", [("2024-02-29", True), ("2023-02-29", False), ("2024-13", False),
                                        ("2024-04-31", False), ("yesterday", False), ("2026-21", True)])
def test_dates_must_exist(desk, date, good):
    answer = desk.post("/v1/meetings", {"name": "A day", "start_date": date})
    assert answer.status == (201 if good else 422)
    assert good or [each["pointer"] for each in answer.json["errors"]] == ["/start_date"]


@pytest.mark.parametrize("body, kind, status", [
    (b'{"name":', "application/json", 400), (b"", "application/json", 400),
    (b'{"name":"a","name":"b"}', "application/json", 400), (b'{"name":"\xff"}', "application/json", 400),
    (b"[" * 40 + b"]" * 40, "application/json", 400), (b"[]", "application/json", 422),
    (b'{"name":"a"}', "text/plain", 415), (b"name=a", "application/x-www-form-urlencoded", 415),
    (b'{"name":"a"}', "application/jsonp", 415), (b'{"name":"a"}', "application/merge-patch+json", 415),
    (b'{"id":"typed","name":"a"}', "Application/JSON; charset=utf-8", 201),
])
def test_bodies_that_are_no_record(desk, body, kind, status):
    answer = desk.post("/v1/topics", body, Content_Type=kind)
    assert answer.status == status, answer


def test_no_content_type_and_no_query(desk):
    assert desk.send("POST", "/v1/topics", b'{"name":"a"}').status == 415
    answer = desk.post("/v1/topics?dry_run=true", {"name": "a"})
    assert answer.status == 400 and answer.json["errors"][0]["parameter"] == "dry_run"


def test_a_body_that_is_too_large(desk):
    answer = desk.post("/v1/topics", {"name": "a", "description": "x" * (1 << 20)})
    assert answer.status == 413
    desk.close()


def test_what_others_refer_to_is_not_deleted(desk, record):
    answer = desk.delete("/v1/officials/chen-gang", If_Match="*")
    assert answer.status == 409
    named = {each["detail"].split('"')[1] for each in answer.json["errors"]}
    referring = {row["id"] for collection in ("meetings", "statements")
                 for row in record[collection].values()
                 if '"chen-gang"' in json.dumps({key: row[key] for key in row if key != "id"})}
    assert named == referring and len(named) > 3
    assert desk.get("/v1/officials/chen-gang").status == 200


def test_members_without_end_are_one_fault(desk):
    """Else each would be compared with every name there is, and every writer would wait for that."""
    body = {"name": "Many", **{f"unknown-{number}": 1 for number in range(10000)}}
    assert desk.post("/v1/topics", {"id": "wide-of-it", "name": "Wide"}).status == 201
    for answer in (desk.post("/v1/topics", body), desk.put("/v1/topics/wide-of-it", body, If_Match="*"),
                   desk.patch("/v1/topics/wide-of-it", body, If_Match="*")):
        assert answer.status == 422 and [each["pointer"] for each in answer.json["errors"]] == [""], answer
        assert "members" in answer.json["errors"][0]["detail"]
    body = {"name": "Part", "other_names": [{"name": "a", "kind": "short"}, {"name": "b", "kind": "short", **body}]}
    answer = desk.post("/v1/topics", body)
    assert [each["pointer"] for each in answer.json["errors"]] == ["/other_names/1"]


@pytest.mark.parametrize("value, good", [("1e99", True), ("-0.5e-7", True), ("1" + "0" * 17 + ".5", True), ("1e308", False),
                                         ("1e-400", False), ("0." + "0" * 60 + "1", False), ("1." + "0" * 200000, False)])
def test_a_decimal_is_stored_as_it_can_be_asked_for(desk, value, good):
    body = b'{"indicator": "other", "ref_area_id": "viet-nam", "time_period": "1999", "v\\u0061lue": %s}' % value.encode()
    body = body.replace(b'{', b'{"id": "figure-%d", ' % zlib.crc32(value.encode()), 1)
    answer = desk.post("/v1/trade-figures", body, Content_Type="application/json")
    if good:  # the name's escape does not hide it
        assert answer.status == 201 and f'"value":{value},'.encode() in answer.body, answer
        assert desk.get(f"/v1/trade-figures?time_period=1999&value={value}").json["data"] != []
    else:
        assert answer.status == 422 and [each["pointer"] for each in answer.json["errors"]] == ["/value"], answer
        assert desk.get(f"/v1/trade-figures?value={value[:7000]}").status == 400


def test_no_record_has_an_id_that_is_another_address(desk):
    """Else it could be read, changed and deleted by nobody: /v1/trade-figures/series is a list."""
    answer = desk.post("/v1/trade-figures", {"id": "series", "indicator": "other"})
    assert answer.status == 422 and [each["pointer"] for each in answer.json["errors"]] == ["/id"], answer
    assert desk.post("/v1/topics", {"id": "series", "name": "Series"}).status == 201


def test_unknown_records_and_methods(desk):
    for answer in (desk.patch("/v1/topics/no-such", {}, If_Match="*"), desk.delete("/v1/topics/no-such", If_Match="*"),
                   desk.post("/v1/topics/no-such/merge", {"into": "trade"}, If_Match="*")):
        assert answer.status == 404, answer
    assert desk.put("/v1/topics/Bad_Id", {"name": "x"}).status == 422
    assert desk.put("/v1/topics/fresh", {"name": "x"}, If_Match="*").status == 412
    assert desk.send("DELETE", "/v1/topics").status == 405
    assert desk.post("/v1/changes", {}).status == 405


# ---- conditions ----

def test_conditions(desk):
    made = desk.put("/v1/topics/guarded", {"name": "Guarded"}, If_None_Match="*")
    assert made.status == 201
    tag = made.headers["ETag"]
    for method, body in [("PUT", {"name": "Other"}), ("PATCH", {"name": "Other"}), ("DELETE", None)]:
        assert desk.send(method, "/v1/topics/guarded", body).status == 428
        for stale in ('"nonsense"', f"W/{tag}", tag.replace("-r1", "-r2"), tag.strip('"')):
            assert desk.send(method, "/v1/topics/guarded", body, If_Match=stale).status == 412, stale
    assert desk.put("/v1/topics/guarded", {"name": "Other"}, If_None_Match="*").status == 412
    assert desk.put("/v1/topics/guarded", {"name": "Other"}, If_None_Match=tag, If_Match=tag).status == 412
    second = desk.put("/v1/topics/guarded", {"name": "Other"}, If_Match=f'"a", {tag}')
    assert second.status == 200
    packed = desk.get("/v1/topics/guarded", Accept_Encoding="gzip").headers["ETag"]
    assert desk.patch("/v1/topics/guarded", {"name": "Third"}, If_Match=packed).status == 200
    assert desk.patch("/v1/topics/guarded", {"name": "Fourth"}, If_Match=tag).status == 412
    assert desk.delete("/v1/topics/guarded", If_Match="*").status == 204


def test_a_body_may_be_what_was_served_and_nothing_else(desk):
    made = desk.post("/v1/topics", {"id": "served", "name": "Served"})
    first = made.json
    tag = made.headers["ETag"]
    for name, value in [("revision", 2), ("created_at", "2020-01-01T00:00:00Z"), ("updated_at", "x"),
                        ("revision", "1"), ("updated_at", None), ("revision", None)]:
        answer = desk.put("/v1/topics/served", {**first, name: value}, If_Match=tag)
        assert answer.status == 422 and f"/{name}" in {each["pointer"] for each in answer.json["errors"]}
    for name, value in [("id", "other"), ("type", "place")]:
        answer = desk.put("/v1/topics/served", {**first, name: value}, If_Match=tag)
        assert [each["pointer"] for each in answer.json["errors"]] == [f"/{name}"]
        answer = desk.patch("/v1/topics/served", {name: value}, If_Match=tag)
        assert [each["pointer"] for each in answer.json["errors"]] == [f"/{name}"]
    assert desk.patch("/v1/topics/served", {"revision": 7}, If_Match=tag).status == 422
    assert desk.patch("/v1/topics/served", {"revision": None}, If_Match=tag).status == 422
    assert desk.post("/v1/topics", {"id": "served-2", "name": "Served", "created_at": None}).status == 422
    second = desk.put("/v1/topics/served", {**first, "name": "Changed"}, If_Match=tag)
    assert second.status == 200 and second.json["revision"] == 2
    # An old state as it was served restores it.
    old = desk.get("/v1/topics/served?as_of=1").json
    assert old == first
    back = desk.put("/v1/topics/served", old, If_Match=second.headers["ETag"])
    assert back.status == 200 and back.json["name"] == "Served" and back.json["revision"] == 3


def test_prefer_minimal(desk):
    made = desk.post("/v1/topics", {"id": "short", "name": "Short"}, Prefer="respond-async, return=minimal")
    assert made.status == 201 and made.body == b"" and made.headers["Location"] == "/v1/topics/short"
    assert made.headers["Preference-Applied"] == "return=minimal"
    tag = made.headers["ETag"]
    assert desk.get("/v1/topics/short").headers["ETag"] == tag
    put = desk.put("/v1/topics/short", {"name": "Shorter"}, If_Match=tag, Prefer="return=minimal")
    assert put.status == 204 and put.body == b"" and put.headers["ETag"] != tag
    patched = desk.patch("/v1/topics/short", {"name": "S"}, If_Match=put.headers["ETag"],
                         Prefer="return=representation")
    assert patched.status == 200 and patched.json["name"] == "S"


# ---- merge patch ----

def test_a_patch_leaves_what_it_does_not_name(desk):
    body = {"id": "figure", "indicator": "trade_turnover", "value": 3.30, "unit_mult": 9,
            "time_period": "2024", "value_text": "3.30 billion"}
    text = json.dumps(body).replace("3.3,", "3.30,").encode()
    made = desk.post("/v1/trade-figures", text, Content_Type="application/json")
    assert made.status == 201 and b'"value":3.30,' in made.body  # a decimal is kept as it was written
    patched = desk.patch("/v1/trade-figures/figure", b'{"value_text":null}', If_Match=made.headers["ETag"],
                         Content_Type="application/merge-patch+json")
    assert patched.status == 200 and b'"value":3.30,' in patched.body
    assert patched.json["value_text"] is None and patched.json["time_period"] == "2024"
    patched = desk.patch("/v1/trade-figures/figure", b'{"value":0.10}', If_Match=patched.headers["ETag"],
                         Content_Type="application/json")
    assert b'"value":0.10,' in patched.body
    answer = desk.patch("/v1/trade-figures/figure", {"indicator": None}, If_Match=patched.headers["ETag"])
    assert answer.status == 422 and answer.json["errors"][0]["pointer"] == "/indicator"
    for no_object in (b"[]", b"[1]"):
        answer = desk.patch("/v1/trade-figures/figure", no_object, If_Match="*", Content_Type="application/json")
        assert answer.status == 422


def test_a_patched_date_has_its_own_precision(desk):
    made = desk.post("/v1/meetings", {"name": "Moving", "start_date": "2026-05-04", "id": "moving"})
    patched = desk.patch("/v1/meetings/moving", {"start_date": "2026"}, If_Match=made.headers["ETag"])
    assert patched.status == 200
    assert (patched.json["start_date"], patched.json["start_date_precision"]) == ("2026", "year")
    answer = desk.patch("/v1/meetings/moving", {"end_date": "2025"}, If_Match=patched.headers["ETag"])
    assert [each["pointer"] for each in answer.json["errors"]] == ["/end_date"]


# ---- merging records ----

def test_duplicates_are_merged(start):
    texts = {name: seedset.dump(records)[0] for name, records in seedset.good().items()}
    private = start(seeds=None)
    folder = private.folder / "seeds"
    folder.mkdir()
    seedset.write(folder, texts)
    private.stop()
    private = start(seeds=folder, store=private.store)
    desk = Writer(private, private.token("write", "merger"), Contract(private))
    person = next(iter(seedset.good()["officials.json"]))
    double = {**person, "id": "double", "name": "The Double", "citations": [
        {"pointer": "/name", "source_id": seedset.COPY}, {"pointer": "/other_names/0/name", "source_id": seedset.COPY},
        {"pointer": "", "source_id": seedset.COPY, "locator": "p. 2"}],
        "other_names": [{"name": "Twin", "kind": "alternative"}]}
    made = desk.post("/v1/officials", double)
    assert made.status == 201, made
    meeting = desk.post("/v1/meetings", {"id": "m", "name": "M", "participants": [
        {"official_id": "double", "side": "FR"}, {"official_id": person["id"], "side": "FR"}]})
    figure = desk.post("/v1/statements", {"id": "s", "text": "Said.", "official_id": "double"})
    assert meeting.status == figure.status == 201
    before = desk.get(f"/v1/officials/{person['id']}")
    total = private.get("/v1/officials?limit=1").json["count"]["value"]

    path = "/v1/officials/double/merge"
    assert desk.post(path, {"into": person["id"]}).status == 428
    assert desk.post(path, {"into": person["id"]}, If_Match='"x"').status == 412
    for body, pointer in [({}, "/into"), ({"into": 7}, "/into"), ({"into": "double"}, "/into"),
                          ({"into": "nobody"}, "/into"), ({"into": person["id"], "x": 1}, "")]:
        answer = desk.post(path, body, If_Match="*")
        assert answer.status == 422 and answer.json["errors"][0]["pointer"] == pointer, body

    merged = desk.post(path, {"into": person["id"]}, If_Match=made.headers["ETag"])
    assert merged.status == 200 and merged.json["id"] == person["id"], merged
    assert merged.json["revision"] == before.json["revision"] + 1
    names = [each["name"] for each in merged.json["other_names"]]
    assert names == [each["name"] for each in before.json["other_names"]] + ["The Double", "Twin"]
    count = len(before.json["other_names"])
    assert [(each["pointer"], each["source_id"]) for each in merged.json["citations"]] == [
        *((each["pointer"], each["source_id"]) for each in before.json["citations"]),
        (f"/other_names/{count}/name", seedset.COPY), (f"/other_names/{count + 1}/name", seedset.COPY),
        ("", seedset.COPY)]
    assert set(merged.json["source_ids"]) == {GAZETTE, seedset.COPY}

    assert [each["official_id"] for each in desk.get("/v1/meetings/m").json["participants"]] == [person["id"]] * 2
    assert desk.get("/v1/statements/s").json["official_id"] == person["id"]
    assert desk.get("/v1/meetings/m").json["revision"] == 2
    for method, body in [("GET", None), ("PUT", double), ("PATCH", {}), ("DELETE", None)]:
        moved = desk.send(method, "/v1/officials/double", body, If_Match="*")
        assert moved.status == 308 and moved.headers["Location"] == f"/v1/officials/{person['id']}", method
    assert desk.post(path, {"into": person["id"]}, If_Match="*").status == 410
    assert desk.post("/v1/officials", double).status == 409
    assert private.get("/v1/officials?limit=1").json["count"]["value"] == total - 1
    found = {row["id"] for row in private.get("/v1/search?q=double").json["data"]}
    assert person["id"] in found and "double" not in found
    assert {(row["type"], row["id"], row["action"]) for row in private.get("/v1/changes?by=merger").json["data"]
            if row["revision"] == private.get("/v1/changes").json["dataset"]["revision"]} == {
        ("official", person["id"], "updated"), ("meeting", "m", "updated"), ("statement", "s", "updated"),
        ("official", "double", "merged")}

    # What was merged before leads to where that went; and a circle is refused.
    assert desk.post("/v1/officials", {"id": "third", "name": "Third"}).status == 201
    assert desk.post(f"/v1/officials/{person['id']}/merge", {"into": "third"}, If_Match="*").status == 200
    assert desk.get("/v1/officials/double").headers["Location"] == "/v1/officials/third"
    desk.post("/v1/topics", {"id": "wide", "name": "Wide"})
    desk.post("/v1/topics", {"id": "narrow", "name": "Narrow", "broader_id": "wide"})
    assert desk.post("/v1/topics/wide/merge", {"into": "narrow"}, If_Match="*").status == 409
    assert desk.get("/v1/topics/wide").status == 200
    other = desk.post("/v1/topics/narrow/merge", {"into": "wide"}, If_Match="*")
    assert other.status == 200 and other.json["broader_id"] is None
    with sqlite3.connect(f"file:{private.store}?mode=ro", uri=True) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# ---- several at once ----

def test_a_key_makes_a_request_repeatable(seeded, desk):
    body = {"name": "Once"}
    made = desk.post("/v1/topics", body, Idempotency_Key="k-1")
    assert made.status == 201 and made.json["id"] == "once"
    changed = desk.patch("/v1/topics/once", {"name": "Changed since"}, If_Match=made.headers["ETag"])
    assert changed.status == 200
    again = desk.post("/v1/topics", body, Idempotency_Key="k-1")
    assert (again.status, again.body, again.headers["ETag"], again.headers["Location"]) == \
        (201, made.body, made.headers["ETag"], made.headers["Location"])
    for path, other in [("/v1/topics", {"name": "Other"}), ("/v1/places", body)]:
        answer = desk.post(path, other, Idempotency_Key="k-1")
        assert answer.status == 422 and answer.json["errors"][0]["header"] == "Idempotency-Key"
    assert desk.post("/v1/topics", body, Idempotency_Key="k-2").json["id"] == "once-2"
    another = Writer(seeded, seeded.token("write", "another"))  # keys of one client are none of another's
    assert another.post("/v1/topics", body, Idempotency_Key="k-1").json["id"] == "once-3"
    refused = desk.post("/v1/topics", {"nmae": 1}, Idempotency_Key="k-3")
    assert refused.status == 422
    assert desk.post("/v1/topics", {"name": "Mended"}, Idempotency_Key="k-3").status == 201
    assert desk.post("/v1/topics", body, Idempotency_Key="x" * 256).status == 400
    assert desk.post("/v1/topics", body, Idempotency_Key="").status == 400


def in_parallel(count, work):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return [each.result() for each in [pool.submit(work, number) for number in range(count)]]


@pytest.mark.parallel
def test_one_key_fifty_times_at_once_has_one_effect(start):
    private = start(seeds=None)
    token = private.token()
    answers = in_parallel(50, lambda _: Writer(private, token).post(
        "/v1/topics", {"name": "Only"}, Idempotency_Key="the-key"))
    assert {(answer.status, answer.body) for answer in answers} == {(201, answers[0].body)}
    assert [row["id"] for row in private.get("/v1/topics").json["data"]] == ["only"]
    assert private.get("/v1/changes").json["dataset"]["revision"] == 1


@pytest.mark.timeout(180)
def test_conditional_increments_add_up(start):
    """Eight writers, two hundred increments each of one number; who is too late tries again."""
    private = start(seeds=None)
    token = private.token()
    path = "/v1/meetings/counter"
    assert Writer(private, token).put(path, {"name": "Counter", "session_number": 0}).status == 201

    def increment(_):
        writer, done, late = Writer(private, token), 0, 0
        while done < 200:
            now = writer.get(path)
            answer = writer.patch(path, {"session_number": now.json["session_number"] + 1},
                                  If_Match=now.headers["ETag"], Prefer="return=minimal")
            assert answer.status in (204, 412), answer
            done += answer.status == 204
            late += answer.status == 412
        return late

    late = in_parallel(8, increment)
    final = private.get(path).json
    assert final["session_number"] == 1600 and final["revision"] == 1601
    assert sum(late) > 0, "nobody was ever too late: the writers did not race"


@pytest.mark.parallel
def test_writers_share_commits(start):
    """Group commit: many writers at once need far fewer transactions than writes."""
    private = start(seeds=None)
    token = private.token()

    def write(number):
        writer = Writer(private, token)
        return [writer.post("/v1/topics", {"id": f"t-{number}-{each}", "name": "T"}).status
                for each in range(20)]

    assert in_parallel(16, write) == [[201] * 20] * 16
    answer = private.get("/v1/topics?limit=1").json
    assert answer["count"]["value"] == 320
    assert answer["dataset"]["revision"] < 300
    changes = private.get("/v1/changes?limit=1000").json["data"]
    assert len(changes) == 320 and len({row["id"] for row in changes}) == 320


@pytest.mark.parallel
def test_a_bad_write_in_a_batch_fails_alone(start):
    private = start(seeds=None)
    token = private.token()

    def write(number):
        writer = Writer(private, token)
        body = {"id": f"t-{number}", "name": "T"} if number % 2 else {"id": f"t-{number}", "broader_id": "none"}
        return writer.post("/v1/topics", body).status

    assert in_parallel(32, write) == [422, 201] * 16
    ids = {row["id"] for row in private.get("/v1/topics").json["data"]}
    assert ids == {f"t-{number}" for number in range(1, 32, 2)}
    assert len(private.get("/v1/search?q=t").json["data"]) == 16
    with sqlite3.connect(f"file:{private.store}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT COUNT(*) FROM search_text").fetchone() == (32,)


@pytest.mark.parallel
def test_writes_that_fail_late_leave_the_others_alone(start):
    """A merge finds out while it writes that the other topic refers to the one that would go."""
    private = start(seeds=None)
    token = private.token()
    desk = Writer(private, token)
    wide = {"id": "wide", "name": "Wide", "other_names": [{"name": "Broad", "kind": "alternative"}]}
    narrow = {"id": "narrow", "name": "Narrow", "broader_id": "wide"}
    assert [desk.post("/v1/topics", body).status for body in (wide, narrow)] == [201, 201]

    def write(number):
        writer = Writer(private, token)
        return [writer.post("/v1/topics/wide/merge", {"into": "narrow"}, If_Match="*").status if number % 2 else
                writer.post("/v1/topics", {"id": f"t-{number}-{each}", "name": "T"}).status for each in range(5)]

    assert in_parallel(24, write) == [[201] * 5, [409] * 5] * 12
    topics = {row["id"]: row for row in private.get("/v1/topics?limit=1000").json["data"]}
    assert len(topics) == 62 and {row["revision"] for row in topics.values()} == {1}
    assert topics["narrow"]["other_names"] == []
    changes = private.get("/v1/changes?limit=1000").json["data"]
    assert len(changes) == 62 and {row["action"] for row in changes} == {"created"}
    with sqlite3.connect(f"file:{private.store}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT COUNT(*) FROM search_text").fetchone() == (2 * 62 + 1,)


# ---- the description ----

def test_seeds_fit_the_declared_bodies(contract):
    for collection, kind in oracle.TYPES.items():
        schema = {"$ref": f"#/components/schemas/{kind}_body"}
        for seed in seeds(collection):
            assert contract.validate(seed, schema) is None, seed["id"]
        assert contract.validate({**seed, "no_such_member": 1}, schema)
        assert contract.validate({**seed, "citations": [{"pointer": ""}]}, schema)
        patch = {"$ref": f"#/components/schemas/{kind}_patch"}
        assert contract.validate({"citations": None}, patch) is None
        assert contract.validate({"no_such_member": 1}, patch)


def test_every_operation_that_writes_is_described(contract):
    writing = {}
    for method, template, operation in contract.operations():
        if method != "get" and template.split("/")[2] in oracle.COLLECTIONS:
            writing.setdefault(template.replace("{id}", "*").split("/", 3)[2], []).append(
                (method, template.count("/"), operation))
            assert operation["security"] == [{"bearer": ["write"]}]
            statuses = set(operation["responses"])
            assert statuses >= {"401", "403", "409", "413", "429", "503", "507"}
            assert ("requestBody" in operation) == (method != "delete")
            assert (method == "delete" or "422" in statuses)
            wants_tag = {"412", "428", "308"} <= statuses
            assert wants_tag == ("If-Match" in contract.parameters(operation, "header"))
            assert wants_tag == (method != "post" or template.endswith("/merge"))
            assert ("201" in statuses) == (method == "put" or template.count("/") == 2)
    assert set(writing) == set(oracle.COLLECTIONS)
    assert all(sorted(method for method, *_ in each) == ["delete", "patch", "post", "post", "put"]
               for each in writing.values())


def test_declared_problems_of_writing_happen(seeded, desk):
    """Each status that the description has for a write to topics, but what only a broken disk makes."""
    reader = Writer(seeded, seeded.token("read", "only-reads"), desk.contract)
    nobody = Writer(seeded, None, desk.contract)
    desk.post("/v1/topics", {"id": "wider", "name": "W"})
    desk.post("/v1/topics", {"id": "under", "name": "U", "broader_id": "wider"})
    desk.post("/v1/topics", {"id": "buried", "name": "B"})
    desk.delete("/v1/topics/buried", If_Match="*")
    there = {"post": "/v1/topics", "put": "/v1/topics/wider", "patch": "/v1/topics/wider",
             "delete": "/v1/topics/wider", "merge": "/v1/topics/wider/merge"}
    bodies = {"post": {"id": "wider", "name": "W"}, "put": {"name": "W"}, "patch": {}, "delete": None,
              "merge": {"into": "under"}}
    for kind, path in there.items():
        method = "POST" if kind == "merge" else kind.upper()
        send = lambda who=desk, at=path, body=bodies[kind], If_Match="*", **fields: who.send(  # noqa: E731
            method, at, body, If_Match=If_Match, **fields)
        provoke = {
            "400": lambda: send(at=f"{path}?no_such=1"), "401": lambda: send(nobody), "403": lambda: send(reader),
            "404": lambda: send(at=path.replace("wider", "no-such-topic")),
            "409": lambda: send(), "410": lambda: send(at=path.replace("wider", "buried")),
            "412": lambda: send(If_Match='"stale"'), "413": lambda: send(body=b"x" * (1 << 21), Content_Type="application/json"),
            "414": lambda: send(at=f"{path}?x={'x' * 9000}"), "415": lambda: send(body=b"{}", Content_Type="text/csv"),
            "422": lambda: send(body={"nmae": 1}), "431": lambda: send(X_Long="x" * 13000),
            "428": lambda: desk.send(method, path, bodies[kind])}
        template = path.replace("wider", "{id}")
        declared = {status for status in desk.contract.document["paths"][template][method.lower()]["responses"]
                    if status[0] in "45"}
        assert declared <= provoke.keys() | {"429", "500", "503", "507"}
        # A PUT creates what is not there and brings back what was deleted; what a change refers to is no conflict.
        skipped = {"put": {"404", "409", "410"}, "patch": {"409"}}.get(kind, set())
        for status in sorted(declared & provoke.keys() - skipped):
            answer = provoke[status]()
            assert answer.status == int(status), (kind, status, answer)
            desk.close()


def test_what_is_cited_of_a_list_follows_its_elements(seeded, desk):
    """Where a merge makes two elements one, pointers to those behind it move, and the record can be sent back."""
    source = "2024-11-22-vns"
    for name in ("one", "two", "three", "four"):
        assert desk.post("/v1/topics", {"id": f"cited-{name}", "name": name.title()}).status == 201
    record = {"id": "cites-topics", "name": "Cites topics", "citations": [
                  {"pointer": f"/topic_ids/{index}", "source_id": source, "note": str(index)} for index in range(4)]
              + [{"pointer": "/topic_ids", "source_id": source}],
              "topic_ids": ["cited-two", "cited-one", "cited-three", "cited-four"]}
    assert desk.post("/v1/agreements", record).status == 201
    assert desk.post("/v1/topics/cited-two/merge", {"into": "cited-three"}, If_Match="*").status == 200
    found = desk.get("/v1/agreements/cites-topics").json
    assert found["topic_ids"] == ["cited-one", "cited-three", "cited-four"]
    assert {each["note"]: each["pointer"] for each in found["citations"]} == {
        "0": "/topic_ids/1", "1": "/topic_ids/0", "2": "/topic_ids/1", "3": "/topic_ids/2", None: "/topic_ids"}
    assert desk.put("/v1/agreements/cites-topics", found, If_Match="*").status == 200
