"""What others do to a reader: who asks the dearest question again and again, and who writes."""

import json
import subprocess
import sys
import time

import contenders
import load
from costs import FACETS, question
from figures import Rounds, table

READERS = 16
WRITTEN = {"name": "A meeting written under load {n}", "classification": "talks", "start_date": "2025-02-19"}


def dear_questions(data):
    """Candidates for the dearest question that the daemon allows."""
    return [
        question("/v1/search", q=data.common),
        question("/v1/search", q=data.common[:2]),
        question("/v1/meetings", q=f"{data.common} {data.common[:1]}", sort="name", count="exact"),
        question("/v1/meetings", name__contains="no such text", count="exact"),
        question("/v1/meetings", side="VN", sort="-description", count="exact", facet=FACETS),
        question("/v1/statements", text__contains="no such text"),
        question("/v1/timeline", sort="-date", q=data.common),
    ]


def dearest(server, questions):
    """(milliseconds, status, path) of the slowest; one that is refused at its limit counts too."""
    found = []
    for path in questions:
        begin = time.perf_counter()
        status, _ = server.get(path)
        if status in (200, 503):
            found.append((1000 * (time.perf_counter() - begin), status, path))
    return max(found)


def worst_query(data, rounds, seconds, figures):
    """Readers of lists alone, then beside one and two clients that repeat the dearest question.

    Pinned: the slow lane is polite to the threads of its own process, but where the kernel groups
    processes by session (sched_autogroup_enabled) it would take the client's share of a common core.
    """
    print("measuring: the dearest question beside others", file=sys.stderr)
    results = Rounds()
    with contenders.start(contenders.BY_NAME[contenders.FRESH], data, 1, 0) as server:
        lasted, status, path = dearest(server, dear_questions(data))
        targets = data.save("readers.txt", contenders.own_targets(data, "list"))
        dear = data.save("dear.txt", [path])
        for number in range(rounds):
            for clients in (0, 1, 2)[::1 if number % 2 == 0 else -1]:
                beside = clients and subprocess.Popen(
                    load.wrk_command(server, dear, clients, seconds + 1), stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL)
                try:
                    time.sleep(0.3)
                    results.add("beside", clients, load.wrk(server, targets, READERS, seconds))
                finally:
                    if beside:
                        beside.kill()
                        beside.wait()
    beside = [results.ratio(("beside", clients), ("beside", 0), "p99") for clients in (1, 2)]
    figures["worst p99"] = max(beside)
    figures["worst rate"] = min(results.ratio(("beside", clients), ("beside", 0)) for clients in (1, 2))
    rows = [[f"{clients} beside", results.median("beside", clients), results.median("beside", clients, "p50"),
             results.median("beside", clients, "p99")] for clients in (0, 1, 2)]
    return f"The dearest of what was tried: `{path}`, {status} after {lasted:.0f} ms alone.\n\n" \
        + table(["readers with", "req/s", "p50 ms", "p99 ms"], rows)


def mix(data, rounds, seconds, figures):
    """95 reads and 5 writes against reads alone, of the cached daemon on a copy of the store."""
    print("measuring: reads and writes", file=sys.stderr)
    store = data.copy_store("written")
    token = contenders.token(data, store)
    body = data.save("written.json", json.dumps(WRITTEN).encode())
    targets = data.save("mix.txt", [path for kind in ("list", "detail") for path in contenders.own_targets(data, kind)])
    results = Rounds()
    with contenders.start(contenders.on(store), data, 1, 0) as server:
        for _ in range(2):  # a cache may admit on second sight
            load.each_once(server, targets)
        for number in range(rounds):
            for name in ("reads", "mix") if number % 2 == 0 else ("mix", "reads"):
                writing = (body, token, "/v1/meetings", 20) if name == "mix" else ()
                results.add("mix", name, load.wrk(server, targets, 64, seconds, writing=writing))
    figures["mix"] = 0.95 * results.ratio(("mix", "mix"), ("mix", "reads"))
    return table(["load", "req/s", "p50 ms", "p99 ms", "CPU µs"],
                 [[name, *(results.median("mix", name, figure) for figure in ("rate", "p50", "p99", "cpu"))]
                  for name in ("reads", "mix")])
