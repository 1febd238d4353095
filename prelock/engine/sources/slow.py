"""Delimited text read record by record, for files that the fast reader does not vouch for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice, takewhile
from math import inf

import pyarrow as pa
import pyarrow.compute as pc

from prelock.engine import sql
from prelock.engine.session import Session, quoted
from prelock.engine.sources.careful import Record, records
from prelock.engine.sources.header import Ending
from prelock.engine.sources.text_file import Seen, Text

BATCH = 50_000


def read_slow(text: Text, seen: Seen, ends: Sequence[str], session: Session) -> sql.Table:
    """Store the table record by record, as far as the row that one of `ends` tells."""
    names = list(text.layout.names.values())
    schema = pa.schema([("row", pa.int64()), ("line", pa.int64()), *((name, pa.string()) for name in names)])
    with text.stream() as stream:
        width = len(text.layout.headers)
        rows = records(stream, text.dialect, width, text.header_line)
        if ends:
            end = _end(text, Ending.of(ends), seen)
            rows = takewhile(lambda record: record.line < end, rows)
        batches = _batches(rows, text.layout.places, schema, seen)
        view = session.unique("reader")
        session.duck.register(view, pa.RecordBatchReader.from_batches(schema, batches))
        stored = session.store(f"SELECT * FROM {quoted(view)}", session.unique(f"raw {text.path.stem}"))
        session.duck.unregister(view)
    return stored


def _end(text: Text, ending: Ending, seen: Seen) -> float:
    """The line of the first row below the records; what stands from there on is counted."""
    end = inf
    with text.stream() as stream:
        for record in records(stream, text.dialect, None, text.header_line, blank_lines=True):
            cells = record.cells or record.text.split(text.dialect.delimiter)
            if end == inf and ending.at(cells):
                end = record.line
            if end < inf:
                seen.pass_by(cells, text.layout.places.values())
    return end


def _batches(
    rows: Iterator[Record], places: Mapping[str, int], schema: pa.Schema, seen: Seen
) -> Iterator[pa.RecordBatch]:
    number = 0
    while batch := list(islice(rows, BATCH)):
        numbers, lines = list[int](), list[int]()
        kept: list[list[str]] = []
        for record in batch:
            number += 1
            if record[2] is not None:
                seen.refuse(number, record, places)
            else:
                numbers.append(number)
                lines.append(record[0])
                kept.append(record[1])
        columns = [pa.array([cells[place] or None for cells in kept], pa.string()) for place in places.values()]
        yield _filled(pa.RecordBatch.from_arrays([pa.array(numbers), pa.array(lines), *columns], schema=schema), seen)


def _filled(batch: pa.RecordBatch, seen: Seen) -> pa.RecordBatch:
    """The rows with any value at all."""
    empty = reduce(pc.and_, (pc.is_null(column) for column in batch.columns[2:]))
    left_out = pc.sum(empty).as_py() or 0
    seen.blank, seen.rows = seen.blank + left_out, seen.rows + batch.num_rows - left_out
    return batch.filter(pc.invert(empty))
