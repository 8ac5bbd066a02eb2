"""A small good set of seeds, made by the tests themselves, and its texts with known lines.

    texts = {name: dump(records)[0] for name, records in good().items()}
    write(folder, texts)

Every resource, part and part of a part is in it once. Two sides that do not exist deal with each
other, so that nothing here can be mistaken for the record that we ship. Standard library only.
"""

import json

GAZETTE, COPY = "2025-01-10-gazette", "2025-01-11-courier"


def cite(pointer="", source=GAZETTE, **more):
    return [{"pointer": pointer, "source_id": source, "locator": "paragraph 1", **more}]


def dataset(**changes):
    return {"id": "freedonia-sylvania", "name": "Freedonia and Sylvania",
            "description": "A set for tests.", "license": "CC0-1.0",
            "license_url": "https://creativecommons.org/publicdomain/zero/1.0/", **changes}


def good():
    """A fresh copy: file name -> records (an object for dataset.json)."""
    return {
        "dataset.json": dataset(),
        "sources.json": [
            {"id": GAZETTE, "title": "Talks in Freedonia City", "classification": "newspaper",
             "publisher": "The Gazette", "lang": "en", "published_on": "2025-01-10",
             "retrieved_at": "2025-01-12T08:30:00Z", "url": "https://gazette.example/a",
             "sha256": "0123456789abcdef" * 4, "citations": cite()},
            {"id": COPY, "title": "Talks in Freedonia City (copy)", "wire_of": GAZETTE,
             "published_on": "2025-01-11", "citations": cite(source=COPY)},
        ],
        "topics.json": [
            {"id": "trade", "name": "Trade", "classification": "theme", "citations": cite()},
            {"id": "duck-soup", "name": "Duck soup", "classification": "commodity",
             "broader_id": "trade", "citations": cite()},
        ],
        "places.json": [
            {"id": "freedonia", "name": "Freedonia", "classification": "country", "country": "FR",
             "identifiers": [{"scheme": "ISO 3166-1", "identifier": "FR"}],
             "latitude": 12.5, "longitude": -3.25, "citations": cite()},
            {"id": "freedonia-city", "name": "Freedonia City", "classification": "city",
             "country": "FR", "parent_id": "freedonia",
             "other_names": [{"name": "Thành phố Freedonia", "kind": "translation", "lang": "vi",
                              "script": "Latn", "source_ids": [GAZETTE]}], "citations": cite()},
            {"id": "sylvania", "name": "Sylvania", "classification": "country", "country": "SE",
             "citations": cite()},
        ],
        "organizations.json": [
            {"id": "chancellery", "name": "Chancellery", "classification": "government",
             "country": "FR", "place_id": "freedonia-city", "citations": cite()},
            {"id": "protocol-office", "name": "Protocol Office", "classification": "ministry",
             "country": "FR", "parent_id": "chancellery", "citations": cite()},
        ],
        "posts.json": [
            {"id": "chancellor", "label": "Chancellor", "other_labels": ["Head of the government"],
             "role": "head_of_government", "organization_id": "chancellery",
             "place_id": "freedonia", "citations": cite()},
        ],
        "officials.json": [
            {"id": "rufus-firefly", "name": "Rufus Firefly", "sort_name": "Firefly, Rufus",
             "country": "FR", "birth_date": "1890~",
             "tenures": [{"post_id": "chancellor", "label": "Chancellor",
                          "start_date": "2024-03", "end_date": "2026",
                          "status": "current",
                          "attested": [{"date": "2025-01-09", "source_id": GAZETTE}]}],
             "citations": cite()},
            {"id": "trentino", "name": "Trentino", "country": "SE", "citations": cite()},
        ],
        "meetings.json": [
            {"id": "2025-01-09-talks", "name": "Talks in Freedonia City",
             "classification": "session", "status": "held", "start_date": "2025-01-09",
             "end_date": "2025-01-10",
             "place_id": "freedonia-city", "mechanism_id": "border-talks", "session_number": 3,
             "topic_ids": ["trade", "duck-soup"],
             "participants": [
                 {"official_id": "rufus-firefly", "side": "FR", "role": "host",
                  "attendance": "present", "post_id": "chancellor", "post_label": "Chancellor"},
                 {"official_id": "trentino", "side": "SE", "role": "guest",
                  "attendance": "present"}],
             "citations": cite(note="Both sides.") + cite("/participants/1/role", COPY)},
        ],
        "agreements.json": [
            {"id": "border-talks", "name": "Border talks", "classification": "mechanism",
             "status": "in_force", "status_date": "2025-01", "start_date": "2023",
             "topic_ids": ["trade"], "place_ids": ["freedonia", "sylvania"],
             "amount": 500000.00, "currency": "USD",
             "parties": [{"place_id": "freedonia", "side": "FR"},
                         {"place_id": "sylvania", "side": "SE"}],
             "relations": [{"type": "follows", "agreement_id": "older-talks"}],
             "status_history": [{"date": "2025-01-09", "status": "in_force",
                                 "meeting_id": "2025-01-09-talks", "source_id": GAZETTE}],
             "citations": cite()},
            {"id": "older-talks", "name": "Older talks", "status": "superseded",
             "citations": cite()},
        ],
        "statements.json": [
            {"id": "2025-01-09-firefly-soup", "meeting_id": "2025-01-09-talks",
             "date": "2025-01-09", "official_id": "rufus-firefly", "side": "FR",
             "act": "proposed", "text": "Rufus Firefly proposed more duck soup.",
             "agreement_id": "border-talks", "topic_ids": ["duck-soup"],
             "place_ids": ["sylvania"], "citations": cite()},
            {"id": "2025-01-09-trentino-soup", "meeting_id": "2025-01-09-talks",
             "date": "2025-01-09", "official_id": "trentino", "side": "SE", "act": "agreed",
             "text": "Trentino agreed.", "follows_id": "2025-01-09-firefly-soup",
             "citations": cite()},
        ],
        "trade-figures.json": [
            {"id": "soup-2024", "indicator": "export_value", "ref_area_id": "freedonia",
             "counterpart_area_id": "sylvania", "trade_flow": "export",
             "commodity_id": "duck-soup", "time_period": "2024", "freq": "A", "value": 3.30,
             "qualifier": "more_than", "value_text": "more than 3.3 million",
             "unit_measure": "USD", "unit_mult": 6, "citations": cite()},
            {"id": "soup-share-2024-q3", "indicator": "export_share", "ref_area_id": "freedonia",
             "time_period": "2024-Q3", "freq": "Q", "value_low": 23, "value_high": 25,
             "qualifier": "between", "unit_measure": "PERCENT", "unit_mult": 0,
             "citations": cite()},
        ],
    }


