"""The same questions of two records, one ten times the other."""

import sys

import contenders
import load
from costs import question
from figures import Rounds, table


KINDS = ("detail", "list", "rare word", "rarest word")


def targets(data, kind, rare):
    words = {"rare word": rare, "rarest word": data.rare}
    return [question("/v1/meetings", q=words[kind])] if kind in words else contenders.own_targets(data, kind)[1:]


def growth(large, rounds, seconds, figures, make_small):
    """A detail, a list and a rare word, in turn; CPU for each. What is found costs, so the goal is about a word that
    is in about as many meetings of the one as of the other; the rarest word of each is in the table too."""
    print("measuring: growth", file=sys.stderr)
    results, small, servers = Rounds(), make_small(), {}
    try:
        sizes = {"small": small, "large": large}
        rare = dict(zip(sizes, (small.word_in(large.rare_count), (large.rare, large.rare_count))))
        for size, data in sizes.items():
            servers[size] = contenders.start(contenders.BY_NAME[contenders.FRESH], data, 1, 0)
        for number in range(rounds):
            for kind in KINDS:
                for size in ("small", "large") if number % 2 == 0 else ("large", "small"):
                    asked = sizes[size].save("growth.txt", targets(sizes[size], kind, rare[size][0]))
                    results.add(kind, size, load.wrk(servers[size], asked, 4, seconds))
    finally:
        for server in servers.values():
            server.stop()
        small.close()
    ratios = {kind: results.ratio((kind, "large"), (kind, "small"), "cpu") for kind in KINDS}
    figures["growth"] = max(ratios[kind] for kind in KINDS[:3])
    words = (f"The rare word is in {rare['small'][1]:,} meetings of the one, in {rare['large'][1]:,} of the other; the "
             f"rarest, in {small.rare_count:,} and {large.rare_count:,}, is not in the goal.")
    rows = [[kind, results.median(kind, "small", "cpu"), results.median(kind, "large", "cpu"), ratios[kind]]
            for kind in KINDS]
    return words + "\n\n" + table(
        ["question", f"CPU µs, {small.meetings:,}", f"CPU µs, {large.meetings:,}", "ratio"], rows)
