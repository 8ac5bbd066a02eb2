"""iCalendar by RFC 5545: its grammar read off the bytes, its content by the parser of icalendar."""

import collections
import re

import icalendar
import pytest

import hostile as hostile_seeds
import oracle
import seedset

CONTENT_LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):'
                          r"([^\x00-\x08\x0a-\x1f\x7f]*)")
TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
TEXTS = re.compile(r"(?:[^\\;]|\\[\\;,nN])*")
DATE = re.compile(r"\d{8}")
UTC = re.compile(r"\d{8}T\d{6}Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# What an event may have here: name and parameters -> the form of the value (3.8), how often.
EVENT = {
    "UID": (UUID, "1"), "DTSTAMP": (UTC, "1"), "CREATED": (UTC, "1"), "LAST-MODIFIED": (UTC, "1"),
    "SEQUENCE": (re.compile(r"\d+"), "1"), "DTSTART;VALUE=DATE": (DATE, "1"),
    "DTEND;VALUE=DATE": (DATE, "?"), "TRANSP": (re.compile("TRANSPARENT"), "1"),
    "STATUS": (re.compile("TENTATIVE|CONFIRMED|CANCELLED"), "?"), "SUMMARY": (TEXT, "?"),
    "DESCRIPTION": (TEXT, "?"), "LOCATION": (TEXT, "?"), "CATEGORIES": (TEXTS, "?"),
    "GEO": (re.compile(r"[+-]?\d+(\.\d+)?;[+-]?\d+(\.\d+)?"), "?"), "RELATED-TO": (UUID, "?"),
}


def content_lines(calendar):
    """The unfolded lines (3.1) as (name and parameters, value); every rule of theirs is checked."""
    assert calendar.endswith(b"\r\n")
    physical = calendar[:-2].split(b"\r\n")
    for line in physical:
        assert len(line) <= 75, line
        assert b"\r" not in line and b"\n" not in line, line
        line.decode("utf-8")  # a fold stands between characters
    found = []
    for line in calendar.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]:
        match = CONTENT_LINE.fullmatch(line)
        assert match, line
        found.append((match[1] + match[2], match[3]))
    return found


def components(lines):
    """[(name, [(property, value)])] of what stands in the calendar; nothing may be out of place."""
    assert lines[0] == ("BEGIN", "VCALENDAR") and lines[-1] == ("END", "VCALENDAR")
    found, path = [], ["VCALENDAR"]
    for name, value in lines[1:-1]:
        if name == "BEGIN":
            path.append(value)
            found.append((value, []))
        elif name == "END":
            assert path.pop() == value
        else:
            (found[-1][1] if len(path) > 1 else found).append((name, value))
    assert path == ["VCALENDAR"]
    return found


def events(calendar):
    """The events as the parser understands them, each of which the grammar has passed."""
    for name, properties in components(content_lines(calendar)):
        if name != "VEVENT":
            continue
        counts = collections.Counter(name for name, _ in properties)
        assert set(counts) <= set(EVENT), counts
        assert all(count == 1 for count in counts.values()), counts
        assert all(counts[name] for name, (_, often) in EVENT.items() if often == "1"), counts
        for name, value in properties:
            assert EVENT[name][0].fullmatch(value), (name, value)
    parsed = icalendar.Calendar.from_ical(calendar)
    assert not parsed.errors
    for event in parsed.walk("VEVENT"):
        assert not event.errors
    return list(parsed.walk("VEVENT"))


def by_summary(calendar):
    found = {}
    for event in events(calendar):
        found[str(event["SUMMARY"]).removesuffix(" (dates not exact)")] = event
    return found


def days(event):
    return (event["DTSTART"].to_ical().decode(),
            event["DTEND"].to_ical().decode() if "DTEND" in event else None)


@pytest.fixture(scope="module")
def calendar(shipped):
    return shipped.get("meetings", "ics")


