"""An include points down the layers only, and each library is known to its own layer only.

    main -> api -> resource, format, ingest -> http -> store -> json -> base

See the table below for the two arrows that are missing on purpose.
"""

import pathlib
import posixpath
import re

import pytest

import c
import tree

# What each layer may include besides itself. `http` knows neither rows nor JSON, `store` neither
# JSON nor HTTP: that is what keeps either replaceable. To add a layer, add a row.
BELOW = {
    "base": set(),
    "json": {"base"},
    "store": {"base"},
    "http": {"base"},
    "web": {"base"},
    "resource": {"base", "json", "store", "http", "format"},
    "format": {"base", "json", "store", "http", "resource"},
    "ingest": {"base", "json", "store", "http", "resource", "format"},
    "api": {"base", "json", "store", "http", "web", "resource", "format", "ingest"},
}
TOP = "main"  # what stands in src/ and include/bilateral/ itself: main, config

# Header -> where it may be included. A new library earns its row (docs say which and why).
LIBRARIES = [
    (r"microhttpd\.h", r"src/http/"),
    (r"jansson\.h", r"src/json/|include/bilateral/json/"),
    (r"sqlite3\.h", r"src/store/"),
    (r"nettle/.*", r"src/base/hash\.c$"),
    (r"uni(case|ctype|norm|str|types|name|width|conv|gbrk|wbrk|lbrk|stdio)\.h", r"src/base/text\.c$"),
    (r"zlib\.h", r"src/http/|src/format/"),
]
SYSTEM = re.compile(
    r"(assert|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg"
    r"|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|threads|time|uchar|wchar"
    r"|dirent|fcntl|fnmatch|getopt|glob|grp|ifaddrs|libgen|netdb|poll|pthread|pwd|sched|semaphore"
    r"|strings|syslog|termios|unistd|endian|malloc)\.h|(sys|net|netinet|arpa|linux)/\w+\.h")

RESOURCES = ["source", "topic", "place", "organization", "post", "official", "meeting", "agreement",
             "statement", "trade_figure"]
# These are also plain words of programming (an HTTP POST, an SQL statement, the place of a fault),
# so only a text that is exactly one of them, or an SQL table or a path of that name, gives it away.
AMBIGUOUS = {"source", "topic", "place", "post", "statement"}
# (path, literal) of what is no mention. Citations and names are parts of every record, so these
# refer to their source; and a name can be an "official" one.
COMMON = {("src/resource/resource.c", "source"), ("src/resource/names.c", "source"),
          ("src/resource/names.c", "official")}
GENERIC_LAYERS = {"base", "json", "store", "http", "resource", "format", "ingest"}


def layer(path):
    parts = pathlib.PurePath(path).parts
    parts = parts[2:] if parts[0] == "include" else parts[1:]
    return parts[0] if len(parts) > 1 else TOP


def includes(text):
    for token in c.tokens(text):
        if match := re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', token.text):
            if token.kind == "directive":
                yield token.line, match[1], match[2]


def include_rule(path, text):
    own = layer(path)
    for line, bracket, name in includes(text):
        if name.startswith("bilateral/"):
            target = layer("include/" + name)
            if own != target and own != TOP and target not in BELOW.get(own, set()):
                yield line, (f"{own} must not know {target} ({name}); move what is shared down, or "
                             f"hand it in as a value or a callback")
        elif bracket == '"':
            if posixpath.dirname(name):
                yield line, f'"{name}": include "bilateral/…" or a private header of the same folder'
        elif library := next((row for row in LIBRARIES if re.fullmatch(row[0], name)), None):
            if not re.match(library[1], path):
                yield line, (f"<{name}> belongs to {library[1].replace(chr(92), '')} alone; include "
                             f"that layer's header, and add to it what it lacks")
        elif not SYSTEM.fullmatch(name):
            yield line, f"<{name}> is a new library: give it one layer, in LIBRARIES of this check"


def spellings(name):
    plural = name + "s"
    return {name, plural, name.replace("_", "-"), plural.replace("_", "-")}


def names_rule(path, text):
    if layer(path) not in GENERIC_LAYERS:
        return
    mend = "the engine knows no resource by name; move it to src/api, or make it a flag of the descriptor"
    everything = {spelling: name for name in RESOURCES for spelling in spellings(name)}
    clear = [spelling for spelling, name in everything.items() if name not in AMBIGUOUS]
    for token in c.tokens(text):
        if token.kind == "name":
            for name in clear:
                if re.search(rf"(?:^|_){re.escape(name)}(?:_|$)", token.text, re.IGNORECASE):
                    yield token.line, f"identifier {token.text} names a resource: {mend}"
                    break
    word = "|".join(re.escape(name) for name in sorted(everything, key=len, reverse=True))
    for token in c.strings(text):
        told = token.text in everything \
            or re.search(rf"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(?:{word})\b", token.text) \
            or re.search(rf"/v1/(?:{word})\b", token.text) \
            or re.search(rf"(?<![\w-])(?:{'|'.join(map(re.escape, clear))})(?![\w-])", token.text)
        if told and (path, token.text) not in COMMON:
            yield token.line, f'"{token.text[:60]}" names a resource: {mend}'


