"""What HTTP itself promises: validators, caching, CORS, base path, harmless headers."""

import calendar
import re
import time
import urllib.parse

import pytest

import seedset
from oracle import COLLECTIONS

LISTS = [f"/v1/{name}" for name in COLLECTIONS] + [
    "/v1/timeline", "/v1/trade-figures/series", "/v1/places/guangxi/meetings", "/v1/officials/chen-gang/counterparts",
    "/v1/posts/chairman-guangxi/holders", "/v1/sources/2024-11-22-vns/facts", "/v1/meetings?status=held&limit=2"]
DETAILS = ["/v1/places/guangxi", "/v1/officials/chen-gang", "/v1/sources/2024-11-22-vns"]
every = pytest.mark.parametrize("path", LISTS + DETAILS)


def seconds(text):
    return calendar.timegm(time.strptime(text, "%a, %d %b %Y %H:%M:%S GMT"))


@every
def test_etag_is_strong_and_answers_304(api, path):
    first = api.get(path)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', tag)
    assert api.get(path).headers["ETag"] == tag
    for field in (tag, f'"x", {tag}', f"W/{tag}", "*", f'{tag} , "y"'):
        again = api.get(path, headers={"If-None-Match": field})
        assert again.status == 304 and again.body == b"", field
        for name in "ETag", "Cache-Control", "Vary":
            assert again.headers[name] == first.headers[name], name
        assert again.headers["Content-Type"] is None
    for field in '"x"', tag[:-2] + '"', tag.strip('"'), "":
        assert api.get(path, headers={"If-None-Match": field}).status == 200, field
    assert api.request("HEAD", path, headers={"If-None-Match": tag}).status == 304


@pytest.mark.parametrize("path", ["/", "/openapi.json", "/docs", "/docs/problems", "/docs/problems/not-found", "/assets/docs.css"])
def test_documents_have_a_tag_too(api, path):
    tags = {}
    for accept in "text/html", "application/json":
        answer = api.get(path, {"Accept": accept})
        tags.setdefault(answer.body, answer.headers["ETag"])
        assert re.fullmatch(r'"[\x21\x23-\x7e]+"', tags[answer.body])
        assert api.get(path, {"Accept": accept, "If-None-Match": tags[answer.body]}).status == 304
    assert len(set(tags.values())) == len(tags), "another text has another tag"


def test_a_field_in_several_lines_is_one_list(api):
    """RFC 9110, 5.3: whoever stands between may have split it."""
    tag = api.get("/v1/meetings").headers["ETag"]

    def answer(*fields):
        connection = api.connect()
        connection.putrequest("GET", "/v1/meetings")
        for name, value in fields:
            connection.putheader(name, value)
        connection.endheaders()
        found = connection.getresponse()
        found.read()
        connection.close()
        return found

    assert answer(("Accept", "image/png"), ("Accept", "text/csv")).headers["Content-Type"].startswith("text/csv")
    assert answer(("Accept", "image/png"), ("accept", "image/gif")).status == 406
    assert answer(("If-None-Match", '"x"'), ("If-None-Match", tag)).status == 304
    packed = answer(("Accept-Encoding", "br"), ("X-Other", "1"), ("ACCEPT-ENCODING", "gzip"))
    assert packed.headers["Content-Encoding"] == "gzip"


