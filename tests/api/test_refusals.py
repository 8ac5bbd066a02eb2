"""What is asked wrongly is refused, named, and told the nearest right thing; nothing is ignored."""

import re
import urllib.parse

import pytest

import oracle
from oracle import COLLECTIONS

every = pytest.mark.parametrize("collection", COLLECTIONS)
LEAKS = re.compile(r"\bSELECT\b|\bFROM\b|\bWHERE\b|[Ss][Qq][Ll]|\.c:\d|/tmp/|/usr/|0x[0-9a-f]{6}|syntax error")

# Addresses of every kind, with a place for an id that exists.
LISTS = [f"/v1/{name}" for name in COLLECTIONS] + ["/v1/timeline", "/v1/trade-figures/series"]
UNDER = ["/v1/officials/chen-gang/meetings", "/v1/officials/chen-gang/counterparts",
         "/v1/posts/secretary-guangxi-party-committee/holders", "/v1/agreements/comprehensive-strategic-cooperative-partnership/timeline",
         "/v1/agreements/comprehensive-strategic-cooperative-partnership/sessions", "/v1/places/guangxi/meetings",
         "/v1/sources/2024-11-22-vns/facts"]
PLAIN = ["/", "/health", "/ready", "/metrics"]


def problem(answer, status):
    """The shape of RFC 9457, as the contract has it; the answer's members."""
    assert answer.status == status, answer
    assert answer.headers.get_content_type() == "application/problem+json", answer
    body = answer.json
    assert body.keys() <= {"type", "title", "status", "detail", "instance", "errors"}
    assert {"type", "title", "status", "detail", "instance"} <= body.keys()
    assert body["status"] == status and body["type"].startswith("/docs/problems/")
    assert body["title"] and body["detail"] and body["instance"]
    for fault in body.get("errors", []):
        assert fault["detail"] and len(fault.keys() & {"pointer", "parameter", "header"}) == 1, fault
    assert not LEAKS.search(answer.text), answer
    return body


def refused(api, path, parameter, *words):
    body = problem(api.get(path), 400)
    faults = [fault for fault in body["errors"] if fault["parameter"] == parameter]
    assert faults, body
    for word in words:
        assert word in faults[0]["detail"], faults
    return body


@every
def test_unknown_names(api, collection):
    path = f"/v1/{collection}"
    refused(api, f"{path}?limti=5", "limti", '"limit"')
    refused(api, f"{path}?xyzzyxyzzy=1", "xyzzyxyzzy")
    refused(api, f"{path}?revison=1", "revison", '"revision"')
    refused(api, f"{path}?revision__gtt=1", "revision__gtt", "operator")
    refused(api, f"{path}?sort=revison", "sort", '"revision"')
    refused(api, f"{path}?fields=id,revison", "fields", '"revision"')
    refused(api, f"{path}?facet=xyzzyxyzzy", "facet")
    refused(api, f"{path}?include=xyzzyxyzzy", "include")
    refused(api, f"{path}?offset=5", "offset")
    refused(api, f"{path}?LIMIT=5", "LIMIT")
    problem(api.get(f"{path}?=5"), 400)


@every
def test_every_field_mistyped_is_told(api, collection):
    for name in oracle.FIELDS[collection]:
        if len(name) < 4:
            continue
        wrong = name[:-2] + name[-1] + name[-2] if name[-1] != name[-2] else name + "x"
        body = refused(api, f"/v1/{collection}?fields={wrong}", "fields")
        assert f'"{name}"' in body["errors"][0]["detail"], (wrong, body)


