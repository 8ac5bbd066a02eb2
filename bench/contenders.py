"""Who is compared: how each is started, and what it is asked for the list and for the detail."""

import json
import os
import random
import subprocess
import typing

import nginx
import tools
from data import FOLDER, PAGE
from server import Server

BARE, CACHED, FRESH, FILE, RETURN = "bare MHD", "bilateral, cached", "bilateral, fresh", "nginx file", "nginx return"
ULFIUS, FASTIFY, SOUL, JSON_SERVER = "ulfius", "Fastify", "soul-cli", "json-server"
LOOP = "SQLite loop"
CONTROL = "bare MHD, again"  # the A/A control: the same program as the first row
JSON_SERVER_RECORDS = 10_000  # it keeps all in memory and sorts them for every list


class Contender(typing.NamedTuple):
    """To add one, add a row to TABLE."""
    name: str
    about: str  # what it does for the list and the detail
    command: typing.Callable  # (data, port, workers) -> argument list; raises tools.Missing
    targets: typing.Callable  # (data, "list" or "detail") -> paths, the first one the usual one
    environment: dict = {}
    seconds: int = 0  # the least a slice must last to catch an answer


# -- the daemon

def knows(data, option):
    return option in tools.output((data.daemon, "--help"))


def daemon(data, port, workers, *more, store=None):
    return [data.daemon, "serve", "--listen", f"127.0.0.1:{port}", "--store", store or data.store, "--no-seeds",
            "--no-access-log", "--workers", workers, "--connections", 4000, *more]


def on(store):
    """The daemon as it is delivered, on another store than that of the data."""
    return BY_NAME[CACHED]._replace(command=lambda data, port, workers: daemon(data, port, workers, store=store))


def token(data, store):
    """One that may write."""
    if not knows(data, "token"):
        raise tools.Missing("this daemon has no tokens, so nobody may write")
    return subprocess.run([data.daemon, "token", "create", "--store", store, "--name", f"bench-{os.getpid()}",
                           "--scope", "write"], stdout=subprocess.PIPE, check=True, text=True, timeout=60).stdout.strip()


def fresh(data, port, workers):
    return daemon(data, port, workers, *(["--cache-bytes", 0] if knows(data, "--cache-bytes") else []))


def own_targets(data, kind):
    if kind == "list":
        return [f"/v1/meetings?limit={PAGE}"] + [f"/v1/meetings?limit={PAGE}&cursor={cursor}"
                                                for cursor, *_ in data.pages]
    return [f"/v1/meetings/{meeting}" for meeting in data.ids]


# -- constants

def bare(data, port, workers):
    return [tools.compiled("bare_mhd"), port, workers, data.list_answer, data.detail_answer]


def start_nginx(data, port, workers):
    return [tools.need("nginx"), "-p", data.folder, "-c", nginx.configure(data, port, workers)]


def file_targets(data, kind):
    count = len(data.pages if kind == "list" else data.ids)
    return (["/list.json"] if kind == "list" else []) + [f"/{kind}-{number}.json" for number in range(count)]


def return_targets(data, kind):
    return [f"/return/{kind}"] + [f"/return/{kind}?{number}" for number in range(len(data.pages))]


# -- what others would write

def keyset_targets(data, kind):
    if kind == "list":
        return [f"/v1/meetings?limit={PAGE}"] + [f"/v1/meetings?limit={PAGE}&before_date={date}&before_id={own}"
                                                for _, date, own in data.pages]
    return own_targets(data, kind)


def ulfius(data, port, workers):
    return [tools.compiled("ulfius_meetings"), port, data.store]


def fastify(data, port, workers):
    tools.node_modules()
    return [tools.need("node"), tools.CONTENDERS / "fastify" / "server.cjs", port, data.store, workers]


def soul(data, port, workers):
    """It writes tables of its own, so it gets a store of its own."""
    program = tools.node_modules() / ".bin" / "soul"
    return [program, "-d", data.copy_meetings(f"soul-{port}"), "-p", port]


