"""CSV and TSV files. DuckDB's strict reader does the work; what it does not vouch for is read again, line by line."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from prelock.engine.session import Session, literal, quoted
from prelock.engine.sources.careful import Record, records
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.encoding import CHUNK, by_mark, detect
from prelock.engine.sources.raw import Layout, RawTable, SourceProblem, match_headers
from prelock.study.definition import Table

BATCH = 50_000
LISTED = 10_000  # refused rows that get a finding of their own
SHOWN = 200  # characters of a refused line


@dataclass(frozen=True)
class Text:
    """A text file found readable: its encoding, delimiter, columns, and the last line of its header."""

    path: Path
    name: str
    encoding: str
    delimiter: str
    layout: Layout
    header_line: int


def read_delimited(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a CSV or TSV file; `name` is the file as findings show it."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        return nothing(table, name, session, SourceProblem("empty file", f"The file {name} is empty; please send it again."))
    encoding = by_mark(head) or ("utf-8" if _may_be_utf8(head) else detect(path))
    if encoding is None:
        message = f"The file {name} is in no encoding that can be told for sure; please save it as UTF-8."
        return nothing(table, name, session, SourceProblem("encoding", message))
    text = _open(path, name, encoding, table)
    if not text.layout.usable:
        message = f"The first row of {name} names none of the declared columns; please send it with its header row."
        return nothing(table, name, session, SourceProblem("missing header", message))
    return _read(text, table, session)


def _may_be_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == CHUNK
    return True


def _open(path: Path, name: str, encoding: str, table: Table) -> Text:
    """Read the header, under the delimiter that finds most of the declared columns."""
    best: Text | None = None
    for delimiter in (",", ";", "\t") if path.suffix.lower() != ".tsv" else ("\t", ",", ";"):
        with _stream(path, encoding) as stream:
            header = next(records(stream, delimiter), Record(1, []))
        lines = header.line + sum(cell.count("\n") for cell in header.cells)
        found = Text(path, name, encoding, delimiter, match_headers(table, header.cells), lines)
        if best is None or len(found.layout.places) > len(best.layout.places):
            best = found
    assert best is not None
    return best


def _stream(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def _read(text: Text, table: Table, session: Session) -> RawTable:
    problems = list(text.layout.problems)
    rel = _fast(text, session) if text.encoding in ("utf-8", "utf-8-sig") else None
    if rel is None:
        encoding = text.encoding
        if encoding == "utf-8" and (encoding := detect(text.path) or "utf-8") != "utf-8":
            text = _open(text.path, text.name, encoding, table)
            problems = list(text.layout.problems)
        rel = _slow(text, session, problems)
    if text.encoding not in ("utf-8", "utf-8-sig"):
        message = f"The file {text.name} was read as {text.encoding}; UTF-8 would leave no doubt."
        problems.append(SourceProblem("encoding", message, "note"))
    return RawTable(
        table.name, text.name, session.con.table(rel), text.layout.headers, problems, True, dict(text.layout.names)
    )


# ---- the fast way ---------------------------------------------------------------------------------------------------
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


def _fast(text: Text, session: Session) -> str | None:
    """Store the table by DuckDB's strict reader; None unless every line of the file is accounted for."""
    import duckdb

    seen = survey(text.path)
    if seen.odd or len(text.layout.headers) < 2:
        return None
    name, width = session.unique(f"raw {text.path.stem}"), len(text.layout.headers)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    chosen = ", ".join(f"c{place} AS {quoted(text.layout.names[header])}" for header, place in text.layout.places.items())
    options = (
        f"auto_detect=false, header=true, columns={{{columns}}}, delim={literal(text.delimiter)}, quote='\"', "
        "escape='\"', strict_mode=true, null_padding=false"
    )
    try:
        session.store(f"SELECT {chosen} FROM read_csv({literal(glob_safe(text.path))}, {options})", name)
    except duckdb.Error:
        session.drop(name)
        return None
    return _numbered(text, seen, name, session)


def glob_safe(path: Path) -> str:
    """The path with glob characters made plain, as DuckDB wants it."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def _numbered(text: Text, seen: Bytes, name: str, session: Session) -> str | None:
    """Give the stored rows their record number and line, or None if lines and records do not add up."""
    source = quoted(name)
    names = [quoted(column) for column in text.layout.names.values()]
    records_in = int(session.rows(f"SELECT count(*) FROM {source}")[0][0])
    line = f"rowid + 1 + {text.header_line}"
    if text.header_line + records_in != seen.lines:
        return None
    numbered = session.unique(name)
    kept = f"WHERE coalesce({', '.join(names)}) IS NOT NULL" if names else ""
    session.store(f"SELECT rowid + 1 AS row, {line} AS line, {', '.join(names)} FROM {source} {kept}", numbered)
    session.drop(name)
    return numbered


# ---- the slow way ---------------------------------------------------------------------------------------------------
def _slow(text: Text, session: Session, problems: list[SourceProblem]) -> str:
    """Store the table record by record; each refused record becomes a problem."""
    names = list(text.layout.names.values())
    schema = pa.schema([("row", pa.int64()), ("line", pa.int64()), *((name, pa.string()) for name in names)])
    with _stream(text.path, text.encoding) as stream:
        rows = records(stream, text.delimiter, len(text.layout.headers))
        next(rows, None)
        batches = _batches(rows, list(text.layout.places.values()), schema, problems)
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        view = session.unique("reader")
        session.duck.register(view, reader)
        name = session.unique(f"raw {text.path.stem}")
        session.store(f"SELECT * FROM {quoted(view)}", name)
        session.duck.unregister(view)
    return name


def _batches(
    rows: Iterator[Record], places: list[int], schema: pa.Schema, problems: list[SourceProblem]
) -> Iterator[pa.RecordBatch]:
    number, refused = 0, 0
    while batch := list(islice(rows, BATCH)):
        kept: list[tuple[int, Record]] = []
        for number, record in enumerate(batch, number + 1):
            if record.refused is None:
                kept.append((number, record))
            else:
                refused += 1
                if refused <= LISTED:
                    problems.append(_refusal(number, record))
        kept = [(row, record) for row, record in kept if any(record.cells[place] for place in places)]
        columns = [[record.cells[place] or None for _, record in kept] for place in places]
        own = [[row for row, _ in kept], [record.line for _, record in kept]]
        yield pa.RecordBatch.from_arrays([pa.array(c, f.type) for c, f in zip([*own, *columns], schema)], schema=schema)
    if refused > LISTED:
        message = f"{refused - LISTED} more rows of the file could not be read."
        problems.append(SourceProblem("refused row", message))


def _refusal(number: int, record: Record) -> SourceProblem:
    message = f"Row {number} (line {record.line}) could not be read: {record.refused}. Please correct the line."
    shown = record.text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")[:SHOWN]
    return SourceProblem("refused row", message, row=number, line=record.line, value=shown)
