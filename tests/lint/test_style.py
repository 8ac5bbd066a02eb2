"""House rules of the C files that the compiler does not enforce."""

import functools
import pathlib
import re
import shutil
import subprocess

import pytest

import c
import tree

# name -> what to use instead
BANNED = {
    "strcpy": "buffer_puts or arena_strdup", "stpcpy": "buffer_puts", "strncpy": "arena_copy",
    "strcat": "buffer_puts", "strncat": "buffer_append", "sprintf": "snprintf or buffer_printf",
    "vsprintf": "vsnprintf or buffer_vprintf", "gets": "getline", "strtok": "strchr and lengths",
    "atoi": "strtol with its checks", "atol": "strtol with its checks",
    "atoll": "strtoll with its checks", "atof": "strtod with its checks", "rand": "hash_random",
    "srand": "hash_random", "random": "hash_random", "system": "nothing: this program starts no other",
    "popen": "nothing: this program starts no other", "execl": "nothing: this program starts no other",
    "execv": "nothing: this program starts no other", "setlocale": "nothing: it breaks jansson and strtod",
    "alloca": "arena_alloc", "tmpnam": "mkstemp", "mktemp": "mkstemp", "gmtime": "gmtime_r",
    "localtime": "gmtime_r: times are UTC", "asctime": "date_now", "ctime": "date_now",
    "setjmp": "an error value", "longjmp": "an error value",
}

# State that may change, each entry with the reason. Everything else is constant or has an owner
# that is handed around. (path, name) or (path, None) for any name in the file.
STATE = {
    ("src/base/log.c", None): "format and level, set once before any thread starts",
}

# Modules without a header of their own.
NO_HEADER = {"src/main.c"}
# Folders whose modules are declared together: each resource, endpoint and format is a line in a list.
SHARED_HEADERS = {"src/api": {"bilateral/api/registry.h", "bilateral/api/service.h",
                              "bilateral/api/collection.h"},
                  "src/format": {"bilateral/format/format.h"}}
# Headers without a .c of their own: types only.
NO_SOURCE = set()

# C constants of libraries that are macros, so that a switch over them needs a default.
OPEN_SETS = re.compile(r"SQLITE_|SIG[A-Z]|E[A-Z0-9]+$|MHD_HTTP_|[A-Z]_OPTION")


def call_rule(path, text):
    found = c.tokens(text)
    for index, token in enumerate(found):
        if token.kind == "directive":
            continue
        member = index and c.mark(found[index - 1], ".", "->")
        called = index + 1 < len(found) and c.mark(found[index + 1], "(")
        if token.kind == "name" and token.text in BANNED and called and not member:
            yield token.line, f"{token.text} is banned; use {BANNED[token.text]}"
        if token.kind == "name" and re.match(r"MHD_(\w*_)?(PostProcessor|post_processor)", token.text):
            yield token.line, "MHD_PostProcessor is banned (its faults are known); read the body whole"
        if token.kind == "name" and token.text == "sqlite3_exec" and called:
            arguments = found[index + 2:c.skip(found, index + 1) - 1]
            if any(part.kind == "name" and "printf" in part.text for part in arguments):
                yield token.line, "sqlite3_exec with printed SQL; prepare a literal and bind values"


SQL = re.compile(r"\b(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE\s+\S+(\s+SET|$)|DELETE\s+FROM"
                 r"|\bWHERE\s)")


def sql_rule(path, text):
    for token in c.strings(text):
        outside = re.sub(r"'[^'%]*%[A-Za-z][^']*'", "", token.text)  # strftime('%d', …)
        if SQL.search(token.text) and (re.search(r"%(\.\*)?s", token.text)
                                       or re.search(r"%[0-9.*]*(l|ll|z|j)?[diux]", outside)):
            yield token.line, "SQL made by printf; write the statement whole and bind its values"


def macro_rule(path, text):
    for token in c.tokens(text):
        if token.kind == "directive" and re.match(r"\s*#\s*define\b", token.text):
            body = re.sub(r'"(\\.|[^"\\])*"', "", token.text)
            if word := re.search(r"\b(return|goto|break|continue)\b", body):
                yield token.line, f"a macro must not hide `{word[1]}`; make it a function"


def typedef_rule(path, text):
    found = c.tokens(text)
    for first, second in zip(found, found[1:]):
        if first.text == "typedef" and second.text in {"struct", "union", "enum"}:
            yield first.line, f"no typedef of a {second.text}: write `{second.text} name` where it is used"


@functools.cache
def function_types():
    """Types such as `typedef bool route_handler(…)`: what is declared with one is a function."""
    return {name for path in tree.c_files()
            for name in re.findall(r"^typedef\s[\w\s*]+?(\w+)\(", tree.read(path), re.MULTILINE)}


