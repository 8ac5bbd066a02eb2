"""One wrong value in a good set: refused by `check` (4) and `serve` (3), with its place and cure.

To add a case, add a row: a name, the file, the JSON Pointer of the value to change, the wrong value
(LEFT_OUT takes the member away), a pattern that the message must match, and, where the fault stands
elsewhere than the change, its pointer.
"""

import re

import pytest

import seedset
from faults import check, refused

LEFT_OUT = object()

MEETING, FIGURE, RANGE = ("meetings.json", "/0"), ("trade-figures.json", "/0"), ("trade-figures.json", "/1")
SOURCE, PLACE, OFFICIAL = ("sources.json", "/0"), ("places.json", "/0"), ("officials.json", "/0")
STATEMENT, AGREEMENT, POST = ("statements.json", "/0"), ("agreements.json", "/0"), ("posts.json", "/0")

CASES = [
    # names of members
    ("unknown-field", MEETING, "/plaec_id", "sylvania", r'"place_id"'),
    ("unknown-field-far-off", MEETING, "/xyzzyxyzzy", 1, r"[Uu]nknown"),
    ("unknown-in-part", MEETING, "/participants/1/atendance", "present", r'"attendance"'),
    ("unknown-in-part-of-part", OFFICIAL, "/tenures/0/attested/0/dat", "2025", r'"date"'),
    ("unknown-in-citation", MEETING, "/citations/0/sorce_id", "x", r'"source_id"'),
    ("unknown-with-slash", MEETING, "/a~1b", 1, r"[Uu]nknown"),
    ("unknown-with-tilde", MEETING, "/a~0b", 1, r"[Uu]nknown"),
    ("field-in-capitals", MEETING, "/Name", "Talks", r'"name"'),
    ("read-only-created-at", MEETING, "/created_at", "2025-01-09T00:00:00Z", r"leave it out"),
    ("read-only-revision", MEETING, "/revision", 1, r"leave it out"),
    ("required-missing", MEETING, "/name", LEFT_OUT, r"[Mm]issing.*text"),
    ("required-null", MEETING, "/name", None, r"[Mm]issing.*text"),
    ("required-in-part-missing", OFFICIAL, "/tenures/0/post_id", LEFT_OUT, r"[Mm]issing.*id"),
    ("required-in-part-of-part-missing", OFFICIAL, "/tenures/0/attested/0/date", LEFT_OUT, r"[Mm]issing.*date"),
    ("required-in-citation-missing", MEETING, "/citations/0/source_id", LEFT_OUT, r"[Mm]issing.*id"),
    ("required-id-missing", MEETING, "/id", LEFT_OUT, r"[Mm]issing.*id"),

    # types
    ("number-for-text", MEETING, "/name", 7, r"an integer.*text"),
    ("fraction-for-text", MEETING, "/name", 7.5, r"number.*text"),
    ("true-for-text", MEETING, "/name", True, r"true.*text"),
    ("array-for-text", MEETING, "/name", ["Talks"], r"an array.*text"),
    ("object-for-text", MEETING, "/name", {"en": "Talks"}, r"an object.*text"),
    ("text-for-integer", MEETING, "/session_number", "3", r"a string.*integer"),
    ("fraction-for-integer", MEETING, "/session_number", 3.5, r"fraction.*integer"),
    ("integer-too-large", MEETING, "/session_number", 10**15 + 1, r"10\^15"),
    ("integer-too-small", MEETING, "/session_number", -10**15 - 1, r"10\^15"),
    ("text-for-number", FIGURE, "/value", "3.3", r"a string.*number"),
    ("true-for-number", FIGURE, "/value", True, r"true.*number"),
    ("text-for-array", MEETING, "/topic_ids", "trade", r"a string.*array"),
    ("object-for-array", MEETING, "/participants", {}, r"an object.*array"),
    ("number-in-array", MEETING, "/topic_ids/0", 5, r"an integer.*string"),
    ("null-in-array", MEETING, "/topic_ids/0", None, r"null.*string"),
    ("text-in-part", MEETING, "/participants/1", "Trentino", r"a string.*object"),
    ("text-for-citations", MEETING, "/citations", "paragraph 1", r"a string.*array"),
    ("number-in-lines", POST, "/other_labels/0", 5, r"an integer.*string"),
    ("number-for-id", MEETING, "/id", 5, r"an integer.*id"),
    ("too-many-elements", MEETING, "/topic_ids", ["trade"] * 1001, r"1000"),

    # texts
    ("text-empty", MEETING, "/name", "", r"empty.*null"),
    ("text-too-long", MEETING, "/name", "đ" * 301, r"300"),
    ("prose-too-long", MEETING, "/description", "đ" * 4001, r"4000"),
    ("text-with-control", MEETING, "/name", "Talks\u0007", r"control"),
    ("text-with-delete", MEETING, "/name", "Talks\u007f!", r"control"),
    ("text-with-line-break", MEETING, "/name", "Talks\nagain", r"one line"),
    ("text-with-tab", MEETING, "/name", "Talks\tagain", r"control"),
    ("prose-with-control", MEETING, "/description", "Talks\u001b[1m", r"control"),
    ("text-begins-with-space", MEETING, "/name", " Talks", r"space"),
    ("text-ends-with-space", MEETING, "/name", "Talks ", r"space"),
    ("line-empty-in-array", POST, "/other_labels/0", "", r"empty"),

    # vocabularies
    ("enum", MEETING, "/status", "hold", r'"held"'),
    ("enum-cut-in-a-letter", MEETING, "/status", "x" * 59 + "\u1ec7" * 9, r'"x{59}" is not a value of status'),
    ("enum-far-off", MEETING, "/status", "xyzzyxyzzy", r"proposed, tentative, confirmed, held"),
    ("enum-in-capitals", MEETING, "/status", "HELD", r"held"),
    ("enum-in-part", MEETING, "/participants/0/role", "hots", r'"host"'),
    ("enum-in-names", ("places.json", "/1"), "/other_names/0/kind", "translated", r'"translation"'),

    # dates and times
    ("day-that-is-not", MEETING, "/start_date", "2025-02-30", r"28 days|2025-02-28|days"),
    ("leap-day-that-is-not", MEETING, "/start_date", "1900-02-29", r"days"),
    ("month-13", MEETING, "/start_date", "2025-13", r"01 to 12"),
    ("month-00", MEETING, "/start_date", "2025-00-10", r"01 to 12"),
    ("season-25", MEETING, "/start_date", "2025-25", r"2025-2|season|21"),
    ("quarter-37", MEETING, "/start_date", "2025-37", r"quarter|33"),
    ("edtf-interval", MEETING, "/start_date", "2025-01-09/2025-01-10", r"2024-11-20|such as|give"),
    ("edtf-unspecified", MEETING, "/start_date", "2025-XX", r"2024-11-20|such as|give"),
    ("edtf-mark-in-front", MEETING, "/start_date", "~2025", r"give"),
    ("date-without-zeros", MEETING, "/start_date", "2025-1-9", r"give"),
    ("date-the-other-way", MEETING, "/start_date", "09/01/2025", r"give"),
    ("date-with-time", MEETING, "/start_date", "2025-01-09T08:00:00Z", r"give"),
    ("year-0000", MEETING, "/start_date", "0000", r"0001"),
    ("date-number", MEETING, "/start_date", 2025, r"an integer.*date"),
    ("end-before-start", MEETING, "/end_date", "2025-01-08", r"before the start"),
    ("end-month-before-start", MEETING, "/end_date", "2024-12", r"before the start"),
    ("end-before-start-in-part", OFFICIAL, "/tenures/0/end_date", "2024-02", r"before the start"),
    ("precision-contradicts", MEETING, "/start_date_precision", "year", r"\bday\b"),
    ("precision-of-no-date", STATEMENT, "/follows_id_precision", "day", r"[Uu]nknown"),
    ("date-in-part", AGREEMENT, "/status_history/0/date", "2025-02-31", r"days"),
    ("attested-date", OFFICIAL, "/tenures/0/attested/0/date", "yesterday", r"give"),
    ("time-without-t", SOURCE, "/retrieved_at", "2025-01-12 08:30:00Z", r"give|such as"),
    ("time-with-offset", SOURCE, "/retrieved_at", "2025-01-12T08:30:00+07:00", r"Z"),
    ("time-hour-24", SOURCE, "/retrieved_at", "2025-01-12T24:00:00Z", r"."),
    ("time-leap-second", SOURCE, "/retrieved_at", "2016-12-31T23:59:60Z", r"."),
    ("period-quarter-5", FIGURE, "/time_period", "2024-Q5", r"Q1 to Q4"),
    ("period-half-3", FIGURE, "/time_period", "2024-S3", r"S1 or S2"),
    ("period-of-edtf", FIGURE, "/time_period", "2024-33", r"."),

    # codes
    ("country-of-three", PLACE, "/country", "FRA", r"3166-1"),
    ("country-small", PLACE, "/country", "fr", r"3166-1"),
    ("side-of-meeting", MEETING, "/participants/0/side", "joint", r"3166-1"),
    ("side-of-statement", STATEMENT, "/side", "both", r"joint"),
    ("language", SOURCE, "/lang", "en_GB", r"language"),
    ("language-long", SOURCE, "/lang", "en-toolonghere", r"language"),
    ("script", ("places.json", "/1"), "/other_names/0/script", "latin", r"15924"),
    ("currency", AGREEMENT, "/currency", "US$", r"4217"),
    ("url-without-scheme", SOURCE, "/url", "gazette.example/a", r"http"),
    ("url-of-script", SOURCE, "/url", "javascript:alert(1)", r"http"),
    ("url-with-space", SOURCE, "/url", "https://gazette.example/a b", r"URL"),
    ("url-without-host", SOURCE, "/url", "https:///a", r"URL"),
    ("sha256-short", SOURCE, "/sha256", "0123", r"64"),
    ("sha256-capitals", SOURCE, "/sha256", "0123456789ABCDEF" * 4, r"lower-case"),

    # ids and references
    ("id-with-capital", MEETING, "/id", "2025-01-09-Talks", r"a-z"),
    ("id-with-two-hyphens", MEETING, "/id", "2025--talks", r"hyphen"),
    ("id-with-letters-of-others", MEETING, "/id", "hà-nội", r"a-z"),
    ("id-empty", MEETING, "/id", "", r"."),
    ("id-too-long", MEETING, "/id", "a" * 101, r"100"),
    ("reference-not-an-id", MEETING, "/place_id", "Freedonia City", r"a-z"),
    ("dangling", MEETING, "/place_id", "sylvania-city", r'no place.*"sylvania-city"'),
    ("dangling-in-array", MEETING, "/topic_ids/1", "soup", r'no topic.*"soup"'),
    ("dangling-in-part", MEETING, "/participants/1/official_id", "chicolini", r'no official.*"chicolini"'),
    ("dangling-in-part-of-part", OFFICIAL, "/tenures/0/attested/0/source_id", "rumour", r"no source"),
    ("dangling-array-in-part", ("places.json", "/1"), "/other_names/0/source_ids/0", "rumour", r"no source"),
    ("dangling-in-citation", MEETING, "/citations/1/source_id", "rumour", r"no source"),
    ("dangling-source", MEETING, "/source_ids", ["rumour"], r"no source", "/source_ids/0"),
    ("reference-to-another-type", MEETING, "/place_id", "trentino", r"no place"),
    ("reference-to-another-type-in-array", MEETING, "/topic_ids/0", "freedonia", r"no topic"),
    ("itself", ("places.json", "/1"), "/parent_id", "freedonia-city", r"itself"),
    ("itself-in-part", AGREEMENT, "/relations/0/agreement_id", "border-talks", r"itself"),
    ("twice-in-array", MEETING, "/topic_ids/1", "trade", r'"trade" .*already'),
    ("twice-in-source-ids", MEETING, "/source_ids", [seedset.GAZETTE, seedset.GAZETTE], r"already", "/source_ids/1"),
    ("twice-in-lines", POST, "/other_labels", ["Head", "Chief", "Head"], r"already", "/other_labels/2"),
    ("type-contradicts", MEETING, "/type", "session", r'"meeting"'),
    ("type-is-no-text", MEETING, "/type", 5, r'"meeting"'),
    ("duplicate-id", ("topics.json", "/1"), "/id", "trade", r"another topic.*\"trade\""),

    # pointers of citations
    ("pointer-without-slash", MEETING, "/citations/1/pointer", "participants", r"JSON Pointer"),
    ("pointer-bad-escape", MEETING, "/citations/1/pointer", "/participants~2", r"JSON Pointer"),
    ("pointer-to-nothing", MEETING, "/citations/1/pointer", "/plaec_id", r"leads to nothing"),
    ("pointer-behind-the-end", MEETING, "/citations/1/pointer", "/participants/2", r"leads to nothing"),
    ("pointer-into-text", MEETING, "/citations/1/pointer", "/name/0", r"leads to nothing"),
    # RFC 6901, section 4: an index is digits, without leading zeros, and nothing else
    ("pointer-leading-zero", MEETING, "/citations/1/pointer", "/participants/01", r"leads to nothing"),
    ("pointer-index-with-tail", MEETING, "/citations/1/pointer", "/participants/1x/role", r"leads to nothing"),
    ("pointer-index-signed", MEETING, "/citations/1/pointer", "/participants/+1", r"leads to nothing"),
    ("pointer-index-blank", MEETING, "/citations/1/pointer", "/participants/ 1", r"leads to nothing"),

    # what one resource alone demands
    ("latitude", PLACE, "/latitude", 90.001, r"-90 and 90"),
    ("longitude", PLACE, "/longitude", -181, r"-180 and 180"),
    ("range-without-high", RANGE, "/value_high", LEFT_OUT, r"both a low and a high"),
    ("range-without-low", RANGE, "/value_low", LEFT_OUT, r"both a low and a high"),
    ("range-upside-down", RANGE, "/value_high", 22.9, r"below"),
    ("value-beside-a-range", RANGE, "/value", 24, r"[Rr]ange"),
]


