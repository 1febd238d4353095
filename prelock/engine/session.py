"""The database of a run: DuckDB, closed to the network and to extensions; what memory can't hold goes to disk."""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any
from weakref import finalize

import duckdb

from prelock.engine import sql
from prelock.engine.sql.batches import Batch, batches, divisible, ranges
from prelock.engine.sql.tables import Stored, quoted
from prelock.engine.sql.types import UNKNOWN, of_duckdb
from prelock.engine.sql.write import query
from prelock.errors import NO_MEMORY, CallError

SETTINGS = {
    "preserve_insertion_order": "true",
    "enable_progress_bar": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "TimeZone": "'UTC'",
}
# Optimizers of DuckDB that cost more than they gain (decision 24)
OFF = ("partial_aggregate_pushdown", "projection_placement")
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
AMOUNT = re.compile(r"[1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B")
NO_ROOM = re.compile("Out of Memory Error|Failed to commit|No space left on device")  # in memory, or on the disk
BYTES_A_ROW = 800  # of the data that the work takes at its widest, as measured
TO_SORT = 256 * 1024**2  # bytes without which tables can't be put in the order of their patients

Config = dict[str, str | bool | int | float | list[str]]


class Session:
    """One database; `duck` is its connection.

    `threads` is the number of worker threads (None: one a core), `memory` what it may hold at once (`8GB`; None: 80 %
    of what the machine has). `small`: tables of few rows are read in memory. `apart`: running a query costs more than
    planning it, so that each measure has a pass over the rows of its own. Raises CallError if `memory` is no amount.
    """

    name = "duckdb"
    small = apart = True
    batches: tuple[Batch, ...] = (Batch(),)

    def __init__(self, threads: int | None = None, memory: str | None = None) -> None:
        if memory is not None and not AMOUNT.fullmatch(memory):
            raise CallError(f"{memory!r} is no amount of memory; write it as 8GB.")
        self._folder = Path(mkdtemp(prefix="prelock-"))  # for what does not fit into memory
        config: Config = {"threads": threads or os.cpu_count() or 1, "temp_directory": str(self._folder)}
        self.duck = duckdb.connect(":memory:", config=config | ({"memory_limit": memory} if memory else {}))
        self._numbers = count(1)
        self._divided: set[str] = set()  # the stored tables that lie in batches
        self._unread: list[str] = []  # the stored tables that nothing can read any more
        self._kind = "TEMP TABLE"  # how tables are stored: in memory
        for name, value in SETTINGS.items():
            self._set(name, value)
        known = f"SELECT string_agg(name, ',') FROM duckdb_optimizers() WHERE name IN ({literals(OFF)})"
        self._set("disabled_optimizers", f"'{self.rows(known)[0][0] or ''}'")

    def _set(self, name: str, value: str) -> None:
        try:
            self.duck.execute(f"SET {name} = {value}")
        except duckdb.CatalogException:  # a setting of an extension that this build leaves out
            if name != "TimeZone":
                raise

    def as_written(self) -> None:
        """Run queries as they are written, on one core: on small tables, planning and handing on work costs many times
        what running does."""
        self.apart = False
        self.duck.execute("PRAGMA disable_optimizer")
        self.duck.execute("SET threads = 1")

    def make_ready(self, patients: sql.Table, rows: int) -> None:
        """Make ready for tables of so many rows in all, about `patients` (in column `patient`): what does not fit into
        memory is worked through in batches of patients."""
        count = self._batches(rows)
        if count == 1:
            return
        numbered = patients.distinct().mutate(n=sql.row_number().over(sql.window([], ["patient"])) - 1)
        total = self.scalars(patients, n=patients["patient"].nunique())["n"]
        firsts = {place * total // count for place in range(1, count)}
        starts = numbered.filter(numbered["n"].isin(sorted(firsts))).select("patient").order_by("patient")
        self.batches = batches([start for (start,) in self.rows(starts)])
        self._store_in_file()

    def _store_in_file(self) -> None:
        """What is stored from now on lies packed in a file: an eighth of what it takes in memory (decision 25)."""
        self.duck.execute(f"ATTACH {literal(str(self._folder / 'stored.db'))} AS stored")
        self.duck.execute("USE stored")
        self._kind = "TABLE"

    def ranges(self) -> tuple[str, ...]:
        """Conditions on a column `patient` that tell the batches of a result apart (`sql.batches`)."""
        return ranges(self.batches)

    def _batches(self, rows: int) -> int:
        """How many batches so many rows are worked through in."""
        (amount, unit) = str(self.rows("SELECT current_setting('memory_limit')")[0][0]).split()
        memory = int(float(amount) * 1024 ** UNITS.index(unit))
        return 1 if memory < TO_SORT else rows * BYTES_A_ROW // memory + 1

    def by_patient(self, expr: sql.Table) -> sql.Table:
        """The rows of `expr`, stored so that those of a batch of patients lie together, as long as they are read."""
        name = self.unique("t")
        self._create(name, f"SELECT * FROM ({self.sql(expr)}) ORDER BY patient")
        self._divided.add(name)
        return self._watched(self._typed_as(expr, name))

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
        """The rows of `expr`, stored once under `name`, or under none for as long as something reads them."""
        stored = name or self.unique("t")
        if len(self.batches) > 1 and divisible(expr, self._divided):
            self._create_by_batch(stored, expr)
        else:
            self._create(stored, self.sql(expr))
        made = self._typed_as(expr, stored)
        return made if name else self._watched(made)

    def _typed_as(self, expr: sql.Table, name: str) -> sql.Table:
        typed = UNKNOWN not in expr.types.values()
        return sql.Table(expr.types, Stored(name), expr.sure) if typed else self.table(name)

    def store(self, query: str, name: str | None = None) -> sql.Table:
        """The rows of an SQL query, stored once under `name` (or a unique name)."""
        name = name or self.unique("t")
        self._create(name, query)
        return self.table(name)

    def _create(self, name: str, query: str) -> None:
        self._drop_unread()
        self.duck.execute(f"CREATE OR REPLACE {self._kind} {quoted(name)} AS {query}")

    def _watched(self, stored: sql.Table) -> sql.Table:
        """The same, to be dropped once no table is made of it any more."""
        finalize(stored.op, self._unread.append, stored.get_name()).atexit = False
        return stored

    def forget(self) -> None:
        """Drop at once what nothing reads any more, where memory is short."""
        if len(self.batches) > 1:
            gc.collect()  # tables that hold each other
            self._drop_unread()

    def _drop_unread(self) -> None:
        dropped = bool(self._unread)
        while self._unread:
            self.drop(self._unread.pop())
        if dropped and self._kind == "TABLE":
            self.duck.execute("CHECKPOINT stored")  # or their room in the file is not used again

    def _create_by_batch(self, name: str, expr: sql.Table) -> None:
        for place, batch in enumerate(self.batches):
            rows = query(expr, stands=lambda stored, batch=batch: self._of(batch, stored))  # type: ignore[misc]
            if place:
                self.duck.execute(f"INSERT INTO {quoted(name)} {rows}")
            else:
                self._create(name, rows)
        self._divided.add(name)

    def _of(self, batch: Batch, stored: str) -> str:
        return f"({batch.rows(stored)})" if stored in self._divided else quoted(stored)

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
        self._divided.discard(name)
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
        """The SQL of a table; a query is its own. Whoever keeps it keeps the table too, or what it reads is dropped."""
        return expr if isinstance(expr, str) else query(expr)

    def close(self) -> None:
        """Free the database."""
        self.duck.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, duckdb.Error) and NO_ROOM.search(str(error)):
            raise CallError(f"The work {NO_MEMORY}") from error


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Sequence[str]) -> str:
    """SQL strings, comma-separated."""
    return ", ".join(literal(text) for text in texts)


__all__ = ["Session", "literal", "literals", "quoted"]