@every
def test_wrong_values(api, collection):
    examples = {"date": "2025-02-30", "period": "2025-Q5", "enum": "xyzzyxyzzy", "country": "vn", "side": "both",
                "integer": "many", "decimal": "1,5", "currency": "us", "lang": "v", "time": "yesterday",
                "sha256": "abc", "url": "nowhere"}
    path = f"/v1/{collection}"
    for name, kind in oracle.FIELDS[collection].items():
        wrong = examples.get(kind, "Not An Id" if kind in oracle.REFERENCES else None)
        if wrong:
            query = urllib.parse.urlencode({name: wrong})
            refused(api, f"{path}?{query}", name)
            refused(api, f"{path}?{urllib.parse.urlencode({name + '__not': wrong})}", name + "__not")
            refused(api, f"{path}?{urllib.parse.urlencode({name + '__in': 'x,' + wrong})}", name + "__in")
        refused(api, f"{path}?{name}__isnull=perhaps", name + "__isnull")


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "1e2", "ten", "", "5.0", "0x10", "%2B5", "%205", "5%20", "99999999999999999999"])
def test_limits(api, limit):
    refused(api, f"/v1/meetings?limit={limit}", "limit", "1000")


def test_a_hundred_faults_are_told_and_the_rest_counted(api):
    answer = api.get("/v1/statements?" + "&".join("act__in=" + ",".join(["x"] * 100) for _ in range(3)))
    body = answer.json
    assert answer.status == 400 and len(body["errors"]) == 100 and body["error_count"] == 300


def test_the_nearest_is_looked_for_a_few_times(api):
    body = problem(api.get("/v1/statements?official__in=" + ",".join(["chen-geng"] * 50)), 400)
    suggested = ["did you mean" in fault["detail"] for fault in body["errors"]]
    assert suggested == [True] * 10 + [False] * 40


def test_vocabularies_are_told(api):
    refused(api, "/v1/meetings?status=hold", "status", '"held"')
    refused(api, "/v1/meetings?status=xyzzyxyzzy", "status", "proposed, tentative, confirmed, held")
    refused(api, "/v1/statements?act=propose", "act", '"proposed"')
    refused(api, "/v1/meetings?count=total", "count", "exact")


def test_every_fault_at_once(api):
    body = problem(api.get("/v1/meetings?limit=0&sort=nmae&statsu=held&status=hold&start_date__gte=soon&cursor=x&fields=a1"), 400)
    assert {fault["parameter"] for fault in body["errors"]} >= {
        "limit", "sort", "statsu", "status", "start_date__gte", "fields"}


@pytest.mark.parametrize("path", UNDER + ["/v1/timeline", "/v1/trade-figures/series"])
def test_sublists_refuse_too(api, path):
    assert api.get(path).status == 200, "the test's own example is not there"
    refused(api, f"{path}?xyzzyxyzzy=1", "xyzzyxyzzy")
    refused(api, f"{path}?limit=0", "limit")
    refused(api, f"{path}?sort=xyzzyxyzzy", "sort")
    refused(api, f"{path}?cursor=x", "cursor")


@every
def test_details_take_no_list_parameters(api, record, collection):
    path = f"/v1/{collection}/{next(iter(record[collection]))}"
    for query in "limit=1", "sort=id", "xyzzyxyzzy=1", "status=held":
        refused(api, f"{path}?{query}", query.split("=")[0])
    refused(api, f"{path}?fields=xyzzyxyzzy", "fields")


@pytest.mark.parametrize("path", PLAIN)
def test_plain_addresses_take_no_parameters(api, path):
    refused(api, f"{path}?xyzzyxyzzy=1", "xyzzyxyzzy")


@pytest.mark.parametrize("at", ["2025", "2025-02", "2025-02-30", "today", "", "2025-02-19T00:00:00Z", "2025-02-19~"])
def test_at_is_a_day(api, at):
    for path in "/v1/officials", "/v1/posts", "/v1/agreements", UNDER[2]:
        refused(api, f"{path}?at={at}", "at")


# ---- 404, 405, 406, slashes

@every
def test_a_mistyped_id(api, record, collection):
    for identity in list(record[collection])[:5]:
        wrong = identity[:-1] + ("x" if identity[-1] != "x" else "y")
        if wrong in record[collection]:
            continue
        body = problem(api.get(f"/v1/{collection}/{wrong}"), 404)
        suggested = re.search(r'did you mean "([^"]+)"\?', body["detail"])
        assert suggested and suggested[1] in record[collection], body
    for wrong in "zzzzzzzzzzzz", "Hà%20Nội", "%27%20OR%201=1", "a%2Fb", ".", "..", "%00", "a" * 3000, "-", "_":
        answer = api.get(f"/v1/{collection}/" + urllib.parse.quote(wrong, safe="%"))
        assert answer.status in {400, 404}, answer
        problem(answer, answer.status)


