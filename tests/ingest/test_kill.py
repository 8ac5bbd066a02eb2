"""kill -9 in the middle of the first ingestion: all of it is stored or nothing, and it can go on."""

import os
import select
import signal
import subprocess
import time

import pytest

import daemon
import seedset

ROUNDS = 30
COPIES = 40  # of the good set: enough for the ingestion to last while it is killed


def worked(process):
    """The processor time of a child so far, in seconds: by clock_getcpuclockid(3), which Python lacks."""
    return time.clock_gettime(~process.pid << 3 | 2)


@pytest.mark.timeout(300)
def test_the_first_ingestion_can_be_killed_at_any_moment(start, tmp_path):
    data = seedset.grown(COPIES)
    total = seedset.count(data)
    folder = seedset.write(tmp_path / "seeds", data)
    command = [str(part) for part in (daemon.program(), "serve", "--listen", "127.0.0.1:0", "--seeds", folder)]

    def launch(store):
        return subprocess.Popen([*command, "--store", str(store)], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                env=daemon.environment())

    # What work it is undisturbed: the kills are spread over that. Not over time, of which others take their share.
    process = launch(tmp_path / "whole")
    assert process.stdout.readline().startswith(b"http://")
    work = worked(process)
    process.kill()
    process.wait()
    process.stdout.close()

    whole, nothing = 0, 0
    for number in range(ROUNDS):
        store = tmp_path / f"store-{number}"
        process = launch(store)
        while worked(process) < work * 1.02 * (number + 0.5) / ROUNDS:
            if select.select([process.stdout], [], [], 0.001)[0]:
                break  # it has done less this time, and is through
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()

        running = start(seeds=folder, store=store)
        report = [event for event in running.events if event["event"] == "ingested"][-1]
        assert report["records"] == total
        assert (report["created"], report["unchanged"]) in {(total, 0), (0, total)}, report
        whole += report["unchanged"] == total
        nothing += report["created"] == total
        counts = {name: running.get(f"/v1/{name[:-5]}?limit=1").json for name in data if name != "dataset.json"}
        assert {name: answer["count"]["value"] for name, answer in counts.items()} \
            == {name: len(data[name]) for name in counts}
        assert {answer["dataset"]["revision"] for answer in counts.values()} == {1}
        running.stop()
        for path in tmp_path.glob(f"store-{number}*"):
            path.unlink()
    assert nothing >= ROUNDS // 2, f"only {nothing} of {ROUNDS} kills came before the commit"
