"""What has to be installed or compiled before contenders can run. What cannot be is said, and skipped."""

import functools
import os
import pathlib
import shutil
import subprocess
import sys

from data import FOLDER, ROOT

CONTENDERS = ROOT / "bench" / "contenders"
FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wstrict-prototypes",
         "-Werror"]
LIBRARIES = {
    "bare_mhd": ["-lmicrohttpd", "-lpthread"],
    "sqlite_loop": ["-lsqlite3"],
    "sqlite_writer": ["-lsqlite3"],
    "ulfius_meetings": ["-lulfius", "-lorcania", "-ljansson", "-lsqlite3"],
}


class Missing(Exception):
    """A tool that cannot be had here; its text says which and why."""


def need(program):
    found = shutil.which(program, path="/usr/sbin:/usr/local/bin:/usr/bin:/bin")
    if not found:
        raise Missing(f"{program} is not installed")
    return found


def run(command, seconds, **options):
    """The end of what it printed is the reason when it fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=seconds, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise Missing(f"{' '.join(map(str, command[:3]))}… failed: {done.stdout.strip()[-300:]}")


@functools.cache
def compiled(name):
    """A contender in C; older programs than their source are made anew."""
    source = next(CONTENDERS.glob(f"*/{name}.c"))
    program = FOLDER / name
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        FOLDER.mkdir(parents=True, exist_ok=True)
        run([need("gcc"), *FLAGS, "-o", program, source, *LIBRARIES[name]], 120)
    return program


def headers_of(node):
    """Node's headers, where its package brought them: without a word npm would download others."""
    prefix = pathlib.Path(node).resolve().parent.parent
    return {"npm_config_nodedir": str(prefix)} if (prefix / "include/node/node.h").exists() else {}


@functools.cache
def node_modules():
    """The packages of the contenders in JavaScript, as bench/contenders/package.json pins them."""
    node, npm = need("node"), need("npm")
    manifest, folder = CONTENDERS / "package.json", FOLDER / "npm"
    installed = folder / "package.json"
    if not installed.exists() or installed.read_text() != manifest.read_text():
        print("installing the contenders in JavaScript; one of them is compiled", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        building = FOLDER / "npm-unfinished"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        shutil.copy(manifest, building)
        run([npm, "install", "--no-audit", "--no-fund"], 1800, cwd=building,
            env={**os.environ, "SCARF_ANALYTICS": "false", **headers_of(node)})
        run([node, "-e", "new (require('better-sqlite3'))(':memory:')"], 30, cwd=building)
        building.rename(folder)
    return folder / "node_modules"


@functools.cache
def output(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, timeout=60).stdout
