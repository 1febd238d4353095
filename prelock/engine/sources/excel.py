"""Excel workbooks: one named sheet, each cell as the text that Excel would show without formats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pyarrow as pa

from prelock.engine.session import Session
from prelock.engine.sources.header import Ending, joined
from prelock.engine.sources.raw import Layout, RawTable, SourceError, SourceProblem, match_headers
from prelock.engine.sources.text_file import Seen
from prelock.engine.sources.typed import cell_text
from prelock.study.definition import ColumnKind, Table

EXCEL_DIGITS = 15
LAST_SERIAL = 2958465  # 9999-12-31
HEADER_WITHIN = 20  # rows in which the header is looked for, below titles
DATES = (ColumnKind.DATE, ColumnKind.MOMENT)
PERCENT_STYLE = re.compile(rb'numFmtId="(9|10)"|formatCode="[^"]*%')
LITERAL = re.compile(r'"[^"]*"|\\.')  # what a number format shows as it stands
Row = tuple[Any, ...]


def read_excel(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a sheet of a workbook: the declared sheet, else the first.

    `row` counts from the header row; `line` is the row of the sheet.
    """
    from openpyxl import load_workbook

    if path.stat().st_size == 0:
        raise SourceError("empty file", f"The file {name} is empty; please send it again.")
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError):
        message = f"The file {name} is no Excel workbook (.xlsx); please send it again."
        raise SourceError("unreadable file", message) from None
    try:
        return _read(path, book, name, table, session)
    finally:
        book.close()


def _read(path: Path, book: Any, name: str, table: Table, session: Session) -> RawTable:
    wanted = table.file_format.sheet
    if wanted is not None and wanted not in book.sheetnames:
        message = f"The workbook {name} has no sheet '{wanted}'; it has {', '.join(book.sheetnames)}."
        raise SourceError("missing file", message)
    sheet = book[wanted] if wanted is not None else book.worksheets[0]
    rows = _rows(path, sheet)
    start = list(islice(rows, max(HEADER_WITHIN, *(table.file_format.header or (0, 0)))))
    if not any(any(value is not None for value in row) for row in start):
        message = f"The sheet '{sheet.title}' of {name} is empty; please send it again."
        raise SourceError("empty file", message)
    last, layout = _header(path, sheet.title, start, table)
    if not layout.usable:
        message = f"The sheet '{sheet.title}' of {name} names none of the declared columns in its first rows."
        raise SourceError("missing header", message)
    seen = Seen()
    records = _Records(layout, table, book.epoch)
    records.read(_from(start, last, rows), Ending.of(table.file_format.ends), seen)
    rel = session.register_arrow(session.unique(f"raw {table.name}"), records.arrow(last))
    problems = [*layout.problems, *seen.problems()]
    if wanted is None and len(book.sheetnames) > 1:
        message = f"The first sheet of {name}, '{sheet.title}', was read; it has {len(book.sheetnames)} sheets."
        problems.append(SourceProblem("several sheets", message, "note"))
    shown = name if wanted is None else f"{name} [{wanted}]"
    names, count, left_out = dict(layout.names), len(records.lines), seen.blank + seen.below
    return RawTable(table.name, shown, rel, layout.headers, problems, True, names, rows=count, left_out=left_out)


def _rows(path: Path, sheet: Any) -> Iterator[Row]:
    """The values of a sheet's rows; a formula whose result was never stored is its own text, not a blank."""
    from openpyxl import load_workbook

    sheet.reset_dimensions()
    rows: Iterator[Row] = sheet.iter_rows(values_only=True)
    if _has_percents(path):
        rows = (tuple(_percent(cell) for cell in row) for row in sheet.iter_rows())
    if not _has_formulas(path):
        return rows
    written = load_workbook(path, read_only=True)[sheet.title]
    written.reset_dimensions()
    both = zip(rows, written.iter_rows(values_only=True), strict=True)
    return (tuple(_stored(value, text) for value, text in zip(*pair, strict=True)) for pair in both)


def _stored(value: Any, text: Any) -> Any:
    return text if value is None and isinstance(text, str) and text.startswith("=") else value