def test_what_hangs_under_nothing(api):
    for path in UNDER:
        parts = path.split("/")
        body = problem(api.get("/".join([*parts[:3], parts[3] + "x", *parts[4:]])), 404)
        assert f'"{parts[3]}"' in body["detail"], body


@pytest.mark.parametrize("wrong, right", [
    ("/v1/meeting", "/v1/meetings"), ("/v1/oficials", "/v1/officials"), ("/v1/trade_figures", "/v1/trade-figures"),
    ("/v1/timelin", "/v1/timeline"), ("/healt", "/health"), ("/v1/meetngs/x", "/v1/meetings")])
def test_a_mistyped_address(api, wrong, right):
    assert right in problem(api.get(wrong), 404)["detail"]


@pytest.mark.parametrize("path", ["/v1", "/v2/meetings", "/v1/meetings/x/y", "/v1//meetings", "/index.html", "/.git/config"])
def test_no_such_address(api, path):
    problem(api.get(path), 404)


def addresses(record):
    return LISTS + UNDER + PLAIN + [f"/v1/{name}/{next(iter(record[name]))}" for name in COLLECTIONS]


def allowed(answer):
    return {name.strip() for name in answer.headers["Allow"].split(",")}


def test_methods(api, record):
    for path in addresses(record):
        options = api.request("OPTIONS", path)
        assert options.status == 204 and options.body == b"", path
        assert {"GET", "HEAD", "OPTIONS"} <= allowed(options), path
        for method in {"POST", "PUT", "PATCH", "DELETE"} - allowed(options) | {"BREW", "PROPFIND"}:
            answer = api.request(method, path)
            problem(answer, 405)
            assert allowed(answer) == allowed(options), (method, path)


def test_head_is_get_without_its_body(api, record):
    changing = {"Date", "X-Request-Id", "Server-Timing"}
    for path in addresses(record) + ["/v1/meetings?limit=2", "/v1/nothing", "/v1/meetings?limit=0", "/v1/meetings/x"]:
        if path == "/metrics":
            continue
        got, head = api.get(path), api.request("HEAD", path)
        assert head.status == got.status and head.body == b"", path
        if got.status == 200:
            assert head.headers["Content-Length"] == str(len(got.body)), path
        for name in set(got.headers) - changing - ({"Content-Length"} if got.status != 200 else set()):
            assert head.headers.get_all(name) == got.headers.get_all(name), (path, name)


@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/timeline", "/v1/trade-figures/series", "/v1/places/guangxi", UNDER[0]])
def test_formats_there_are_not(api, path):
    for extension in "xlsx", "jsonx", "JSON7", "pdf":
        problem(api.get(f"{path}.{extension}"), 406)
    for accept in "application/xml", "image/*", "text/x-nothing", "application/json;q=0":
        problem(api.request("GET", path, headers={"Accept": accept}), 406)
    for accept in "*/*", "application/*", "application/json", "text/html;q=0.9, */*;q=0.1", "application/xml, application/json":
        assert api.request("GET", path, headers={"Accept": accept}).status == 200, accept


@pytest.mark.parametrize("path", ["/", "/v1/meetings", "/v1/timeline", "/v1/export", "/v1/places/guangxi", "/v1/changes",
                                  "/v1/search?q=guangxi"])
def test_an_accept_field_that_names_nothing_refuses_nothing(api, path):
    """It may be empty, or hold empty elements only (RFC 9110, 5.6.1 and 12.5.1)."""
    plain = api.get(path)
    for accept in "", ",", " , ,":
        answer = api.get(path, {"Accept": accept})
        assert (answer.status, answer.headers["Content-Type"]) == (200, plain.headers["Content-Type"]), accept


def test_the_extension_wins(api):
    assert api.request("GET", "/v1/meetings.json", headers={"Accept": "application/xml"}).status == 200


