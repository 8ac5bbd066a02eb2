"""Readers in parallel while the record changes under them: every answer is of one state, wholly.

Each round of seeds writes its number into every topic and place. An answer that mixed two states
would show two numbers, or a number that is not that of its revision.
"""

import concurrent.futures
import re
import signal
import threading

import pytest

import seedset
from api_client import client_of
from waiting import until

CLIENTS, ROUNDS, TOPICS = 12, 12, 150


def seeds(number):
    data = seedset.good()
    data["topics.json"] += [{"id": f"topic-{each:03}", "name": f"Round {number} of topic {each:03}",
                             "description": f"round {number}", "classification": "theme" if number % 2 else "commodity"}
                            for each in range(TOPICS)]
    # As many more as rounds went by: the total must agree with the names, too.
    data["topics.json"] += [{"id": f"more-{each:03}", "name": f"Round {number} of more {each:03}",
                             "description": f"round {number}"} for each in range(number)]
    return data


def rounds(rows):
    return {int(re.match(r"Round (\d+) of", row["name"])[1]) for row in rows if row["name"].startswith("Round")}


def read(daemon, seen, ended):
    """Notes the states that are seen; fails at the first answer that is not of one."""
    with client_of(daemon) as client:
        while not ended.is_set():
            whole = client.list("/v1/topics?limit=1000&count=exact&facet=classification&facet=revision")
            number = whole["dataset"]["revision"]
            assert rounds(whole["data"]) == {number}, (number, rounds(whole["data"]))
            assert whole["count"]["value"] == len(whole["data"]) == 2 + TOPICS + number
            assert {row["value"] for row in whole["facets"]["revision"]} == {*range(1, number + 1)}
            assert sum(row["count"] for row in whole["facets"]["classification"]) == len(whole["data"])
            found = client.list("/v1/topics?name__startswith=Round&limit=20&count=exact")
            assert len(rounds(found["data"])) == 1
            assert rounds(found["data"]) == {found["dataset"]["revision"]}
            assert found["count"]["value"] == TOPICS + found["dataset"]["revision"]
            assert found["dataset"]["revision"] >= number, "a later answer is of an earlier state"
            one = client.list("/v1/topics/topic-007")
            assert rounds([one]) == {one["revision"]}
            seen.add(number)


@pytest.mark.parallel
@pytest.mark.timeout(180)
def test_every_answer_is_of_one_state(start, tmp_path):
    folder = seedset.write(tmp_path / "seeds", seeds(1))
    running = start("--workers", "4", seeds=folder)
    seen, ended = set(), threading.Event()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        readers = [pool.submit(read, running, seen, ended) for _ in range(CLIENTS)]
        try:
            for number in range(2, ROUNDS + 1):
                seedset.write(folder, {"topics.json": seeds(number)["topics.json"]})
                running.process.send_signal(signal.SIGHUP)
                until(lambda: number in seen or any(each.done() for each in readers))
        finally:
            ended.set()
        for each in readers:
            each.result()
    assert seen >= {*range(2, ROUNDS + 1)}
    assert not [event for event in running.events if event["level"] == "error"]
