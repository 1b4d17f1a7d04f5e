"""The results of runs in one SQLite file, written as they come.

Each run is one row. Its key is a hash of the experiment, the config and the program
(`engine.sweeps.program`): so the same run is found again, but not after the program has changed. A row is
written in a transaction: if the program is killed, all rows that were written are complete. Other programs
may read the file at the same time (write-ahead log).

Only one program at a time makes runs for a file. It holds a lease, which it renews regularly; if it is
killed, the lease expires, and another program can go on.

A file may come from anybody. It is used only if it has these tables and nothing else: a view or a trigger
in it, which are statements of SQL, would be executed. What stands in the tables is decoded strictly.

References: SQLite, "Write-Ahead Logging" (sqlite.org/wal.html), "PRAGMA synchronous", and "Defense Against
The Dark Arts" (sqlite.org/security.html).
"""

import hashlib
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from engine.config import Config, Problem
from engine.sweeps.one_run import RunResult
from engine.sweeps.plan import SweepPlan
from engine.sweeps.program import program

LEASE = 10.0  # seconds after which a lease expires if it is not renewed
PATIENCE = 10.0  # seconds to wait while another program writes
MARK = 0x6E61626C  # "nabl": the sign of a file of sweeps, in the header of the SQLite file
HEAD = b"SQLite format 3\0"  # the first bytes of an SQLite file
MARK_AT = 68  # where its header has the mark, 4 bytes
TABLES = {
    "runs": "(key TEXT PRIMARY KEY, experiment TEXT, config TEXT, version TEXT, result TEXT)",
    "plan": "(one INTEGER PRIMARY KEY CHECK (one = 1), plan TEXT NOT NULL)",
    "lease": "(one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT, until REAL)",
}
KEY_OF_RUNS = "sqlite_autoindex_runs_1"  # the index that SQLite makes for the key of the runs
LARGEST = 2**24  # bytes of a text that is read from a file
ASKED_AT_ONCE = 500  # keys in one query; SQLite allows at least 999


def key_of(experiment: str, config: Config) -> str:
    """The key of a run."""
    text = b"\0".join([experiment.encode(), msgspec.json.encode(config, order="sorted"), program().encode()])
    return hashlib.sha256(text).hexdigest()


class SweepStore:
    """A file of results. Use it in the thread that has made it; the end of a with statement closes it."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            Problem: it cannot be opened, or is no file of sweeps.
        """
        self.path = path
        self._owner = uuid.uuid4().hex
        with self._errors():
            self._file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            self._file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
            try:
                self._prepare()
            except BaseException:
                self._file.close()
                raise

    def _prepare(self) -> None:
        self._file.execute("PRAGMA trusted_schema = OFF")
        self._file.execute("PRAGMA cell_size_check = ON")
        mark = self._file.execute("PRAGMA application_id").fetchone()[0]
        there = self._file.execute("SELECT name, sql FROM sqlite_master").fetchall()
        if any(not _is_ours(name, sql) for name, sql in there) or (mark != MARK and there):
            raise Problem("{name} is no file of sweeps", name=self.path.name)
        if mark != MARK:
            self._file.execute(f"PRAGMA application_id = {MARK}")
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        for name, columns in TABLES.items():
            self._file.execute(f"CREATE TABLE IF NOT EXISTS {name} {columns}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # Reading

    def plan(self) -> SweepPlan | None:
        """The last sweep that the file was used for, if any.

        Raises:
            Problem: it cannot be read.
        """
        with self._errors():
            row = self._file.execute("SELECT plan FROM plan").fetchone()
            return None if row is None else msgspec.json.decode(row[0], type=SweepPlan)

    def keep_plan(self, plan: SweepPlan) -> None:
        """Store which sweep the file is used for."""
        with self._errors():
            self._file.execute(
                "INSERT OR REPLACE INTO plan VALUES (1, ?)", (msgspec.json.encode(plan).decode(),)
            )

    def results(self, keys: Sequence[str]) -> dict[str, RunResult]:
        """The results that are known, by key.

        Raises:
            Problem: they cannot be read.
        """
        found: dict[str, RunResult] = {}
        for start in range(0, len(keys), ASKED_AT_ONCE):
            some = keys[start : start + ASKED_AT_ONCE]
            question = f"SELECT key, result FROM runs WHERE key IN ({','.join('?' * len(some))})"
            with self._errors():
                rows = self._file.execute(question, some).fetchall()
                found |= {key: msgspec.json.decode(result, type=RunResult) for key, result in rows}
        return found

    def runs_of_others(self) -> int:
        """How many runs in the file were made by another version of the program: they are not used."""
        with self._errors():
            found = self._file.execute("SELECT count(*) FROM runs WHERE version != ?", (program(),))
            return int(found.fetchone()[0])

    # Writing

    def keep(self, results: Iterable[tuple[str, Config, str, bytes]]) -> None:
        """Write results, all or none: the experiment, the config, its key and the result as JSON.

        The numbers of other measures that are known of the same run stay.

        Raises:
            Problem: the file cannot be written; the disk may be full.
        """
        new = list(results)
        with self._errors(), self._transaction():
            known = self.results([key for _, _, key, _ in new])
            rows = [
                (key, experiment, _text(config), program(), _text(_joined(known.get(key), result)))
                for experiment, config, key, result in new
            ]
            self._file.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn an error of SQLite, or of what stands in the file, into a message that helps the user."""
        try:
            yield
        except (msgspec.MsgspecError, RecursionError, TypeError) as error:
            raise Problem("{name} is no file of sweeps", name=self.path.name) from error
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorname", "")
            if code.startswith("SQLITE_FULL"):
                sentence = "There is no room on the disk for {name}"
            elif code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
                sentence = "{name} is no file of sweeps"
            else:
                sentence = "{name} cannot be used: {reason}"
            raise Problem(sentence, name=self.path.name, reason=error) from error

    # The lease

    def take_lease(self) -> bool:
        """Take or renew the right to make runs for this file; return False while another program has it."""
        now = time.time()
        with self._errors():
            taken = self._file.execute(
                "INSERT INTO lease VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE"
                " SET owner = excluded.owner, until = excluded.until"
                " WHERE owner = excluded.owner OR until < ?",
                (self._owner, now + LEASE, now),
            )
        return taken.rowcount == 1

    def give_lease_back(self) -> None:
        """Give up the right, so that other programs can make runs."""
        with self._errors():
            self._file.execute("DELETE FROM lease WHERE owner = ?", (self._owner,))


def is_database(head: bytes) -> bool:
    """Whether a file that begins so is an SQLite file."""
    return head.startswith(HEAD)


def is_sweep(head: bytes) -> bool:
    """Whether a file that begins so is marked as a file of sweeps."""
    return is_database(head) and head[MARK_AT : MARK_AT + 4] == MARK.to_bytes(4, "big")


def _is_ours(name: object, sql: object) -> bool:
    """Whether a table or an index is one that this class makes."""
    if name == KEY_OF_RUNS:
        return sql is None
    made = f"CREATE TABLE {name} {TABLES.get(str(name))}"
    return isinstance(sql, str) and " ".join(sql.split()) == made


def _text(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()


def _joined(known: RunResult | None, result: bytes) -> RunResult:
    """A result, with the numbers that are known of the same run."""
    new = msgspec.json.decode(result, type=RunResult)
    measured = new.measured if known is None else known.measured | new.measured
    return msgspec.structs.replace(new, measured=measured)
