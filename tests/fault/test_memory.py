"""Memory that is refused, at any one allocation or from it onwards: an error, never a crash.

The release build is starved: a sanitizer has an allocator of its own.
"""

import json
import os
import pathlib
import subprocess

import pytest

import daemon

HERE = pathlib.Path(__file__).resolve().parent
QUESTION = ("/v1/meetings?official=chen-gang&include=participants,statements,place&facet=status&count=exact"
            "&q=cua+khau&sort=-start_date,name")
EVERY = 40  # all of the first ones, where the process starts; then so many, evenly spread


@pytest.fixture(scope="module")
def starve(tmp_path_factory):
    """The library, and how to run a verb with it."""
    library = tmp_path_factory.mktemp("starve") / "starve.so"
    subprocess.run(["cc", "-std=c17", "-O1", "-shared", "-fPIC", "-fno-builtin", "-o", library,
                    HERE / "starve.c"], check=True, timeout=60)

    def run(*arguments, **changes):
        return subprocess.run([os.environ["BILATERAL_RELEASE_DAEMON"], *map(str, arguments)],
                              capture_output=True, text=True, timeout=30,
                              env=daemon.environment(LD_PRELOAD=str(library), **changes))

    def count(folder, *arguments):
        path = folder / "count"
        done = run(*arguments, STARVE_REPORT=str(path))
        return int(path.read_text()), done

    run.count = count
    return run


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "record.sqlite3"
    one = daemon.Daemon(path.parent, store=path)
    one.stop()
    return path


def points(count, spread):
    """Which allocations to refuse."""
    return sorted({*range(1, min(count, EVERY) + 1), *range(EVERY, count + 1, max(1, count // spread))})


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "onwards"])
def test_a_question(starve, store, tmp_path, onwards):
    count, good = starve.count(tmp_path, "get", "--store", store, QUESTION)
    assert good.returncode == 0 and json.loads(good.stdout)["count"]["exact"], good.stderr
    assert count > 100
    refused = 0
    for at in points(count, 150):
        done = starve("get", "--store", store, QUESTION, STARVE_AT=str(at), **({"STARVE_ON": "1"} if onwards else {}))
        if done.returncode == 0:
            found, whole = json.loads(done.stdout), json.loads(good.stdout)
            # A count that could not be had is null, as when its time is over; the rest is there.
            assert found["data"] == whole["data"] and found["count"] in (None, whole["count"]), at
            assert found["facets"]["status"] in (None, whole["facets"]["status"]), at
            continue
        refused += 1
        assert done.returncode in (1, 3) and done.stdout == "", (at, done)
        assert done.stderr.count("\n") <= 3 and done.stderr.strip(), (at, done)
        assert "out of memory" in done.stderr or "memory" in done.stderr or "unavailable" in done.stderr, (at, done)
    assert refused > 20


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "onwards"])
def test_an_ingestion(starve, tmp_path, onwards):
    count, good = starve.count(tmp_path, "check", daemon.SEEDS)
    assert good.returncode == 0 and good.stdout.endswith("no faults\n"), good
    for at in points(count, 25):
        done = starve("check", daemon.SEEDS, STARVE_AT=str(at), **({"STARVE_ON": "1"} if onwards else {}))
        assert done.returncode in (0, 1, 3, 4), (at, done)
        if done.returncode == 0:
            assert done.stdout == good.stdout, at
        else:
            assert "memory" in done.stdout + done.stderr, (at, done)
