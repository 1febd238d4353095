"""Whether a record is what was entered: the file, its seal, and the chain of hashes through its entries."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prelock.errors import CallError
from prelock.lock.canonical import file_digest
from prelock.lock.record import FIRST, SCHEMA, Entry, connect, read_entries
from prelock.lock.seal import APPLICATION, Seal, read_seal, seal_path


@dataclass(frozen=True)
class Inspection:
    """What is wrong with a record, and what is only worth saying; `entries` as far as they could be read."""

    problems: tuple[str, ...]
    notices: tuple[str, ...]
    entries: tuple[Entry, ...]


def inspect(path: Path) -> Inspection:
    """Every sign that the record at `path` is not what was entered. Only a log left by a crash is taken in."""
    if not path.exists():
        raise CallError(f"There is no record {path}.")
    sealed = _seal(path)
    if isinstance(sealed, str):
        return Inspection((sealed,), (), ())
    try:
        entries, problems = _read(path)
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        return Inspection((f"the record can't be read: {error}",), (), ())
    problems += _chain(entries)
    against, notices = _against(path, sealed, entries)
    return Inspection((*problems, *against), notices, tuple(entries))


def _seal(path: Path) -> Seal | str:
    try:
        sealed = read_seal(seal_path(path))
    except OSError as error:
        return f"the record's seal {seal_path(path).name} can't be read: {error.strerror}"
    return sealed or f"the record's seal {seal_path(path).name} was changed"


def _read(path: Path) -> tuple[list[Entry], list[str]]:
    connection = connect(path)
    try:
        problems = (
            [] if connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)] else ["the file is damaged"]
        )
        [(application,)] = connection.execute("PRAGMA application_id").fetchall()
        schema = tuple(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema ORDER BY rowid"))
        if schema != SCHEMA or application != APPLICATION:
            problems.append("the file is not built as a record is")
        return read_entries(connection), problems
    finally:
        connection.close()


def _chain(entries: Sequence[Entry]) -> list[str]:
    problems, before = [], FIRST
    for place, entry in enumerate(entries, 1):
        if entry.number != place:
            problems.append(f"entry {place} is missing")
            break
        if entry.previous != before:
            problems.append(f"entry {place} does not follow from entry {place - 1}")
        if entry.expected_hash() != entry.hash:
            problems.append(f"entry {place} ({entry.what}, {entry.at}) was changed")
        before = entry.hash
    return problems


def _against(path: Path, sealed: Seal, entries: Sequence[Entry]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the seal says: the last entries are there, and no byte of the file changed since."""
    if len(entries) < sealed.entries:
        return (f"the last {sealed.entries - len(entries)} of {sealed.entries} entries are gone",), ()
    head = entries[sealed.entries - 1].hash if sealed.entries else FIRST
    if head != sealed.head:
        return (f"entry {sealed.entries} is not the one that was sealed",), ()
    if len(entries) > sealed.entries:
        text = f"entry {sealed.entries + 1} was cut off before it was sealed; the next entry will seal it"
        return (), (text,)
    changed = file_digest(path) != sealed.sha256
    return ("the file was changed since it was sealed",) if changed else (), ()
