"""The fixtures of suites that talk to a daemon. See daemon.py for what a daemon and an answer can do."""

import pytest

import oracle
from api_client import client_of
from contract import Contract
from daemon import SEEDS, Daemon
from writer import Writer


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """One daemon on the shipped seeds for all tests that only read."""
    daemon = Daemon(tmp_path_factory.mktemp("shared"))
    yield daemon
    daemon.stop()


@pytest.fixture
def api(shared):
    """`api.get("/v1/meetings")` on the shared daemon: read only, its record is everybody's."""
    yield shared
    shared.check()


@pytest.fixture(scope="session")
def record():
    """The shipped record as it should be served: collection -> id -> record; see oracle.py."""
    return oracle.load(SEEDS)


@pytest.fixture
def client(api):
    """The shared daemon on one kept connection: `client.list("/v1/meetings", limit=2)`."""
    with client_of(api) as one:
        yield one


@pytest.fixture(scope="session")
def contract(shared):
    """What the shared daemon says of itself: `contract.check(answer)`; see contract.py."""
    return Contract(shared)


@pytest.fixture
def checked(api, contract):
    """Like `api.get`, and every answer is held to the contract: `checked("/v1/meetings")`."""
    return lambda path, headers=None: contract.check(api.get(path, headers))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Who may write into an empty store, each answer held to the contract: see writer.py."""
    daemon = Daemon(tmp_path_factory.mktemp("desk"), seeds=None)
    yield Writer(daemon, daemon.token(), Contract(daemon))
    daemon.check()
    daemon.stop()


@pytest.fixture
def start(tmp_path_factory):
    """Private daemons: `start("--base-path", "/x", seeds=None)`; stopped and checked at the end.

    `seeds` is a folder, a list of folders, or None; `store` a file to share between two runs;
    further keyword arguments are environment variables. A test that expects another end than
    status 0 calls stop() or kill() itself.
    """
    daemons = []

    def factory(*options, **settings):
        daemon = Daemon(tmp_path_factory.mktemp("daemon"), *options, **settings)
        daemons.append(daemon)
        return daemon

    yield factory
    faults = []
    for daemon in daemons:
        try:
            if daemon.stopped is None:
                daemon.stop()
        except AssertionError as fault:
            faults.append(str(fault))
    assert not faults, "\n".join(faults)
