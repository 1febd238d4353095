"""The record: an append-only store beside the study in which each entry holds the hash of the one before.

SQLite with a write-ahead log; one process writes at a time, the others wait. A transaction's entries are durable
together or not at all. Beside it lies the seal: the number and hash of the last entry and the hash of the whole file,
so that a byte changed anywhere is seen, and so is the loss of the last entries.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prelock.errors import CallError, RecordError
from prelock.lock.canonical import canonical, digest
from prelock.lock.seal import make_file, seal

FIRST = "0" * 64
WAIT = 120.0
SCHEMA = (
    "CREATE TABLE entries (number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, "
    "why TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
    "CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END",
    "CREATE TRIGGER entries_last BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END",
)
_COLUMNS = "number, at, who, what, why, body, previous, hash"


@dataclass(frozen=True)
class Entry:
    """Who did what when (UTC), and why; `body` holds the particulars, `previous` the hash of the entry before."""

    number: int
    at: str
    who: str
    what: str
    why: str
    body: Mapping[str, Any]
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """The hash that follows from everything else in the entry."""
        return digest(canonical([self.number, self.at, self.who, self.what, self.why, self.body, self.previous]))


class Writing:
    """A record while one process holds it; `append` becomes durable when the block ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.entries = read_entries(connection)

    @property
    def head(self) -> str:
        """The hash of the last entry."""
        return self.entries[-1].hash if self.entries else FIRST

    def append(self, what: str, who: str, why: str, body: Mapping[str, Any]) -> Entry:
        """Add an entry."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        entry = Entry(len(self.entries) + 1, at, who, what, why, body, self.head, "")
        entry = replace(entry, hash=entry.expected_hash())
        row = {**vars(entry), "body": canonical(body).decode()}
        self._connection.execute(f"INSERT INTO entries VALUES (:{_COLUMNS.replace(', ', ', :')})", row)
        self.entries.append(entry)
        return entry


class Record:
    """The record at `path`; it is made by the first entry. `wait` is how many seconds another process is waited for."""

    def __init__(self, path: Path, wait: float = WAIT) -> None:
        self.path, self.wait = path, wait

    @property
    def exists(self) -> bool:
        """Something was ever entered."""
        return self.path.exists()

    def entries(self) -> list[Entry]:
        """Every entry; none where nothing was ever entered."""
        if not self.exists:
            return []
        with self._told(), self._held() as connection:
            return read_entries(connection)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Hold the record and add to it. An error inside the block leaves it as it was."""
        with self._told():
            make_file(self.path, SCHEMA)
            with self._held() as connection:
                writing = Writing(connection)
                before = len(writing.entries)
                yield writing
                connection.execute("COMMIT")
                if len(writing.entries) > before:
                    self._seal(connection, writing)

    def _seal(self, connection: sqlite3.Connection, writing: Writing) -> None:
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            seal(self.path, len(writing.entries), writing.head)
        except (OSError, sqlite3.DatabaseError) as error:
            message = f"What was done is entered in the record {self.path}, but its seal could not be written"
            raise CallError(f"{message}. Make room on the disk; the next entry will seal it.") from error

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        connection = _patiently(self._open, self.wait, self.path)
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = connect(self.path)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what is wrong with the disk or the file in a person's words."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _worded(error, self.path) from error
        except OSError as error:
            raise CallError(f"The record {self.path} can't be written: {error.strerror}.") from error


def connect(path: Path) -> sqlite3.Connection:
    """The database, to be held alone until it is closed."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=0)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def read_entries(connection: sqlite3.Connection) -> list[Entry]:
    """Every entry, in order."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM entries ORDER BY number")
    return [Entry(n, at, who, what, why, json.loads(body), *rest) for n, at, who, what, why, body, *rest in rows]


def _patiently(attempt: Callable[[], sqlite3.Connection], wait: float, path: Path) -> sqlite3.Connection:
    """Try until the record is free. Two that want it at once may both be refused, so each waits a while of its own."""
    until = time.monotonic() + wait
    while True:
        try:
            return attempt()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
            if time.monotonic() > until:
                message = f"Another run holds the record {path}, and still does after {wait:.0f} seconds. Try again."
                raise CallError(message) from error
        time.sleep(random.uniform(0.01, 0.1))


def _worded(error: sqlite3.DatabaseError, path: Path) -> Exception:
    text = str(error)
    for sign, reason in (("full", "the disk is full"), ("readonly", "it is read-only"), ("I/O", "the disk failed"),
                         ("unable to open", "its folder can't be written to")):  # fmt: skip
        if sign in text:
            return CallError(f"The record {path} can't be written: {reason}. Nothing was entered.")
    return RecordError(f"The record {path} is damaged ({text}). Restore it from a copy.")
