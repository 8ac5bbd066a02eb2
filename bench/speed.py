"""The list and the detail, every contender in turn: A B C, C B A, A B C …, so that drift hits all alike."""

import sys
import typing

import contenders
import load
import tools
from figures import Rounds, ratio, table


class Cell(typing.NamedTuple):
    """One comparison. `workers` 1: server and client have a core each; 2: both have all."""
    name: str
    kind: str  # list or detail
    random: bool  # 2,000 targets instead of one
    connections: int
    workers: int
    quick: bool  # also in a quick run
    only: tuple = ()  # contenders; () is all that run with so many workers

    def takes(self, contender):
        return self.workers in contender.processes and (not self.only or contender.name in self.only)


FAST = ("bare MHD", "bilateral, cached", "nginx file", "nginx return", contenders.CONTROL)
MOST = ("bare MHD", "bilateral, cached", "bilateral, fresh", "nginx file", "ulfius", "Fastify", contenders.CONTROL)
CELLS = [
    Cell("list, one URL, 64", "list", False, 64, 1, True),
    Cell("list, 2,000 URLs, 64", "list", True, 64, 1, True),
    Cell("detail, one URL, 64", "detail", False, 64, 1, True, (*FAST, "bilateral, fresh")),
    Cell("detail, 2,000 URLs, 64", "detail", True, 64, 1, True, MOST),
    Cell("list, one URL, 16", "list", False, 16, 1, False),
    Cell("detail, 2,000 URLs, 16", "detail", True, 16, 1, False),
    Cell("list, one URL, 128", "list", False, 128, 1, True, ("bilateral, cached", "nginx file")),
    Cell("list, one URL, 256", "list", False, 256, 1, True, ("bilateral, cached", "nginx file")),
    Cell("list, 2,000 URLs, 256", "list", True, 256, 1, False, MOST),
    Cell("list, one URL, 64, two workers", "list", False, 64, 2, True,
         ("bare MHD", "bilateral, cached", "Fastify")),
    Cell("list, 2,000 URLs, 64, two workers", "list", True, 64, 2, True, ("bilateral, fresh", "Fastify")),
    Cell("list, one URL, 256, two workers", "list", False, 256, 2, False),
    Cell("list, 2,000 URLs, 256, two workers", "list", True, 256, 2, False, MOST),
    Cell("detail, 2,000 URLs, 64, two workers", "detail", True, 64, 2, False, MOST),
]


class Speed:
    """Runs the cells and keeps what they gave. Contenders that cannot run are in `skipped`."""

    def __init__(self, data, rounds, seconds, repeats, quick):
        self.data, self.rounds, self.seconds, self.repeats = data, rounds, seconds, repeats
        self.cells = [cell for cell in CELLS if cell.quick or not quick]
        self.results, self.skipped, self.memory = Rounds(), {}, {}

    def run(self):
        for workers in (1, 2):
            cells = [cell for cell in self.cells if cell.workers == workers]
            wanted = [each for each in contenders.TABLE if any(cell.takes(each) for cell in cells)]
            servers = self.start(wanted, workers)
            try:
                for cell in cells:
                    self.compare(cell, [each for each in wanted if each.name in servers and cell.takes(each)], servers)
            finally:
                for server in servers.values():
                    server.stop()

    def start(self, wanted, workers):
        servers = {}
        for contender in wanted:
            try:
                server = contenders.start(contender, self.data, workers, 0 if workers == 1 else None)
                servers[contender.name] = server
                idle = server.megabytes()
                self.warm(contender, server)
                self.memory[contender.name, workers] = (server.started, idle, server.megabytes())
            except (tools.Missing, load.LoadError) as error:
                self.skipped[contender.name] = str(error)
                print(f"skipped: {contender.name}: {error}", file=sys.stderr)
                servers.pop(contender.name, None)
        return servers

    def targets(self, contender, kind, many):
        """The file of targets; the same ones in every round and cell."""
        name = f"{contender.name}-{kind}-{many}".replace(" ", "-").replace(",", "")
        path = self.data.folder / name
        if not path.exists():
            self.data.save(name, contender.targets(self.data, kind)[0 if many else None:None if many else 1])
        return path

    def warm(self, contender, server):
        """Every answer once for whoever may keep it, and a second for compilers that learn."""
        for kind in ("list", "detail"):
            targets = self.targets(contender, kind, True)
            if contender.name == "bilateral, cached":
                load.each_once(server, targets)
            elif contender.name in ("Fastify", "soul-cli", "json-server"):
                load.wrk(server, targets, 8, 1)

    def compare(self, cell, taking_part, servers):
        print(f"measuring: {cell.name}", file=sys.stderr)
        lost = set()
        for number in range(self.rounds):
            for contender in taking_part if number % 2 == 0 else reversed(taking_part):
                found = None
                if contender.name not in lost:
                    try:
                        found = load.wrk(servers[contender.name], self.targets(contender, cell.kind, cell.random),
                                         cell.connections, self.seconds,
                                         load.CLIENT_CORE if cell.workers == 1 else None, self.repeats)
                    except load.LoadError as error:
                        lost.add(contender.name)
                        self.skipped[f"{contender.name}: {cell.name}"] = str(error)
                self.results.add(cell.name, contender.name, found)

    def tables(self):
        """A table for each cell, ratios to bare MHD or, where it is not in it, to the first."""
        for cell in self.cells:
            names = [each.name for each in contenders.TABLE if (cell.name, each.name) in self.results.slices]
            if not names:
                continue
            first = names[0]
            rows = []
            for name in names:
                median = lambda figure: self.results.median(cell.name, name, figure)
                rows.append([name, median("rate"), self.results.ratio((cell.name, name), (cell.name, first)),
                             median("p50"), median("p99"), median("cpu"),
                             self.results.ratio((cell.name, name), (cell.name, first), "cpu")])
            yield cell.name, table(["contender", "req/s", f"ratio to {first}", "p50 ms", "p99 ms", "CPU µs", "ratio"],
                                   rows)

    def control(self):
        """The ratios of the control to what it equals, of rate and of CPU, over every cell and round."""
        first = contenders.TABLE[0].name
        found = []
        for figure in ("rate", "cpu"):
            pairs = [ratio(self.results.values(cell.name, contenders.CONTROL, figure),
                           self.results.values(cell.name, first, figure)) for cell in self.cells]
            found.append([value for value in pairs if value is not None])
        return found

    def foreign(self):
        return [each.foreign for slices in self.results.slices.values() for each in slices if each]