def test_the_calendar_names_itself(calendar):
    parsed = icalendar.Calendar.from_ical(calendar)
    assert parsed["VERSION"] == "2.0" and parsed["PRODID"].startswith("-//bilateral//")
    assert parsed["NAME"] == parsed["X-WR-CALNAME"] == "Meetings (viet-nam-guangxi)"
    assert parsed["REFRESH-INTERVAL"].to_ical() == b"P1D"
    assert parsed["REFRESH-INTERVAL"].params == {"VALUE": "DURATION"}


def test_every_meeting_is_an_event(calendar, record):
    found = by_summary(calendar)
    assert set(found) == {meeting["name"] for meeting in record["meetings"].values()}
    assert len({event["UID"] for event in found.values()}) == len(record["meetings"])


def test_days_are_those_of_the_record(calendar, record):
    found = by_summary(calendar)
    for meeting in record["meetings"].values():
        start, last = meeting["start_date"], meeting["end_date"] or meeting["start_date"]
        event = found[meeting["name"]]
        first, behind = event["DTSTART"].dt, event["DTEND"].dt
        assert first.isoformat() == oracle.span(start)[0], meeting["id"]
        assert (behind - first).days >= 1
        assert (behind - type(behind).resolution).isoformat() == oracle.span(last)[1], meeting["id"]
        exact = all(len(date) == 10 for date in (start, last))
        assert str(event["SUMMARY"]).endswith(" (dates not exact)") == (not exact), meeting["id"]


def test_planned_meetings_are_there(calendar, record):
    """The spring meeting of 2026 is only proposed, and known to the season."""
    spring = by_summary(calendar)[record["meetings"]["2026-21-spring-meeting-party-secretaries"]["name"]]
    assert days(spring) == ("20260301", "20260601")
    assert spring["STATUS"] == "TENTATIVE"
    assert "2026-21" in spring["DESCRIPTION"]


def test_what_else_an_event_tells(calendar, record):
    found = by_summary(calendar)
    status = {"held": "CONFIRMED", "confirmed": "CONFIRMED", "proposed": "TENTATIVE"}
    for meeting in record["meetings"].values():
        event = found[meeting["name"]]
        place = record["places"].get(meeting["place_id"])
        assert event["STATUS"] == status[meeting["status"]]
        assert event.get("LOCATION") == (place and place["name"])
        if place and place["latitude"] is not None:
            assert event["GEO"].latitude == float(place["latitude"])
            assert event["GEO"].longitude == float(place["longitude"])
        else:
            assert "GEO" not in event
        topics = [record["topics"][topic]["name"] for topic in meeting["topic_ids"]]
        assert (list(event["CATEGORIES"].cats) if topics else []) == topics
        if meeting["description"]:
            assert meeting["description"] in event["DESCRIPTION"]
        if meeting["parent_id"]:
            parent = record["meetings"][meeting["parent_id"]]
            assert event["RELATED-TO"] == found[parent["name"]]["UID"]
        else:
            assert "RELATED-TO" not in event
        assert event["SEQUENCE"] == 0


def test_participants_stand_in_the_description(calendar, record):
    """Le Hoai Trung's talks with Wei Tao, 25 November 2025, as both reports have them."""
    talks = by_summary(calendar)[record["meetings"]["2025-11-25-le-hoai-trung-wei-tao-talks"]["name"]]
    assert days(talks) == ("20251125", "20251126")
    assert re.search(r"^Participants:\n- .*Le Hoai Trung", talks["DESCRIPTION"], re.MULTILINE)
    assert "Wei Tao" in talks["DESCRIPTION"]
    assert "- Viet Nam, Guangxi strengthen agricultural trade, " \
           "Viet Nam Agriculture News (VAN), 2025-11-27" in talks["DESCRIPTION"]


def test_an_unchanged_record_gives_the_same_bytes(shipped, calendar):
    assert shipped.get("meetings", "ics") == calendar


