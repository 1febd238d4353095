"""Small helpers that give every result its contract's columns: projections, unions, tables of a few rows, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.results import ORDER, TABLES, Cell

DTYPES = {Cell.TEXT: "string", Cell.WHOLE: "int64", Cell.NUMBER: "float64"}


def dtypes(name: str) -> dict[str, str]:
    """Column → type of a result table's declared columns; with the study's order where it sorts by it."""
    table = TABLES[name]
    columns = {column.name: DTYPES[column.cell] for column in table.columns}
    return {**columns, ORDER: "int64"} if ORDER in table.sort else columns


def shaped(table: sql.Table, name: str, /, **cells: Any) -> sql.Table:
    """`cells` of `table` as the result `name`: every declared column, typed; those not given are empty."""
    columns = {column: _cell(cells.get(column), dtype) for column, dtype in dtypes(name).items()}
    further = {column: cell for column, cell in cells.items() if column not in columns}
    return table.select(**columns, **further)


def stacked(session: Session, table: sql.Table, name: str, parts: Sequence[Mapping[str, Any]]) -> sql.Table:
    """The result `name` with a row for each row of `table` and each of `parts` (the cells of such a row).

    What the parts read is worked out once and stored: `table` may have hundreds of columns, each of which costs.
    """
    if not parts:
        return small(session, name, [])
    read = {id(cell): cell for part in parts for cell in part.values() if isinstance(cell, sql.Value)}
    places = {cell: f"c{place}" for place, cell in enumerate(read)}
    narrow = session.materialise(table.select(**{places[cell]: value for cell, value in read.items()}))
    return union(
        shaped(narrow, name, **{k: narrow[places[id(v)]] if id(v) in places else v for k, v in part.items()})
        for part in parts
    )


def _cell(value: Any, dtype: str) -> sql.Value:
    if value is None:
        return sql.literal("") if dtype == "string" else sql.null(dtype)
    if isinstance(value, sql.Value):
        cell = value if str(value.type()) == dtype else value.cast(dtype)
        return cell.fill_null("") if dtype == "string" else cell
    return sql.literal(value, dtype)


def empty(session: Session, name: str) -> sql.Table:
    """The result `name` without rows."""
    return small(session, name, [])


def small(session: Session, name: str, rows: Sequence[Mapping[str, Any]]) -> sql.Table:
    """A result of a few rows, given as Python values; a column that a row leaves out is empty."""
    return arrow_table(session, dtypes(name), rows)


def arrow_table(session: Session, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> sql.Table:
    """A registered table of a few rows; `columns` gives the types. A text that is left out is ''."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "boolean": pa.bool_()}
    blank = {column: "" if dtype == "string" else None for column, dtype in columns.items()}
    schema = pa.schema([(column, kinds[dtype]) for column, dtype in columns.items()])
    data = [[row.get(column, blank[column]) for row in rows] for column in columns]
    arrays = [pa.array(values, type=kinds[dtype]) for values, dtype in zip(data, columns.values(), strict=True)]
    return session.register_arrow(session.unique("small"), pa.Table.from_arrays(arrays, schema=schema))


def union(tables: Iterable[sql.Table]) -> sql.Table:
    """All rows of tables with the same columns."""
    first, *rest = tables
    return sql.union(first, *rest) if rest else first


def in_words(truth: sql.Value, yes: str, no: str, unknown: str) -> sql.Value:
    """A three-valued truth as one of three words."""
    return sql.cases((truth, yes), (~truth, no), else_=unknown)


def yes_no(truth: sql.Value) -> sql.Value:
    """A three-valued truth as yes, no or unknown."""
    return in_words(truth, "yes", "no", "unknown")


def total(condition: sql.Value) -> sql.Value:
    """How many rows hold for sure; 0 over no rows."""
    return condition.sum()


def percent(count: int, of: int) -> float | None:
    """100 × count / of, unrounded; None where there is nothing to count."""
    return 100 * count / of if of else None
