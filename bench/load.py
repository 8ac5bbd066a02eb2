"""Load on a server: one slice of wrk or h2load, with what the server's processes used meanwhile.

hey and autocannon measure themselves with servers as fast as these, so they are not used.
"""

import pathlib
import re
import resource
import subprocess
import typing

import machine

SCRIPT = pathlib.Path(__file__).with_name("wrk.lua")
CLIENT_CORE = machine.CORES - 1
FOREIGN_MOST = 0.08  # of the machine, used by anybody else: the slice is repeated


class Slice(typing.NamedTuple):
    rate: float  # requests answered a second
    p50: float  # milliseconds
    p99: float
    cpu: float  # the server's microseconds for each
    foreign: float  # share of the machine that others used
    requests: int


class LoadError(Exception):
    """The tool could not be run, or the server refused or lost requests."""


def read_wrk(text):
    """(requests, seconds, faults, p50 and p99 in ms) of what wrk.lua prints."""
    found = re.search(r"^figures (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", text, re.MULTILINE)
    if not found:
        raise LoadError(f"wrk printed no figures: {text[-300:]}")
    requests, lasted, lost, refused, p50, p99 = map(int, found.groups())
    return requests, lasted / 1e6, lost + refused, p50 / 1000, p99 / 1000


def read_h2load(text):
    """(requests, seconds, faults, median latency unknown: None twice); 3xx answers are good."""
    lasted = re.search(r"^finished in ([\d.]+)(us|ms|s|m)", text, re.MULTILINE)
    counts = re.search(r"^requests: .* (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored", text, re.MULTILINE)
    codes = re.search(r"^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", text, re.MULTILINE)
    if not lasted or not counts or not codes:
        raise LoadError(f"h2load printed no figures: {text[-300:]}")
    good = int(codes[1]) + int(codes[2])
    faults = int(codes[3]) + int(codes[4]) + int(counts[4])
    return good, float(lasted[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}[lasted[2]], faults, None, None


def read_loop(text):
    """What the loops print: operations, seconds, bytes or rows."""
    found = re.fullmatch(r"(\d+) ([\d.]+) \d+\n", text)
    if not found:
        raise LoadError(f"the loop printed no figures: {text[-300:]}")
    return int(found[1]), float(found[2]), 0, None, None


def client_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(name, used_by_server, command, seconds, read):
    """Runs the tool to its end. `used_by_server()` is the CPU time of what it loads."""
    busy, used, client = machine.busy_seconds(), used_by_server(), client_seconds()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              text=True, timeout=seconds + 60)
    except subprocess.TimeoutExpired as expired:
        raise LoadError(f"{name}: the load did not end") from expired
    busy, used, client = machine.busy_seconds() - busy, used_by_server() - used, client_seconds() - client
    requests, lasted, faults, p50, p99 = read(done.stdout)
    if requests == 0:
        raise LoadError(f"{name}: no answer within {seconds} s")
    if faults > requests / 1000:
        raise LoadError(f"{name}: {faults} faults in {requests} requests")
    foreign = min(1.0, max(0.0, busy - used - client) / (lasted * machine.CORES))
    return Slice(requests / lasted, p50, p99, 1e6 * used / requests, foreign, requests)


def steadily(once, repeats):
    """The first slice during which nobody else used the machine much, or the quietest; a failure has a second try."""
    try:
        found = [once()]
    except LoadError:
        found = [once()]
    while found[-1].foreign > FOREIGN_MOST and len(found) <= repeats:
        found.append(once())
    return min(found, key=lambda each: max(each.foreign, FOREIGN_MOST))


def on(core):
    return [] if core is None else ["taskset", "-c", str(core)]


def wrk_command(server, targets, connections, seconds, core=CLIENT_CORE, writing=()):
    """`targets` is a file with a target a line; `writing` is a body's file, a token, where to and how often."""
    return [*on(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", SCRIPT,
            f"http://127.0.0.1:{server.port}", "--", targets, *map(str, writing)]


def wrk(server, targets, connections, seconds, core=CLIENT_CORE, repeats=0, writing=()):
    command = wrk_command(server, targets, connections, seconds, core, writing)
    return steadily(lambda: measure(server.name, server.cpu_seconds, command, seconds, read_wrk), repeats)


def h2load(server, target, connections, seconds, fields=(), repeats=0):
    """wrk waits for a body behind a 304; h2load does not."""
    command = [*on(CLIENT_CORE), "h2load", "--h1", "-t1", f"-c{connections}", "-D", str(seconds),
               *(word for field in fields for word in ("-H", field)), f"http://127.0.0.1:{server.port}{target}"]
    return steadily(lambda: measure(server.name, server.cpu_seconds, command, seconds, read_h2load), repeats)


def loop(program, given, seconds, repeats=0):
    """A program that does an answer's work without HTTP: load and loaded in one. `given` is the file it reads."""
    command = ["sh", "-c", 'exec taskset -c 0 "$@" <"$0"', given, *program]

    def once():
        begin = client_seconds()
        found = measure("the loop", lambda: 0.0, command, seconds, read_loop)
        return found._replace(cpu=1e6 * (client_seconds() - begin) / found.requests)

    return steadily(once, repeats)


def each_once(server, targets, seconds=120):
    """Every target of the file once, by one connection, one after the other."""
    paths = pathlib.Path(targets).read_text().split()
    urls = pathlib.Path(targets).with_suffix(f".{server.port}.urls")
    urls.write_text("".join(f"http://127.0.0.1:{server.port}{path}\n" for path in paths))
    try:
        command = ["h2load", "--h1", "-t1", "-c1", "-n", str(len(paths)), "-i", str(urls)]
        return measure(server.name, server.cpu_seconds, command, seconds, read_h2load)
    finally:
        urls.unlink()