def state_rule(path, text):
    def allowed(name):
        return (path, name) in STATE or (path, None) in STATE

    mend = "make it const or _Thread_local, or give it an owner that is handed in (STATE lists exceptions)"
    for head, body in c.externals(text):
        if not body:
            found = c.variable(head)
            signal = {"volatile", "sig_atomic_t"} <= {token.text for token in head}
            function = function_types() & {token.text for token in head} \
                and not any(c.mark(token, "*") for token in head)
            if found and found[1] and not signal and not function and not allowed(found[0]):
                yield head[0].line, f"{found[0]} is global and can change; {mend}"
        for index, token in enumerate(body):
            if token.text == "static" and token.kind == "name" and c.mark(body[index - 1], ";", "{", "}"):
                end = next(i for i in range(index, len(body)) if c.mark(body[i], ";", "="))
                found = c.variable(body[index:end])
                if found and found[1] and not allowed(found[0]):
                    yield token.line, f"static {found[0]} outlives its function and can change; {mend}"


def switch_rule(path, text):
    for _, _, _, body in c.functions(text):
        for index, token in enumerate(body):
            if token.text != "switch" or token.kind != "name":
                continue
            start = c.skip(body, index + 1)
            if start >= len(body) or not c.mark(body[start], "{"):
                continue
            labels, default, depth = [], None, 0
            for place in range(start, c.skip(body, start)):
                part = body[place]
                depth += c.mark(part, "{") - c.mark(part, "}")
                if depth == 1 and part.text == "case":
                    labels.append(body[place + 1])
                if depth == 1 and part.text == "default" and c.mark(body[place + 1], ":"):
                    default = part
            enums = labels and all(label.kind == "name" and label.text.isupper()
                                   and not OPEN_SETS.match(label.text) for label in labels)
            if default and enums:
                yield default.line, "a switch over an enum lists every case and has no default, so that " \
                                    "the compiler finds the switch when a case is added"


def header_rule(path, text, exists=lambda name: (tree.ROOT / name).exists()):
    pure = pathlib.PurePath(path)
    if path in NO_HEADER:
        return
    own = "include/bilateral" / pathlib.PurePath(*pure.parts[1:]).with_suffix(".h")
    includes = [re.match(r'\s*#\s*include\s*"([^"]+)"', token.text) for token in c.tokens(text)
                if token.kind == "directive"]
    first = next((match[1] for match in includes if match), "")
    if exists(str(own)):
        if first != str(own.relative_to("include")):
            yield 1, f'the first include must be "{own.relative_to("include")}", which proves it complete'
    elif first in SHARED_HEADERS.get(str(pure.parent), set()):
        return
    elif "/" in first or not first or not exists(str(pure.parent / first)):
        yield 1, f"no {own}; write it (header = manual), or include a private header of the folder first"


def source_rule(path, text, exists=lambda name: (tree.ROOT / name).exists()):
    source = "src" / pathlib.PurePath(*pathlib.PurePath(path).parts[2:]).with_suffix(".c")
    if path not in NO_SOURCE and not exists(str(source)):
        yield 1, f"no {source}; a header has its module at the same path (NO_SOURCE lists exceptions)"
    guard = re.sub(r"\W", "_", str(pathlib.PurePath(*pathlib.PurePath(path).parts[1:]))).upper()
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        yield 1, f"guard it with {guard}"
    if not text.startswith("/*\n * " + pathlib.PurePath(path).stem + " - "):
        yield 1, f"begin with a comment ` * {pathlib.PurePath(path).stem} - what it is for`, with an example"


RULES = [call_rule, sql_rule, macro_rule, typedef_rule, state_rule, switch_rule]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_c_files_keep_the_rule(rule):
    tree.none(tree.complaints(rule, tree.c_files()))


def test_every_module_has_its_header():
    tree.none(tree.complaints(header_rule, tree.files("src/**.c")))


def test_every_header_has_its_module():
    tree.none(tree.complaints(source_rule, tree.files("include/**.h")))


