"""CSV and TSV files. DuckDB's strict reader does the work; what it does not vouch for is read again, line by line."""

from __future__ import annotations

from pathlib import Path

from prelock.engine.session import Session
from prelock.engine.sources.careful import Record, records
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.encoding import CHUNK, by_mark, detect
from prelock.engine.sources.fast import read_fast
from prelock.engine.sources.raw import RawTable, SourceProblem, match_headers
from prelock.engine.sources.slow import read_slow
from prelock.engine.sources.text_file import Seen, Text
from prelock.study.definition import Table

UTF8 = ("utf-8", "utf-8-sig")


def read_delimited(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a CSV or TSV file; `name` is the file as findings show it."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        return nothing(
            table, name, session, SourceProblem("empty file", f"The file {name} is empty; please send it again.")
        )
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
        found = Text(path, name, encoding, delimiter, match_headers(table, []), 0)
        with found.stream() as stream:
            header = next(records(stream, delimiter), Record(1, []))
        lines = header.line + sum(cell.count("\n") for cell in header.cells)
        found = Text(path, name, encoding, delimiter, match_headers(table, header.cells), lines)
        if best is None or len(found.layout.places) > len(best.layout.places):
            best = found
    assert best is not None
    return best


def _read(text: Text, table: Table, session: Session) -> RawTable:
    seen = Seen()
    rel = read_fast(text, seen, session) if text.encoding in UTF8 else None
    if rel is None:
        if text.encoding == "utf-8" and (encoding := detect(text.path) or "utf-8") != "utf-8":
            text = _open(text.path, text.name, encoding, table)
        seen = Seen()
        rel = read_slow(text, seen, session)
    problems = [*text.layout.problems, *seen.problems()]
    if text.encoding not in UTF8:
        message = f"The file {text.name} was read as {text.encoding}; UTF-8 would leave no doubt."
        problems.append(SourceProblem("encoding", message, "note"))
    layout = text.layout
    names = dict(layout.names)
    return RawTable(table.name, text.name, rel, layout.headers, problems, True, names, seen.refused, seen.rows)
