#!/usr/bin/env python3
"""Write a C file that holds the migrations and views as string literals.

The views come without the lines between them, as the engine keeps them.

usage: embed.py OUTPUT MIGRATION.sql... views.sql
"""

import pathlib
import sys


def literal(text):
    """The text as C string literals, one line of source for each line of text."""
    lines = text.splitlines(keepends=True)
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for line in lines)
    return "\n".join(f'    "{line}"' for line in escaped)


def main(output, *names):
    *migrations, views = [pathlib.Path(name) for name in names]
    parts = ['#include "bilateral/store/migrate.h"\n', "const struct migration MIGRATIONS[] = {"]
    for path in migrations:
        parts.append(f'    {{"{path.name}",\n{literal(path.read_text("utf-8"))}}},')
    parts += ["    {0},", "};\n", "const char MIGRATE_VIEWS[] ="]
    lines = (line for line in views.read_text("utf-8").splitlines(keepends=True)
             if line.strip() and not line.startswith("--"))
    parts.append(literal("".join(lines)) + ";\n")
    pathlib.Path(output).write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
