"""Facts: what the record must say, each written down by hand from a source.

tests/facts/*.json are lists of

    {"get": "/v1/meetings/2025-02-19-x", "at": "/participants/official_id=chen-gang/role",
     "is": "guest", "from": "paragraph 3"}

`at` is a JSON Pointer (RFC 6901) into the answer, whose segments may also be `key=value`: in an
array that selects the one item whose member `key` reads `value`. `is` is compared exactly, numbers
as they are written in decimal. `from` tells where the source says so.
"""

import decimal
import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "facts"
MEMBERS = {"get": str, "at": str, "from": str}


def read(text):
    """JSON with decimals kept as written: 3.3 is not the binary number next to it."""
    return json.loads(text, parse_float=decimal.Decimal)


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value, default=str)


def at(document, pointer):
    """What the pointer names; LookupError says which segment failed, and what there was."""
    if pointer and not pointer.startswith("/"):
        raise LookupError(f"{pointer!r} must begin with /")
    here, walked = document, ""
    for segment in pointer.split("/")[1:]:
        segment = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict):
            if segment not in here:
                raise LookupError(f"{walked or 'the answer'} has no {segment}; it has {', '.join(here)}")
            here = here[segment]
        elif isinstance(here, list) and "=" in segment:
            key, value = segment.split("=", 1)
            found = [item for item in here
                     if isinstance(item, dict) and key in item and text_of(item[key]) == value]
            if len(found) != 1:
                there = [text_of(item.get(key)) for item in here if isinstance(item, dict)]
                raise LookupError(f"{walked or 'the answer'}: {len(found)} items with {segment}; "
                                  f"{key} is {', '.join(there) or 'nowhere'}")
            here = found[0]
        elif isinstance(here, list) and segment.isdigit() and int(segment) < len(here):
            here = here[int(segment)]
        else:
            size = f" of {len(here)} items" if isinstance(here, list) else ""
            raise LookupError(f"{walked or 'the answer'} is {type(here).__name__}{size}: no {segment}")
        walked += "/" + segment
    return here


def equal(a, b):
    """As JSON: true is not 1, but 3.30 is 3.3."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    return a == b


def fault(fact):
    """Why this is not a fact, or None."""
    if not isinstance(fact, dict) or set(fact) != set(MEMBERS) | {"is"}:
        return "write exactly get, at, is and from"
    for name, kind in MEMBERS.items():
        if not isinstance(fact[name], kind):
            return f"{name} must be a text"
    if not fact["get"].startswith("/"):
        return "get must be a path that begins with /"
    if not fact["from"]:
        return "from must say where the source has it"
    return None


def load(folder=FOLDER):
    """(name, fact) of every fact in every file."""
    return [(f"{path.stem}-{number}", fact) for path in sorted(folder.glob("*.json"))
            for number, fact in enumerate(read(path.read_text("utf-8")), 1)]
