"""The same questions of two records, one ten times the other."""

import sys

import contenders
import load
from costs import question
from figures import Rounds, table


KINDS = ("detail", "list", "rare word")


def targets(data, kind):
    return [question("/v1/meetings", q=data.rare)] if kind == "rare word" else contenders.own_targets(data, kind)[1:]


def growth(large, rounds, seconds, figures, make_small):
    """A detail, a list and a rare word, in turn; CPU for each."""
    print("measuring: growth", file=sys.stderr)
    results, small, servers = Rounds(), make_small(), {}
    try:
        sizes = {"small": small, "large": large}
        for size, data in sizes.items():
            servers[size] = contenders.start(contenders.BY_NAME[contenders.FRESH], data, 1, 0)
        for number in range(rounds):
            for kind in KINDS:
                for size in ("small", "large") if number % 2 == 0 else ("large", "small"):
                    asked = sizes[size].save("growth.txt", targets(sizes[size], kind))
                    results.add(kind, size, load.wrk(servers[size], asked, 4, seconds))
    finally:
        for server in servers.values():
            server.stop()
        small.close()
    ratios = {kind: results.ratio((kind, "large"), (kind, "small"), "cpu") for kind in KINDS}
    figures["growth"] = max(ratios.values())
    words = f"The rare word is in {small.rare_count:,} meetings of the one, in {large.rare_count:,} of the other."
    rows = [[kind, results.median(kind, "small", "cpu"), results.median(kind, "large", "cpu"), ratios[kind]]
            for kind in KINDS]
    return words + "\n\n" + table(
        ["question", f"CPU µs, {small.meetings:,}", f"CPU µs, {large.meetings:,}", "ratio"], rows)
