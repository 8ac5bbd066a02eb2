"""What it costs to ask for the same again: 304 for who has it, a warm store for who has not."""

import sys

import contenders
import load
import machine
import tools
from data import PAGE
from figures import Rounds, table


def not_modified(data, rounds, seconds, figures):
    """304 against the cached 200 of the same list; rows for a table."""
    print("measuring: 304", file=sys.stderr)
    results = Rounds()
    with contenders.start(contenders.BY_NAME[contenders.CACHED], data, 1, 0) as server:
        path = f"/v1/meetings?limit={PAGE}"
        tag = server.head(path)["ETag"]
        fields = {"200": (), "304": (f"if-none-match: {tag}",)}
        if server.get(path, [("if-none-match", tag)])[0] != 304:
            raise load.LoadError(f"{tag} is not answered with 304")
        for number in range(rounds):
            for name in ("200", "304") if number % 2 == 0 else ("304", "200"):
                results.add("tag", name, load.h2load(server, path, 64, seconds, fields[name]))
    figures["304"] = results.ratio(("tag", "304"), ("tag", "200"))
    rows = [[name, results.median("tag", name), results.median("tag", name, "cpu")] for name in fields]
    return table(["answer", "req/s", "CPU µs"], rows)


def cold(data, quick):
    """About 2,000 pages, each asked once by one connection: from disk, then again."""
    print("measuring: cold and warm", file=sys.stderr)
    rows = []
    for name in [contenders.FRESH] if quick else [contenders.FRESH, contenders.ULFIUS, contenders.FASTIFY]:
        contender = contenders.BY_NAME[name]
        targets = data.save("cold.txt", contender.targets(data, "list"))
        machine.forget(data.store)
        try:
            with contenders.start(contender, data, 1, 0) as server:
                first, second = (load.each_once(server, targets) for _ in range(2))
            rows.append([name, 1000 / first.rate, first.cpu, 1000 / second.rate, second.cpu])
        except (tools.Missing, load.LoadError) as error:
            rows.append([f"{name}: {error}", None, None, None, None])
    return table(["contender", "cold ms", "CPU µs", "then ms", "CPU µs"], rows)
