"""The database of a run: DuckDB in memory, closed to the network and to extensions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import count
from types import TracebackType
from typing import Any

import duckdb

from prelock.engine import sql
from prelock.engine.sql.tables import Stored, quoted
from prelock.engine.sql.types import UNKNOWN, of_duckdb
from prelock.engine.sql.write import query

SETTINGS = {
    "preserve_insertion_order": "true",
    "enable_progress_bar": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "TimeZone": "'UTC'",
}


class Session:
    """One in-memory database; `duck` is its connection.

    `threads` is the number of worker threads (None: one a core). `small`: tables of few rows are read in memory.
    """

    name = "duckdb"
    small = True

    def __init__(self, threads: int | None = None) -> None:
        self.duck = duckdb.connect(":memory:", config={"threads": threads or os.cpu_count() or 1})
        self._numbers = count(1)
        for name, value in SETTINGS.items():
            self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        try:
            self.duck.execute(f"SET {name} = {value}")
        except duckdb.CatalogException:  # a setting of an extension that this build leaves out
            if name != "TimeZone":
                raise

    def as_written(self) -> None:
        """Run queries as they are written: on small tables, planning costs many times what running does."""
        self.duck.execute("PRAGMA disable_optimizer")

    def unique(self, stem: str) -> str:
        """A name no table of this session has yet."""
        return f"{stem}~{next(self._numbers)}"

    def table(self, name: str) -> sql.Table:
        """A stored table or view."""
        described = self.duck.execute(f"DESCRIBE {quoted(name)}").fetchall()
        return sql.Table({column: of_duckdb(kind) for column, kind, *_ in described}, Stored(name))

    def register_arrow(self, name: str, data: Any) -> sql.Table:
        """`data` (an Arrow table, or a reader to be read once) as a table, not copied."""
        self.duck.register(name, data)
        return self.table(name)

    def materialise(self, expr: sql.Table, name: str | None = None) -> sql.Table:
        """The rows of `expr`, stored once under `name` (or a unique name)."""
        name = name or self.unique("t")
        self._create(name, self.sql(expr))
        typed = UNKNOWN not in expr.types.values()
        return sql.Table(expr.types, Stored(name), expr.sure) if typed else self.table(name)

    def store(self, query: str, name: str | None = None) -> sql.Table:
        """The rows of an SQL query, stored once under `name` (or a unique name)."""
        name = name or self.unique("t")
        self._create(name, query)
        return self.table(name)

    def _create(self, name: str, query: str) -> None:
        self.duck.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {query}")

    def view(self, query: str, name: str | None = None) -> sql.Table:
        """An SQL query as a table that is computed where it is read."""
        name = name or self.unique("v")
        self.duck.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")
        return self.table(name)

    def run(self, statement: str) -> None:
        """Run an SQL statement that gives nothing back."""
        self.duck.execute(statement)

    def drop(self, name: str) -> None:
        """Forget a stored table."""
        self.duck.execute(f"DROP TABLE IF EXISTS {quoted(name)}")

    def rows(self, expr: sql.Table | str) -> list[tuple[Any, ...]]:
        """All rows of a small expression or SQL query as Python values."""
        return self.duck.execute(self.sql(expr)).fetchall()

    def arrow(self, expr: sql.Table | str) -> Any:
        """All rows of an expression or SQL query as an Arrow table."""
        return self.duck.sql(self.sql(expr)).to_arrow_table()

    def scalars(self, table: sql.Table, **values: sql.Value) -> dict[str, Any]:
        """Several aggregates of one table, computed in one pass: name → Python value."""
        row = self.rows(table.aggregate(**values))[0]
        return dict(zip(values, row, strict=True))

    def sql(self, expr: sql.Table | str) -> str:
        """The SQL of a table; a query is its own."""
        return expr if isinstance(expr, str) else query(expr)

    def close(self) -> None:
        """Free the database."""
        self.duck.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Sequence[str]) -> str:
    """SQL strings, comma-separated."""
    return ", ".join(literal(text) for text in texts)


__all__ = ["Session", "literal", "literals", "quoted"]
