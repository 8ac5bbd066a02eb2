#!/usr/bin/env python3
"""Write a C file that holds the files of the web pages as string literals.

usage: embed_web.py OUTPUT FILE...
"""

import hashlib
import pathlib
import sys

import embed

# To embed another sort of file, add its extension; it must be text.
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def row(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    text = embed.literal(path.read_text("utf-8"))
    return (f'    {{"{path.name}", "{TYPES[path.suffix]}", "\\"{digest}\\"",\n{text},\n'
            f"     {path.stat().st_size}}},")


def main(output, *names):
    rows = [row(pathlib.Path(name)) for name in names]
    pathlib.Path(output).write_text("\n".join([
        '#include "bilateral/web/asset.h"\n', "const struct asset ASSETS[] = {", *rows, "    {0},",
        "};\n"]), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
