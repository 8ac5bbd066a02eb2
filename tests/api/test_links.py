"""What the links must answer: who held a post, what became of an agreement, how a figure moved."""

import datetime

import pytest

import oracle

ONE_AT_A_TIME = {"head_of_party", "head_of_government", "minister", "party_secretary", "governor", "legislature_chair",
                 "consul_general"}


def tenures(record, post):
    return [(official["id"], tenure) for official in record["officials"].values()
            for tenure in official["tenures"] if tenure["post_id"] == post]


def known(tenure):
    """The days that are known of a tenure, in order: (first, last, whether a source states it)."""
    found = [(*oracle.span(tenure[name]), False) for name in ("start_date", "end_date") if tenure.get(name)]
    found += [(*oracle.span(one["date"]), True) for one in tenure.get("attested", [])]
    return sorted(found)


def stated(tenure, day):
    return any(first == last == day and attested for first, last, attested in known(tenure))


def days(record):
    """Every day that anything is known of, and the days around it."""
    found = set()
    for official in record["officials"].values():
        for tenure in official["tenures"]:
            for first, last, _ in known(tenure):
                for text in first, last:
                    day = datetime.date.fromisoformat(text)
                    found |= {str(day + datetime.timedelta(by)) for by in (-1, 0, 1)}
    return sorted(found) + ["1900-01-01", "2025-06-15", "2999-12-31"]


def test_holders(client, record):
    for post in record["posts"]:
        rows = client.list(f"/v1/posts/{post}/holders", limit=1000)["data"]
        assert all(row.keys() == {"official_id", "label", "start_date", "end_date", "held", "attested"} for row in rows)
        wanted = []
        for official, tenure in tenures(record, post):
            held = "attested" if tenure.get("attested") else \
                "inferred" if tenure.get("start_date") or tenure.get("end_date") else "unknown"
            wanted.append((official, tenure.get("label"), tenure.get("start_date"), tenure.get("end_date"), held,
                           sorted((one["date"], one.get("source_id")) for one in tenure.get("attested", []))))
        assert sorted(((row["official_id"], row["label"], row["start_date"], row["end_date"], row["held"],
                        sorted((one["date"], one["source_id"]) for one in row["attested"])) for row in rows),
                      key=str) == sorted(wanted, key=str), post


def test_holders_on_a_day(client, record):
    """Attested: a source states it that day. Inferred: between two known days of one tenure, unless
    another holder is stated in between, in a post that one person holds at a time."""
    for post, each in record["posts"].items():
        held = tenures(record, post)
        for day in days(record):
            wanted = {}
            for official, tenure in held:
                if stated(tenure, day):
                    wanted[official] = "attested"
                    continue
                points = known(tenure)
                for (_, start, _), (end, _, _) in zip(points, points[1:]):
                    rivals = [one for other, theirs in held if other != official for one in known(theirs)
                              if one[2] and start < one[0] and one[1] < end]
                    if start <= day <= end and not (rivals and each["role"] in ONE_AT_A_TIME):
                        wanted.setdefault(official, "inferred")
            rows = client.list(f"/v1/posts/{post}/holders", at=day)["data"]
            assert {row["official_id"]: row["held"] for row in rows} == wanted and len(rows) == len(wanted), (post, day)


def test_officials_and_posts_on_a_day(client, record):
    for day in days(record)[::3]:
        pairs = {(row["official_id"], post) for post in record["posts"]
                 for row in client.list(f"/v1/posts/{post}/holders", at=day)["data"]}
        assert sorted(client.ids("/v1/officials", at=day)) == sorted({official for official, _ in pairs})
        assert sorted(client.ids("/v1/posts", at=day)) == sorted({post for _, post in pairs})


def test_timelines_of_agreements(client, record):
    """Every statement about it and every change of its status, oldest first."""
    for agreement, each in record["agreements"].items():
        rows = client.list(f"/v1/agreements/{agreement}/timeline", limit=1000)["data"]
        said = {row["statement_id"]: row for row in rows if row["kind"] == "statement"}
        about = {one["id"]: one for one in record["statements"].values() if one["agreement_id"] == agreement}
        assert said.keys() == about.keys()
        for identity, one in about.items():
            for name in "date", "meeting_id", "official_id", "side", "act", "text":
                assert said[identity][name] == one[name], (identity, name)
            assert sorted(said[identity]["source_ids"]) == sorted(one["source_ids"])
            assert said[identity]["status"] is None
        changes = [row for row in rows if row["kind"] == "status"]
        assert sorted((str(row["date"]), row["status"], str(row["meeting_id"]), row["source_ids"], str(row["text"]))
                      for row in changes) \
            == sorted((str(one.get("date")), one["status"], str(one.get("meeting_id")),
                       [one["source_id"]] if one.get("source_id") else [], str(one.get("note")))
                      for one in each["status_history"])
        assert len(rows) == len(said) + len(changes)
        firsts = [oracle.span(row["date"])[0] if row["date"] else "" for row in rows]
        assert firsts == sorted(firsts), agreement


