"""The workbook for data managers, read back with another library."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from prelock.reports import csv_file, xlsx_file
from prelock.reports.report import Report
from prelock.results import TABLES

RED = "FFF8D0CD"


def book(report: Report, folder: Path) -> Workbook:
    xlsx_file.write(report, folder)
    return load_workbook(folder / "report.xlsx")


def texts(sheet: Any) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def value_cell(report: Report, folder: Path) -> Any:
    """The cell of the finding that `with_value` changes."""
    sheet = book(report, folder)["Findings"]
    names = [cell.value for cell in sheet[1]]
    (row,) = (row for row in sheet.iter_rows() if row[names.index("finding_id")].value == "b2")
    return row[names.index("value")]


def test_its_sheets_hold_what_the_files_hold(report: Report, tmp_path: Path) -> None:
    found = book(report, tmp_path)
    assert found.sheetnames == ["Legend", "Gate", *(sheet.title for sheet in xlsx_file.SHEETS)]
    csv_file.write(report, tmp_path)
    for sheet in xlsx_file.SHEETS:
        with (tmp_path / f"{sheet.table}.csv").open(encoding="utf-8", newline="") as stream:
            assert texts(found[sheet.title]) == list(csv.reader(stream)), sheet.title


def test_the_gate_tells_what_blocks(report: Report, tmp_path: Path) -> None:
    lines = texts(book(report, tmp_path)["Gate"])
    gate = report.summary["gate"]
    assert lines[0][0] == f"The gate is {'open' if gate['ready'] else 'closed'}."
    assert [line[0] for line in lines if line[0] in {b["rule"] for b in gate["blockers"]}]


def test_a_text_is_a_text_whatever_it_begins_with(with_value: Callable[[str], Report], tmp_path: Path) -> None:
    for value in ("=1+1", "+44", "-2", "@SUM(A1)", "007", "http://example.org", "男"):
        cell = value_cell(with_value(value), tmp_path)
        assert (cell.value, cell.data_type, cell.hyperlink) == (value, "s", None)


def test_what_a_cell_cannot_hold_is_told(with_value: Callable[[str], Report], tmp_path: Path) -> None:
    assert value_cell(with_value("a\x00b\x1bc"), tmp_path).value == "a\ufffdb\ufffdc"
    assert value_cell(with_value("x" * 40_000), tmp_path).value == "x" * 32_766 + "…"


def test_more_rows_than_a_sheet_holds_are_said_and_the_worst_come_first(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "MOST", 1)
    found = book(report, tmp_path)
    head, first, more = texts(found["Findings"])
    assert first[head.index("severity")] == "error"
    assert re.fullmatch("and 1 more rows: .*legend.*", more[0])
    (line,) = (row for row in found["Legend"].iter_rows() if row[0].value == "Findings")
    assert line[2].value == "2, of which the sheet has 1"
    assert line[3].hyperlink.target == "findings.csv"
    patients = texts(found["Patients"])
    assert patients[1][patients[0].index("status")] == "undetermined"


def test_a_status_has_its_colour_and_a_text_of_the_same_letters_none(
    with_value: Callable[[str], Report], tmp_path: Path
) -> None:
    value = value_cell(with_value("error"), tmp_path)
    (severity,) = (cell for cell in value.parent["D"] if cell.value == "error")
    assert severity.fill.fgColor.rgb == RED
    assert value.fill.fill_type is None


def test_every_line_of_the_table_of_sheets_names_a_result() -> None:
    assert {sheet.table for sheet in xlsx_file.SHEETS} <= set(TABLES)
