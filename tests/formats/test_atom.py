"""Atom by RFC 4287: its structure by lxml and rules written down here, its content by feedparser."""

import collections
import re

import feedparser
import pytest
from lxml import etree

import hostile as hostile_seeds
import seedset

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ABSOLUTE_PATH = re.compile(r"(?:/[\w.~%!$&'()*+,;=:@-]+)+(?:\?[\w.~%!$&'()*+,;=:@/?-]*)?")
# Sections 4.1.1 and 4.1.2: how often an element may stand there, as far as we use it.
FEED = {"id": "1", "title": "1", "updated": "1", "author": "+", "generator": "?", "link": "*",
        "rights": "?", "entry": "*"}
ENTRY = {"id": "1", "title": "1", "updated": "1", "published": "?", "link": "+", "summary": "?",
         "category": "*"}
FITS = {"1": lambda n: n == 1, "?": lambda n: n <= 1, "+": lambda n: n >= 1, "*": lambda n: True}


def check_element(element, rules):
    counts = collections.Counter(child.tag for child in element)
    assert set(counts) <= {ATOM + name for name in rules}, counts
    for name, often in rules.items():
        assert FITS[often](counts[ATOM + name]), (name, counts)
    assert URN.fullmatch(element.findtext(ATOM + "id"))
    for name in ("updated", "published"):
        for child in element.findall(ATOM + name):
            assert TIME.fullmatch(child.text)
    # 4.1.1 and 4.1.2: no two alternates of the same type and language.
    links = [(link.get("rel"), link.get("type")) for link in element.findall(ATOM + "link")]
    assert len(set(links)) == len(links)
    assert all(link.get("href") for link in element.findall(ATOM + "link"))


