"""Where the instructions of a request go: callgrind on the three hottest paths.

Instructions do not depend on who else uses the machine. What the kernel does is not among them: of a
cached answer it is most of the time.
"""

import re
import subprocess
import sys

import contenders
import tools
from figures import table
from server import Server

REQUESTS = 300
ROWS = 12
PATHS = [("a cached list", contenders.CACHED, "list", False),
         ("a fresh list, random pages", contenders.FRESH, "list", True),
         ("a fresh detail, random ids", contenders.FRESH, "detail", True)]


def read_annotation(text):
    """(all instructions, [(instructions, function, object)]) of what callgrind_annotate prints."""
    total, rows = 0, []
    for line in text.splitlines():
        if found := re.match(r"\s*([\d,]+) \([ \d.]+%\)\s+PROGRAM TOTALS", line):
            total = int(found[1].replace(",", ""))
        elif found := re.match(r"\s*([\d,]+) \([ \d.]+%\)\s+\S*?:(\S+)(?: \[(?:.*/)?([^\]/]+)\])?$", line):
            rows.append((int(found[1].replace(",", "")), found[2].partition("'")[0], found[3] or ""))
    return total, rows


def shares(rows):
    """Percent of the instructions for each program or library, the largest first."""
    sums = {}
    for count, _, where in rows:
        sums[where] = sums.get(where, 0) + count
    whole = sum(sums.values())
    return [(where or "other", 100 * count / whole) for where, count in sorted(sums.items(), key=lambda each: -each[1])]


def profile(data, contender, kind, many):
    """Counts nothing before the daemon is warm."""
    output = data.folder / f"callgrind-{kind}-{contender.name}-{many}".replace(" ", "-")
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={output}", "-q"]
    targets = contender.targets(data, kind)
    asked = [targets[1 + number % (len(targets) - 1)] if many else targets[0] for number in range(REQUESTS)]
    with Server(contender.name, lambda port: [*command, *contender.command(data, port, 1)], targets[0]) as server:
        list(server.get_all(asked[:50]))
        control = ["callgrind_control", "-i", "on", str(server.process.pid)]
        subprocess.run(control, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
        answers = list(server.get_all(asked))
        control[1:3] = ["-d"]
        subprocess.run(control, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    if any(status != 200 for status, _ in answers):
        raise RuntimeError(f"{contender.name} refused some of {kind}")
    return read_annotation(tools.output(("callgrind_annotate", "--threshold=100", f"{output}.1")))


def hotspots(data):
    for program in ("valgrind", "callgrind_annotate", "callgrind_control"):
        tools.need(program)
    parts = []
    for name, contender, kind, many in PATHS:
        print(f"profiling: {name}", file=sys.stderr)
        total, rows = profile(data, contenders.BY_NAME[contender], kind, many)
        libraries = ", ".join(f"{where} {share:.0f} %" for where, share in shares(rows) if share >= 1)
        shown = [[f"`{function}`", where, count / REQUESTS, 100 * count / total]
                 for count, function, where in rows[:ROWS]]
        parts.append(f"#### {name}: {total / REQUESTS:,.0f} instructions a request\n\n{libraries}.\n\n"
                     + table(["function", "of", "instructions", "%"], shown))
    return "\n\n".join(parts)