# The columns that the handlers above read, since the table has the record's whole text besides.
COLUMNS = ",".join("""id name classification status start_date start_date_precision end_date end_date_precision
    place_id parent_id mechanism_id session_number description created_at updated_at revision source_ids""".split())


def scattered(data, records):
    """Numbers of pages all over so many records; the same ones in each run."""
    dice = random.Random(1)
    return [dice.randrange(1, records // PAGE) for _ in data.pages]


def soul_targets(data, kind):
    table = "/api/tables/meeting/rows"
    if kind == "list":
        page = f"{table}?_limit={PAGE}&_schema={COLUMNS}&_ordering=-start_date_earliest&_page="
        return [f"{page}{number}" for number in [1, *scattered(data, data.meetings)]]
    return [f"{table}/{meeting}?_schema={COLUMNS}" for meeting in data.ids]


def json_server(data, port, workers):
    program = tools.node_modules() / ".bin" / "json-server"
    rows = data.rows.execute(
        "SELECT json FROM meeting ORDER BY id IN (SELECT value FROM json_each(?)) DESC, id LIMIT ?",
        (json.dumps(data.ids), JSON_SERVER_RECORDS))
    text = '{"meetings": [' + ",".join(row[0] for row in rows) + "]}"
    return [program, "--port", port, "--host", "127.0.0.1", "--quiet", data.save("json-server.json", text.encode())]


def json_server_targets(data, kind):
    if kind == "list":
        return [f"/meetings?_limit={PAGE}&_sort=start_date,id&_order=desc,desc&_page={number}"
                for number in [1, *scattered(data, min(data.meetings, JSON_SERVER_RECORDS))]]
    return [f"/meetings/{meeting}" for meeting in data.ids]


# -- the rows alone

def loop_keys(data, kind):
    if kind == "list":
        return ["9999 z"] + [f"{date} {own}" for _, date, own in data.pages]
    return data.ids


TABLE = [
    Contender(BARE, "libmicrohttpd with an epoll loop of our own; a constant", bare, own_targets),
    Contender(CACHED, "this daemon as it is delivered", daemon, own_targets),
    Contender(FRESH, "this daemon with `--cache-bytes 0`", fresh, own_targets),
    Contender(FILE, "the same bytes as files; open_file_cache, sendfile", start_nginx, file_targets),
    Contender(RETURN, "a constant within its configuration", start_nginx, return_targets),
    Contender(ULFIUS, "C: ulfius, prepared SQL over columns, jansson tree; a thread a connection", ulfius,
              keyset_targets),
    Contender(FASTIFY, "Node: Fastify, better-sqlite3, prepared SQL over columns; a process a worker", fastify,
              keyset_targets),
    Contender(SOUL, "REST over SQLite from npm: OFFSET, a count for each list", soul, soul_targets,
              {"NODE_OPTIONS": f"--require={tools.CONTENDERS / 'loopback.cjs'}"}),
    Contender(JSON_SERVER, f"REST from npm: {JSON_SERVER_RECORDS:,} meetings in memory", json_server,
              json_server_targets, seconds=4),
    Contender(LOOP, "no server: one handle steps through the rows' stored text, in one transaction", None, loop_keys),
]
TABLE.append(TABLE[0]._replace(name=CONTROL, about="the first once more: how far two equals differ"))
BY_NAME = {contender.name: contender for contender in TABLE}


def start(contender, data, workers, core):
    """A running server that has answered its list; raises tools.Missing."""
    try:
        return Server(contender.name, lambda port: contender.command(data, port, workers),
                      contender.targets(data, "list")[0], core,
                      {"NODE_PATH": str(FOLDER / "npm" / "node_modules"), **contender.environment})
    except (OSError, RuntimeError) as error:
        raise tools.Missing(str(error)) from error