def root_of(feed):
    """The parsed feed, whose structure is right."""
    root = etree.fromstring(feed, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.tag == ATOM + "feed"
    check_element(root, FEED)
    for entry in root.findall(ATOM + "entry"):
        check_element(entry, ENTRY)
        assert "alternate" in [link.get("rel") for link in entry.findall(ATOM + "link")]
        assert all(category.get("term") for category in entry.findall(ATOM + "category"))
    ids = [entry.findtext(ATOM + "id") for entry in root.findall(ATOM + "entry")]
    assert len(set(ids)) == len(ids)
    return root


def titles(root):
    return [entry.findtext(ATOM + "title") for entry in root.findall(ATOM + "entry")]


def test_the_shipped_meetings(shipped, record):
    root = root_of(shipped.get("meetings", "atom"))
    assert root.findtext(ATOM + "title") == "Meetings (viet-nam-guangxi)"
    assert root.findtext(ATOM + "rights") == "CC-BY-4.0"
    links = {link.get("rel"): link.get("href") for link in root.findall(ATOM + "link")}
    assert links == {
        "self": "/x/v1/meetings.atom?sort=id",
        "alternate": "/x/v1/meetings?sort=id",
        "license": "https://creativecommons.org/licenses/by/4.0/"}
    entries = root.findall(ATOM + "entry")
    assert len(entries) == len(record["meetings"])
    for entry, (identifier, meeting) in zip(entries, sorted(record["meetings"].items())):
        assert entry.findtext(ATOM + "title") == meeting["name"]
        assert entry.find(ATOM + "link").get("href") == f"/x/v1/meetings/{identifier}"
        summary = entry.findtext(ATOM + "summary")
        assert summary.startswith(meeting["start_date"])
        assert not meeting["description"] or summary.endswith(meeting["description"])
        assert [(category.get("term"), category.get("label"))
                for category in entry.findall(ATOM + "category")] \
            == [(topic, record["topics"][topic]["name"]) for topic in meeting["topic_ids"]]


def test_a_feed_reader_understands_it(shipped, record):
    parsed = feedparser.parse(shipped.get("meetings", "atom"),
                              response_headers={"content-type": "application/atom+xml; charset=utf-8",
                                                "content-location": "https://h.example/x/v1/meetings.atom"})
    assert parsed.bozo == 0, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert len(parsed.entries) == len(record["meetings"])
    for entry, (identifier, meeting) in zip(parsed.entries, sorted(record["meetings"].items())):
        assert entry.link == f"https://h.example/x/v1/meetings/{identifier}"
        assert entry.title == meeting["name"]
        assert entry.updated_parsed and entry.published_parsed
        assert [tag.term for tag in entry.get("tags", [])] == meeting["topic_ids"]


def test_hostile_texts_stay_texts(hostile):
    root = root_of(hostile.get("meetings", "atom"))
    found = titles(root)
    for name in hostile_seeds.NAMES.values():
        assert re.sub("[\ufffe\uffff]", "\ufffd", name) in found
    summaries = [entry.findtext(ATOM + "summary") for entry in root.findall(ATOM + "entry")]
    assert sum(hostile_seeds.DESCRIPTION in (summary or "") for summary in summaries) \
        == len(hostile_seeds.NAMES)
    assert not root.xpath("//*[local-name() = 'script']")
    labels = root.xpath("//@label")
    assert hostile_seeds.NAMES["markup"] in labels and hostile_seeds.NAMES["quotes"] in labels


@pytest.mark.parametrize("key", hostile_seeds.DATES)
def test_every_date_is_told_as_it_is_known(hostile, key):
    start, last, _, _ = hostile_seeds.DATES[key]
    entry, = [entry for entry in root_of(hostile.get("meetings", "atom")).findall(ATOM + "entry")
              if entry.findtext(ATOM + "title") == f"Date {key}"]
    wanted = ", ".join(date for date in (start, last) if date)
    assert entry.findtext(ATOM + "summary") == (wanted or None)


def test_links_need_no_base(hostile):
    root = root_of(hostile.get("meetings", "atom", q='"a" & <b>', classification="session"))
    hrefs = root.xpath("//*[local-name() = 'link'][@rel != 'license']/@href")
    assert len(hrefs) >= 2
    for href in hrefs:
        assert ABSOLUTE_PATH.fullmatch(href) and href.startswith("/x/v1/meetings"), href


def test_a_changed_meeting_keeps_its_id(own):
    data = seedset.good()
    before = root_of(own(data).get("meetings", "atom"))
    data["meetings.json"][0]["name"] = "Talks, renamed"
    after = root_of(own(data).get("meetings", "atom"))
    assert titles(after) == ["Talks, renamed"]
    path = f"{ATOM}entry/{ATOM}"
    assert after.findtext(path + "id") == before.findtext(path + "id")
    assert after.findtext(path + "published") == before.findtext(path + "published")
    assert after.findtext(path + "updated") > before.findtext(path + "updated")
    assert after.findtext(ATOM + "id") == before.findtext(ATOM + "id")
    assert after.findtext(ATOM + "updated") == after.findtext(path + "updated")


def test_what_changed_last_comes_first(own):
    """Unless another order is asked for: a reader that looks at the first entries misses nothing."""
    data = seedset.good()
    data["meetings.json"] += [{"id": name, "name": name, "start_date": "2024",
                               "citations": seedset.cite()} for name in ("a", "b", "c")]
    own(data)
    data["meetings.json"][2]["name"] = "b, renamed"
    formats = own(data)
    assert titles(root_of(formats.answer("meetings.atom").body))[0] == "b, renamed"
    assert titles(root_of(formats.answer("meetings.atom", sort="name").body))[-1] == "c"


def changes(formats, **query):
    answer = formats.answer("changes.atom", **query)
    assert answer.status == 200, answer
    return root_of(answer.body).findall(ATOM + "entry")


def test_changes_are_told_newest_first(own):
    data = seedset.good()
    everything = seedset.count(data)
    before = changes(own(data))
    assert len(before) == everything
    data["meetings.json"][0]["name"] = "Talks, <renamed>"
    formats = own(data)
    newest, *older = changes(formats)
    assert newest.findtext(ATOM + "title") == "updated meeting: Talks, <renamed>"
    assert newest.findtext(ATOM + "summary") == "seed freedonia-sylvania"
    assert newest.find(ATOM + "link").get("href") == "/x/v1/meetings/2025-01-09-talks"
    assert newest.findtext(ATOM + "updated") > older[0].findtext(ATOM + "updated")
    # What happened once stays the same entry; what it happened to is called what it is called now.
    assert [entry.findtext(ATOM + "id") for entry in older] \
        == [entry.findtext(ATOM + "id") for entry in before]
    made = {entry.findtext(ATOM + "title") for entry in older}
    assert {"created meeting: Talks, <renamed>", "created official: Rufus Firefly",
            "created trade figure: more than 3.3 million"} <= made
    assert len(changes(formats, limit=3)) == 3
    assert [entry.findtext(ATOM + "title") for entry in changes(formats, since=1)] \
        == ["updated meeting: Talks, <renamed>"]


def test_what_was_deleted_keeps_its_name_in_the_feed(own):
    formats = own(seedset.good())
    token = formats.daemon.token("write")
    path = "/x/v1/places/sylvania-woods"
    bearer = {"Authorization": f"Bearer {token}"}
    made = formats.daemon.request("PUT", path, headers=bearer,
                                  json_body={"name": "Sylvania Woods", "citations": []})
    assert made.status == 201, made
    gone = formats.daemon.request("DELETE", path, headers={**bearer, "If-Match": made.headers["ETag"]})
    assert gone.status in (200, 204), gone
    assert [entry.findtext(ATOM + "title") for entry in changes(formats, limit=2)] \
        == ["deleted place: Sylvania Woods", "created place: Sylvania Woods"]
    assert {entry.findtext(ATOM + "summary") for entry in changes(formats, limit=2)} == {"test"}
