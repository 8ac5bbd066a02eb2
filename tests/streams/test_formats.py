"""Whole lists as NDJSON and CSV: the same rows as the pages of JSON, in every list there is."""

import csv
import gzip
import io
import itertools
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

import seedset
from api_client import client_of
from oracle import COLLECTIONS

NDJSON, CSV = "application/x-ndjson", "text/csv"
GZIP = {"Accept-Encoding": "gzip"}
# Besides the collections: lists of views, and what hangs under records.
OTHERS = ["/v1/timeline", "/v1/trade-figures/series", "/v1/conflicts"]
UNDER = {"officials": ["meetings", "counterparts"], "posts": ["holders"], "places": ["meetings"],
         "agreements": ["timeline", "sessions"], "sources": ["facts"]}
LISTS = [f"/v1/{name}" for name in COLLECTIONS] + OTHERS
every = pytest.mark.parametrize("path", LISTS)


def exactly(text):
    """JSON with its numbers as they are spelt, so that 3.30 is not 3.3."""
    return json.loads(text, parse_float=lambda digits: ("number", digits),
                      parse_int=lambda digits: ("number", digits))


def pages(client, path, query=""):
    """All rows of a list in JSON, page by page."""
    rows, target = [], f"{path}?limit=7&{query}"
    while target:
        client.connection.request("GET", target)
        answer = client.connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        rows += exactly(text)["data"]
        target = json.loads(text)["links"]["next"]
    return rows


def fetch(client, path, query="", headers=()):
    client.connection.request("GET", path + ("?" + query if query else ""), headers=dict(headers))
    answer = client.connection.getresponse()
    return answer, answer.read()


def lines(body):
    """NDJSON taken apart: each line ends, and is one object."""
    text = body.decode("utf-8")
    assert text == "" or text.endswith("\n")
    return [exactly(line) for line in text.split("\n")[:-1]]


def cells(body):
    """CSV taken apart by RFC 4180 alone: (cell, whether it was quoted), row by row."""
    text, at, rows, row = body.decode("utf-8"), 0, [], []
    assert text.endswith("\r\n")
    while at < len(text):
        quoted, cell = text[at] == '"', ""
        if quoted:
            at += 1
            while text[at] != '"' or text[at + 1] == '"':
                at += 1 + (text[at] == '"')
                cell += text[at - 1]
            at += 1
        else:
            while text[at] not in ",\r":
                assert text[at] not in '"\n'
                cell, at = cell + text[at], at + 1
        row.append((cell, quoted))
        if text[at] == ",":
            at += 1
        else:
            assert text[at:at + 2] == "\r\n"
            at, rows, row = at + 2, [*rows, row], []
    return rows


