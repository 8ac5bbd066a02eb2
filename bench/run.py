"""Everything side by side in one run, as Markdown on standard output.

usage: bench/run.py [--quick] [--million] [--meetings N] [--store FILE] [--daemon FILE]

Progress goes to standard error. What is measured, and how to read it: docs/performance.md.
"""

import argparse
import pathlib
import signal
import sys
import traceback

import contenders
import costs
import footprint
import growth
import machine
import neighbours
import nginx
import revisit
import server
import tools
from data import FOLDER, ROOT, Data, make_store
from figures import median, number, table
from goals import goals_table
from speed import Speed


def read_options(arguments):
    parser = argparse.ArgumentParser(description="Measures the daemon beside its contenders.")
    parser.add_argument("--quick", action="store_true", help="two minutes: fewer cells, shorter slices")
    parser.add_argument("--million", action="store_true", help="also growth from 100,000 meetings to 1,000,000")
    parser.add_argument("--meetings", type=int, default=100_000, help="size of the record [100,000]")
    parser.add_argument("--store", type=pathlib.Path, help="an existing store instead of a generated one")
    parser.add_argument("--daemon", type=pathlib.Path, default=ROOT / "build/release/src/bilaterald")
    return parser.parse_args(arguments)


def title(level, text):
    print(f"\n{'#' * level} {text}\n", flush=True)


def attempt(name, function, *arguments):
    """A section that fails says so and leaves the others alone."""
    title(2, name)
    try:
        found = function(*arguments)
        if found is not None:
            print(found, flush=True)
    except Exception as error:  # whatever it is, it is reported
        traceback.print_exc()
        print(f"Failed: {error}", flush=True)


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
        sizes = speed.bytes.get(contender.name, [None, None])
        idle, after = speed.memory.get((contender.name, 1), (None, None))
        rows.append([contender.name, *sizes, idle, after, speed.skipped.get(contender.name, contender.about)])
    return table(["contender", "list bytes", "detail bytes", "RssAnon MB", "warm MB", "what it does"], rows)


def report_speed(speed):
    speed.run()
    print(contender_table(speed))
    for name, text in speed.tables():
        title(3, name)
        print(text)
    left_out = [f"- {what}: {why}" for what, why in speed.skipped.items()]
    if left_out:
        title(3, "left out")
        print("\n".join(left_out))
    title(3, "control")
    foreign = speed.foreign()
    for figure, name in (("rate", "requests per second"), ("cpu", "CPU")):
        ratios = speed.control(figure)
        off = [value for value in ratios if abs(value - 1) > 0.05]
        print(f"- The same program against itself, {name}: {', '.join(map(number, ratios))}."
              + (" **More than 5 % apart: run again on a quieter machine.**" if off else ""))
    print(f"- Used by others during a slice: median {100 * median(foreign):.0f} % of the machine, "
          f"at most {100 * max(foreign):.0f} %.")


def measure(options, data):
    figures = {}
    quick = options.quick
    rounds, seconds, repeats = (2, 1, 0) if quick else (5, 2, 2)
    print("# Performance\n\n" + "\n".join(machine.description(data.store, data.daemon)))
    print(f"- {data.meetings:,} meetings, {rounds} rounds of {seconds} s in alternation"
          + ("; a quick run" if quick else ""))
    speed = Speed(data, rounds, seconds, repeats, quick)
    attempt("List and detail", report_speed, speed)
    asked = costs.Costs(data, 1 if quick else 5, quick, figures)

    def questions():
        asked.run()
        return asked.table()

    attempt("What a question costs", questions)
    attempt("304", revisit.not_modified, data, rounds, seconds, figures)
    names = [contenders.FRESH] if quick else [contenders.FRESH, contenders.ULFIUS, contenders.FASTIFY]
    attempt("Cold and warm", revisit.cold, data, names)
    attempt("The dearest question beside others", neighbours.worst_query, data, 1 if quick else 5, seconds + 1, figures)
    attempt("Reads and writes", neighbours.mix, data, rounds, seconds, figures)
    attempt("Memory", footprint.memory, data, 200_000 if quick else 1_000_000, figures)
    attempt("Start-up", footprint.starts, data, figures)
    attempt("The first record", footprint.seeds, data.daemon)
    if options.million:
        large = prepare(make_store(data.daemon, 10 * data.meetings), data.daemon)
        try:
            attempt("Growth", growth.growth, data, large, rounds, seconds, figures)
        finally:
            large.close()
    attempt("Goals", goals_table, speed, figures)


def main(arguments):
    options = read_options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    footprint.allow_connections()
    for program in ("wrk", "h2load", "taskset", "setpriv"):
        tools.need(program)
    daemon = options.daemon.resolve()
    FOLDER.mkdir(parents=True, exist_ok=True)
    data = None
    try:
        data = prepare(options.store.resolve() if options.store else make_store(daemon, options.meetings), daemon)
        measure(options, data)
    finally:
        server.stop_all()
        if data:
            data.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
