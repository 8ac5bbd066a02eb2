"""What one question costs against another, asked of the daemon without a cache by one connection.

Depth of paging, common and rare words, totals and facets.
"""

import json
import math
import re
import sys
import time
import urllib.parse

import contenders
import load
from figures import Rounds, table

DEEP = 10_000  # the page, of DEEP_LIMIT meetings each
DEEP_LIMIT = 5
FACETS = ["classification", "status", "place_id", "mechanism_id", "session_number"]


class Refused(Exception):
    """The question was not answered with 200."""


def question(path, **parameters):
    return path + "?" + urllib.parse.urlencode({"limit": DEEP_LIMIT, **parameters}, doseq=True)


class Costs:
    """`figures` takes what the goals need; `rows` the table: what is asked, median ms, CPU µs."""

    def __init__(self, data, rounds, quick, figures):
        self.data, self.rounds, self.quick, self.figures = data, rounds, quick, figures
        self.results, self.notes = Rounds(), {}

    # -- asking

    def ask(self, server, name, path):
        """One slice with one connection, long enough for some answers."""
        begin = time.perf_counter()
        status, _ = server.get(path)
        lasted = time.perf_counter() - begin
        if status != 200:
            raise Refused(f"{status} after {1000 * lasted:.0f} ms")
        seconds = min(4 if self.quick else 20, max(1, math.ceil(4 * lasted)))
        return load.wrk(server, self.data.save("question.txt", [path]), 1, seconds)

    def compare(self, server, questions):
        """Every question in each round, forwards and backwards in turn. Questions: name -> path."""
        lost = set()
        for number in range(self.rounds):
            for name, path in list(questions.items())[::1 if number % 2 == 0 else -1]:
                found = None
                if name not in lost:
                    try:
                        found = self.ask(server, name, path)
                    except (Refused, load.LoadError) as error:
                        lost.add(name)
                        self.notes[name] = f"{name}: {error}"
                self.results.add("cost", name, found)

    def ratio(self, above, below, figure="cpu"):
        return self.results.ratio(("cost", above), ("cost", below), figure)

    # -- the questions

    def run(self):
        print("measuring: what questions cost", file=sys.stderr)
        with contenders.start(contenders.BY_NAME[contenders.FRESH], self.data, 1, 0) as server:
            self.depth(server)
            self.words(server)
            self.totals(server)
        return self.table()

    def sorts(self, server):
        """Every order that the list of meetings declares, of each the falling one."""
        if self.quick:
            return ["-start_date", "-name"]
        document = json.loads(server.get("/openapi.json")[1])
        parameters = document["paths"]["/v1/meetings"]["get"]["parameters"]
        sort = next(each for each in parameters if each.get("name") == "sort")
        return [word for word in sort["schema"]["items"]["enum"] if word.startswith("-")]

    def depth(self, server):
        rows = min(DEEP * DEEP_LIMIT, self.data.meetings // 2)
        questions = {}
        for sort in self.sorts(server):
            cursor = self.cursor(server, sort, rows)
            questions[f"{sort}, page 1"] = question("/v1/meetings", sort=sort)
            questions[f"{sort}, page {rows // DEEP_LIMIT:,}"] = question("/v1/meetings", sort=sort, cursor=cursor)
        self.compare(server, questions)
        names = list(questions)
        ratios = {first: self.ratio(deep, first) for first, deep in zip(names[::2], names[1::2])}
        known = [value for value in ratios.values() if value is not None]
        self.figures["depth"] = max(known) if known and len(known) == len(ratios) else None

    def cursor(self, server, sort, rows):
        """Where the page behind so many rows begins."""
        cursor = None
        while rows > 0:
            step = min(1000, rows)
            parameters = {"limit": step, "sort": sort, "fields": "id", **({"cursor": cursor} if cursor else {})}
            answer = json.loads(server.get(question("/v1/meetings", **parameters))[1])
            cursor = urllib.parse.unquote(re.search(r"[?&]cursor=([^&]+)", answer["links"]["next"])[1])
            rows -= step
        return cursor

    def words(self, server):
        """The commonest word of all against one that few meetings have, with as many rows in the answer."""
        data, paths = self.data, ("/v1/meetings", "/v1/search")
        common = f"a word of {data.common_count:,} meetings"
        rare = f"a word of {data.rare_count:,}"
        self.compare(server, {f"{path}, {name}": question(path, q=word) for path in paths
                              for name, word in ((rare, data.rare), (common, data.common))})
        ratios = [self.ratio(f"{path}, {common}", f"{path}, {rare}") for path in paths]
        self.figures["words"] = None if None in ratios else max(ratios)

    def totals(self, server):
        """A total must not be felt; facets must be bearable."""
        half = {"side": "VN"}
        self.compare(server, {
            "half of the meetings, no total": question("/v1/meetings", count="none", **half),
            "… count=capped": question("/v1/meetings", count="capped", **half),
            "… count=exact": question("/v1/meetings", count="exact", **half),
            "all meetings, count=auto": question("/v1/meetings"),
            "all meetings, count=none": question("/v1/meetings", count="none"),
            "five facets": question("/v1/meetings", facet=FACETS),
        })
        p50 = {name: self.results.median("cost", name, "p50") for _, name in self.results.slices}
        for key, name, plain in (("auto", "all meetings, count=auto", "all meetings, count=none"),
                                 ("capped", "… count=capped", "half of the meetings, no total")):
            self.figures[key] = p50[name] - p50[plain] if None not in (p50[name], p50[plain]) else None
        self.figures["facets"] = p50["five facets"]

    def table(self):
        rows = [[self.notes.get(name, name), self.results.median("cost", name, "p50"),
                 self.results.median("cost", name, "cpu")] for _, name in self.results.slices]
        return table(["question", "p50 ms", "CPU µs"], rows)
