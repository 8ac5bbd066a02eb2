"""Every file: clean text, nothing about the machine it was written on, and no dead references."""

import re
import shutil
import subprocess

import pytest

import tree

BINARY = re.compile(r"\.(png|ico|woff2|gz|sqlite3)$|^tests/fuzz/corpus/")  # bytes, not text

# Split, so that this file does not refuse itself.
PLACES = [r"(?<![\w./-])/wo" r"rk/", r"bash_" r"jobs", r"/ro" r"ot/[.\w]", r"py" r"env\b",
          r"/home/" r"\w+/", r"\bnpm" r"js\.", r"\bpypi\." r"org", r"pythonhosted\." r"org",
          r"\bproxy\.go" r"lang\.", r"\bcrates\." r"io\b"]


def text_rule(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if "\r" in line:
            yield number, "carriage return; end lines with LF alone"
        if "\t" in line:
            yield number, "tab; indent with spaces"
        if line.rstrip("\r") != line.rstrip():
            yield number, "blanks at the end of the line; delete them"
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "the last line does not end; add a line feed"
    if text.endswith("\n\n"):
        yield text.count("\n"), "empty lines at the end; delete them"


def place_rule(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        for place in PLACES:
            if match := re.search(place, line):
                yield number, f"`{match[0]}` is a place of one machine; say it without"


def readme_rule(path, text, exists=lambda name: (tree.ROOT / name).exists(),
                runs=lambda name: (tree.ROOT / name).stat().st_mode & 0o111):
    for number, line in enumerate(text.split("\n"), 1):
        for name in re.findall(r"(?<![\w/.-])(?:\./)?(script/[\w-]+|\.ci/[\w-]+)", line):
            if not exists(name):
                yield number, f"{name} does not exist; correct the README"
            elif not runs(name):
                yield number, f"{name} cannot be executed; chmod +x it"
        for name in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", line):
            if not re.match(r"[a-z]+:", name) and not exists(name):
                yield number, f"the link to {name} is dead; correct the README"
        for name in re.findall(r"`((?:src|include|tests|migrations|seeds|docs|bench)/[\w./-]+)`", line):
            if not exists(name):
                yield number, f"{name} does not exist; correct the README"


def texts():
    return [path for path in tree.files() if not BINARY.search(path)]


@pytest.mark.parametrize("rule", [text_rule, place_rule], ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule):
    tree.none(tree.complaints(rule, texts()))


def test_every_file_is_utf8():
    found = []
    for path in texts():
        try:
            tree.read(path)
        except UnicodeDecodeError as error:
            found.append(f"{path}: {error}; write UTF-8")
    tree.none(found)


def test_readme_names_what_exists():
    assert tree.files("README.md"), "there is no README.md"
    tree.none(tree.complaints(readme_rule, ["README.md"]))


def scripts():
    return [path for path in tree.files("script/*", ".ci/*")
            if re.match(r"#!.*\b(ba)?sh\b", tree.read(path))]


def test_scripts_can_be_run_and_stop_at_errors():
    tree.none([f"{path}: chmod +x it" for path in scripts()
               if not (tree.ROOT / path).stat().st_mode & 0o111]
              + [f"{path}: begin with `set -eu`" for path in scripts()
                 if not re.search(r"^set -eu", tree.read(path), re.MULTILINE)])


def shellcheck(*arguments, **options):
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    return subprocess.run(["shellcheck", *arguments], capture_output=True, text=True, **options)


def test_scripts_pass_shellcheck():
    done = shellcheck(*scripts(), cwd=tree.ROOT)
    assert done.returncode == 0, done.stdout


def test_shellcheck_notices():
    assert shellcheck("-", input="#!/bin/sh\nrm $1\n").returncode != 0


@pytest.mark.parametrize("rule, text", [
    (text_rule, "a\tb\n"), (text_rule, "a \n"), (text_rule, "a\r\n"), (text_rule, "a"),
    (text_rule, "a\n\n"),
    (place_rule, "see /wo" "rk/main\n"), (place_rule, "/ro" "ot/.cache\n"),
    (readme_rule, "run script/no-such-thing\n"), (readme_rule, "[x](docs/no-such.md)\n"),
    (readme_rule, "read `src/no/such.c`\n"),
])
def test_rule_refuses(rule, text):
    assert list(rule("README.md", text))


@pytest.mark.parametrize("rule, text", [
    (text_rule, "a\n\n b\n"), (text_rule, ""),
    (place_rule, "how the frame" "wo" "rk/layer goes; https://example.org/wo" "rk/x\n"),
    (readme_rule, "run `script/test` or ./script/format --check; [x](LICENSE) [y](https://example.org)\n"),
])
def test_rule_allows(rule, text):
    assert not list(rule("README.md", text))
