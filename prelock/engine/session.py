"""The database of a run: DuckDB in memory, reached through Ibis, closed to the network and to extensions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import count
from types import TracebackType
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.expr.operations import DatabaseTable

from prelock.engine.dialect import BracketedCompiler

SETTINGS = {
    "preserve_insertion_order": "true",
    "enable_progress_bar": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "TimeZone": "'UTC'",
}


class Session:
    """One in-memory database. `con` is the Ibis backend, `duck` the DuckDB connection beneath it.

    `threads` is the number of worker threads (None: one a core).
    """

    def __init__(self, threads: int | None = None) -> None:
        self.con = ibis.duckdb.connect(threads=threads or os.cpu_count() or 1)
        ibis.options.sql.fuse_selects = False  # DuckDB folds nested queries itself, and faster
        self.con.compiler = BracketedCompiler()
        self.duck: duckdb.DuckDBPyConnection = self.con.con
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

    def register_arrow(self, name: str, data: Any) -> ir.Table:
        """`data` (an Arrow table, or a reader to be read once) as a table, not copied."""
        self.duck.register(name, data)
        return self.con.table(name)

    def materialise(self, expr: ir.Table, name: str | None = None) -> ir.Table:
        """The rows of `expr`, stored once under `name` (or a unique name)."""
        return self.store(self.sql(expr), name)

    def store(self, query: str, name: str | None = None) -> ir.Table:
        """The rows of an SQL query, stored once under `name` (or a unique name)."""
        name = name or self.unique("t")
        self.duck.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {query}")
        return self.con.table(name)

    def side_by_side(self, tables: Sequence[ir.Table], key: str) -> ir.Table:
        """Stored tables with one row for each `key`, as one stored table. Plain SQL: Ibis would weigh every column."""
        first, *others = (quoted(table.get_name()) for table in tables)
        joins = "".join(f" JOIN {other} USING ({quoted(key)})" for other in others)
        joined = self.store(f"SELECT * FROM {first}{joins}")
        for table in tables:
            self.drop(table.get_name())
        return joined

    def view(self, query: str, name: str | None = None) -> ir.Table:
        """An SQL query as a table that is computed where it is read."""
        name = name or self.unique("v")
        self.duck.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")
        return self.con.table(name)

    def run(self, statement: str) -> None:
        """Run an SQL statement that gives nothing back."""
        self.duck.execute(statement)

    def drop(self, name: str) -> None:
        """Forget a stored table."""
        self.duck.execute(f"DROP TABLE IF EXISTS {quoted(name)}")

    def rows(self, expr: ir.Table | str) -> list[tuple[Any, ...]]:
        """All rows of a small expression or SQL query as Python values."""
        return self.duck.execute(self.sql(expr)).fetchall()

    def arrow(self, expr: ir.Table | str) -> Any:
        """All rows of an expression or SQL query as an Arrow table."""
        return self.duck.sql(self.sql(expr)).to_arrow_table()

    def scalars(self, table: ir.Table, **values: ir.Value) -> dict[str, Any]:
        """Several aggregates of one table, computed in one pass: name → Python value."""
        row = self.rows(table.aggregate(**values))[0]
        return dict(zip(values, row, strict=True))

    def sql(self, expr: ir.Table | str) -> str:
        """The SQL of an expression. A stored table needs no compiler, which is slow beside a small query."""
        if isinstance(expr, str):
            return expr
        table = expr.op()
        if isinstance(table, DatabaseTable):
            return f"SELECT * FROM {quoted(table.name)}"
        query: str = self.con.compile(expr)
        return query

    def close(self) -> None:
        """Free the database."""
        self.con.disconnect()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Sequence[str]) -> str:
    """SQL strings, comma-separated."""
    return ", ".join(literal(text) for text in texts)
