"""The first rows of every table in a data folder, as text: enough to propose how its columns are to be read."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from prelock.engine.sources.encoding import CHUNK, by_mark, detect
from prelock.engine.sources.folder import data_folder

ROWS = 5_000
DELIMITERS = ",;\t|"

Columns = dict[str, list[str]]


def peek(data: Path) -> dict[str, Columns]:
    """File name → header → the texts of its first rows. Files of other kinds, and empty ones, are left out."""
    folder = data_folder(data)
    found = {}
    for path in sorted(folder.iterdir()):
        reader = READERS.get(path.suffix.lower())
        rows = list(islice(reader(path), ROWS + 1)) if reader and path.is_file() else []
        if rows and any(rows[0]):
            found[path.name] = _columns(rows)
    return found


def _columns(rows: list[list[str]]) -> Columns:
    header, *records = rows
    names = [name.strip() for name in header]
    return {
        name: [record[place] if place < len(record) else "" for record in records]
        for place, name in enumerate(names)
        if name and names.index(name) == place
    }


def _text_rows(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    encoding = by_mark(head) or detect(path) or "utf-8"
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        first = text.readline()
        text.seek(0)
        delimiter = max(DELIMITERS, key=first.count)
        for row in csv.reader(text, delimiter=delimiter):
            yield [cell.lstrip("\ufeff") for cell in row]


def _sheet_rows(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_written(value) for value in row]
    finally:
        book.close()


def _parquet_rows(path: Path) -> Iterator[list[str]]:
    from pyarrow.parquet import ParquetFile

    file = ParquetFile(path)
    yield [str(name) for name in file.schema_arrow.names]
    for batch in file.iter_batches(ROWS):
        columns = [column.to_pylist() for column in batch.columns]
        yield from ([_written(value) for value in row] for row in zip(*columns, strict=True))


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


READERS: dict[str, Callable[[Path], Iterator[list[str]]]] = {
    ".csv": _text_rows,
    ".tsv": _text_rows,
    ".txt": _text_rows,
    ".xlsx": _sheet_rows,
    ".xlsm": _sheet_rows,
    ".parquet": _parquet_rows,
}
