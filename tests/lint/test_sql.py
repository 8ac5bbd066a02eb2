"""SQL is prose: keywords in capitals, STRICT tables, a comment on every column."""

import re

import pytest

import tree

# Words that no column is called, so that their case can be checked everywhere.
KEYWORDS = set("""SELECT FROM WHERE INSERT INTO UPDATE DELETE CREATE TABLE INDEX VIEW TRIGGER JOIN LEFT INNER
    CROSS ON AND OR NOT NULL PRIMARY FOREIGN REFERENCES UNIQUE CHECK DEFAULT WITHOUT UNION GROUP ORDER
    HAVING LIMIT EXISTS CASE WHEN THEN ELSE VALUES SET DROP ALTER USING VIRTUAL COLLATE AUTOINCREMENT
    CONSTRAINT CASCADE RESTRICT DISTINCT BETWEEN LIKE GLOB IS IN AS IF GENERATED ALWAYS STORED PRAGMA
    RECURSIVE OVER PARTITION RETURNING DEFERRABLE""".split())
TYPES = {"INTEGER", "TEXT", "REAL", "BLOB", "ANY"}
CONSTRAINTS = {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"}

PATTERN = re.compile(r"""(?P<comment>--[^\n]*|/\*.*?\*/) | (?P<text>'(?:''|[^'])*') | (?P<quoted>"(?:""|[^"])*")
    | (?P<word>[A-Za-z_]\w*) | (?P<other>\S)""", re.VERBOSE | re.DOTALL)


def tokens(text):
    return [(match.lastgroup, match[0], text.count("\n", 0, match.start()) + 1)
            for match in PATTERN.finditer(text)]


def keyword_rule(path, text):
    for kind, word, line in tokens(text):
        if kind == "word" and word.upper() in KEYWORDS and word != word.upper():
            yield line, f"write the keyword {word} as {word.upper()}"


def tables(text):
    """(name, line, [tokens between the brackets], {words behind them}) of every CREATE TABLE."""
    found = tokens(text)
    code = [i for i, token in enumerate(found) if token[0] != "comment"]
    words = [found[i][1].upper() for i in code]
    for place, word in enumerate(words):
        if word != "TABLE" or words[place - 1] not in {"CREATE", "TEMP", "TEMPORARY"}:
            continue
        start = next((k for k in range(place, len(words)) if words[k] in {"(", ";"}), None)
        if start is None or words[start] == ";":
            yield found[code[place + 1]][1], found[code[place]][2], [], set()
            continue
        depth, end = 0, code[start]
        for end in range(code[start], len(found)):
            depth += (found[end][1] == "(") - (found[end][1] == ")")
            if depth == 0:
                break
        behind = set()
        for kind, text_, _ in found[end + 1:]:
            if text_ == ";":
                break
            behind.add(text_.upper())
        yield found[code[start - 1]][1], found[code[place]][2], found[code[start] + 1:end], behind


def columns(inside):
    """(name, type, first line, last line) of each column."""
    parts, depth = [[]], 0
    for token in inside:
        depth += (token[1] == "(") - (token[1] == ")")
        if token[1] == "," and depth == 0:
            parts.append([])
        elif token[0] != "comment":
            parts[-1].append(token)
    for part in parts:
        if part and part[0][1].upper() not in CONSTRAINTS:
            yield (part[0][1].strip('"'), part[1][1] if len(part) > 1 else "", part[0][2], part[-1][2])


def table_rule(path, text):
    for name, line, inside, behind in tables(text):
        if "STRICT" not in behind:
            yield line, f"table {name} is not STRICT; write `) STRICT;`"
        comments = {at: word for kind, word, at in inside if kind == "comment"}
        comments.update({at: word for kind, word, at in tokens(text) if kind == "comment"})
        starts = {first for _, _, first, _ in columns(inside)}
        for column, kind, first, last in columns(inside):
            if kind not in TYPES:
                yield first, f"column {column}: give it a type in capitals ({', '.join(sorted(TYPES))})"
            beside = any(at in comments for at in range(first, last + 1))
            above = first - 1 in comments and first - 1 not in starts
            if not beside and not above:
                yield first, f"column {column} has no comment; say beside or above it what it holds"


@pytest.mark.parametrize("rule", [keyword_rule, table_rule], ids=lambda rule: rule.__name__)
def test_sql_keeps_the_rule(rule):
    tree.none(tree.complaints(rule, tree.files("migrations/**.sql")))


def test_migrations_are_numbered_without_gaps():
    names = [path.removeprefix("migrations/") for path in tree.files("migrations/*.sql")]
    numbers = [int(name[:4]) for name in names if re.match(r"\d{4}_[a-z0-9_]+\.sql$", name)]
    assert numbers == list(range(1, len(numbers) + 1)), "number migrations 0001_, 0002_, … in turn"
    rest = [name for name in names if not re.match(r"\d{4}_[a-z0-9_]+\.sql$", name)]
    assert rest in ([], ["views.sql"]), f"{rest}: only NNNN_name.sql and views.sql belong here"


GOOD = """-- The record.
CREATE TABLE meeting (
    id TEXT PRIMARY KEY, -- slug
    -- A number, or nothing (see docs).
    value REAL,
    kind TEXT NOT NULL -- one of
        CHECK (kind IN ('a', 'select')),
    UNIQUE (id, kind)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(name);
"""


def test_good_sql_passes():
    assert not list(keyword_rule("m.sql", GOOD)) + list(table_rule("m.sql", GOOD))


@pytest.mark.parametrize("rule, old, new", [
    (keyword_rule, "CREATE TABLE", "create table"),
    (keyword_rule, "NOT NULL", "not null"),
    (table_rule, ") STRICT, WITHOUT ROWID", ") WITHOUT ROWID"),
    (table_rule, ", -- slug", ","),
    (table_rule, "    -- A number, or nothing (see docs).\n", ""),
    (table_rule, " -- one of", ""),
    (table_rule, "value REAL", "value real"),
    (table_rule, "value REAL", "value"),
])
def test_bad_sql_is_refused(rule, old, new):
    assert old in GOOD and list(rule("m.sql", GOOD.replace(old, new)))
