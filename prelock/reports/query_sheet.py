"""Queries as an Excel sheet that a data manager fills in, and the sheet read back.

The yellow columns are to be filled in. Texts that begin like a formula are written as texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prelock.durable.files import write_whole
from prelock.errors import DataError

SHEET = "queries"
SHOWN = ("finding_id", "state", "age", "rule", "severity", "patient", "table", "key", "column", "value", "message",
         "comment")  # fmt: skip
# column to be filled in → what it does
FILLED = {"owner": "assign", "answer": "answer", "close because": "close"}
COLUMNS = (*SHOWN, *FILLED)
_WIDTHS = {"message": 60, "comment": 40, "answer": 40, "close because": 40, "key": 24, "rule": 30, "finding_id": 18}


@dataclass(frozen=True)
class Line:
    """A line of a sheet that was filled in: its number, the query, and what is asked for as (action, text)."""

    number: int
    finding_id: str
    asked: tuple[tuple[str, str], ...]


def write_sheet(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the queries, one a row, to an `.xlsx` file."""
    from io import BytesIO

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([_cell(row.get(column)) for column in COLUMNS])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if COLUMNS[cell.column - 1] in FILLED:
                cell.fill = PatternFill("solid", fgColor="FFF2CC")
    for number, column in enumerate(COLUMNS, 1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column, 14)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    data = BytesIO()
    book.save(data)
    write_whole(path, data.getvalue())


def read_sheet(path: Path) -> Iterator[Line]:
    """Every line that has an id. DataError where the file is no such sheet."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book[SHEET] if SHEET in book.sheetnames else book[book.sheetnames[0]]
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or 'it is no Excel file'}.") from error
    except Exception as error:  # openpyxl raises what its parts raise
        raise DataError(f"{path} can't be read: it is no Excel file, or a broken one.") from error
    headers = rows[0] if rows else []
    lacking = [column for column in ("finding_id", *FILLED) if column not in headers]
    if lacking:
        raise DataError(f"{path} has no column {', '.join(lacking)}; export the queries and fill in that sheet.")
    places = {column: headers.index(column) for column in ("finding_id", *FILLED)}
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            asked = tuple((action, row[places[column]]) for column, action in FILLED.items() if row[places[column]])
            yield Line(number, row[places["finding_id"]], asked)


def _cell(value: Any) -> Any:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) if isinstance(value, str) else value


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
