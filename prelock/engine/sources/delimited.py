"""CSV and TSV files. DuckDB's strict reader does the work; what it does not vouch for is read again, line by line."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from prelock.engine.session import Session
from prelock.engine.sources.careful import Dialect, Record, records
from prelock.engine.sources.encoding import CHUNK, by_mark, detect
from prelock.engine.sources.fast import read_fast
from prelock.engine.sources.header import joined, spread
from prelock.engine.sources.raw import RawTable, SourceError, SourceProblem, match_headers
from prelock.engine.sources.slow import read_slow
from prelock.engine.sources.text_file import Seen, Text
from prelock.study.definition import Table

UTF8 = ("utf-8", "utf-8-sig")
DELIMITERS = (",", ";", "\t", "|")
LINE_END = re.compile("\r\n|\r|\n")


def read_delimited(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a CSV or TSV file; `name` is the file as findings show it."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise SourceError("empty file", f"The file {name} is empty; please send it again.")
    declared = table.file_format.encoding
    encoding = declared or by_mark(head) or ("utf-8" if _may_be_utf8(head) else detect(path))
    if encoding is None:
        message = (
            f"The file {name} is in no encoding that can be told for sure; please save it as UTF-8, or say its "
            "`encoding` in tables.yaml."
        )
        raise SourceError("encoding", message)
    text = _open(path, name, encoding, table)
    if not text.layout.usable:
        where = "first row" if table.file_format.header is None else "declared header row"
        message = f"The {where} of {name} names none of the declared columns; please send it with its header row."
        raise SourceError("missing header", message)
    return _read(text, table, session)


def _may_be_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == CHUNK
    return True


def _open(path: Path, name: str, encoding: str, table: Table) -> Text:
    """Read the header, under the declared delimiter or the one that finds most of the declared columns."""
    lay = table.file_format
    usual = DELIMITERS if path.suffix.lower() != ".tsv" else ("\t", *DELIMITERS)
    quote = '"' if lay.quote is None else lay.quote
    dialects = [Dialect(delimiter, quote) for delimiter in (usual if lay.delimiter is None else (lay.delimiter,))]
    return max((_header(path, name, encoding, dialect, table) for dialect in dialects), key=_found)


def _found(text: Text) -> int:
    return len(text.layout.places)


def _header(path: Path, name: str, encoding: str, dialect: Dialect, table: Table) -> Text:
    """The file with its header read: the first row, or the lines that the study names."""
    first, last = table.file_format.header or (1, 1)
    bare = Text(path, name, encoding, dialect, match_headers(table, []), 0, 0)
    with bare.stream() as stream:
        rows = list(islice(records(stream, dialect, skip=first - 1), last - first + 1)) or [Record(first, [])]
    bottom = rows[-1]
    lines = bottom.line + sum(len(LINE_END.findall(cell)) for cell in bottom.cells)
    layout = match_headers(table, joined(spread([row.cells for row in rows])))
    return Text(path, name, encoding, dialect, layout, bottom.line, lines)


def _read(text: Text, table: Table, session: Session) -> RawTable:
    seen, ends = Seen(), table.file_format.ends
    rel = read_fast(text, seen, session) if text.encoding in UTF8 and not ends else None
    if rel is None:
        declared = table.file_format.encoding
        if declared is None and text.encoding == "utf-8" and (encoding := detect(text.path) or "utf-8") != "utf-8":
            text = _open(text.path, text.name, encoding, table)
        seen = Seen()
        rel = read_slow(text, seen, ends, session)
    problems = [*text.layout.problems, *seen.problems()]
    if text.encoding not in UTF8 and table.file_format.encoding is None:
        message = f"The file {text.name} was read as {text.encoding}; UTF-8 would leave no doubt."
        problems.append(SourceProblem("encoding", message, "note"))
    layout = text.layout
    names, counts = dict(layout.names), (seen.refused, seen.rows, seen.blank + seen.below)
    return RawTable(table.name, text.name, rel, layout.headers, problems, True, names, *counts)
