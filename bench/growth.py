"""The same questions of two records, one ten times the other."""

import sys

import contenders
import load
from costs import question
from figures import Rounds, table


def growth(small, large, rounds, seconds, figures):
    """A detail, a list and a rare word, in turn; CPU for each."""
    print("measuring: growth", file=sys.stderr)
    results, sizes = Rounds(), {"small": small, "large": large}
    servers = {}
    try:
        for size, data in sizes.items():
            servers[size] = contenders.start(contenders.BY_NAME[contenders.FRESH], data, 1, 0)
        kinds = ("detail", "list", "rare word")
        for number in range(rounds):
            for kind in kinds:
                for size in ("small", "large") if number % 2 == 0 else ("large", "small"):
                    data = sizes[size]
                    targets = [question("/v1/meetings", q=data.rare)] if kind == "rare word" else \
                        contenders.own_targets(data, kind)[1:]
                    results.add(kind, size, load.wrk(servers[size], data.save("growth.txt", targets), 4, seconds))
    finally:
        for server in servers.values():
            server.stop()
    ratios = {kind: results.ratio((kind, "large"), (kind, "small"), "cpu") for kind in kinds}
    figures["growth"] = max(ratios.values())
    return table(["question", f"CPU µs, {small.meetings:,}", f"CPU µs, {large.meetings:,}", "ratio"],
                 [[kind, results.median(kind, "small", "cpu"), results.median(kind, "large", "cpu"), ratios[kind]]
                  for kind in kinds])