def compact(value):
    """JSON without blanks, numbers as they were spelt."""
    if isinstance(value, tuple):
        return value[1]
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{compact(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def as_cell(name, value):
    """What a member's cell must be."""
    if value is None:
        return "", False
    if isinstance(value, bool):
        return str(value).lower(), False
    if isinstance(value, tuple):
        return value[1], False
    if isinstance(value, list) and name.endswith("_ids"):
        return " ".join(value), True
    return (value if isinstance(value, str) else compact(value)), True


def check_csv(body, rows, names=None):
    head, *found = cells(body)
    assert all(quoted for _, quoted in head)
    columns = [name for name, _ in head]
    if rows:
        assert columns == (names or list(rows[0]))
    assert len(found) == len(rows)
    for line, row in zip(found, rows):
        assert line == [as_cell(name, row[name]) for name in columns]
    # and as a program that knows nothing of us reads it
    other = list(csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True))
    assert other == [[cell for cell, _ in line] for line in [head, *found]]


def check_both(client, path, query=""):
    rows = pages(client, path, query)
    answer, body = fetch(client, path + ".ndjson", query)
    assert answer.status == 200 and lines(body) == rows
    answer, body = fetch(client, path + ".csv", query)
    assert answer.status == 200
    check_csv(body, rows)
    return rows


@every
def test_every_list_is_the_same_in_all_formats(client, path):
    assert check_both(client, path)


@pytest.mark.parametrize("owner", UNDER)
def test_so_is_what_hangs_under_records(client, owner):
    found = {name: 0 for name in UNDER[owner]}
    for identity in client.ids(f"/v1/{owner}")[:25]:
        for name in found:
            found[name] += len(check_both(client, f"/v1/{owner}/{identity}/{name}"))
    assert all(found.values()), "no row anywhere proves nothing"


@pytest.mark.parametrize("path, query", [
    ("/v1/meetings", "official=chen-gang&sort=name"),
    ("/v1/meetings", "start_date__gte=2025-01&sort=-name,start_date"),
    ("/v1/statements", "q=border+gate&side=VN"),
    ("/v1/statements", "act__in=proposed,agreed&sort=date,-id"),
    ("/v1/officials", "q=th%C3%A0nh"),
    ("/v1/places", "country=CN&sort=-id"),
    ("/v1/trade-figures", "value__gt=1&sort=value"),
    ("/v1/sources/2025-11-27-van/facts", "type=trade_figure&pointer="),
    ("/v1/timeline", "sort=name"),
    ("/v1/posts/secretary-guangxi-party-committee/holders", "at=2024-11-21"),
    ("/v1/meetings", "name=none+at+all"),
])
def test_under_filters_and_orders(client, path, query):
    rows = check_both(client, path, query)
    assert bool(rows) == ("none" not in query)


@every
def test_fields(client, path):
    names = list(pages(client, path)[0])
    asked = [names[-1], names[0], names[len(names) // 2]]
    rows = pages(client, path, "fields=" + ",".join(asked))
    assert rows and rows[0].keys() == set(asked)
    _, body = fetch(client, path + ".ndjson", "fields=" + ",".join(asked))
    assert lines(body) == rows
    _, body = fetch(client, path + ".csv", "fields=" + ",".join(asked + asked[:1]))
    check_csv(body, rows, asked)  # in the order asked for, each once


@pytest.mark.parametrize("query", ["q=guangxi", "q=vi+thao&type=official", "q=border&limit=3", "q=zzzzzz"])
def test_search(checked, query):
    rows = exactly(checked(f"/v1/search?{query}").text)["data"]
    assert bool(rows) == ("zz" not in query)
    assert lines(checked(f"/v1/search.ndjson?{query}").body) == rows
    check_csv(checked(f"/v1/search.csv?{query}").body, rows)
    assert checked(f"/v1/search.csv?{query}&fields=id").status == 400
    assert checked(f"/v1/search.ics?{query}").status == 406


def test_limit_and_cursor(client):
    everything = client.ids("/v1/statements")
    page = client.list("/v1/statements", limit=10, fields="id")
    def ids(query):
        answer, body = fetch(client, "/v1/statements.ndjson", query)
        assert answer.status == 200, body
        return [row["id"] for row in lines(body)]
    assert ids("limit=3") == everything[:3] and ids("limit=1000") == everything
    after = page["links"]["next"].split("?")[1]
    assert ids(after) == everything[10:20]
    rest = after.replace("limit=10&", "")
    assert rest != after and ids(rest) == everything[10:]
    second = client.list(page["links"]["next"])
    before = second["links"]["prev"].split("?")[1]
    assert ids(before) == everything[:10], "a page backwards comes in the list's order"
    answer, body = fetch(client, "/v1/statements.csv", before.replace("limit=10&", ""))
    assert answer.status == 400 and json.loads(body)["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("query, name", [
    ("include=place", "include"), ("facet=status", "facet"), ("count=exact", "count"),
    ("limit=0", "limit"), ("limit=1001", "limit"), ("cursor=x", "cursor"), ("stat=held", "stat"),
    ("fields=nam", "fields"), ("sort=nam", "sort"), ("official=chen-geng", "official")])
@pytest.mark.parametrize("extension", ["ndjson", "csv"])
def test_a_bad_parameter_is_a_problem(checked, extension, query, name):
    answer = checked(f"/v1/meetings.{extension}?{query}")
    assert answer.status == 400 and answer.json["errors"][0]["parameter"] == name
    assert answer.headers["Content-Disposition"] is None


def test_an_unknown_owner_is_a_problem(checked):
    answer = checked("/v1/officials/chen-geng/meetings.csv")
    assert answer.status == 404 and "chen-gang" in answer.json["detail"]


@pytest.mark.parametrize("accept, wanted", [
    (None, "application/json"), ("*/*", "application/json"), ("text/csv", CSV),
    ("application/x-ndjson", NDJSON), ("text/*", CSV), ("application/*", "application/json"),
    ("application/json;q=0.5, text/csv;q=0.8", CSV), ("text/csv;q=0.5, */*;q=0.1", CSV),
    ("application/json;q=0, */*", NDJSON), ("text/csv; header=present", CSV),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
    ("text/csv;q=0, text/html", None), ("image/png", None)])
def test_accept(checked, accept, wanted):
    answer = checked("/v1/topics", {"Accept": accept} if accept else {})
    assert "Accept" in answer.headers["Vary"].split(", ")
    if wanted is None:
        assert answer.status == 406
        assert all(f".{name} ({kind})" in answer.json["detail"] for name, kind in [
            ("json", "application/json"), ("ndjson", NDJSON), ("csv", CSV)])
    else:
        assert answer.status == 200 and answer.headers.get_content_type() == wanted


def test_the_extension_goes_first(checked):
    answer = checked("/v1/topics.csv", {"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert "Accept" not in answer.headers["Vary"].split(", ")
    assert checked("/v1/topics.xlsx").status == 406
    assert checked("/v1/topics/trade.pdf").status == 406


@pytest.mark.parametrize("path", ["/v1/topics", "/v1/timeline", "/v1/officials/chen-gang/meetings",
                                  "/v1/officials/chen-gang"])
def test_its_header_fields(api, checked, path):
    tags = {checked(path).headers["ETag"]}
    for extension, kind in ("csv", CSV), ("ndjson", NDJSON):
        answer = checked(f"{path}.{extension}")
        name = path.rsplit("/", 1)[1]
        assert answer.headers["Content-Disposition"] == f'inline; filename="{name}.{extension}"'
        assert answer.headers["Link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Accept-Encoding" in answer.headers["Vary"].split(", ")
        tags.add(answer.headers["ETag"])
        again = checked(f"{path}.{extension}", {"If-None-Match": answer.headers["ETag"]})
        assert again.status == 304 and again.headers["ETag"] == answer.headers["ETag"]
        since = checked(f"{path}.{extension}", {"If-Modified-Since": answer.headers["Last-Modified"]})
        assert since.status == 304
        assert checked(f"{path}.{extension}", {"If-None-Match": '"other"'}).status == 200
        head = api.request("HEAD", f"{path}.{extension}")
        assert head.status == 200 and head.body == b""
        for field in "ETag", "Content-Type", "Content-Disposition", "Vary", "Link", "Cache-Control":
            assert head.headers[field] == answer.headers[field], field
        assert api.request("HEAD", f"{path}.{extension}?x=1").status == 400
    assert len(tags) == 3, "other bytes have another tag"


def test_it_is_compressed_for_who_accepts_it(checked):
    plain, packed = checked("/v1/statements.csv"), checked("/v1/statements.csv", GZIP)
    assert packed.headers["Content-Encoding"] == "gzip" and plain.headers["Content-Encoding"] is None
    assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for tag in packed.headers["ETag"], plain.headers["ETag"]:
        assert checked("/v1/statements.csv", {**GZIP, "If-None-Match": tag}).status == 304


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_one_record_is_a_list_of_one(client, checked, collection):
    row = pages(client, f"/v1/{collection}", "sort=-id")[0]
    path = f"/v1/{collection}/{row['id']}"
    assert lines(checked(path + ".ndjson").body) == [row]
    check_csv(checked(path + ".csv").body, [row])
    some = {name: row[name] for name in ("id", "source_ids")}
    assert lines(checked(path + ".ndjson?fields=source_ids,id").body) == [some]
    check_csv(checked(path + ".csv?fields=source_ids,id").body, [some], ["source_ids", "id"])
    assert checked(path + ".csv?include=sources").status == 400
    assert checked(f"/v1/{collection}/no-such-one.csv").status == 404


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"https://x.example\",\"y\")", "a,b;c",
           "\"quoted\" \"\"", "'", "Bùi Thanh Sơn", "陈刚 𠮷 🤝",
           "\\n \\u0041 \\\\", "null", "true", "42", "<b>&amp;</b>", "line\u2028separator", "e\u0301"]
PROSE = ["one\ntwo", "tab\there", "\"\n,\n\""]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    from daemon import Daemon
    folder = tmp_path_factory.mktemp("hostile")
    topics = [{"id": f"t{i}", "name": text, "citations": seedset.cite()}
              for i, text in enumerate(HOSTILE)]
    topics += [{"id": f"p{i}", "name": f"P{i}", "description": text, "citations": seedset.cite()}
               for i, text in enumerate(HOSTILE + PROSE)]
    sources = [{"id": seedset.GAZETTE, "title": "X", "citations": seedset.cite()}]
    seedset.write(folder / "seeds", {"dataset.json": seedset.dataset(),
                                     "sources.json": sources, "topics.json": topics})
    daemon = Daemon(folder, seeds=folder / "seeds")
    yield daemon
    daemon.stop()


def test_hostile_texts_stay_in_their_cells(hostile):
    with client_of(hostile) as client:
        rows = check_both(client, "/v1/topics")
        wanted = {text for text in HOSTILE} | set(HOSTILE + PROSE)
        found = {row[name] for row, name in itertools.product(rows, ("name", "description"))}
        assert wanted <= found, "nothing is added to a text, nor taken from it"
        assert check_both(client, f"/v1/sources/{seedset.GAZETTE}/facts")


def test_the_pointer_to_a_whole_record_is_not_null(hostile):
    answer = hostile.get(f"/v1/sources/{seedset.GAZETTE}/facts.csv?fields=pointer,note&limit=1")
    assert answer.body == b'"pointer","note"\r\n"",\r\n'


def test_without_a_server(tmp_path):
    import daemon
    store = tmp_path / "record.sqlite3"
    one = daemon.Daemon(tmp_path)
    served = one.get("/v1/meetings.csv").text
    one.stop()
    done = daemon.run("get", "--store", store, "/v1/meetings.csv")
    assert done.returncode == 0 and done.stdout == served.replace("\r\n", "\n")  # text mode
    assert daemon.run("get", "--store", store, "/v1/meetings.csv?x=1").returncode == 1


def fetched(client, path, kind):
    answer, body = fetch(client, path)
    assert answer.status == 200 and answer.headers.get_content_type() == kind
    return body.decode("utf-8")


@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/officials/chen-gang/meetings",
                                  "/v1/places/guangxi/meetings",
                                  "/v1/agreements/new-year-meeting-party-secretaries/sessions"])
def test_calendars_and_feeds_have_the_rows_of_the_list(client, path):
    rows = client.list(path, limit=1000)["data"]
    calendar = fetched(client, path + ".ics", "text/calendar")
    names = re.findall(r"^SUMMARY:(.*)$", calendar.replace("\r\n ", "").replace("\r\n", "\n"), re.M)
    assert len(names) == sum(row["start_date"] is not None for row in rows) > 0
    dated = [row["name"] for row in rows if row["start_date"]]
    assert all(re.sub(r"\\(.)", r"\1", name).startswith(wanted) for name, wanted in zip(names, dated))
    feed = ElementTree.fromstring(fetched(client, path + ".atom", "application/atom+xml"))
    entries = [(entry.findtext("{*}title"), entry.findtext("{*}updated")) for entry in feed.iterfind("{*}entry")]
    assert sorted(entries) == sorted((row["name"], row["updated_at"]) for row in rows)
    updated = [when for _, when in entries]
    assert updated == sorted(updated, reverse=True), "what changed last comes first"


def test_maps_and_graphs_have_the_rows_of_the_list(client):
    places = client.list("/v1/places", country="CN", limit=1000)["data"]
    features = json.loads(fetched(client, "/v1/places.geojson?country=CN", "application/geo+json"))["features"]
    assert [each["id"] for each in features] == [row["id"] for row in places]
    for collection in "officials", "organizations", "places", "meetings":
        graph = json.loads(fetched(client, f"/v1/{collection}.jsonld", "application/ld+json"))["@graph"]
        assert [each["@id"] for each in graph] == [
            f"/v1/{collection}/{identity}" for identity in client.ids(f"/v1/{collection}")]
        one = json.loads(fetched(client, graph[0]["@id"] + ".jsonld", "application/ld+json"))
        assert one["@graph"] == graph[:1]


@pytest.mark.parametrize("path, kind", [
    ("/v1/meetings", "text/calendar"), ("/v1/meetings", "application/atom+xml"),
    ("/v1/places", "application/geo+json"), ("/v1/officials", "application/ld+json")])
def test_other_formats_by_accept(checked, path, kind):
    answer = checked(path, {"Accept": kind})
    assert answer.status == 200 and answer.headers.get_content_type() == kind
    assert checked(path, {"Accept": kind, "If-None-Match": answer.headers["ETag"]}).status == 304
    assert checked("/v1/topics", {"Accept": kind}).status == 406
