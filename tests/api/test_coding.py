"""Compressed answers: who gets one, what it says, and what caches and validators make of it."""

import gzip
import re
import socket
import sys

import pytest

sys.path.append(str(__import__("pathlib").Path(__file__).parent / "raw_http"))
from test_raw_http import drain, parse  # noqa: E402

LONG = ["/v1/meetings", "/v1/meetings/2025-02-19-bui-thanh-son-chen-gang-talks?include=statements",
        "/v1/search?q=guangxi", "/openapi.json", "/docs", "/assets/docs.css",
        "/v1/sources/2025-11-27-van/facts"]
GZIP = {"Accept-Encoding": "gzip"}


def talk(api, data):
    with socket.create_connection((api.host, api.port), timeout=10) as client:
        client.sendall(data)
        return drain(client)


def vary(answer):
    assert len(answer.headers.get_all("Vary") or []) <= 1, "one field, so that no cache misses half"
    return {name.strip().lower() for name in (answer.headers["Vary"] or "").split(",")}


@pytest.mark.parametrize("path", LONG)
def test_the_same_text_in_fewer_bytes(api, path):
    plain, packed = api.get(path), api.get(path, GZIP)
    assert plain.headers["Content-Encoding"] is None and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(plain.body) >= 1024 and len(packed.body) < len(plain.body) * 0.6
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    for answer in plain, packed:
        assert "accept-encoding" in vary(answer)


@pytest.mark.parametrize("field, packed", [
    ("gzip, deflate, br", True), ("*", True), ("GZIP;q=0.5", True), ("identity;q=0, *;q=0.5", True),
    ("gzip;q=0", False), ("identity, gzip;q=0.5", False), ("br", False), ("*;q=0", False), ("", False)])
def test_who_accepts_it(api, field, packed):
    answer = api.get("/v1/meetings", {"Accept-Encoding": field})
    assert (answer.headers["Content-Encoding"] == "gzip") == packed


def test_short_texts_are_left_alone_but_vary(api):
    answer = api.get("/v1/meetings?limit=1&fields=id", GZIP)
    assert len(answer.body) < 1024 and answer.headers["Content-Encoding"] is None
    assert "accept-encoding" in vary(answer)


def test_a_long_problem_is_compressed_too(api):
    path = "/v1/meetings?" + "&".join(f"unknown{i}=x" for i in range(30))
    assert gzip.decompress(api.get(path, GZIP).body).startswith(b'{"type":"/docs/problems/bad-request"')


@pytest.mark.parametrize("path", [path for path in LONG if not path.startswith("/docs/")])
def test_each_coding_has_its_tag_and_each_tag_proves_the_state(api, path):
    plain, packed = (api.get(path, fields).headers["ETag"] for fields in ({}, GZIP))
    assert plain != packed and all(re.fullmatch(r'"[\x21\x23-\x7e]+"', tag) for tag in (plain, packed))
    for fields, own in ({}, plain), (GZIP, packed):
        for sent in plain, packed, f"W/{plain}", f'"x", {packed}':
            answer = api.get(path, {**fields, "If-None-Match": sent})
            assert answer.status == 304 and answer.body == b"", sent
            # The tag sent names the copy that is meant (RFC 9111, 4.3.4).
            assert answer.headers["ETag"] == (packed if packed in sent else plain)
            assert "accept-encoding" in vary(answer)
        assert api.get(path, {**fields, "If-None-Match": "*"}).headers["ETag"] == own
        both = api.get(path, {**fields, "If-None-Match": f"{plain}, {packed}"})
        assert both.status == 304 and both.headers["ETag"] == own
        assert api.get(path, {**fields, "If-None-Match": own[:-1] + 'x"'}).status == 200
        assert api.get(path, {**fields, "If-None-Match": own[:-1] + '-gz-gz"'}).status == 200


def test_head_and_304_tell_what_get_would(api):
    """By a raw socket: a client library would not show a body that must not be there."""
    for field in b"identity", b"gzip":
        full = api.get("/v1/meetings", {"Accept-Encoding": field.decode()})
        ask = b"%s /v1/meetings HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + field + b"\r\n%s\r\n"
        tag = full.headers["ETag"].encode()
        data = talk(api, ask % (b"HEAD", b"") + ask % (b"GET", b"If-None-Match: " + tag + b"\r\n")
                    + ask % (b"GET", b"Connection: close\r\n"))
        head, unchanged, get = parse(data, methods=("HEAD", "GET", "GET"))
        assert (head.status, unchanged.status, get.status) == (200, 304, 200)
        assert get.body == full.body
        for name in "etag", "content-length", "vary", "cache-control":
            assert head.fields[name] == get.fields[name] == unchanged.fields[name], name
        for name in "content-type", "content-encoding":
            assert head.fields[name] == get.fields[name], name


def test_vary_names_each_field_once_whatever_the_answer_depends_on(start):
    private = start("--cors-origin", "https://a.example")
    assert vary(private.get("/")) == {"accept", "accept-encoding", "origin"}
    assert {"accept-encoding", "origin"} <= vary(private.get("/v1/meetings", GZIP))
    assert "accept" in vary(private.get("/v1/meetings")), "406 or JSON, by Accept"
    assert "accept" not in vary(private.get("/v1/meetings.json")), "the extension has decided"
