"""The result tables of a run as writers and people read them: declared columns, in order, empties null, sorted.

Queries are SQL around each table's own; nothing is computed before it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prelock.results import ORDER, TABLES, Cell

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_SQL = {Cell.TEXT: "STRING", Cell.WHOLE: "BIGINT", Cell.NUMBER: "DOUBLE"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """A result as the validators gave it: its columns, and the query for its rows; `read` keeps what that reads."""

    columns: tuple[str, ...]
    query: str
    read: object = None


class Results:
    """Result tables by name, all in the database `duck`.

    `parts` are the folders of those that lie in Parquet already, with their columns and order: a cluster's results.
    `ranges` are conditions on `patient` that divide large results, in the order of patients.
    """

    def __init__(
        self,
        tables: Mapping[str, Source],
        duck: duckdb.DuckDBPyConnection,
        parts: Mapping[str, Path] | None = None,
        ranges: tuple[str, ...] = ("TRUE",),
    ) -> None:
        self._tables, self._duck, self.parts, self._ranges = tables, duck, parts or {}, ranges

    def columns(self, name: str) -> dict[str, Cell]:
        """The columns of a table with their types: the declared ones, then the further ones."""
        spec = TABLES[name]
        found = {column.name: column.cell for column in spec.columns}
        if spec.further and name in self._tables:
            others = (column for column in self._tables[name].columns if column != ORDER)
            found |= {column: Cell.TEXT for column in others if column not in found}
        return found

    def source(self, name: str) -> str:
        """The table as the validators gave it, as a query; a section that the study lacks gives no rows."""
        return self._tables[name].query if name in self._tables else _empty(name)

    def in_parts(self, name: str) -> list[str]:
        """Queries that give, one after another, the rows of `ordered`: each sorts no more than memory holds."""
        by_patient = TABLES[name].sort[:1] == ("patient",) and name in self._tables
        return [self.ordered(name, where=where) for where in (self._ranges if by_patient else ("TRUE",))]

    def cells(self, name: str, where: str = "TRUE") -> str:
        """A query for the columns with their types, empty texts as null; of rows `s`, in no order."""
        cells = ", ".join(_cell(column, cell, self._there(name)) for column, cell in self.columns(name).items())
        return f"SELECT {cells} FROM (SELECT * FROM ({self.source(name)}) WHERE {where}) AS s"

    def ordered(self, name: str, first: str = "", where: str = "TRUE") -> str:
        """The same by `first` and then in the stated order."""
        keys = [f"s.{quoted(ORDER)}" if key == ORDER else quoted(key) for key in TABLES[name].sort]
        keys = keys if ORDER in self._there(name) else [key for key in keys if key != f"s.{quoted(ORDER)}"]
        order = ", ".join([*filter(None, [first]), *(f"{key} NULLS LAST" for key in keys)])
        return f"{self.cells(name, where)} ORDER BY {order}"

    def _there(self, name: str) -> tuple[str, ...]:
        return self._tables[name].columns if name in self._tables else TABLES[name].names

    def rows(self, name: str, limit: int | None = None, first: str = "") -> list[Row]:
        """The first `limit` rows (None: all) as Python values, in the order of `ordered`."""
        return self.query(self.ordered(name, first) + ("" if limit is None else f" LIMIT {limit}"))

    def counts(self, name: str, *keys: str) -> dict[Any, int]:
        """How many rows each value of `keys` has: {value: n}, or {(values): n} for several keys."""
        shown = ", ".join(quoted(key) for key in keys)
        query = f"SELECT {shown}, count(*) FROM ({self.source(name)}) GROUP BY {shown}"
        found = self._duck.execute(query).fetchall()
        return {(row[0] if len(keys) == 1 else row[:-1]): row[-1] for row in found}

    def query(self, query: str) -> list[Row]:
        """The rows of a small query as Python values."""
        cursor = self._duck.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def copy(self, query: str, path: Path, options: str) -> None:
        """Write the rows of a query to a file."""
        target = str(path).replace("'", "''")
        self._duck.execute(f"COPY ({query}) TO '{target}' ({options})")

    def frame(self, name: str) -> pd.DataFrame:
        """The whole table as a pandas DataFrame; whole numbers keep their type where some are empty."""
        import pandas as pd
        import pyarrow as pa

        whole = {pa.int64(): pd.Int64Dtype()}
        rows = self._duck.sql(self.ordered(name)).to_arrow_table()
        frame: pd.DataFrame = rows.to_pandas(types_mapper=whole.get)
        return frame


def _cell(column: str, cell: Cell, there: tuple[str, ...]) -> str:
    name = quoted(column)
    if column not in there:
        return f"CAST(NULL AS {_SQL[cell]}) AS {name}"
    value = f"CAST(s.{name} AS {_SQL[cell]})"
    return f"NULLIF({value}, '') AS {name}" if cell is Cell.TEXT else f"{value} AS {name}"


def _empty(name: str) -> str:
    cells = ", ".join(f"CAST(NULL AS {_SQL[c.cell]}) AS {quoted(c.name)}" for c in TABLES[name].columns)
    return f"SELECT {cells} WHERE false"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