@every
def test_last_modified(api, path):
    answer = api.get(path)
    modified = answer.headers["Last-Modified"]
    assert seconds(modified) <= seconds(answer.headers["Date"])
    if path in DETAILS:
        assert seconds(modified) == calendar.timegm(time.strptime(answer.json["updated_at"][:19], "%Y-%m-%dT%H:%M:%S"))
    # If-None-Match wins over If-Modified-Since (RFC 9110, 13.1.3).
    both = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert api.get(path, headers=both).status == 200
    assert api.get(path, headers={"If-Modified-Since": modified}).status == 304
    assert api.get(path, headers={"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status == 200
    assert api.get(path, headers={"If-Modified-Since": "yesterday"}).status == 200


@every
def test_shared_caches_may_keep_it(api, path):
    control = api.get(path).headers["Cache-Control"]
    assert "public" in control and re.search(r"\b(s-maxage|max-age)=\d+", control)
    assert "private" not in control and "no-store" not in control


def test_one_address_with_two_bodies_has_two_tags(api):
    """A tag may be shared by addresses, but a strong one never by two bodies of one address."""
    plain, named = api.get("/v1/places/guangxi"), api.get("/v1/places/guangxi.json")
    assert (plain.headers["ETag"] == named.headers["ETag"]) <= (plain.body == named.body)


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_status_is_not_kept(api, path):
    assert "no-store" in api.get(path).headers["Cache-Control"]


@every
def test_caches_in_front_may_serve_it_while_they_ask_again(api, path):
    control = dict(part.strip().partition("=")[::2] for part in api.get(path).headers["Cache-Control"].split(","))
    assert {"public", "max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"} <= control.keys()
    assert 0 < int(control["s-maxage"]) <= 60 and int(control["max-age"]) <= int(control["s-maxage"])


@pytest.mark.parametrize("path, keys", [
    ("/v1/meetings?status=held", "meetings record"), ("/v1/trade-figures", "trade-figures record"),
    ("/v1/places/guangxi", "place/guangxi places record"),
    ("/v1/officials/chen-gang.json?fields=name", "official/chen-gang officials record"),
    ("/v1/officials/chen-gang/meetings", "official/chen-gang meetings record"),
    ("/v1/agreements/smart-border-gate-pilot/sessions", "agreement/smart-border-gate-pilot"),
    ("/v1/search?q=guangxi", "record"), ("/v1/meetings/nothing", None), ("/health", None)])
def test_surrogate_keys(api, path, keys):
    sent = api.get(path).headers["Surrogate-Key"]
    assert (sent is None) == (keys is None)
    assert set((keys or "").split()) <= set((sent or "").split())
    assert keys is None or sent.split()[-1] == "record" and len(sent) < 200


@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/meetings/nothing", "/health", "/openapi.json"])
def test_server_timing(api, path):
    spent = re.match(r"total;dur=(\d+\.\d\d)(, |$)", api.get(path).headers["Server-Timing"])
    assert 0 <= float(spent[1]) < 5000


def test_a_request_id_is_ours_alone(api):
    sent = "11111111-1111-4111-8111-111111111111"
    assert api.get("/health", {"X-Request-Id": sent}).headers["X-Request-Id"] != sent


def test_problems_are_not_kept_for_long(api):
    for path in "/v1/nothing", "/v1/meetings/x", "/v1/meetings?limit=0":
        control = api.get(path).headers["Cache-Control"]
        assert control == "no-store", (path, control)
        assert api.get(path).headers["ETag"] is None


@every
def test_cors(api, path):
    answer = api.request("GET", path, headers={"Origin": "https://reader.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = {name.strip().lower() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"link", "etag", "location", "retry-after"} <= exposed
    assert answer.headers["Access-Control-Allow-Credentials"] is None
    problem = api.request("GET", path + "x/y/z", headers={"Origin": "https://reader.example"})
    assert problem.status in {400, 404} and problem.headers["Access-Control-Allow-Origin"] == "*"


def test_cors_preflight(api):
    answer = api.request("OPTIONS", "/v1/meetings", headers={
        "Origin": "https://reader.example", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match"})
    assert answer.status == 204 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


def test_cors_of_a_list(start):
    private = start("--cors-origin", "https://a.example,https://b.example", seeds=None)
    for origin, wanted in (("https://a.example", "https://a.example"), ("https://b.example", "https://b.example"),
                           ("https://c.example", None), ("https://a.example.evil", None), ("null", None)):
        answer = private.request("GET", "/v1/meetings", headers={"Origin": origin})
        assert answer.status == 200 and answer.headers["Access-Control-Allow-Origin"] == wanted, origin
        assert "Origin" in (answer.headers["Vary"] or ""), origin


def test_every_answer_has_the_common_fields(api):
    ids = set()
    for path in LISTS + DETAILS + ["/health", "/v1/nothing", "/v1/meetings?limit=0"]:
        answer = api.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Date"] and answer.headers["Content-Length"] == str(len(answer.body))
        assert not re.search(r"\d", answer.headers["Server"] or ""), "no version is told"
        ids.add(answer.headers["X-Request-Id"])
        if answer.status >= 400:
            assert answer.headers["X-Request-Id"] in answer.json["instance"]
    assert len(ids) == len(LISTS + DETAILS) + 3


# ---- base path

@pytest.fixture(scope="module")
def based(tmp_path_factory):
    from daemon import Daemon
    running = Daemon(tmp_path_factory.mktemp("based"), "--base-path", "/record/of")
    yield running
    running.stop()


def test_links_work_below_a_base_path(based):
    assert based.url.endswith("/record/of/")
    answer = based.get("/record/of/v1/statements?limit=5")
    assert answer.json["links"]["self"] == "/record/of/v1/statements?limit=5"
    assert answer.headers.get_all("Link") and "</record/of/v1/" in ",".join(answer.headers.get_all("Link"))
    following = based.get(answer.json["links"]["next"])
    assert following.status == 200
    assert based.get(following.json["links"]["prev"]).json["data"] == answer.json["data"]
    slash = based.get("/record/of/v1/statements/")
    assert slash.status == 308 and slash.headers["Location"] == "/record/of/v1/statements"
    index = based.request("GET", "/record/of/", headers={"Accept": "application/json"}).json
    assert all(based.get(each["href"]).status == 200 for each in index["collections"])


def test_links_of_the_page_work_below_a_base_path(based):
    page = based.request("GET", "/record/of/", headers={"Accept": "text/html"})
    assert page.status == 200 and page.headers.get_content_type() == "text/html"
    links = [link for link in re.findall(r'(?:href|src)="([^"]+)"', page.text) if not link.startswith(("http", "#", "data:"))]
    assert links
    for link in links:
        address = urllib.parse.urljoin("/record/of/", link)
        assert address.startswith("/record/of/") and based.get(address).status == 200, link


def test_nothing_is_outside_the_base_path(based):
    for path in "/", "/v1/meetings", "/health", "/record", "/record/ofx/v1/meetings", "/record/of../v1/meetings":
        assert based.get(path).status == 404, path
    missing = based.get("/record/of/v1/nothing").json
    assert missing["type"].startswith("/record/of/docs/problems/") or missing["type"].startswith("/docs/problems/")


def test_an_etag_changes_with_the_record(start, tmp_path):
    folder = seedset.write(tmp_path / "seeds", seedset.good())
    first = start(seeds=folder, store=tmp_path / "store")
    before = {path: first.get(path).headers["ETag"] for path in ("/v1/topics", "/v1/topics/trade", "/v1/topics/duck-soup")}
    first.stop()
    data = seedset.good()
    data["topics.json"][0]["name"] = "Commerce"
    second = start(seeds=seedset.write(folder, data), store=tmp_path / "store")
    after = {path: second.get(path).headers["ETag"] for path in before}
    assert [before[path] != after[path] for path in before] == [True, True, False]
