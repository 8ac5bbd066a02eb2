"""Finds the helpers of tests/api, and gives each format two records: the shipped and a hostile one."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "api"))

import hostile as hostile_seeds  # noqa: E402
import oracle  # noqa: E402
import seedset  # noqa: E402
from daemon import SEEDS  # noqa: E402
from fetch import Formats  # noqa: E402


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    formats = Formats(tmp_path_factory.mktemp("shipped"), SEEDS)
    yield formats
    formats.stop()


@pytest.fixture(scope="session")
def record():
    """The shipped record as it should be served: collection -> id -> record."""
    return oracle.load(SEEDS)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    formats = Formats(folder, seedset.write(folder / "seeds", hostile_seeds.seeds()))
    yield formats
    formats.stop()


@pytest.fixture
def own(tmp_path):
    """`own(data)`: a record of a test's own, again and again in the same store."""
    made = []

    def fill(data):
        seeds = seedset.write(tmp_path / "seeds", data)
        if made:
            made[0].restart(seeds)
        else:
            made.append(Formats(tmp_path, seeds))
        return made[0]

    yield fill
    for formats in made:
        formats.stop()