def grown(copies):
    """The good set many times over, each copy with ids of its own, in one set."""
    data = {name: [] for name in good()}
    data["dataset.json"] = dataset()
    ids = {record["id"] for records in good().values() if isinstance(records, list) for record in records}

    def renamed(value, number):
        if isinstance(value, dict):
            return {name: renamed(member, number) for name, member in value.items()}
        if isinstance(value, list):
            return [renamed(member, number) for member in value]
        return f"{value}-{number}" if isinstance(value, str) and value in ids else value

    for number in range(copies):
        for name, content in good().items():
            if name != "dataset.json":
                data[name] += renamed(content, number)
    return data


def count(data):
    return sum(len(records) for name, records in data.items() if name != "dataset.json")


def dump(value):
    """A text with one value a line, and the line on which the value of each JSON Pointer begins."""
    lines, parts = {}, []

    def line():
        return 1 + sum(part.count("\n") for part in parts)

    def put(value, pointer, depth):
        lines[pointer] = line()
        inner, outer = "\n" + "  " * (depth + 1), "\n" + "  " * depth
        if isinstance(value, dict) and value:
            parts.append("{")
            for index, (name, member) in enumerate(value.items()):
                parts.append(("," if index else "") + inner + json.dumps(name) + ": ")
                put(member, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", depth + 1)
            parts.append(outer + "}")
        elif isinstance(value, list) and value:
            parts.append("[")
            for index, member in enumerate(value):
                parts.append(("," if index else "") + inner)
                put(member, f"{pointer}/{index}", depth + 1)
            parts.append(outer + "]")
        else:
            parts.append(json.dumps(value, ensure_ascii=False))

    put(value, "", 0)
    return "".join(parts) + "\n", lines


def line_of(lines, pointer):
    """Of what the pointer names; where that is not there, of what should hold it."""
    while pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return lines[pointer]


def write(folder, data):
    """Records, texts or bytes, by file name; None leaves the file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in data.items():
        if content is None:
            continue
        if not isinstance(content, (str, bytes)):
            content = dump(content)[0]
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
