"""The data: a generated record in a store of the daemon's, made once and kept under build/bench."""

import collections
import contextlib
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

from server import Server

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bench"
PAGE = 20  # meetings on the list that all contenders answer
TARGETS = 2000
RARE = 5  # meetings that a rare word is in: as many as are asked for
RECORDS_PER_SECOND = 200  # the slowest ingestion worth waiting for


def digest(*paths):
    """Eight digits that change with any of the files."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.read_bytes())
    return found.hexdigest()[:8]


def fill(daemon, store, seeds, seconds):
    """Make a store of seeds, all of it in the one file."""
    with Server("ingestion", lambda port: [daemon, "serve", "--listen", f"127.0.0.1:{port}", "--store", store,
                                           "--seeds", seeds, "--no-access-log"], "/health", seconds=seconds):
        pass
    settle(store)


def settle(store):
    """The log of a store that nobody uses goes into its file."""
    with contextlib.closing(sqlite3.connect(store)) as settled:
        settled.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make_store(daemon, meetings):
    """The store of that size; made when there is none of this generator and this schema."""
    generator = ROOT / "bench/generate.py"
    made_by = digest(generator)
    store = FOLDER / f"store-{meetings}-{digest(generator, *(ROOT / 'migrations').glob('*.sql'))}.sqlite3"
    if store.exists():
        return store
    seeds, unfinished = FOLDER / f"seeds-{meetings}-{made_by}", FOLDER / f"unfinished-{meetings}.sqlite3"
    print(f"making a record of {meetings:,} meetings and what belongs to them", file=sys.stderr)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not seeds.exists():
        half = seeds.with_name(f"{seeds.name}-unfinished")
        subprocess.run([sys.executable, generator, half, "--meetings", str(meetings)], check=True,
                       timeout=600 + meetings // 100)
        half.rename(seeds)
    for leftover in FOLDER.glob(f"{unfinished.name}*"):
        leftover.unlink()
    fill(daemon, unfinished, seeds, 60 + 10 * meetings // RECORDS_PER_SECOND)
    return unfinished.rename(store)


class Data:
    """What is asked for: pages all over the record, single meetings, words; and a constant answer."""

    def __init__(self, store, daemon):
        self.store, self.daemon = store, daemon
        self.folder = FOLDER / f"run-{os.getpid()}-{store.stem}"
        self.folder.mkdir(parents=True)
        self.rows = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        self.pages, self.ids = [], []  # until they are read
        self.meetings = self.rows.execute("SELECT count(*) FROM meeting").fetchone()[0]

    def read(self, server):
        """Walk the list once and read the answers that the constant contenders repeat."""
        self.pages = self.walk(server)
        self.list_answer = self.save("list.json", server.get(f"/v1/meetings?limit={PAGE}")[1])
        self.ids = [row[0] for row in self.rows.execute(
            "SELECT id FROM meeting ORDER BY random() LIMIT ?", (TARGETS,))]
        self.detail_answer = self.save("detail.json", server.get(f"/v1/meetings/{self.middling()}")[1])
        (self.common, self.common_count), (self.rare, self.rare_count) = self.words()

    def middling(self):
        """The id of a meeting whose record has the median size: it moves to the front of the ids."""
        sizes = dict(self.rows.execute(
            "SELECT id, length(json) FROM meeting WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(self.ids),)))
        self.ids.sort(key=sizes.get)
        self.ids.insert(0, self.ids.pop(len(self.ids) // 2))
        return self.ids[0]

    def walk(self, server):
        """(cursor, date, id) of places all over the list: the last meeting of the page before."""
        step = max(PAGE, min(1000, self.meetings // TARGETS))
        found, cursor = [], None
        while len(found) < TARGETS:
            status, body = server.get(f"/v1/meetings?limit={step}&fields=id"
                                      + (f"&cursor={cursor}" if cursor else ""))
            answer = json.loads(body)
            following = answer["links"]["next"] if status == 200 else None
            if not following:
                break
            cursor = re.search(r"[?&]cursor=([^&]+)", following)[1]
            last = answer["data"][-1]["id"]
            date = self.rows.execute("SELECT start_date_earliest FROM meeting WHERE id = ?", (last,)).fetchone()[0]
            if date is None:
                break
            found.append((cursor, date, last))
        return found

    def words(self):
        """(word, meetings with it in name or description): the commonest, and a rare one."""
        self.counts = collections.Counter()
        for name, description in self.rows.execute("SELECT name, description FROM meeting"):
            self.counts.update(set(re.findall(r"[a-z]{4,}", f"{name} {description or ''}".lower())))
        return self.counts.most_common(1)[0], self.word_in(RARE)

    def word_in(self, meetings):
        """(word, meetings with it): of those words that are in about so many, the first."""
        return min(self.counts.items(), key=lambda each: (abs(each[1] - meetings), each))

    def copy_store(self, name):
        """A copy for whoever writes."""
        target = self.folder / f"{name}.sqlite3"
        subprocess.run(["cp", "--reflink=auto", self.store, target], check=True, timeout=600)
        return target

    def copy_meetings(self, name):
        """A store of the table `meeting` alone, with its indexes: all that some contender reads."""
        target = self.folder / f"{name}.sqlite3"
        with contextlib.closing(sqlite3.connect(target)) as made:
            made.execute("ATTACH ? AS whole", (str(self.store),))
            for (sql,) in made.execute("SELECT sql FROM whole.sqlite_schema WHERE tbl_name = 'meeting' AND sql NOT NULL"
                                       " AND type IN ('table', 'index') ORDER BY type DESC").fetchall():
                made.execute(sql)
            made.execute("INSERT INTO main.meeting SELECT * FROM whole.meeting")
            made.commit()
        return target

    def save(self, name, content):
        """A file of this run's own; lists become lines."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else "".join(f"{line}\n" for line in content).encode())
        return path

    def close(self):
        self.rows.close()
        subprocess.run(["rm", "-rf", "--", self.folder], check=True)
