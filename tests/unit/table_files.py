"""Short ways to read one table from files that a test writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from declared import column, study, table

from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.engine.sources.raw import RawTable
from prelock.study.definition import FileFormat


def read(folder: Path, session: Session, declared: Any) -> RawTable:
    """One table from a folder, beside a patient table that can be read."""
    (folder / "first.csv").write_text("p,q\n1,2\n")
    return open_data(study(table("first", column("p")), declared), folder, session)[declared.name]


def formatted(*columns: Any, file: str, **how: Any) -> Any:
    """A table `t` that lies in its file in a declared way."""
    return table("t", *columns, file=file, file_format=FileFormat(**how))


def rows(raw: RawTable, session: Session) -> list[tuple[Any, ...]]:
    """Row, line and the cells as text."""
    return sorted(session.rows(raw.rel.drop(*raw.typed.values())))


def workbook(path: Path, **sheets: list[list[Any]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.save(path)
    return book
