"""Memory and start-up: what the daemon takes before, during and after load, and when it first answers."""

import contextlib
import io
import resource
import socket
import sys
import time

import contenders
import load
import start
import tools
from figures import median, table

IDLE = 1000  # connections that ask once and stay
QUIET = 2  # seconds, after which an idle connection has given back what it does not need
WARMING = 3  # slices until every worker has answered everything
SECONDS = 15  # the longest that memory is watched under load, for each 200,000 requests


def memory(data, requests, figures):
    """RssAnon of the daemon as it is delivered, two workers."""
    print("measuring: memory", file=sys.stderr)
    targets = data.save("memory.txt", [path for kind in ("list", "detail")
                                       for path in contenders.own_targets(data, kind)])
    with contenders.start(contenders.BY_NAME[contenders.CACHED], data, 2, None) as server:
        time.sleep(1)
        idle = server.megabytes()
        alone = [open_idle(server) for _ in range(IDLE)]
        time.sleep(QUIET)
        with_idle = server.megabytes()
        for connection in alone:
            connection.close()
        for _ in range(WARMING):
            load.wrk(server, targets, 64, 2, None)
        warm, asked, end = server.megabytes(), 0, time.monotonic() + SECONDS * requests / 200_000
        while asked < requests and time.monotonic() < end:
            asked += load.wrk(server, targets, 64, 2, None).requests
        late = server.megabytes()
    figures["idle"] = idle
    figures["after load"] = late
    figures["connection"] = 1024 * (with_idle - idle) / IDLE
    figures["flat"] = late - warm
    return table(["RssAnon of the daemon, two workers", "MB"],
                 [["idle", idle], [f"with {IDLE:,} idle connections", with_idle],
                  ["warm", warm], [f"after {asked:,} requests more", late]])


def open_idle(server):
    """A connection that has asked once and is kept."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    connection.recv(65536)
    return connection


def allow_connections():
    """Sockets of ours for them all."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192) if most > 0 else 8192, most))


def starts(data, rounds, figures):
    """Exec to the first 200 of the list, on the existing store, in turn."""
    print("measuring: start-up", file=sys.stderr)
    names = [contenders.BARE, contenders.CACHED, contenders.FILE, contenders.ULFIUS, contenders.FASTIFY]
    lasted = {name: [] for name in names}
    for number in range(rounds):
        for name in names[::1 if number % 2 == 0 else -1]:
            try:
                with contenders.start(contenders.BY_NAME[name], data, 2, None) as server:
                    lasted[name].append(server.started)
            except tools.Missing:
                continue
    medians = {name: median(values) for name, values in lasted.items()}
    own = medians[contenders.CACHED]
    for name, key in ((contenders.BARE, "start bare"), (contenders.FILE, "start nginx")):
        figures[key] = own / medians[name] if own and medians[name] else None
    return table(["contender", "median ms", "least", "most"],
                 [[name, medians[name], min(values), max(values)] for name, values in lasted.items() if values])


def seeds(daemon, rounds):
    """The first record: start.py's own lines."""
    print("measuring: the first record", file=sys.stderr)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        start.main([str(daemon)], rounds)
    return "\n".join(f"- {line}" for line in printed.getvalue().splitlines())
