"""How long the daemon takes to its first 200, and what it needs when idle.

usage: bench/start.py [BILATERALD]     (default: build/release/src/bilaterald)

Prints one line for each figure, with what we aim at; medians of nine. It asserts nothing: a busy
machine must not fail a suite. Standard library only.
"""

import http.client
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUNDS = 9


def start(program, store):
    """Milliseconds from exec to the first 200 of a list, and the running process."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [program, "serve", "--listen", "127.0.0.1:0", "--store", store, "--seeds", ROOT / "seeds/viet-nam-guangxi"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    host = re.match(r"http://([^/]+)/", process.stdout.readline())[1]
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", "/v1/meetings")
    status = connection.getresponse().status
    lasted = 1000 * (time.perf_counter() - began)
    connection.close()
    assert status == 200, status
    return lasted, process


def resident(process):
    """Its resident set in MB."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) / 1024


def stop(process):
    process.terminate()
    assert process.wait(20) == 0
    process.stdout.close()


def main(arguments, rounds=ROUNDS):
    program = pathlib.Path(arguments[0] if arguments else ROOT / "build/release/src/bilaterald").resolve()
    if not os.access(program, os.X_OK):
        print(f"{program} cannot be run; build the release first", file=sys.stderr)
        return 2
    first, again, memory = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            store = pathlib.Path(folder) / f"store-{number}"
            lasted, process = start(program, store)
            first.append(lasted)
            stop(process)
            lasted, process = start(program, store)
            again.append(lasted)
            time.sleep(0.5)
            memory.append(resident(process))
            stop(process)
    for name, values, unit, aim in (("first ingestion to first 200", first, "ms", 500),
                                    ("existing store to first 200", again, "ms", 150),
                                    ("resident when idle", memory, "MB", None)):
        median = statistics.median(values)
        verdict = "" if aim is None else f", aim below {aim} {unit}: {'met' if median < aim else 'MISSED'}"
        print(f"{name}: {median:.1f} {unit} (median of {rounds}, {min(values):.1f} to {max(values):.1f}{verdict})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