def _has_percents(path: Path) -> bool:
    """Some cell of the book may be shown as a percentage; few books have one, and telling costs time."""
    with ZipFile(path) as book:
        styles = book.read("xl/styles.xml") if "xl/styles.xml" in book.namelist() else b""
        return PERCENT_STYLE.search(styles) is not None


def _percent(cell: Any) -> Any:
    """A number that is shown as a percentage as it is shown: 0.05 as `5%`. Other cells by their value."""
    value = cell.value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    if "%" not in LITERAL.sub("", cell.number_format or ""):
        return value
    hundredfold = (Decimal(cell_text(value, EXCEL_DIGITS) or 0) * 100).normalize() + 0
    return f"{hundredfold:f}%"


def _has_formulas(path: Path) -> bool:
    with ZipFile(path) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in content or b"<f " in content for content in map(book.read, sheets))


def _header(path: Path, sheet: str, rows: Sequence[Row], table: Table) -> tuple[int, Layout]:
    """The last row of the header (from 1) and its columns: as declared, else the first row that names most columns."""
    declared = table.file_format.header
    if declared is not None:
        first, last = declared
        header = _merged(path, sheet, first, last) if last > first else rows[first - 1 : first]
        return last, match_headers(table, joined([_trimmed(row) for row in header] or [[]]))
    layouts = [match_headers(table, _trimmed(row)) for row in rows]
    best = max(range(len(layouts)), key=lambda i: (len(layouts[i].places), -i))
    return best + 1, layouts[best]


def _merged(path: Path, sheet: str, first: int, last: int) -> list[Row]:
    """Rows of a sheet in which every part of a merged cell holds its value."""
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    cells = book[sheet]
    held = {
        place: cells.cell(area.min_row, area.min_col).value
        for area in cells.merged_cells.ranges
        for place in area.cells
        if first <= area.min_row <= last
    }
    rows = cells.iter_rows(first, last)
    return [tuple(held.get((cell.row, cell.column), cell.value) for cell in row) for row in rows]


def _trimmed(row: Row) -> list[str]:
    texts = [cell_text(value, EXCEL_DIGITS) or "" for value in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _from(first: list[Row], last: int, rest: Iterator[Row]) -> Iterator[tuple[int, Row]]:
    """The rows below row `last` of the sheet, with their number in it."""
    yield from enumerate(first[last:], last + 1)
    yield from enumerate(rest, len(first) + 1)


@dataclass
class _Records:
    """The records of a sheet, gathered column by column."""

    layout: Layout
    table: Table
    epoch: Any
    lines: list[int] = field(default_factory=list)
    cells: dict[str, list[str | None]] = field(default_factory=dict)

    def read(self, rows: Iterator[tuple[int, Row]], ending: Ending, seen: Seen) -> None:
        """Gather every row down to the one that ends the records. Blank rows at the end of a sheet are none."""
        dated = {spec.header for spec in self.table.columns.values() if spec.kind in DATES}
        self.cells = {header: [] for header in self.layout.places}
        blank, over = 0, False
        for line, row in rows:
            texts = [cell_text(value, EXCEL_DIGITS) for value in row]
            over = over or ending.at(texts)
            if over:
                seen.pass_by(texts, self.layout.places.values())
                continue
            held = {header: row[place] if place < len(row) else None for header, place in self.layout.places.items()}
            if all(value is None for value in held.values()):
                blank += 1
                continue
            seen.blank, blank = seen.blank + blank, 0
            self.lines.append(line)
            for header, value in held.items():
                as_day = header in dated
                self.cells[header].append(_day(value, self.epoch) if as_day else cell_text(value, EXCEL_DIGITS))

    def arrow(self, header: int) -> pa.Table:
        """The raw table's columns; `header` is the header's last row in the sheet."""
        named = {self.layout.names[name]: pa.array(cells, pa.string()) for name, cells in self.cells.items()}
        lines = pa.array(self.lines, pa.int64())
        return pa.table({"row": pa.array([line - header for line in self.lines], pa.int64()), "line": lines, **named})


def _day(value: Any, epoch: Any) -> str | None:
    """A date cell; a bare number is the serial number of a day where it can be one."""
    from openpyxl.utils.datetime import from_excel

    if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= LAST_SERIAL:
        return cell_text(from_excel(value, epoch))
    return cell_text(value, EXCEL_DIGITS)