def change(data, pointer, value):
    *path, last = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    for token in path:
        data = data[int(token)] if isinstance(data, list) else data[token]
    key = int(last) if isinstance(data, list) else last
    if value is LEFT_OUT:
        del data[key]
    else:
        data[key] = value


def test_the_set_is_good(tmp_path):
    """Else nothing below proves anything."""
    done = check(seedset.write(tmp_path / "good", seedset.good()))
    assert done.returncode == 0, done.stdout


def test_a_true_precision_may_be_given(tmp_path):
    data = seedset.good()
    data["meetings.json"][0]["start_date_precision"] = "day"
    data["agreements.json"][0]["end_date_precision"] = None
    done = check(seedset.write(tmp_path / "good", data))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_wrong_value_is_refused(tmp_path, case):
    _, (name, record), pointer, value, pattern, *elsewhere = case
    data = seedset.good()
    change(data[name], record + pointer, value)
    place = record + (elsewhere[0] if elsewhere else pointer)
    lines = seedset.dump(data[name])[1]

    found = refused(seedset.write(tmp_path / "seeds", data), store=tmp_path / "store")

    here = [fault for fault in found if (fault.file, fault.pointer) == (name, place)]
    assert here, f"nothing about {name} {place}, but {found}"
    assert {fault.line for fault in here} == {seedset.line_of(lines, place)}, here
    assert any(re.search(pattern, fault.detail) for fault in here), here
    # Nothing else is blamed, but what refers to a changed id and what cites a changed place.
    assert pointer == "/id" or all(fault in here or fault.pointer.endswith("/pointer")
                                   for fault in found), found