def test_formatted():
    program = shutil.which("clang-format-14")
    if not program:
        pytest.skip("clang-format-14 is not installed")
    done = subprocess.run([tree.ROOT / "script/format", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, f"\n{done.stderr}\nrun script/format"


def test_formatting_is_noticed(tmp_path):
    if not shutil.which("clang-format-14"):
        pytest.skip("clang-format-14 is not installed")
    (tmp_path / ".clang-format").write_text(tree.read(".clang-format"))
    (tmp_path / "bad.c").write_text("int  f( void ){return 1;}\n")
    done = subprocess.run(["clang-format-14", "--dry-run", "--Werror", "bad.c"], cwd=tmp_path,
                          capture_output=True)
    assert done.returncode != 0


@pytest.mark.parametrize("rule, text", [
    (call_rule, "void f(char *a) { strcpy(a, a); }"),
    (call_rule, "int f(void) { return rand (); }"),
    (call_rule, "struct MHD_PostProcessor *p;"),
    (call_rule, "void f(void) { MHD_create_post_processor(0); }"),
    (call_rule, "void f(void) { sqlite3_exec(db, sqlite3_mprintf(x), 0, 0, 0); }"),
    (sql_rule, 'char *s = "SELECT id FROM %s";'),
    (sql_rule, 'char *s = "SELECT id "\n  "FROM x WHERE name = \'%s\'";'),
    (sql_rule, 'char *s = "DELETE FROM x WHERE id = %d";'),
    (sql_rule, 'char *s = "INSERT OR REPLACE INTO x VALUES (%lld)";'),
    (macro_rule, "#define CHECK(x) \\\n    if (!(x)) \\\n        return false\n"),
    (macro_rule, "#define NEXT goto end\n"),
    (typedef_rule, "typedef struct { int a; } pair;"),
    (typedef_rule, "typedef enum color color_t;"),
    (state_rule, "static int counter;"),
    (state_rule, "int a = 1;"),
    (state_rule, "static const char *name;"),
    (state_rule, "static struct cache { int a; } cache;"),
    (state_rule, "static struct cache *caches[4] = {0};"),
    (state_rule, "extern unsigned long total;"),
    (state_rule, "static void (*handler)(int);"),
    (state_rule, "static route_handler *current;"),
    (state_rule, "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;"),
    (state_rule, "int f(void) { static int calls; return ++calls; }"),
    (state_rule, "char *f(void)\n{\n    int a = 1;\n    static char text[9];\n    return text;\n}"),
    (switch_rule, "int f(enum e e) { switch (e) { case A: return 1; default: return 2; } }"),
])
def test_rule_refuses(rule, text):
    assert list(rule("src/base/x.c", text))


@pytest.mark.parametrize("rule, text", [
    (call_rule, "void f(struct x *x) { x->system(1); /* strcpy(a, b) */ y(\"strcpy(\"); }"),
    (call_rule, "void f(void) { sqlite3_exec(db, \"BEGIN\", 0, 0, 0); snprintf(a, 1, \"x\"); }"),
    (sql_rule, "char *s = \"SELECT strftime('%Y-%m-%d', at) FROM x WHERE id = ?\";"),
    (sql_rule, 'char *s = "use PUT or DELETE on %s";'),
    (macro_rule, '#define TEXT "return it"\n#define SIZE 4 /* no break */\n'),
    (typedef_rule, "typedef bool handler(void *worker);"),
    (state_rule, "static const char *const NAMES[] = {\"a\"}; static const struct row ROWS[] = {{1}};"),
    (state_rule, "struct a; struct b { int c; }; enum { D = 1 }; typedef int e; int f(int g);"),
    (state_rule, "static _Thread_local struct x *current; _Static_assert(sizeof(int) == 4, \"int\");"),
    (state_rule, "static void (*const HANDLERS[])(int) = {a, b};"),
    (state_rule, "static volatile sig_atomic_t stop;"),
    (state_rule, "extern route_handler index_page, holder_list;"),
    (state_rule, "void date_add(char ret[static 9]); char *f(const char *x) __attribute__((pure));"),
    (state_rule, "static struct x make(int a)\n{\n    static const int B[] = {1};\n    return (struct x){a};\n}"),
    (switch_rule, "int f(int c) { switch (c) { case 'a': return 1; default: return 2; } }"),
    (switch_rule, "int f(int c) { switch (c) { case SQLITE_ROW: return 1; default: return 2; } }"),
    (switch_rule, "int f(enum e e) { switch (e) { case A: return 1; case B: return 2; } return 0; }"),
])
def test_rule_allows(rule, text):
    assert not list(rule("src/base/x.c", text))


def test_state_of_the_log_is_an_exception():
    assert not list(state_rule("src/base/log.c", "static int level;"))


def test_header_rule():
    own, private = '#include "bilateral/base/x.h"\n', '#include "private.h"\n'
    with_header = {"include/bilateral/base/x.h"}.__contains__
    with_private = {"src/base/private.h"}.__contains__
    assert not list(header_rule("src/base/x.c", own, with_header))
    assert list(header_rule("src/base/x.c", "#include <stdio.h>\n#include \"a.h\"\n" + own, with_header))
    assert not list(header_rule("src/base/x.c", private, with_private))
    assert list(header_rule("src/base/x.c", own, with_private))
    assert list(header_rule("src/base/x.c", "", with_private))
    assert not list(header_rule("src/main.c", "", with_private))
    assert not list(header_rule("src/api/x.c", '#include "bilateral/api/registry.h"\n', with_private))
    assert list(header_rule("src/base/x.c", '#include "bilateral/api/registry.h"\n', with_private))


def test_source_rule():
    good = "/*\n * x - a thing.\n */\n#ifndef BILATERAL_BASE_X_H\n#define BILATERAL_BASE_X_H\n#endif\n"
    assert not list(source_rule("include/bilateral/base/x.h", good, {"src/base/x.c"}.__contains__))
    assert list(source_rule("include/bilateral/base/x.h", good, lambda name: False))
    assert list(source_rule("include/bilateral/base/x.h", good.replace("_X_H", "_Y_H"), lambda name: True))
    assert list(source_rule("include/bilateral/base/x.h", good[3:], lambda name: True))