def test_within_a_day_an_answer_follows_what_it_answers(client, record):
    for agreement in record["agreements"]:
        rows = client.list(f"/v1/agreements/{agreement}/timeline", limit=1000)["data"]
        place = {row["statement_id"]: number for number, row in enumerate(rows) if row["statement_id"]}
        for identity, number in place.items():
            before = record["statements"][identity]["follows_id"]
            if before in place and record["statements"][before]["date"] == record["statements"][identity]["date"]:
                assert place[before] < number, (agreement, before, identity)


def test_series(client, record):
    rows = client.list("/v1/trade-figures/series", limit=1000)["data"]
    names = ("indicator", "ref_area_id", "counterpart_area_id", "commodity_id", "time_period", "value", "value_low",
             "value_high", "qualifier", "unit_measure", "unit_mult")
    assert all(row.keys() == {"series", *names, "source_ids"} for row in rows)
    assert sorted(str([row[name] for name in names]) for row in rows) \
        == sorted(str([each[name] for name in names]) for each in record["trade-figures"].values())
    order = [(row["series"], row["time_period"] and oracle.span(row["time_period"])[0] or "") for row in rows]
    assert order == sorted(order)
    identity = {}
    for row in rows:  # one series for each indicator and pair of areas, at least
        identity.setdefault(row["series"], set()).add((row["indicator"], row["ref_area_id"], row["counterpart_area_id"]))
    assert all(len(found) == 1 for found in identity.values())


def test_timeline(client, record):
    """Meetings, statements, changes of status and figures that have a date, in one order."""
    rows = [row for page in client.walk("/v1/timeline", limit=100) for row in page["data"]]
    wanted = [(each["start_date"], each["end_date"], "meeting", each["id"]) for each in record["meetings"].values()
              if each["start_date"]]
    wanted += [(each["date"], None, "statement", each["id"]) for each in record["statements"].values() if each["date"]]
    wanted += [(each["time_period"], None, "trade_figure", each["id"]) for each in record["trade-figures"].values()
               if each["time_period"]]
    wanted += [(change["date"], None, "agreement", each["id"]) for each in record["agreements"].values()
               for change in each["status_history"] if change.get("date")]
    found = [(row["date"], row["end_date"], row["type"], row["id"]) for row in rows]
    assert sorted(found, key=str) == sorted(wanted, key=str)
    firsts = [oracle.span(row["date"])[0] for row in rows]
    assert firsts == sorted(firsts)
    for row in rows:
        assert row.keys() == {"date", "end_date", "type", "id", "name", "place_id", "source_ids"} and row["name"]


@pytest.mark.parametrize("parameters", [
    {"date__gte": "2025-02-18", "date__lte": "2025-02-20"}, {"date": "2025-02"}, {"type": "meeting"},
    {"type__in": "meeting,statement", "date__lt": "2025"}])
def test_timeline_narrowed(client, parameters):
    whole = [row for page in client.walk("/v1/timeline", limit=1000) for row in page["data"]]

    def fits(row):
        first, last = oracle.span(row["date"])
        checks = {"date__gte": lambda day: last >= day, "date__lte": lambda day: first <= day,
                  "date": lambda text: last >= oracle.span(text)[0] and first <= oracle.span(text)[1],
                  "date__lt": lambda text: last < oracle.span(text)[0],
                  "type": lambda name: row["type"] == name, "type__in": lambda names: row["type"] in names.split(",")}
        return all(checks[name](value) for name, value in parameters.items())
    assert client.list("/v1/timeline", limit=1000, **parameters)["data"] == [row for row in whole if fits(row)]


def test_timeline_of_a_place(client, record):
    """A meeting held there or inside it, or with its delegation."""
    places = oracle.inside(record, "guangxi")

    def concerns(meeting):
        named = {meeting["place_id"]} | {row.get("place_id") for row in meeting["participants"]}
        return meeting["start_date"] and named & places

    found = client.list("/v1/timeline", limit=1000, place="guangxi", type="meeting")["data"]
    assert {row["id"] for row in found} == {each["id"] for each in record["meetings"].values()
                                            if concerns(each)}
