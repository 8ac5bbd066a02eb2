"""A file fits one sitting, a function one screen, the whole one afternoon."""

import pytest

import c
import tree

FILE_LINES = 400
FUNCTION_LINES = 70
TOTAL_LINES = 21000


def file_rule(path, text):
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield lines, f"{lines} lines, {FILE_LINES} allowed; split it by noun"


def function_rule(path, text):
    for name, line, lines, _ in c.functions(text):
        if lines > FUNCTION_LINES:
            yield line, f"{name} has {lines} lines, {FUNCTION_LINES} allowed; give its steps names"


def test_files_are_short():
    tree.none(tree.complaints(file_rule, tree.c_files()))


def test_functions_fit_a_screen():
    tree.none(tree.complaints(function_rule, tree.c_files()))


def code_lines(text):
    """How many lines have something that the compiler sees: neither blank nor comment."""
    return len({token.line for token in c.tokens(text)})


def test_all_the_c_is_below_the_limit():
    lines = sum(code_lines(tree.read(path)) for path in tree.files("src/**.c"))
    assert lines < TOTAL_LINES, f"{lines} lines of C; say it with a table, or drop what nobody asked for"


def test_file_rule():
    assert list(file_rule("src/x.c", "\n" * 401))
    assert not list(file_rule("src/x.c", "\n" * 400))


@pytest.mark.parametrize("lines, refused", [(71, True), (70, False)])
def test_function_rule(lines, refused):
    text = "static int f(int (*g)(void))\n{\n" + "    g();\n" * (lines - 3) + "}\n"
    table = "static const struct row T[] = {\n" + "    {1},\n" * 500 + "};\n"
    assert bool(list(function_rule("src/x.c", table + text))) == refused


def test_code_lines():
    assert code_lines("/* a\n * b */\n\nint f(void)\n{\n    return 1; // one\n}\n") == 4
