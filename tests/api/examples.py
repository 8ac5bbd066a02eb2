"""The examples of README.md: ```console blocks, whose lines `$ …` are commands and whose other
lines are what the command before them prints. ```sh blocks hold commands alone.

    ```console
    $ curl -s 'http://127.0.0.1:8080/v1/meetings?limit=1&fields=id'
    {"data": [{"id": "…"}], "…": "…"}
    ```

An expected `…` stands for anything: as a JSON value for any value, as the last item of an array for
all further items, as a member's name for all further members, in plain text for any characters of
one line. JSON is compared as JSON, whatever its spacing; everything else exactly.
"""

import json
import re

ANYTHING = "…"


class Example:
    """One block: its commands, each with the text expected of it (None in a ```sh block)."""

    def __init__(self, line, commands):
        self.line = line
        self.commands = commands  # [(command, expected text or None)]


def blocks(markdown):
    for fence in re.finditer(r"^```(console|sh)\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL):
        line = markdown.count("\n", 0, fence.start()) + 1
        commands, continued = [], False
        for text in fence[2].splitlines():
            if continued:
                commands[-1][0] += "\n" + text.removeprefix("> ")
            elif fence[1] == "sh":
                if not text.strip() or text.startswith("#"):
                    continue
                commands.append([text, None])
            elif text.startswith("$ "):
                commands.append([text[2:], ""])
            elif commands:
                commands[-1][1] += text + "\n"
            continued = bool(commands) and text.endswith("\\") and (
                continued or fence[1] == "sh" or text.startswith("$ "))
        yield Example(line, [tuple(command) for command in commands])


def runnable(example):
    """Only what asks a daemon: not what builds, clones or starts one."""
    words = [command.split(maxsplit=1)[0] for command, _ in example.commands]
    return any(re.search(r"\bcurl\b", command) for command, _ in example.commands) and not any(
        re.match(r"(\./)?script/|git$|docker$|podman$|sudo$|apt", word) for word in words)


def same_json(expected, found):
    if expected == ANYTHING:
        return True
    if isinstance(expected, dict) and isinstance(found, dict):
        named = {key for key in expected if key != ANYTHING}
        return (named <= found.keys() if ANYTHING in expected else named == found.keys()) and all(
            same_json(expected[key], found[key]) for key in named)
    if isinstance(expected, list) and isinstance(found, list):
        if expected and expected[-1] == ANYTHING:
            expected, found = expected[:-1], found[:len(expected) - 1]
        return len(expected) == len(found) and all(map(same_json, expected, found))
    return type(expected) is type(found) and expected == found


def same(expected, found):
    """Whether a command printed what the README shows."""
    expected, found = expected.strip(), found.replace("\r\n", "\n").strip()
    try:
        wanted = json.loads(expected)
    except ValueError:
        pattern = "\n".join(".*".join(map(re.escape, line.rstrip().split(ANYTHING)))
                            for line in expected.split("\n"))
        return re.fullmatch(pattern, "\n".join(map(str.rstrip, found.split("\n")))) is not None
    try:
        return same_json(wanted, json.loads(found))
    except ValueError:
        return False
