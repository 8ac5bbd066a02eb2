"""The rows of records, as a store of the daemon's has them, ready made for sqlite_writer to put in again."""

import contextlib
import sqlite3
import struct

# What src/store/store.c and src/ingest/ingest.c set for whoever writes.
SETTINGS = """
    PRAGMA cell_size_check = ON; PRAGMA temp_store = FILE; PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = 67108864; """
SINGLY = SETTINGS + "PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;"
TOGETHER = SETTINGS + "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -16384;"

INDEX = "INSERT INTO search_index (rowid, words) VALUES (?, ?)"
INDEX_ALL = "INSERT INTO search_index (rowid, words) SELECT number, words FROM search_text ORDER BY number"
COUNT = "INSERT INTO total (type, value) VALUES (?, 1) ON CONFLICT (type) DO UPDATE SET value = value + 1"
ADVANCE = "UPDATE store SET revision = revision + 1, updated_at = ?"


def chunk(content=b""):
    return struct.pack("<I", len(content)) + content


def packed(value):
    if value is None:
        return b"n"
    if isinstance(value, int):
        return b"i" + struct.pack("<q", value)
    if isinstance(value, float):
        return b"r" + struct.pack("<d", value)
    text = value.encode()
    return b"t" + struct.pack("<I", len(text)) + text


class Rows:
    """What belongs to a record is told by the schema: so a new table is found by itself."""

    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.tables = {name: [column[1] for column in self.db.execute(f"PRAGMA table_info({name})")]
                       for _, name, kind, *_ in self.db.execute("PRAGMA table_list")
                       if kind == "table" and not name.startswith("sqlite_")}
        self.inserts = {name: f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})"
                        for name, columns in self.tables.items()}
        self.indexes = self.db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index'"
                                       " AND sql LIKE 'CREATE INDEX %' ORDER BY tbl_name").fetchall()
        self.statements = [*self.inserts.values(), INDEX, INDEX_ALL, COUNT, ADVANCE,
                           *(f"DROP INDEX {name}" for name, _ in self.indexes), *(sql for _, sql in self.indexes)]
        self.numbers = {sql: struct.pack("<H", number) for number, sql in enumerate(self.statements)}
        self.of_type = {}

    def close(self):
        self.db.close()

    def owner(self, table):
        """The table that a part's rows belong to: the target of its first column."""
        return next((row[2] for row in self.db.execute(f"PRAGMA foreign_key_list({table})")
                     if row[3] == self.tables[table][0]), None)

    def selects(self, kind):
        """(table, SELECT of its rows of the record with the type ? and the id ?)."""
        if kind not in self.of_type:
            found = []
            for table, columns in self.tables.items():
                if table == kind:
                    condition = "?1 <> '' AND id = ?2"
                elif {"record_type", "record_id"} <= set(columns):
                    condition = "record_type = ?1 AND record_id = ?2"
                elif table == "reference":
                    condition = "from_type = ?1 AND from_id = ?2"
                elif table == "record":
                    condition = "type = ?1 AND id = ?2"
                elif self.owner(table) == kind:
                    condition = f"?1 <> '' AND {columns[0]} = ?2"
                else:
                    continue
                found.append((table, f"SELECT * FROM {table} WHERE {condition}"))
            self.of_type[kind] = found
        return self.of_type[kind]

    def row(self, sql, values=()):
        return chunk(self.numbers[sql] + b"".join(map(packed, values)))

    def record(self, kind, own):
        """Chunks of all rows of one record, and its texts as (number, words)."""
        texts = []
        for table, select in self.selects(kind):
            for values in self.db.execute(select, (kind, own)):
                yield self.row(self.inserts[table], values)
                if table == "search_text":
                    texts.append((values[0], values[-1]))
        yield self.row(COUNT, (kind,))
        self.texts = sorted(texts)

    def written(self, since):
        """(type, id, time) of the records behind a change, in the order in which they were written."""
        return self.db.execute("SELECT record_type, record_id, at FROM change WHERE number > ? ORDER BY number", (since,))


def last_change(store):
    with contextlib.closing(sqlite3.connect(store)) as db:
        return db.execute("SELECT coalesce(max(number), 0) FROM change").fetchone()[0]


def write_head(rows, settings, file):
    file.write(chunk(settings.encode()))
    file.writelines(chunk(sql.encode()) for sql in rows.statements)
    file.write(chunk())


def save_singly(store, since, path):
    """Each record that was written behind the change `since`, in a transaction of its own."""
    with contextlib.closing(Rows(store)) as rows, open(path, "wb") as file:
        write_head(rows, SINGLY, file)
        for kind, own, at in rows.written(since):
            file.writelines(rows.record(kind, own))
            file.writelines(rows.row(INDEX, text) for text in rows.texts)
            file.write(rows.row(ADVANCE, (at,)) + chunk())
    return path


def save_together(store, path):
    """All records of a store for an empty one, in one transaction: as the daemon fills one, its indexes and that of the
    texts are made at the end. Returns how many there are."""
    count = 0
    with contextlib.closing(Rows(store)) as rows, open(path, "wb") as file:
        write_head(rows, TOGETHER, file)
        file.writelines(rows.row(f"DROP INDEX {name}") for name, _ in rows.indexes)
        for kind, own, at in rows.written(0):
            file.writelines(rows.record(kind, own))
            count += 1
        file.writelines(rows.row(sql) for _, sql in rows.indexes)
        file.write(rows.row(INDEX_ALL) + rows.row(ADVANCE, (at,)) + chunk())
    return count
