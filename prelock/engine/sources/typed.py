"""Typed cells as the text that a person would have written: `5` for 5.0, `2024-03-05`, `true`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.raw import RawTable, SourceProblem, match_headers
from prelock.engine.typed_cells import TYPES
from prelock.study.definition import Table


def as_text(column: sql.Value) -> sql.Value:
    """A column of any type as text. A float that is no number is blank, an infinite one not; midnight is no time."""
    kind = column.type()
    if kind.is_string():
        return column
    text = column.cast("string")
    if kind.is_floating():
        plain = sql.cases((text.endswith(".0"), text.substr(0, text.length() - 2)), else_=text)
        return sql.cases((column.isnan(), sql.null("string")), else_=plain)
    if kind.is_timestamp():
        return sql.cases((text.endswith(" 00:00:00"), text.substr(0, 10)), else_=text)
    return text


def cell_text(value: object, digits: int = 17) -> str | None:
    """One Python value as text; `digits` are a float's significant digits. Midnight is no time of day."""
    if value is None or value != value:  # NaN and NaT are not equal to themselves
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value) if digits >= 17 else f"{value:.{digits}g}").normalize() + 0, "f")
    if isinstance(value, datetime):
        wall = value.replace(tzinfo=None)
        return wall.date().isoformat() if wall.time() == time() else wall.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def raw_of(
    rows: sql.Table, count: int, own: Mapping[str, sql.Value], file: str, table: Table, session: Session
) -> RawTable:
    """A raw table over `count` typed rows whose columns are the headers; `own` gives `row` and `line`."""
    headers = [name for name in rows.columns if name not in ("row|number", "file_row_number")]
    layout = match_headers(table, headers)
    if not layout.usable:
        message = f"{file} has none of the declared columns; please send it with them."
        return nothing(table, file, session, SourceProblem("missing header", message))
    found = {header: rows[headers[place]] for header, place in layout.places.items()}
    cells = {layout.names[header]: as_text(column) for header, column in found.items()}
    kept = {header: column for header, column in found.items() if session.name == "duckdb" and column.type() in TYPES}
    typed = {header: f"{layout.names[header]}|typed" for header in kept}
    rel = rows.select(**own, **cells, **{typed[header]: column for header, column in kept.items()})
    names, problems = dict(layout.names), list(layout.problems)
    return RawTable(table.name, file, rel, layout.headers, problems, True, names, rows=count, typed=typed)