def cycles(edges):
    """Layers of one tier may use each other in one direction only."""
    return [f"src/{a} and src/{b} include each other; let one of them go first"
            for a, b in sorted(edges) if a < b and (b, a) in edges]


def edges():
    return {(layer(path), layer("include/" + name)) for path in tree.c_files()
            for _, _, name in includes(tree.read(path)) if name.startswith("bilateral/")}


def test_includes_point_down():
    tree.none(tree.complaints(include_rule, tree.c_files()))


def test_no_two_layers_include_each_other():
    tree.none(cycles({edge for edge in edges() if edge[0] != edge[1]}))


def test_nothing_below_api_names_a_resource():
    tree.none(tree.complaints(names_rule, tree.c_files()))


def test_every_layer_is_in_the_table():
    found = {layer(path) for path in tree.c_files()} - {TOP}
    tree.none([f"src/{name}: say in BELOW of this check what it may include"
               for name in sorted(found - set(BELOW))])


@pytest.mark.parametrize("path, text", [
    ("src/store/store.c", '#include "bilateral/json/read.h"\n'),
    ("src/store/store.c", '#include "bilateral/http/reply.h"\n'),
    ("src/http/server.c", '#include "bilateral/store/store.h"\n'),
    ("src/http/server.c", "#include <jansson.h>\n"),
    ("src/base/text.c", '#include "bilateral/json/read.h"\n'),
    ("src/resource/list.c", '#include "bilateral/api/registry.h"\n'),
    ("include/bilateral/resource/list.h", '#include "bilateral/ingest/seed.h"\n'),
    ("src/api/meetings.c", '#include "bilateral/config.h"\n'),
    ("src/api/meetings.c", "#include <sqlite3.h>\n"),
    ("src/api/meetings.c", "#  include <microhttpd.h>\n"),
    ("src/base/log.c", "#include <nettle/sha2.h>\n"),
    ("src/base/log.c", "#include <unistr.h>\n"),
    ("src/store/store.c", "#include <zlib.h>\n"),
    ("src/base/log.c", "#include <curl/curl.h>\n"),
    ("src/base/log.c", '#include "../http/server.h"\n'),
])
def test_include_rule_refuses(path, text):
    assert list(include_rule(path, text))


@pytest.mark.parametrize("path, text", [
    ("src/main.c", '#include "bilateral/api/registry.h"\n#include <signal.h>\n'),
    ("src/api/meetings.c", '#include "bilateral/store/store.h"\n#include "private.h"\n'),
    ("src/base/hash.c", "#include <nettle/sha2.h>\n#include <sys/random.h>\n"),
    ("include/bilateral/json/read.h", "#include <jansson.h>\n"),
    ("src/store/store.c", '/* #include "bilateral/json/read.h" */\n#include <sqlite3.h>\n'),
])
def test_include_rule_allows(path, text):
    assert not list(include_rule(path, text))


@pytest.mark.parametrize("path, text", [
    ("src/resource/list.c", "static void render_meeting(void);"),
    ("src/resource/list.c", "extern const struct resource MEETINGS;"),
    ("src/format/csv.c", 'const char *name = "trade-figures";'),
    ("src/store/store.c", 'const char *sql = "SELECT id FROM " "statement WHERE id = ?";'),
    ("src/http/route.c", 'const char *path = "/v1/places/{id}";'),
    ("src/ingest/seed.c", 'x("post");'),
    ("src/ingest/seed.c", 'x("no official of that id");'),
])
def test_names_rule_refuses(path, text):
    assert list(names_rule(path, text))


@pytest.mark.parametrize("path, text", [
    ("src/api/meetings.c", 'const char *table = "meeting";'),
    ("src/base/error.c", "fault->place = place; /* as a meeting would */"),
    ("src/http/request.c", 'x("POST"); enum { HTTP_POST };'),
    ("src/store/store.c", 'struct statement *statement; x("one SQL statement at a time");'),
    ("src/resource/write.c", 'x("source_ids");'),
])
def test_names_rule_allows(path, text):
    assert not list(names_rule(path, text))


def test_cycles_are_found():
    assert cycles({("format", "resource"), ("resource", "format")})
    assert not cycles({("format", "resource"), ("api", "format")})
