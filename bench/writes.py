"""Durable writes beside sqlite_writer: a loop that puts the same rows into the same tables and indexes, and no more.

The rows are taken from a store that the daemon has written to, so both sides write the same: the record's row and those
of its parts, references, ledger, history, texts and their index, total and revision. Both begin each slice with a copy of
the same store, under the same settings, synchronous=FULL among them. What the loop has ready made, the daemon
must read, check, look up and answer; what it has for it is that those who wait share a transaction.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import contenders
import generate
import load
import machine
import rows
import tools
from data import ROOT, fill, settle
from figures import Rounds, table

CLIENTS = 8
TOPIC = {"name": "A topic written under load {n}", "classification": "theme", "broader_id": "trade",
         "description": "One of many that are written at once."}
MEETING = {
    "name": "A meeting written under load {n}", "classification": "talks", "status": "held", "start_date": "2025-02-19",
    "place_id": "ha-noi", "topic_ids": ["trade", "border-management"], "description": "One of many that are written at once.",
    "participants": [{"official_id": "to-lam", "side": "VN", "role": "host", "attendance": "present"},
                     {"official_id": "chen-gang", "side": "CN", "role": "guest", "attendance": "present"}],
    "citations": [{"pointer": "", "source_id": "2025-02-18-vns", "locator": "paragraph 2"}],
}
POSTS = [("topics", TOPIC), ("meetings", MEETING)]  # the first is the goal's

# Of an import: meetings, each with eight other records and a half, and rounds.
QUICK, MILLION = (2_400, 1), (120_000, 1)
LONGEST = 3600  # seconds of one
DAEMON, LOOP = "bilateral", "SQLite loop"


def alternately(number):
    return (DAEMON, LOOP)[::1 if number % 2 == 0 else -1]


def copy(source, target):
    for leftover in target.parent.glob(f"{target.name}*"):
        leftover.unlink()
    subprocess.run(["cp", "--reflink=auto", source, target], check=True, timeout=600)
    return target


# -- single records

class Posts:
    """POSTs of one body, on copies of a store of the first record."""

    def __init__(self, data, base, token, collection, body):
        self.data, self.base, self.collection = data, base, collection
        self.targets = data.save("posts.txt", [f"/v1/{collection}?limit=1"])  # wrk wants one; it is never asked
        self.writing = (data.save(f"{collection}.json", json.dumps(body).encode()), token, f"/v1/{collection}", 1)
        self.store = base.with_name("posted.sqlite3")

    def daemon(self, seconds):
        copy(self.base, self.store)
        with contenders.start(contenders.on(self.store), self.data, 2, None) as server:
            return load.wrk(server, self.targets, CLIENTS, seconds, None, writing=self.writing)

    def save_rows(self):
        """What a slice of the daemon's own wrote."""
        self.daemon(1)
        settle(self.store)
        self.rows = rows.save_singly(self.store, rows.last_change(self.base), self.data.folder / f"{self.collection}.rows")

    def loop(self, seconds):
        program = [tools.compiled("sqlite_writer"), copy(self.base, self.store), str(1000 * seconds)]
        return load.loop(program, self.rows, seconds)


def posts(data, rounds, seconds, figures):
    """Eight clients that create one record after the other, against a loop with a transaction for each."""
    print("measuring: durable writes", file=sys.stderr)
    base, results, shown = data.folder / "first.sqlite3", Rounds(), []
    fill(data.daemon, base, ROOT / "seeds" / "viet-nam-guangxi", 60)
    token = contenders.token(data, base)
    settle(base)
    for collection, body in POSTS:
        each = Posts(data, base, token, collection, body)
        each.save_rows()
        for number in range(rounds):
            for name in alternately(number):
                results.add(collection, name, each.daemon(seconds) if name == DAEMON else each.loop(seconds))
        for name in (DAEMON, LOOP):
            shown.append([f"{collection}, {name}", results.median(collection, name),
                          results.ratio((collection, name), (collection, LOOP)),
                          *(results.median(collection, name, figure) for figure in ("p50", "p99", "cpu")),
                          results.ratio((collection, name), (collection, LOOP), "cpu")])
    figures["posts"] = results.ratio((POSTS[0][0], DAEMON), (POSTS[0][0], LOOP))
    return table([f"{CLIENTS} clients", "records/s", "ratio", "p50 ms", "p99 ms", "CPU µs", "ratio"], shown)


# -- an import

def resident_at_most(pid):
    """Of a process that may have ended: then None."""
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmHWM:")), None)


def whole(command, count, given=None):
    """A slice that is one process from start to end, and the most that was resident: looked at while it runs."""
    busy, used, begin, most = machine.busy_seconds(), load.client_seconds(), time.perf_counter(), 0
    with open(given or "/dev/null", "rb") as source, tempfile.TemporaryFile() as output, \
            subprocess.Popen([*map(str, command)], stdin=source, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            while process.poll() is None and time.perf_counter() < begin + LONGEST:
                most = resident_at_most(process.pid) or most
                time.sleep(0.02)
        finally:
            process.kill()  # does nothing to one that has ended
        output.seek(0)
        said = output.read()
    lasted, used = time.perf_counter() - begin, load.client_seconds() - used
    if process.returncode != 0:
        raise load.LoadError(f"{command[0]} failed: {said[-300:]}")
    foreign = min(1.0, max(0.0, machine.busy_seconds() - busy - used) / (lasted * machine.CORES))
    return load.Slice(count / lasted, None, None, 1e6 * used / count, foreign, count), most


def imports(data, size, figures):
    """`bilaterald import` of NDJSON into an empty store, against the loop: one transaction each."""
    print("measuring: an import", file=sys.stderr)
    meetings, rounds = size
    lines, empty = data.folder / "import.ndjson", data.folder / "empty.sqlite3"
    given, store = data.folder / "import.rows", data.folder / "imported.sqlite3"
    subprocess.run([data.daemon, "migrate", "--store", empty], check=True, stdout=subprocess.DEVNULL, timeout=60)
    settle(empty)
    with open(lines, "wb") as file:
        subprocess.run([sys.executable, generate.__file__, "-", "--meetings", str(meetings)], check=True, stdout=file,
                       timeout=600 + meetings // 100)
    importing = [data.daemon, "import", "--store", store, lines]
    copy(empty, store)
    whole(importing, 1)
    count, results, peaks = rows.save_together(store, given), Rounds(), {DAEMON: [], LOOP: []}
    for number in range(rounds):
        for name in alternately(number):
            copy(empty, store)
            found, most = whole(importing, count) if name == DAEMON else \
                whole([tools.compiled("sqlite_writer"), store], count, given)
            results.add("import", name, found)
            peaks[name].append(most)
    figures["import"] = results.ratio(("import", DAEMON), ("import", LOOP))
    figures["import MB"] = max(peaks[DAEMON])
    return table([f"{count:,} records", "records/s", "ratio", "CPU µs", "ratio", "resident MB"], [
        [name, results.median("import", name), results.ratio(("import", name), ("import", LOOP)),
         results.median("import", name, "cpu"), results.ratio(("import", name), ("import", LOOP), "cpu"),
         max(peaks[name])] for name in (DAEMON, LOOP)])
