"""Delimited text through DuckDB's strict reader, trusted only where every line of the file is accounted for."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path

from prelock.engine import sql
from prelock.engine.session import Session, literal, quoted
from prelock.engine.sources.folder import glob_safe
from prelock.engine.sources.text_file import Seen, Text

CHUNK = 1 << 22


@dataclass(frozen=True)
class Bytes:
    """What the bytes of a file say about its lines."""

    lines: int
    odd: bool


def survey(path: Path) -> Bytes:
    """Count a file's lines; `odd`: it has NUL bytes, or line ends that are neither LF nor CRLF."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        lines = returns = pairs = 0
        odd = False
        before = b""
        for start in range(0, len(view), CHUNK):
            chunk = view[start : start + CHUNK]
            lines += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            pairs += chunk.count(b"\r\n") + (before == b"\r" and chunk.startswith(b"\n"))
            odd = odd or b"\0" in chunk
            before = chunk[-1:]
        return Bytes(lines + (before != b"\n"), odd or returns != pairs)


def read_fast(text: Text, seen: Seen, session: Session) -> sql.Table | None:
    """Store the table by DuckDB's strict reader; None unless every line of the file is accounted for."""
    import duckdb

    lines = survey(text.path)
    if lines.odd or len(text.layout.headers) < 2:
        return None
    name, width = session.unique(f"raw {text.path.stem}"), len(text.layout.headers)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    chosen = ", ".join(
        f"c{place} AS {quoted(text.layout.names[header])}" for header, place in text.layout.places.items()
    )
    quote = literal(text.dialect.quote)
    options = (
        f"auto_detect=false, header=true, skip={text.header_start - 1}, columns={{{columns}}}, "
        f"delim={literal(text.dialect.delimiter)}, quote={quote}, escape={quote}, strict_mode=true, null_padding=false"
    )
    query = f"SELECT {chosen} FROM read_csv({literal(glob_safe(text.path))}, {options})"
    try:
        session.run(f"CREATE TEMP TABLE {quoted(name)} AS {query}")
    except duckdb.Error:
        session.drop(name)
        return None
    return _numbered(text, lines, name, seen, session)


def _numbered(text: Text, lines: Bytes, name: str, seen: Seen, session: Session) -> sql.Table | None:
    """The stored rows with their record number and line, or None if lines and records do not add up."""
    source, columns = quoted(name), ", ".join(quoted(column) for column in text.layout.names.values())
    filled = f"coalesce({columns}) IS NOT NULL"
    found, seen.rows = session.rows(f"SELECT count(*), count(*) FILTER ({filled}) FROM {source}")[0]
    seen.blank = found - seen.rows
    if text.header_line + found != lines.lines:
        return None
    kept = f" WHERE {filled}" if seen.blank else ""
    row = "rowid + 1 AS row"
    return session.view(f"SELECT {row}, row + {text.header_line} AS line, {columns} FROM {source}{kept}")
