"""Everything side by side in one run, as Markdown on standard output; progress on standard error.

usage: bench/run.py [--quick] [--record] [--meetings N] [--store FILE] [--daemon FILE]

What is measured, and how to read it: docs/performance.md.
"""

import argparse
import datetime
import pathlib
import signal
import sys

import contenders
import footprint
import growth
import hotspots
import machine
import neighbours
import nginx
import revisit
import server
import tools
import writes
from costs import Costs
from data import FOLDER, ROOT, Data, make_store
from figures import median, number, table
from goals import TOLERANCE, goals_table
from report import Report
from speed import Speed

MEETINGS = 120_000  # with all that belongs to them a million records
TIMES = 10  # how much smaller the record is that growth is told by


def read_options(arguments):
    parser = argparse.ArgumentParser(prog="script/bench", description="Measures the daemon beside its contenders.")
    parser.add_argument("--quick", action="store_true", help="two minutes: fewer comparisons, shorter slices")
    parser.add_argument("--record", action="store_true", help="put the report into docs/performance.md")
    parser.add_argument("--meetings", type=int, default=MEETINGS, help=f"size of the record [{MEETINGS:,}]")
    parser.add_argument("--store", type=pathlib.Path, help="an existing store instead of a generated one")
    parser.add_argument("--daemon", type=pathlib.Path, default=ROOT / "build/release/src/bilaterald",
                        help="the program [build/release/src/bilaterald]")
    return parser.parse_args(arguments)


def prepare(store, daemon):
    data = Data(store, daemon)
    try:
        with contenders.start(contenders.BY_NAME[contenders.CACHED], data, 2, None) as running:
            data.read(running)
            nginx.write_files(data, running)
    except BaseException:
        data.close()
        raise
    return data


def contender_table(speed):
    rows = []
    for contender in contenders.TABLE:
        idle, after = (speed.memory.get((contender.name, 1), []) + [None, None])[:2]
        rows.append([contender.name, *speed.bytes.get(contender.name, [None, None]), idle, after,
                     speed.skipped.get(contender.name, contender.about)])
    return table(["contender", "list bytes", "detail bytes", "RssAnon MB", "loaded MB", "what it does"], rows)


def control(speed):
    """How far the same program differs from itself, and how much of the machine others used."""
    lines = []
    for figure, name in (("rate", "requests a second"), ("cpu", "CPU")):
        ratios = speed.control(figure)
        off = any(abs(value - 1) > TOLERANCE for value in ratios)
        lines.append(f"- A/A, {name} of bare MHD against itself: {', '.join(map(number, ratios))}."
                     + (" **More than 5 % apart: run it again on a quieter machine.**" if off else ""))
    foreign = speed.foreign()
    lines.append(f"- Others used {100 * median(foreign):.0f} % of the machine in the median slice, "
                 f"{100 * max(foreign):.0f} % in the worst.")
    return "\n".join(lines)


def measure_speed(speed, report):
    speed.run()
    report.write(contender_table(speed))
    for name, text in speed.tables():
        report.write(f"#### {name}")
        report.write(text)
    if speed.skipped:
        report.write("Left out:\n\n" + "\n".join(f"- {what}: {why}" for what, why in speed.skipped.items()))
    return control(speed)


def measure(options, data, report):
    figures, quick = {}, options.quick
    rounds, seconds, repeats = (2, 1, 0) if quick else (5, 2, 2)
    few = 1 if quick else rounds
    report.write("\n".join([
        *machine.description(data.store, data.daemon),
        f"- {datetime.date.today()}: {data.meetings:,} meetings; {rounds} rounds of {seconds} s in alternation"
        + ("; a quick run" if quick else ""),
        *([] if contenders.knows(data, "--cache-bytes") else
          ["- This daemon has no `--cache-bytes`: what is called cached and fresh is the same."])]))
    speed, costs = Speed(data, rounds, seconds, repeats, quick), Costs(data, few, quick, figures)
    report.section("List and detail", measure_speed, speed, report)
    report.section("What a question costs", costs.run)
    report.section("304", revisit.not_modified, data, rounds, seconds, figures)
    report.section("Cold and warm", revisit.cold, data, quick)
    report.section("The dearest question beside others", neighbours.worst_query, data, few, seconds + 1, figures)
    report.section("Reads and writes", neighbours.mix, data, rounds, seconds, figures)
    report.section("Durable writes", writes.posts, data, rounds, seconds, figures)
    report.section("Import", writes.imports, data, writes.QUICK if quick else writes.MILLION, figures)
    report.section("Memory", footprint.memory, data, 200_000 if quick else 1_000_000, figures)
    report.section("Start-up", footprint.starts, data, 3 if quick else 7, figures)
    report.section("The first record", footprint.seeds, data.daemon, 3 if quick else 9)
    if not quick:
        report.section("Growth", growth.growth, data, rounds, seconds, figures, lambda: prepare(
            make_store(data.daemon, data.meetings // TIMES), data.daemon))
        report.section("Where instructions go", hotspots.hotspots, data)
    report.section("Goals", goals_table, speed, figures)
    report.write(control(speed))


def main(arguments):
    options = read_options(arguments)
    for number_ in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number_, lambda *_: sys.exit(1))  # so that what was started is ended
    footprint.allow_connections()
    for program in ("wrk", "h2load", "taskset", "setpriv"):
        tools.need(program)
    daemon = options.daemon.resolve()
    FOLDER.mkdir(parents=True, exist_ok=True)
    data, report = None, Report()
    try:
        data = prepare(options.store.resolve() if options.store else make_store(daemon, options.meetings), daemon)
        measure(options, data, report)
    finally:
        server.stop_all()
        if data:
            data.close()
    if options.record:
        report.record()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