def test_a_slash_too_many(api):
    for path in ("/v1/meetings", "/v1/places/guangxi", UNDER[0], "/health"):
        answer = api.get(path + "/?limit=1")
        assert answer.status == 308 and answer.headers["Location"] == path + "?limit=1", answer


# ---- hostile values

HOSTILE = ["'", "''", "\"", "' OR '1'='1", "'; DROP TABLE meeting; --", "1) UNION SELECT secret FROM store --", "%", "_",
           "%%%%%%%%%%", "\\", "\\'", "*", "?", "NEAR(", "a AND b", "col:x", "^a", "$", "?1", ":a", "@a", "${x}", "{{x}}",
           "<script>alert(1)</script>", "../../../etc/passwd", "file:///etc/passwd", "\r\nX-Evil: 1", "\t", "é" * 100,
           "đ", "e\u0301", "\u202e", "\ufeff", "🦆", "NULL", "null", "None", "true", "0", "-0", "1e999", "NaN", "9" * 100,
           "%" * 300, "_" * 300, "\\" * 300, "[]", "{}", ",", ",,,,", "a,b", "=", "&", "#", ";", "|", "`id`", "$(id)", "x" * 300, "x" * 301, "x" * 3000]


@every
def test_hostile_values_never_fail_it(api, collection):
    fields = ["id", *oracle.FIELDS[collection], "revision", "sort", "fields", "facet", "limit", "cursor", "count", "at",
              "place", "official", "source", "side"]
    connection = api.connect()
    for name in fields:
        for text in HOSTILE:
            for op in "", "__contains", "__in", "__not":
                if op and name in {"sort", "fields", "facet", "limit", "cursor", "count", "at"}:
                    continue
                connection.request("GET", f"/v1/{collection}?" + urllib.parse.urlencode({name + op: text, "limit": "1"})
                                   if name != "limit" else f"/v1/{collection}?" + urllib.parse.urlencode({name: text}))
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status in {200, 400}, (name + op, text, answer.status, body[:300])
                # What was asked may be said again; of the store nothing may be said.
                said = body.decode().replace("SELECT secret FROM store", "")
                assert answer.status == 200 or not LEAKS.search(said), body
                assert not answer.headers["X-Evil"]
    connection.close()


def test_hostile_names(api):
    for text in HOSTILE:
        for query in urllib.parse.urlencode({text: "x"}), urllib.parse.urlencode({"status__" + text: "x"}), \
                urllib.parse.urlencode({text + "__not": "x"}):
            answer = api.get("/v1/meetings?" + query)
            assert answer.status in {400, 414}, (query, answer)


def many_ids(count):
    return "/v1/meetings?id__in=" + ",".join(f"a{number}" for number in range(count))


def test_many_thousand_ids(api):
    problem(api.get(many_ids(2000)), 414)


@pytest.mark.parametrize("count", [10000, 100000])
def test_more_ids_than_the_library_reads(api, count):
    """The request line is beyond libmicrohttpd's own memory: it answers itself, and hangs up."""
    answer = api.get(many_ids(count))
    assert answer.status in {414, 431} and answer.headers["connection"] == "close", answer


def test_many_values_and_filters(api):
    problem(api.get("/v1/meetings?id__in=" + ",".join(f"a{number}" for number in range(101))), 400)
    assert api.get("/v1/meetings?id__in=" + ",".join(f"a{number}" for number in range(100))).status == 200
    problem(api.get("/v1/meetings?" + "&".join("status=held" for _ in range(41))), 400)
    for name, value in ("source_ids", "2024-11-22-vns"), ("place", "viet-nam"), ("start_date", "2025"):
        for count, status in (3, 200), (4, 400), (40, 400):
            query = "&".join(f"{name}__in=" + ",".join([value[:4] if count == 40 else value] * 100) for _ in range(count))
            assert api.get("/v1/meetings?" + query[:8000]).status == status, (name, count)
    problem(api.get("/v1/meetings?" + "&".join("status=held" for _ in range(300))), 400)
