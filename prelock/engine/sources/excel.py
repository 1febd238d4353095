"""Excel workbooks: one named sheet, each cell as the text that Excel would show without formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pyarrow as pa

from prelock.engine.session import Session
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.raw import Layout, RawTable, SourceProblem, match_headers
from prelock.engine.sources.typed import cell_text
from prelock.study.definition import ColumnKind, Table

EXCEL_DIGITS = 15
LAST_SERIAL = 2958465  # 9999-12-31
HEADER_WITHIN = 20  # rows in which the header is looked for, below titles
DATES = (ColumnKind.DATE, ColumnKind.MOMENT)


def read_excel(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a sheet of a workbook: the declared sheet, else the first. `row` counts from the header row."""
    from openpyxl import load_workbook

    if path.stat().st_size == 0:
        message = f"The file {name} is empty; please send it again."
        return nothing(table, name, session, SourceProblem("empty file", message))
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError):
        message = f"The file {name} is no Excel workbook (.xlsx); please send it again."
        return nothing(table, name, session, SourceProblem("unreadable file", message))
    try:
        return _read(book, name, table, session)
    finally:
        book.close()


def _read(book: Any, name: str, table: Table, session: Session) -> RawTable:
    if table.sheet is not None and table.sheet not in book.sheetnames:
        message = f"The workbook {name} has no sheet '{table.sheet}'; it has {', '.join(book.sheetnames)}."
        return nothing(table, name, session, SourceProblem("missing file", message))
    sheet = book[table.sheet] if table.sheet is not None else book.worksheets[0]
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    start = list(islice(rows, HEADER_WITHIN))
    if not any(any(value is not None for value in row) for row in start):
        message = f"The sheet '{sheet.title}' of {name} is empty; please send it again."
        return nothing(table, name, session, SourceProblem("empty file", message))
    place, layout = _header(start, table)
    if not layout.usable:
        message = f"The sheet '{sheet.title}' of {name} names none of the declared columns in its first rows."
        return nothing(table, name, session, SourceProblem("missing header", message))
    arrow = _table(_records(start[place + 1 :], rows), layout, table, book.epoch)
    rel = session.register_arrow(session.unique(f"raw {table.name}"), arrow)
    problems = list(layout.problems)
    if table.sheet is None and len(book.sheetnames) > 1:
        message = f"The first sheet of {name}, '{sheet.title}', was read; it has {len(book.sheetnames)} sheets."
        problems.append(SourceProblem("several sheets", message, "note"))
    return RawTable(table.name, name, rel, layout.headers, problems, True, dict(layout.names), 0, arrow.num_rows)


def _header(rows: Sequence[tuple[Any, ...]], table: Table) -> tuple[int, Layout]:
    """The first row that names the most declared columns."""
    layouts = [match_headers(table, _trimmed(row)) for row in rows]
    best = max(range(len(layouts)), key=lambda i: (len(layouts[i].places), -i))
    return best, layouts[best]


def _trimmed(row: tuple[Any, ...]) -> list[str]:
    texts = [cell_text(value, EXCEL_DIGITS) or "" for value in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _records(first: list[tuple[Any, ...]], rest: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    number = 0
    for number, row in enumerate(first, 1):
        yield number, row
    yield from enumerate(rest, number + 1)


def _table(records: Iterator[tuple[int, tuple[Any, ...]]], layout: Layout, table: Table, epoch: Any) -> pa.Table:
    dated = {spec.header for spec in table.columns.values() if spec.kind in DATES}
    numbers: list[int] = []
    columns: dict[str, list[str | None]] = {header: [] for header in layout.places}
    for number, row in records:
        cells = {header: row[place] if place < len(row) else None for header, place in layout.places.items()}
        if all(value is None for value in cells.values()):
            continue
        numbers.append(number)
        for header, value in cells.items():
            columns[header].append(_day(value, epoch) if header in dated else cell_text(value, EXCEL_DIGITS))
    named = {layout.names[header]: pa.array(cells, pa.string()) for header, cells in columns.items()}
    return pa.table({"row": pa.array(numbers, pa.int64()), "line": pa.nulls(len(numbers), pa.int64()), **named})


def _day(value: Any, epoch: Any) -> str | None:
    """A date cell; a bare number is the serial number of a day where it can be one."""
    from openpyxl.utils.datetime import from_excel

    if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= LAST_SERIAL:
        return cell_text(from_excel(value, epoch))
    return cell_text(value, EXCEL_DIGITS)
