"""What answers must say, worked out from the seeds in Python: nothing here is asked of the daemon.

    record = oracle.load(folder)          collection -> id -> record, nulls and empty arrays written
    oracle.matches(record, field, op, value)
    oracle.span("2025-11~")               ("2025-11-01", "2025-11-30")

The fields are those of the data model, each with its type. Standard library only.
"""

import calendar
import json
import pathlib
import re

TYPES = {"sources": "source", "topics": "topic", "places": "place", "organizations": "organization",
         "posts": "post", "officials": "official", "meetings": "meeting", "agreements": "agreement",
         "statements": "statement", "trade-figures": "trade_figure"}
COLLECTIONS = list(TYPES)

OWN = {
    "sources": "title:line description:prose classification:enum publisher:line author:line "
               "translator:line lang:lang published_on:date retrieved_at:time url:url wire_of:source "
               "sha256:sha256 license:line",
    "topics": "name:line other_names:part classification:enum description:prose broader_id:topic",
    "places": "name:line other_names:part classification:enum country:country parent_id:place "
              "identifiers:part latitude:decimal longitude:decimal start_date:date end_date:date "
              "succeeded_by_id:place",
    "organizations": "name:line other_names:part classification:enum country:country "
                     "parent_id:organization place_id:place",
    "posts": "label:line other_labels:lines role:enum organization_id:organization place_id:place",
    "officials": "name:line sort_name:line other_names:part country:country honorific_prefix:line "
                 "birth_date:date death_date:date tenures:part",
    "meetings": "name:line classification:enum status:enum start_date:date end_date:date place_id:place "
                "parent_id:meeting mechanism_id:agreement session_number:integer description:prose "
                "topic_ids:topics participants:part",
    "agreements": "name:line other_names:part classification:enum status:enum status_date:date "
                  "start_date:date end_date:date description:prose topic_ids:topics place_ids:places "
                  "frequency:line amount:decimal currency:currency parties:part relations:part "
                  "status_history:part",
    "statements": "meeting_id:meeting date:date official_id:official organization_id:organization "
                  "side:side act:enum text:prose agreement_id:agreement topic_ids:topics "
                  "place_ids:places follows_id:statement",
    "trade-figures": "indicator:enum ref_area_id:place counterpart_area_id:place via_area_id:place "
                     "trade_flow:enum commodity_id:topic commodity_code:line time_period:period "
                     "time_period_text:line freq:enum value:decimal value_low:decimal "
                     "value_high:decimal qualifier:enum value_text:line unit_measure:line "
                     "unit_mult:integer currency:currency transformation:enum base_period:line "
                     "obs_status:enum obs_comment:prose topic_ids:topics",
}
FIELDS = {name: dict(pair.split(":") for pair in pairs.split()) for name, pairs in OWN.items()}
ARRAYS = {"part", "lines", "topics", "places"}
REFERENCES = set(TYPES.values())


def sortable(collection):
    return ["id"] + [name for name, kind in FIELDS[collection].items() if kind not in ARRAYS] + ["revision"]


def facets(collection):
    wanted = REFERENCES | {"enum", "country", "side", "lang", "currency"}
    return [name for name, kind in FIELDS[collection].items() if kind in wanted]


# ---- dates

def span(text):
    """The first and the last day that an EDTF date or an SDMX period can mean."""
    text = text.rstrip("~?%")
    months = {"Q": 3, "S": 6}
    if match := re.fullmatch(r"(\d{4})-([QS])(\d)", text):
        size = months[match[2]]
        return months_of(int(match[1]), size * (int(match[3]) - 1) + 1, size)
    year, *rest = (int(part) for part in text.split("-"))
    if not rest:
        return months_of(year, 1, 12)
    if len(rest) == 2:
        return text, text
    if rest[0] >= 33:
        return months_of(year, 3 * (rest[0] - 33) + 1, 3)
    if rest[0] >= 21:
        return months_of(year, 3 * (rest[0] - 21) + 3, 3)
    return months_of(year, rest[0], 1)


def months_of(year, first, count):
    last = first + count - 1
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return (f"{year:04}-{first:02}-01",
            f"{end_year:04}-{end_month:02}-{calendar.monthrange(end_year, end_month)[1]:02}")


def precision(text):
    text = text.rstrip("~?%")
    if len(text) == 7 and int(text[5:]) > 12:
        return "season" if int(text[5:]) < 33 else "quarter"
    return {4: "year", 7: "month", 10: "day"}[len(text)]


# ---- the record

def load(*folders):
    """Every record as a client should get it, but for the times of its making."""
    found = {name: {} for name in COLLECTIONS}
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob("*.*json")):
            collection = path.name.partition(".")[0]
            if collection in found:
                for seed in seeds(path):
                    found[collection][seed["id"]] = written(collection, seed)
    return found


def seeds(path):
    """Those of a file: an array, or one a line."""
    text = path.read_text("utf-8")
    return json.loads(text) if path.suffix == ".json" else map(json.loads, text.splitlines())


def written(collection, seed):
    record = {"id": seed["id"], "type": TYPES[collection]}
    for name, kind in FIELDS[collection].items():
        record[name] = seed.get(name, [] if kind in ARRAYS else None)
        if kind == "date":
            record[name + "_precision"] = record[name] and precision(record[name])
    record["source_ids"] = sources(seed)
    record["citations"] = seed.get("citations", [])
    return record


def sources(value):
    """Every source a record rests on, wherever in it, each once."""
    found = []
    if isinstance(value, dict):
        for name, member in value.items():
            if name == "source_id" and member:
                found.append(member)
            elif name == "source_ids":
                found += member
            else:
                found += sources(member)
    elif isinstance(value, list):
        for member in value:
            found += sources(member)
    return list(dict.fromkeys(found))


def inside(record, place):
    """The place and every place inside it."""
    found = {place}
    while more := {each["id"] for each in record["places"].values() if each["parent_id"] in found} - found:
        found |= more
    return found


# ---- filters and orders

def order_key(kind, value):
    """What a field is compared by: dates by their first day, texts by their bytes."""
    if value is None:
        return None
    if kind in {"date", "period"}:
        return span(value)[0]
    return value if kind in {"integer", "decimal"} else value.encode()


def compares(kind, value, op, wanted):
    """One value with one wanted text; null compares with nothing."""
    if value is None:
        return False
    if kind in {"date", "period"}:
        (first, last), (from_day, to_day) = span(value), span(wanted)
        return {"": last >= from_day and first <= to_day, "gte": last >= from_day, "lte": first <= to_day,
                "gt": first > to_day, "lt": last < from_day}[op]
    if kind in {"integer", "decimal"}:
        wanted = float(wanted)
    else:
        value, wanted = value.encode(), wanted.encode()
    return {"": value == wanted, "gte": value >= wanted, "lte": value <= wanted, "gt": value > wanted,
            "lt": value < wanted}[op]


def matches(collection, record, name, op, wanted):
    kind = FIELDS[collection].get(name, "line")
    value = record[name]
    if kind in ARRAYS:
        found = {"": wanted in value, "in": bool(set(wanted.split(",")) & set(value)),
                 "isnull": (not value) == (wanted == "true")}
        found.update({"not": not found[""], "notin": not found["in"]})
        return found[op]
    if op == "isnull":
        return (value is None) == (wanted == "true")
    if op in {"in", "notin"}:
        return any(compares(kind, value, "", one) for one in wanted.split(",")) == (op == "in")
    if op == "not":
        return not compares(kind, value, "", wanted)
    return compares(kind, value, op, wanted)
