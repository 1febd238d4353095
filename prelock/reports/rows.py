"""The result tables of a run as writers and people read them: declared columns, in order, empties null, sorted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prelock.results import ORDER, TABLES, Cell, ResultTable

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    from ibis.backends.duckdb import Backend

_TYPES = {Cell.TEXT: "string", Cell.WHOLE: "int64", Cell.NUMBER: "float64"}
_SQL = {Cell.TEXT: "VARCHAR", Cell.WHOLE: "BIGINT", Cell.NUMBER: "DOUBLE"}


class Results:
    """Result tables by name, all in the database `con`. Nothing is computed before it is asked for."""

    def __init__(self, tables: Mapping[str, ir.Table], con: Backend) -> None:
        self._tables = tables
        self.con = con

    def raw(self, name: str) -> ir.Table:
        """The table as the validators gave it, for counting; a section that the study lacks gives no rows."""
        return self._tables[name] if name in self._tables else _empty(TABLES[name], self.con)

    def ordered(self, name: str) -> ir.Table:
        """The declared columns with their types, then the further ones; empty texts are null; in the stated order."""
        spec, raw = TABLES[name], self.raw(name)
        cells = {column.name: column.cell for column in spec.columns}
        if spec.further:
            cells |= {column: Cell.TEXT for column in raw.columns if column not in cells and column != ORDER}
        shown = {column: _cell(raw, column, cell) for column, cell in cells.items()}
        keep = {ORDER: raw[ORDER]} if ORDER in raw.columns else {}
        wide = raw.select(**shown, **keep)
        return wide.order_by([wide[key].asc() for key in spec.sort if key in wide.columns]).select(*shown)

    def rows(self, name: str, limit: int | None = None) -> list[dict[str, Any]]:
        """The first `limit` rows (None: all) as Python values."""
        table = self.ordered(name)
        return python_rows(table if limit is None else table.limit(limit))

    def copy(self, query: str, path: Path, options: str) -> None:
        """Write the rows of a query to a file."""
        target = str(path).replace("'", "''")
        self.con.con.execute(f"COPY ({query}) TO '{target}' ({options})")

    def frame(self, name: str) -> pd.DataFrame:
        """The whole table as a pandas DataFrame."""
        frame: pd.DataFrame = self.ordered(name).to_pandas()
        return frame


def python_rows(table: ir.Table) -> list[dict[str, Any]]:
    """All rows of a small table as Python values."""
    rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return rows


def counts(table: ir.Table, *keys: str) -> dict[Any, int]:
    """How many rows a value of `keys` has: {value: n}, or {(values): n} for several keys."""
    grouped = table.group_by(list(keys)).agg(n_=table.count())
    found = {tuple(row[key] for key in keys): int(row["n_"]) for row in python_rows(grouped)}
    return {key[0]: n for key, n in found.items()} if len(keys) == 1 else dict(found)


def _cell(raw: ir.Table, column: str, cell: Cell) -> ir.Value:
    import ibis

    if column not in raw.columns:
        return ibis.null(_TYPES[cell])
    value = raw[column].cast(_TYPES[cell])
    return value.nullif("") if cell is Cell.TEXT else value


def _empty(spec: ResultTable, con: Backend) -> ir.Table:
    cells = ", ".join(f"CAST(NULL AS {_SQL[column.cell]}) AS {column.name}" for column in spec.columns)
    con.con.execute(f'CREATE OR REPLACE TEMP VIEW "no {spec.name}" AS SELECT {cells} WHERE false')
    table: ir.Table = con.table(f"no {spec.name}")
    return table
