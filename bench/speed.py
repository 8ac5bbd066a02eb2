"""The list and the detail, every contender in turn: A B C, C B A, A B C …, so that drift hits all alike."""

import sys
import typing

import contenders
import load
import tools
from contenders import BARE, CACHED, CONTROL, FASTIFY, FILE, FRESH, JSON_SERVER, LOOP, RETURN, SOUL, ULFIUS
from figures import Rounds, table


ALL = (BARE, CACHED, FRESH, FILE, RETURN, ULFIUS, FASTIFY, SOUL, JSON_SERVER, CONTROL)
FAST = (BARE, CACHED, FRESH, FILE, RETURN, CONTROL)
MOST = (BARE, CACHED, FRESH, FILE, ULFIUS, FASTIFY, LOOP, CONTROL)


class Cell(typing.NamedTuple):
    """One comparison. `workers` 1: server and client have a core each; 2: both have all."""
    name: str
    kind: str  # list or detail
    random: bool  # 2,000 targets instead of one
    connections: int
    workers: int
    full: tuple  # the contenders
    quick: tuple = ()  # of a quick run; () leaves the cell out


CELLS = [
    Cell("list, one URL, 64", "list", False, 64, 1, (*ALL, LOOP), ALL),
    Cell("list, 2,000 URLs, 64", "list", True, 64, 1, (*ALL, LOOP),
         (BARE, CACHED, FRESH, ULFIUS, FASTIFY, LOOP, CONTROL)),
    Cell("detail, one URL, 64", "detail", False, 64, 1, (*ALL, LOOP), (BARE, CACHED, FILE, RETURN)),
    Cell("detail, 2,000 URLs, 64", "detail", True, 64, 1, (*ALL, LOOP), (BARE, FRESH, CONTROL)),
    Cell("list, one URL, 16", "list", False, 16, 1, ALL),
    Cell("list, 2,000 URLs, 16", "list", True, 16, 1, MOST),
    Cell("list, one URL, 128", "list", False, 128, 1, FAST),
    Cell("list, one URL, 256", "list", False, 256, 1, FAST, (CACHED, FILE)),
    Cell("list, 2,000 URLs, 256", "list", True, 256, 1, MOST),
    Cell("list, one URL, 64, two workers", "list", False, 64, 2, (*FAST, ULFIUS, FASTIFY)),
    Cell("list, 2,000 URLs, 64, two workers", "list", True, 64, 2, (BARE, CACHED, FRESH, ULFIUS, FASTIFY, CONTROL),
         (FRESH, FASTIFY)),
    Cell("list, one URL, 256, two workers", "list", False, 256, 2, (*FAST, ULFIUS, FASTIFY)),
    Cell("detail, 2,000 URLs, 256, two workers", "detail", True, 256, 2,
         (BARE, CACHED, FRESH, ULFIUS, FASTIFY, CONTROL)),
]


class Speed:
    """Runs the cells and keeps what they gave. What could not be run is in `skipped`, with the reason."""

    def __init__(self, data, rounds, seconds, repeats, quick):
        self.data, self.rounds, self.seconds, self.repeats = data, rounds, seconds, repeats
        self.cells = [(cell, cell.quick if quick else cell.full) for cell in CELLS if cell.quick or not quick]
        self.results, self.skipped, self.memory, self.bytes = Rounds(), {}, {}, {}

    def run(self):
        for workers in (1, 2):
            cells = [(cell, names) for cell, names in self.cells if cell.workers == workers]
            wanted = {name for _, names in cells for name in names}
            servers = self.start([each for each in contenders.TABLE if each.name in wanted], workers)
            try:
                for cell, names in cells:
                    self.compare(cell, [each for each in contenders.TABLE if each.name in names], servers)
                for name, server in servers.items():
                    self.memory[name, workers].append(server.megabytes())
            finally:
                for server in servers.values():
                    server.stop()

    def start(self, wanted, workers):
        servers = {}
        for contender in wanted:
            if contender.name == LOOP:
                continue
            try:
                server = servers[contender.name] = contenders.start(contender, self.data, workers,
                                                                    0 if workers == 1 else None)
                self.memory[contender.name, workers] = [server.megabytes()]
                self.bytes[contender.name] = [len(server.get(contender.targets(self.data, kind)[0])[1])
                                              for kind in ("list", "detail")]
                self.warm(contender, server)
            except (tools.Missing, load.LoadError) as error:
                self.skip(contender.name, error)
                if contender.name in servers:
                    servers.pop(contender.name).stop()
        return servers

    def skip(self, what, error):
        self.skipped[what] = str(error)
        print(f"skipped: {what}: {error}", file=sys.stderr)

    def targets(self, contender, kind, many):
        """The file of targets; the same ones in every round and cell."""
        name = f"{contender.name}-{kind}-{many}".replace(" ", "-").replace(",", "")
        path = self.data.folder / name
        if not path.exists():
            self.data.save(name, contender.targets(self.data, kind)[0 if many else None:None if many else 1])
        return path

    def warm(self, contender, server):
        """Every answer twice for a cache that admits on second sight, and a second for compilers that learn."""
        for kind in ("list", "detail"):
            targets = self.targets(contender, kind, True)
            if contender.name == CACHED:
                for _ in range(2):
                    load.each_once(server, targets)
            elif contender.name in (FASTIFY, SOUL):
                load.wrk(server, targets, 8, 1)

    def compare(self, cell, taking_part, servers):
        print(f"measuring: {cell.name}", file=sys.stderr)
        lost = {each.name for each in taking_part if each.name not in servers and each.name != LOOP}
        for number in range(self.rounds):
            for contender in taking_part if number % 2 == 0 else reversed(taking_part):
                found = None
                if contender.name not in lost:
                    try:
                        found = self.once(cell, contender, servers)
                    except (tools.Missing, load.LoadError) as error:
                        lost.add(contender.name)
                        self.skip(f"{contender.name} in `{cell.name}`", error)
                self.results.add(cell.name, contender.name, found)

    def once(self, cell, contender, servers):
        targets = self.targets(contender, cell.kind, cell.random)
        if contender.name == LOOP:
            return load.loop([tools.compiled("sqlite_loop"), self.data.store, cell.kind, str(1000 * self.seconds)],
                             targets, self.seconds, self.repeats)
        return load.wrk(servers[contender.name], targets, cell.connections, max(self.seconds, contender.seconds),
                        load.CLIENT_CORE if cell.workers == 1 else None, self.repeats)

    def tables(self):
        """A table for each cell, with ratios to its first contender."""
        for cell, names in self.cells:
            names = [each.name for each in contenders.TABLE
                     if each.name in names and self.results.median(cell.name, each.name)]
            rows = []
            for name in names:
                row = [name, *(self.results.median(cell.name, name, figure)
                               for figure in ("rate", "p50", "p99", "cpu"))]
                for figure, place in (("rate", 2), ("cpu", 6)):
                    row.insert(place, self.results.ratio((cell.name, name), (cell.name, names[0]), figure))
                rows.append(row)
            if rows:
                yield cell.name, table(["contender", "req/s", f"ratio to {names[0]}", "p50 ms", "p99 ms", "CPU µs",
                                        "ratio"], rows)

    def control(self, figure):
        """The ratio of the control to the first contender, which is the same program, in each cell."""
        found = [self.results.ratio((cell.name, CONTROL), (cell.name, BARE), figure) for cell, _ in self.cells]
        return [value for value in found if value is not None]

    def foreign(self):
        return [each.foreign for slices in self.results.slices.values() for each in slices if each]