def unescape(text):
    """3.3.11, from left to right; icalendar 4 takes `\\\\n`, a backslash and an n, for a line feed."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


@pytest.mark.parametrize("key", hostile_seeds.NAMES)
def test_every_name_comes_back(hostile, key):
    """Whatever a text holds comes back as it was written, but for line breaks of other kinds."""
    name = re.sub("[\u2028\u2029\u0085]", "\n", hostile_seeds.NAMES[key])
    calendar = hostile.get("meetings", "ics")
    assert len(events(calendar)) == len(hostile_seeds.NAMES) + len(hostile_seeds.DATES)
    event, = [dict(properties) for kind, properties in components(content_lines(calendar))
              if kind == "VEVENT" and unescape(dict(properties)["SUMMARY"]) == name]
    assert event["STATUS"] == "CANCELLED"
    assert unescape(event["LOCATION"]) == name
    assert [unescape(topic) for topic in re.findall(r"(?:[^\\,]|\\.)+", event["CATEGORIES"])] \
        == [name, "Trade"]
    assert unescape(event["DESCRIPTION"]).startswith(
        f"{hostile_seeds.DESCRIPTION}\n\nParticipants:\n"
        f"- {name}, {name}, chair, present\n- {name}, absent\n\nSources:\n- Talks in Freedonia City, ")


@pytest.mark.parametrize("key", hostile_seeds.DATES)
def test_every_kind_of_date(hostile, key):
    start, _, first, behind = hostile_seeds.DATES[key]
    found = [event for event in events(hostile.get("meetings", "ics"))
             if str(event["SUMMARY"]).removesuffix(" (dates not exact)") == f"Date {key}"]
    assert len(found) == (start is not None)
    for event in found:
        assert days(event) == (first, behind)
        assert event["STATUS"] == "TENTATIVE"
        assert ("(dates not exact)" in event["SUMMARY"]) == (key not in hostile_seeds.EXACT)


def test_a_changed_meeting_keeps_its_uid(own):
    data = seedset.good()
    before, = events(own(data).get("meetings", "ics"))
    data["meetings.json"][0]["status"] = "cancelled"
    after, = events(own(data).get("meetings", "ics"))
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["CREATED"].dt == before["CREATED"].dt
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_fields_thin_the_events(shipped):
    for event in events(shipped.get("meetings", "ics", fields="place_id")):
        assert "SUMMARY" not in event and "CATEGORIES" not in event


@pytest.mark.parametrize("query", [{"status": "cancelled"}, {"q": "nobody-of-this-name"}])
def test_an_empty_calendar_is_still_valid(shipped, query):
    """3.6: there must be a component, and the zone UTC is always true."""
    found = components(content_lines(shipped.get("meetings", "ics", **query)))
    assert [name for name, _ in found if name.isupper() and name in ("VTIMEZONE", "STANDARD")] \
        == ["VTIMEZONE", "STANDARD"]
    assert not events(shipped.get("meetings", "ics", **query))


@pytest.mark.parametrize("path, wanted", [
    ("officials/chen-gang/meetings", 5),
    ("agreements/new-year-meeting-party-secretaries/sessions", 2),
    ("meetings/2025-02-19-bui-thanh-son-chen-gang-talks", 1),
])
def test_calendars_to_subscribe_to(shipped, record, path, wanted):
    """An official's meetings, a mechanism's sessions, one meeting: each with the same UIDs."""
    everything = {str(event["UID"]) for event in events(shipped.get("meetings", "ics"))}
    answer = shipped.answer(f"{path}.ics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = {str(event["UID"]) for event in events(answer.body)}
    assert len(found) == wanted and found <= everything


def test_by_accept(shipped):
    answer = shipped.daemon.get("/x/v1/meetings?sort=id", headers={"Accept": "text/calendar"})
    assert answer.body == shipped.get("meetings", "ics")
