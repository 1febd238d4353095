"""The seal beside the record: how many entries it has, the hash of the last, and the hash of the whole file."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from prelock.durable.files import flush_folder, write_whole
from prelock.lock.canonical import canonical, file_digest, is_canonical

APPLICATION = 0x70_6C_6B_31  # "plk1", in the file's header


@dataclass(frozen=True)
class Seal:
    """`entries` with the last one's hash `head`, in a file whose SHA-256 is `sha256`."""

    entries: int
    head: str
    sha256: str


def seal_path(record: Path) -> Path:
    """Where the seal of a record lies."""
    return record.with_name(f"{record.name}.seal")


def seal(record: Path, entries: int, head: str) -> None:
    """Seal the file as it is; the caller holds it, and its write-ahead log is empty."""
    made = Seal(entries, head, file_digest(record))
    write_whole(seal_path(record), canonical(asdict(made)) + b"\n")


def read_seal(path: Path) -> Seal | None:
    """The seal, or None where it can't be read as one."""
    data = path.read_bytes()
    if not data.endswith(b"\n") or not is_canonical(data[:-1]):
        return None
    try:
        return Seal(**json.loads(data))
    except TypeError:
        return None


def make_file(record: Path, schema: Sequence[str]) -> None:
    """Make an empty, sealed record, unless there is one. Of two processes that try, one makes it."""
    if record.exists():
        return
    record.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{record.name}-", dir=record.parent) as folder:
        made = Path(folder) / record.name
        connection = sqlite3.connect(made, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            for statement in schema:
                connection.execute(statement)
        finally:
            connection.close()
        if record.exists():
            return
        seal(made, 0, "0" * 64)
        seal_path(made).replace(seal_path(record))
        try:
            os.link(made, record)
        except FileExistsError:
            return
        except OSError:  # a file system without links
            made.replace(record)
    flush_folder(record.parent)
