"""What a patch and its address may say: every name is checked, and nothing is ignored."""

import pytest

from contract import Contract
from daemon import Daemon
from writer import Writer, from_elsewhere


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("patches"), seeds=None)
    one = Writer(daemon, daemon.token(), Contract(daemon))
    assert one.put("/v1/meetings/talks", {"name": "Talks", "start_date": "2025-02-19"}).status == 201
    yield one
    daemon.check()
    daemon.stop()


@pytest.mark.parametrize("patch, pointers", [
    ({"descripton": None}, ["/descripton"]), ({"id": None}, ["/id"]), ({"type": None}, ["/type"]),
    ({"name": None}, ["/name"]), ({"start_date_precision": None}, ["/start_date_precision"]),
    ({"revision": 99}, ["/revision"]), ({"updated_at": "2025-01-01T00:00:00Z", "nmae": None}, ["/nmae", "/updated_at"]),
    ({"start_date": None, "start_date_precision": "day"}, ["/start_date_precision"]),
])
def test_each_name_of_a_patch_is_checked(desk, patch, pointers):
    answer = desk.patch("/v1/meetings/talks", patch, If_Match="*")
    assert answer.status == 422 and sorted(each["pointer"] for each in answer.json["errors"]) == pointers, answer
    assert desk.get("/v1/meetings/talks").json["revision"] == 1


@pytest.mark.parametrize("patch, precision", [
    ({"start_date": "2025-33", "end_date": None}, "quarter"), ({"start_date": None, "start_date_precision": None}, None),
    ({"start_date": "2025-02-19", "start_date_precision": "day"}, "day"),
])
def test_precision_follows_the_date(desk, patch, precision):
    before = desk.get("/v1/meetings/talks")
    answer = desk.patch("/v1/meetings/talks", patch, If_Match=before.headers["ETag"])
    assert answer.status == 200 and answer.json["start_date_precision"] == precision, answer
    same = desk.patch("/v1/meetings/talks", answer.json, If_Match="*")  # as it was served
    assert same.status == 200 and same.body == answer.body
    desk.put("/v1/meetings/talks", {"name": "Talks", "start_date": "2025-02-19"}, If_Match="*")


@pytest.mark.parametrize("method, path, body", [
    ("POST", "/v1/topics.csv", {"name": "Csv"}), ("PUT", "/v1/topics/fresh.ndjson", {"name": "Fresh"}),
    ("PATCH", "/v1/meetings/talks.xyz", {}), ("DELETE", "/v1/meetings/talks.ics", None)])
def test_writes_have_no_other_format(desk, method, path, body):
    """An extension that is not understood must not be read as the record without it."""
    answer = desk.send(method, path, body, If_Match="*")
    assert answer.status == 406 and answer.headers.get_content_type() == "application/problem+json", answer
    assert desk.get("/v1/topics").json["data"] == [] and desk.get("/v1/meetings/talks").status == 200
    changed = desk.patch("/v1/meetings/talks.json", {}, If_Match="*")
    assert changed.status == 200 and changed.json["id"] == "talks"


def test_a_list_of_tags_in_several_lines(desk):
    """RFC 9110, 5.3: fields of one name are one list."""
    tag = desk.get("/v1/meetings/talks").headers["ETag"]

    def send(*tags):
        headers = [("Authorization", f"Bearer {desk.token}"), ("Content-Type", "application/json")]
        return from_elsewhere(desk.daemon, "PATCH", "/v1/meetings/talks", headers + [("If-Match", each) for each in tags])

    assert send('"other"', tag).status == 200 and send(tag, '"other"').status == 200
    assert send('"other"', '"another"').status == 412


def test_what_is_wrong_is_told_where_it_is_cut(desk):
    """A value is shown as far as 60 bytes go; what falls into a letter must not silence the whole."""
    word = "x" * 59 + "ệ" * 9
    answer = desk.patch("/v1/meetings/talks", {"status": word}, If_Match="*")
    assert answer.status == 422 and f'"{word[:59]}" is not a value of status' in answer.json["errors"][0]["detail"]
    answer = desk.get("/v1/meetings?status=" + "x" * 59 + "%E1%BB%87" * 9)
    assert answer.status == 400 and "is not a value of status" in answer.json["errors"][0]["detail"]


def test_what_is_stored_can_be_exported_and_imported(desk):
    """A short body may make a long record, for what is not given is written as null."""
    assert desk.put("/v1/posts/post", {"label": "Post"}).status == 201

    def official(count):
        tenures = [{"post_id": "post", "attested": [{"date": "2024"}] * 1000}] * count
        return {"id": f"long-{count}", "name": "Long", "tenures": tenures}

    answer = desk.post("/v1/officials", official(30))  # 0.6 MB as sent, 1.7 MB as it would be stored
    assert answer.status == 422 and [each["pointer"] for each in answer.json["errors"]] == [""], answer
    assert "megabyte" in answer.json["detail"]
    made = desk.post("/v1/officials", official(10))
    assert made.status == 201 and len(made.body) < 1 << 20
    lines = desk.get("/v1/export").body
    again = desk.send("POST", "/v1/import", lines, Content_Type="application/x-ndjson")
    assert again.status == 200 and again.json["unchanged"] == again.json["records"] > 1
