"""Build everything, run every suite, add up.

usage: tests/run.py [--list] [SUITE...]

A suite is a build that must compile without a warning, the C programs of a build (cmocka; each of
its tests counts), the fuzzers (each counts once), or a folder of pytest files under tests/. What
fails is printed in full. A suite that ran no test has failed. Builds are made one after the other,
for each has work for all processors; then two suites run side by side, for each waits a good deal.
The last line is `N passed, N failed`, and the exit status is 0 only if nothing failed.

Standard library only.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"

# To add a build, add a row: its name, the compiler, what it is set up with.
SANITIZED = ["-Db_sanitize=address,undefined", "-Db_lundef=false"]
BUILDS = {
    "debug": ("gcc", ["--buildtype=debug", "-Dtests=enabled", *SANITIZED]),
    "clang": ("clang-14", ["--buildtype=debugoptimized", "-Dfuzz=true", *SANITIZED]),
    "threads": ("gcc", ["--buildtype=debugoptimized", "-Db_sanitize=thread", "-Db_lundef=false"]),
    "release": (None, ["--buildtype=release"]),
}

# What a sanitizer says must end the program, so that no test can overlook it.
ENVIRONMENT = {
    "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "CMOCKA_MESSAGE_OUTPUT": "TAP",
    "LC_ALL": "C.UTF-8",
}

SIDE_BY_SIDE = 2  # suites
SUITE_SECONDS = 840  # nothing may take longer, whatever it waits for


class Tally:
    """What one suite came to."""

    def __init__(self):
        self.passed = 0
        self.skipped = 0
        self.failures = []  # (name, text)

    def fail(self, name, text):
        self.failures.append((name, text))


def run(command, log=None, **changes):
    """Run to the end or the time limit; the status and everything it printed."""
    environment = {**os.environ, **ENVIRONMENT, **changes}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SUITE_SECONDS)
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as expired:
        status, output = -1, (expired.stdout or b"") + b"\n(ended after %d s)" % SUITE_SECONDS
    except FileNotFoundError as missing:
        status, output = -1, str(missing).encode()
    text = output.decode("utf-8", "replace")
    if log:
        REPORTS.mkdir(parents=True, exist_ok=True)
        (REPORTS / f"{log}.log").write_text(text, "utf-8")
    return status, text


def build(name):
    """Set up (anew when its options changed) and compile; one test."""
    tally = Tally()
    compiler, options = BUILDS[name]
    folder = ROOT / "build" / name
    stamp = folder / ".options"
    wanted = json.dumps([compiler, options])
    if folder.exists() and not (stamp.exists() and stamp.read_text() == wanted
                                and (folder / "build.ninja").exists()):
        shutil.rmtree(folder)
    if not folder.exists():
        changes = {"CC": compiler} if compiler else {}
        status, output = run(["meson", "setup", str(folder), *options], **changes)
        if status != 0:
            tally.fail(f"meson setup build/{name}", output)
            return tally
        stamp.write_text(wanted)
    status, output = run(["ninja", "-C", str(folder), "-k", "0"], log=f"build-{name}")
    # Past werror there is still what the linker and meson itself have to say.
    if status != 0 or re.search(r"^.*\bwarning:", output, re.MULTILINE):
        tally.fail(f"ninja -C build/{name}", output)
    else:
        tally.passed += 1
    return tally


def count_tap(output):
    """The tests a C program reported: (passed, [failed], skipped, planned)."""
    passed, failed, skipped, planned = 0, [], 0, 0
    for line in output.splitlines():
        if plan := re.match(r"1\.\.(\d+)$", line):
            planned += int(plan[1])
        elif re.match(r"ok\b.*# SKIP", line):
            skipped += 1
        elif re.match(r"ok\b", line):
            passed += 1
        elif re.match(r"not ok\b", line):
            failed.append(line)
    return passed, failed, skipped, planned


def meson_suite(name, folder, selection, tap):
    """The test programs of a build; with `tap`, each line `ok` in their output is a test."""
    tally = Tally()
    log = ROOT / "build" / folder / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    status, output = run(["meson", "test", "-C", str(ROOT / "build" / folder), "--no-rebuild",
                          "--timeout-multiplier", "5", *selection], log=name)
    if not log.exists():
        if status != 0:
            tally.fail(name, output)
        return tally
    for line in log.read_text("utf-8").splitlines():
        program = json.loads(line)
        text = program.get("stdout", "") + program.get("stderr", "")
        ended = program["returncode"]
        if not tap:
            if ended == 0:
                tally.passed += 1
            else:
                tally.fail(program["name"], text)
            continue
        passed, failed, skipped, planned = count_tap(program.get("stdout", ""))
        tally.passed += passed
        tally.skipped += skipped
        for test in failed:
            tally.fail(f"{program['name']}: {test}", text)
            text = "(printed above)"
        if not failed and (ended != 0 or passed + skipped == 0 or passed + skipped < planned):
            tally.fail(program["name"], f"{text}\nended with {ended} after {passed} tests "
                                        f"of {planned} (result {program['result']})")
    return tally


def pytest_suite(name, folder, daemon, *selection, **environment):
    """A folder of pytest files, counted from its JUnit report: a test fails once at most."""
    tally = Tally()
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    status, output = run(
        ["/usr/bin/python3", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short",
         "-rfEs", f"--junit-xml={report}", "-c", "tests/pytest.ini", *selection, f"tests/{folder}"],
        log=name, BILATERAL_BUILD=str(ROOT / "build" / daemon),
        BILATERAL_DAEMON=str(ROOT / "build" / daemon / "src" / "bilaterald"),
        BILATERAL_RELEASE_DAEMON=str(ROOT / "build" / "release" / "src" / "bilaterald"),
        **environment)
    if not report.exists():
        tally.fail(name, output)
        return tally
    results = {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        key = f"{case.get('classname')}::{case.get('name')}"
        found = {child.tag for child in case}
        results.setdefault(key, set()).update(found)
    for key, found in results.items():
        if found & {"failure", "error"}:
            tally.fail(key, "(printed above)" if tally.failures else output)
        elif "skipped" in found:
            tally.skipped += 1
        else:
            tally.passed += 1
    if status not in (0, 1, 5) and not tally.failures:
        tally.fail(name, output)
    return tally


def suites():
    """Every suite in the order it runs: name -> (the builds it needs, how to run it)."""
    table = {f"build-{name}": ([], lambda name=name: build(name)) for name in BUILDS}
    table["unit"] = (["debug"], lambda: meson_suite("unit", "debug", [], tap=True))
    table["fuzz"] = (["clang"], lambda: meson_suite("fuzz", "clang", ["--suite", "fuzz"], tap=False))
    # Every folder with pytest files is a suite: none can be forgotten.
    for folder in sorted({path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}):
        table[folder] = (["debug", "release"],
                         lambda folder=folder: pytest_suite(folder, folder, "debug"))
    for name, folder in ("threads", "api"), ("threads-streams", "streams"):
        table[name] = (["threads"], lambda name=name, folder=folder: pytest_suite(
            name, folder, "threads", "-m", "parallel"))
    # Once more without the cache of answers, and with one that holds an answer or two; but not what
    # talks to the echo server, which knows nothing of this.
    for name, kept in ("uncached", "0"), ("small-cache", "150000"):
        table[name] = (["debug"], lambda name=name, kept=kept: pytest_suite(
            name, "api", "debug", "--ignore=tests/api/raw_http",
            "-k", "http or coding or lenient or paging or include", BILATERAL_TEST_CACHE_BYTES=kept))
    table["smoke"] = (["release"],
                      lambda: pytest_suite("smoke", "api", "release", "-m", "smoke"))
    return table


def not_run(name, builds):
    tally = Tally()
    tally.fail(name, f"not run: no build {', '.join(sorted(builds))}")
    return tally


def suite(name, function):
    """What the suite came to, which is printed in one piece: another may be running beside it."""
    start = time.monotonic()
    tally = function()
    if not tally.passed and not tally.failures:
        tally.fail(name, "ran no test; a suite without tests proves nothing")
    told = [f"--- FAILED {name}: {failure}\n{text.rstrip()}\n" for failure, text in tally.failures]
    note = f", {tally.skipped} skipped" if tally.skipped else ""
    told.append(f"{name}: {tally.passed} passed, {len(tally.failures)} failed{note} "
                f"({time.monotonic() - start:.1f} s)\n")
    print("\n".join(told), end="", flush=True)
    return tally


def main(arguments):
    table = suites()
    if arguments == ["--list"]:
        print("\n".join(table))
        return 0
    unknown = [name for name in arguments if name not in table]
    if unknown:
        print(f"no suite {unknown[0]}; there are {', '.join(table)}", file=sys.stderr)
        return 2
    wanted = set(arguments or table)
    wanted |= {f"build-{name}" for suite in wanted for name in table[suite][0]}

    names = [name for name in table if name in wanted]
    made = [name for name in names if name.startswith("build-")]
    tallies = {name: suite(name, table[name][1]) for name in made}
    broken = {name.removeprefix("build-") for name in made if tallies[name].failures}

    def after_builds(name):
        builds, function = table[name]
        if name != "lint" and broken & set(builds):  # what an older build does proves nothing
            function = lambda: not_run(name, broken & set(builds))  # noqa: E731
        return suite(name, function)

    rest = [name for name in names if name not in tallies]
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        tallies.update(zip(rest, pool.map(after_builds, rest)))

    print()
    for name in names:
        for failure, _ in tallies[name].failures:
            print(f"failed: {name}: {failure}")
    skipped, passed, failed = (sum(each) for each in zip(*(
        (tally.skipped, tally.passed, len(tally.failures)) for tally in tallies.values())))
    if skipped:
        print(f"skipped: {skipped}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
