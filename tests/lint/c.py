"""Enough of C's grammar for the checks: tokens, functions and declarations at file scope.

Comments are dropped, so that prose never trips a rule; a preprocessor line is one token.
"""

import functools
import re
import typing


class Token(typing.NamedTuple):
    kind: str  # "directive", "string", "character", "name", "number" or "mark"
    text: str  # of a string: what is between its quotes
    line: int


PATTERN = re.compile(r"""
    (?P<comment>   /\*.*?\*/ | //[^\n]* )
  | (?P<directive> (?:(?<=\n)|\A) [ \t]* \# (?: \\\n | /\*.*?\*/ | [^\n] )* )
  | (?P<string>    (?:u8|[uUL])? " (?: \\. | [^"\\\n] )* " )
  | (?P<character> [uUL]? ' (?: \\. | [^'\\\n] )* ' )
  | (?P<name>      [A-Za-z_]\w* )
  | (?P<number>    \.?\d (?: [eEpP][+-] | [\w.] )* )
  | (?P<mark>      -> | \+\+ | -- | << | >> | [<>=!]= | && | \|\| | \.\.\. | [^\s] )
""", re.VERBOSE | re.DOTALL)


@functools.cache
def tokens(text):
    text = text.replace("\\\r\n", "\\\n")
    found = []
    for match in PATTERN.finditer(text):
        kind, content = match.lastgroup, match[0]
        if kind == "comment":
            continue
        if kind == "string":
            content = content[content.index('"') + 1:-1]
        if kind == "directive":
            content = re.sub(r"/\*.*?\*/|//.*", " ", content.replace("\\\n", " "), flags=re.DOTALL)
        found.append(Token(kind, content, text.count("\n", 0, match.start()) + 1))
    return found


def strings(text):
    """String literals, adjacent ones joined as the compiler does."""
    joined = []
    previous = None
    for token in tokens(text):
        if token.kind == "string" and previous == "string":
            joined[-1] = joined[-1]._replace(text=joined[-1].text + token.text)
        elif token.kind == "string":
            joined.append(token)
        previous = token.kind
    return joined


OPENING, CLOSING = {"(", "[", "{"}, {")", "]", "}"}


def mark(token, *texts):
    return token.kind == "mark" and token.text in texts


def skip(all_tokens, start):
    """The index behind the bracket that closes the one at `start`."""
    depth = 0
    for index in range(start, len(all_tokens)):
        if mark(all_tokens[index], *OPENING):
            depth += 1
        elif mark(all_tokens[index], *CLOSING):
            depth -= 1
            if depth == 0:
                return index + 1
    return len(all_tokens)


class External(typing.NamedTuple):
    head: list  # tokens of a declaration, or of a function up to its body
    body: list  # of a function, braces included; empty for a declaration


def externals(text):
    """What stands at file scope: functions with their bodies, and declarations."""
    code = [token for token in tokens(text) if token.kind != "directive"]
    found, head, index = [], [], 0
    while index < len(code):
        token = code[index]
        if mark(token, ";"):
            if head:
                found.append(External(head, []))
            head, index = [], index + 1
        elif mark(token, "{") and head and mark(head[-1], ")") and not any(
                mark(part, "=") for part in head):
            end = skip(code, index)
            found.append(External(head, code[index:end]))
            head, index = [], end
        elif mark(token, *OPENING):
            end = skip(code, index)
            head += code[index:end]
            index = end
        else:
            head.append(token)
            index += 1
    return found


def functions(text):
    """(name, first line, number of lines, body) of every function defined."""
    for head, body in externals(text):
        if body:
            parenthesis = next(i for i, token in enumerate(head) if mark(token, "("))
            yield (head[parenthesis - 1].text, head[0].line, body[-1].line - head[0].line + 1, body)


QUALIFIERS = {"static", "extern", "const", "volatile", "register", "inline", "restrict", "_Alignas",
              "alignas", "_Noreturn", "_Atomic"}


def variable(head):
    """(name, whether it can change) of a declared variable; None for a prototype or a type."""
    words = []
    index = 0
    while index < len(head):
        token = head[index]
        if token.kind == "name" and token.text in {"__attribute__", "_Alignas", "alignas"}:
            index = skip(head, index + 1)
            continue
        if token.kind == "name" and token.text in {"struct", "union", "enum"}:
            index += 1
            if index < len(head) and head[index].kind == "name":
                index += 1
            if index < len(head) and mark(head[index], "{"):
                index = skip(head, index)
            words.append(Token("name", "struct", token.line))
            continue
        if mark(token, "="):
            break
        words.append(token)
        index += 1
    names = {token.text for token in words if token.kind == "name"}
    if names & {"typedef", "_Static_assert", "static_assert", "_Thread_local", "thread_local",
                "__thread"}:
        return None
    pointer = next((i for i, token in enumerate(words) if mark(token, "(")), None)
    if pointer is not None:
        if pointer + 1 >= len(words) or not mark(words[pointer + 1], "*"):
            return None
        words = words[pointer + 1:skip(words, pointer) - 1]
    plain = [token for token in words if token.kind == "name" and token.text not in QUALIFIERS]
    if len(plain) < (1 if pointer is not None else 2):
        return None
    brackets = next((i for i, token in enumerate(words) if mark(token, "[")), len(words))
    words = words[:brackets]
    stars = [i for i, token in enumerate(words) if mark(token, "*")]
    behind = words[stars[-1]:] if stars else words
    constant = any(token.text == "const" for token in behind)
    name = next((token.text for token in reversed(words)
                 if token.kind == "name" and token.text not in QUALIFIERS), "?")
    return name, not constant
