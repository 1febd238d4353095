"""The report for data managers: one Excel workbook with a sheet a section, to be filtered and sent on.

A sheet holds as many rows as people can work with. That there are more is said on it and in the legend, which links to
the file that has them all. Texts are texts, whatever they begin with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prelock.reports.legend import gate_lines, legend_lines
from prelock.reports.report import Report
from prelock.reports.rows import Results
from prelock.reports.weighed import RANK
from prelock.results import TABLES, number_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME = "report.xlsx"
MOST = 10_000  # rows of a sheet
LONGEST = 32_767  # characters of a cell
MADE = datetime(2000, 1, 1)  # of every workbook: the same run has the same bytes
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WIDTHS = {"message": 60, "evidence": 50, "missing": 40, "related_cells": 40, "decides": 40, "reason": 24, "rule": 30}
COLOURS = {
    "#f8d0cd": ("error", "fails", "failed", "ineligible"),
    "#fde9c4": ("warning", "unknown", "undetermined"),
    "#d7ecd9": ("passes", "passed", "eligible"),
}


@dataclass(frozen=True)
class Sheet:
    """A section: the result table that it shows, and by what its rows are taken where it can't show all."""

    title: str
    table: str
    first: str = ""


SHEETS = (
    Sheet("Flow", "attrition"),
    Sheet("Patients", "eligibility", "status <> 'undetermined'"),
    Sheet("Findings", "findings", RANK),
    Sheet("Checks", "checks"),
    Sheet("Endpoints", "outcome_summary"),
    Sheet("Event categories", "adverse_event_summary"),
    Sheet("Events", "adverse_events"),
    Sheet("Completeness", "completeness_summary"),
)


def write(report: Report, folder: Path) -> None:
    """Write `report.xlsx` to `folder`."""
    from xlsxwriter import Workbook

    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"title": report.study.title, "created": MADE})
        pages = _Pages(book)
        legend, gate = book.add_worksheet("Legend"), book.add_worksheet("Gate")
        held = [(sheet, pages.table(sheet, report.results)) for sheet in SHEETS]
        pages.lines(gate, gate_lines(report))
        pages.lines(legend, legend_lines(report))
        pages.contents(legend, held, ".parquet" if report.results.parts else ".csv")
        for page in book.worksheets():
            page.set_landscape()
            page.fit_to_pages(1, 0)
    (folder / NAME).write_bytes(data.getvalue())


class _Pages:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.left = book.add_format({"valign": "top", "align": "left"})
        self.wide = book.add_format({"valign": "top", "text_wrap": True})
        self.colours = {
            word: book.add_format({"valign": "top", "bg_color": colour})
            for colour, words in COLOURS.items()
            for word in words
        }

    def lines(self, page: Worksheet, lines: Iterable[Sequence[Any]]) -> None:
        """Lines from the top; the first one is the heading."""
        page.set_column(0, 0, 34)
        page.set_column(1, 2, 50)
        for number, line in enumerate(lines):
            for place, value in enumerate(line):
                self._cell(page, number, place, value, self.left if number else self.bold)

    def contents(self, page: Worksheet, held: Sequence[tuple[Sheet, int]], suffix: str) -> None:
        """Below the lines of the legend: each sheet, a row of it, how many there are, and the file of them all."""
        start = page.dim_rowmax + 2
        for place, head in enumerate(("sheet", "a row is", "rows", "all of them")):
            self._cell(page, start, place, head, self.bold)
        for number, (sheet, rows) in enumerate(held, start + 1):
            shown = f"{rows:,}" if rows <= MOST else f"{rows:,}, of which the sheet has {MOST:,}"
            page.write_url(number, 0, f"internal:'{sheet.title}'!A1", string=sheet.title)
            self._cell(page, number, 1, TABLES[sheet.table].row, self.wide)
            self._cell(page, number, 2, shown, self.left)
            page.write_url(number, 3, f"external:{sheet.table}{suffix}", string=sheet.table + suffix)
        page.set_column(3, 3, 34)

    def table(self, sheet: Sheet, results: Results) -> int:
        """A sheet with filters; how many rows there are in all."""
        page, columns = self.book.add_worksheet(sheet.title), list(results.columns(sheet.table))
        coloured = _coloured(sheet.table, columns)
        for place, column in enumerate(columns):
            self._cell(page, 0, place, column, self.bold)
            page.set_column(place, place, WIDTHS.get(column, max(14, len(column) + 4)))
        total, rows = _rows(sheet, results)
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                style = self.wide if column in WIDTHS else self.plain
                self._cell(page, number, place, row[column], style, coloured[place])
        if total > len(rows):
            more = f"and {total - len(rows):,} more rows: see the legend for the file that has them all"
            self._cell(page, len(rows) + 1, 0, more, self.bold)
        page.freeze_panes(1, 1)
        if rows:
            page.autofilter(0, 0, len(rows), len(columns) - 1)
        return total

    def _cell(self, page: Worksheet, row: int, place: int, value: Any, style: Format, coloured: bool = False) -> None:
        if isinstance(value, str):
            page.write_string(row, place, written(value), self.colours.get(value, style) if coloured else style)
        elif value is not None and isfinite(value):
            page.write_number(row, place, float(number_text(value)) if isinstance(value, float) else value, style)


def written(text: str) -> str:
    """A text as a cell can hold it: what XML has no sign for is replaced, what is too long is cut, and ends in `…`."""
    text = UNWRITABLE.sub("\ufffd", text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _rows(sheet: Sheet, results: Results) -> tuple[int, list[dict[str, Any]]]:
    """(how many there are, those that the sheet shows)."""
    (counted,) = results.query(f"SELECT count(*) AS n FROM ({results.source(sheet.table)})")
    cut = counted["n"] > MOST
    return counted["n"], results.rows(sheet.table, MOST if cut else None, sheet.first if cut else "")


def _coloured(table: str, columns: Sequence[str]) -> list[bool]:
    """Which columns hold words that have a colour."""
    spec = TABLES[table]
    declared = {column.name: bool(column.values) for column in spec.columns}
    return [declared.get(column, spec.further is not None and bool(spec.further.values)) for column in columns]
