"""Rows of files as records, in plain Python: repeated columns stacked, dates put together, supplements attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prelock.engine.spellings import key_of, tidy
from prelock.rules.text import fold
from prelock.study.definition import ColumnSpec, StudyDefinition, Table
from prelock.study.filed import Supplement

Row = Mapping[str, str | None]
Rows = Sequence[Row]
ORDER = ("year", "month", "day")


def records_of(study: StudyDefinition, filed: Mapping[str, Rows]) -> dict[str, list[tuple[int, Row]]]:
    """The records of each table whose file is there, numbered; `filed` holds rows of text by header.

    A supplement's rows stand under `<table> supplement`.
    """
    return {name: list(_records(table, filed)) for name, table in study.tables.items() if name in filed}


def _records(table: Table, filed: Mapping[str, Rows]) -> Iterator[tuple[int, Row]]:
    beside = filed.get(f"{table.name} supplement", ())
    for number, row in enumerate(filed[table.name]):
        if not all(fold(row[header] or "") in map(fold, texts) for header, texts in table.part.items()):
            continue
        for place in range(table.sets):
            if _there(table, row, place):
                cells = {
                    spec.header: cell for spec in table.columns.values() for cell in _cell(table, spec, row, place)
                }
                if table.supplement and f"{table.name} supplement" in filed:
                    cells |= _supplied(table, table.supplement, cells, beside)
                yield number * table.sets + place + 1, cells


def _there(table: Table, row: Row, place: int) -> bool:
    """Some cell of the set holds something."""
    if table.stack is None:
        return True
    headers = (headers[place] for headers in table.stack.headers.values())
    return any(tidy(row.get(header)) for header in headers if header is not None)


def _cell(table: Table, spec: ColumnSpec, row: Row, place: int) -> Iterator[str | None]:
    """The column's cell, if the file has it."""
    stack = table.stack
    if stack and spec.name == stack.label:
        yield stack.labels[place]
    elif stack and spec.name in stack.headers:
        header = stack.headers[spec.name][place]
        if header is None or header in row:
            yield None if header is None else row[header]
    elif spec.parts:
        if all(header in row for header in spec.parts.values()):
            yield _date(spec, {part: row[header] or "" for part, header in spec.parts.items()})
    elif spec.header in row:
        yield row[spec.header]


def _date(spec: ColumnSpec, cells: Mapping[str, str]) -> str | None:
    """The date's text without the blanks at its end; a blank before a part that is there is `??`."""
    codes = {fold(code) for codes in spec.missing_codes.values() for code in codes}
    coded = [cell.strip() for cell in cells.values() if fold(cell) in codes]
    parts = {part: "" if fold(cell) in codes else _whole(cell.strip()) for part, cell in cells.items()}
    day = parts.get("date", "")
    if "year" in parts:
        written = [parts["year"], *(parts[part].zfill(2) if parts[part] else "" for part in ORDER[1:] if part in parts)]
        while written and not written[-1]:
            written.pop()
        day = "-".join(part or "??" for part in written)
    text = f"{day or '??'} {parts['time']}" if parts.get("time") else day
    return text or next(iter(coded), None)


def _whole(cell: str) -> str:
    """`3.0`, as a sheet writes it, is 3."""
    whole, dot, rest = cell.partition(".")
    return whole if dot and rest == "0" and whole.isdigit() else cell


def _supplied(table: Table, supplement: Supplement, cells: Row, beside: Rows) -> dict[str, str | None]:
    """The record's cells in the supplement; where two rows give one cell both are in it."""
    patient = table.columns[table.patient_column].header if table.patient_column else None
    own = [row for row in beside if _names(row, cells, patient)]
    found: dict[str, str | None] = {}
    for name in supplement.columns:
        header = table.columns[name].header
        given = {(row["QVAL"] or "").strip() for row in own if fold(row["QNAM"] or "") == fold(header)} - {""}
        found[header] = "; ".join(sorted(given)) or None
    return found


def _names(row: Row, cells: Row, patient: str | None) -> bool:
    """The supplement's row names this record."""
    if patient and key_of(row[patient] or "") != key_of(cells[patient] or ""):
        return False
    by = (row["IDVAR"] or "").strip()
    return not by or (by in cells and key_of(cells[by] or "") == key_of(row["IDVARVAL"] or ""))
