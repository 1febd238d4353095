"""Short ways to declare tables and columns in tests."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from prelock.errors import Location
from prelock.rules.types import TEXT
from prelock.study.definition import ColumnKind, ColumnSpec, Table

HERE = Location("tables.yaml", 1, 1)


def column(name: str, kind: str = "text", **more: Any) -> ColumnSpec:
    header = more.pop("header", name)
    return ColumnSpec(name=name, header=header, kind=ColumnKind(kind), type=TEXT, location=HERE, **more)


def table(name: str, *columns: ColumnSpec, **more: Any) -> Table:
    given: dict[str, Any] = {
        "file": f"{name}.csv",
        "key": (columns[0].name,),
        "unique": (),
        "patient_column": None,
        "no_rows": None,
        "links": {},
    }
    return Table(name=name, columns={c.name: c for c in columns}, location=HERE, **(given | more))


def study(*tables: Table, **more: Any) -> Any:
    """Only what sources, cleaning and schemas read of a study."""
    first = tables[0]
    given = {"patient_table": first.name, "patient_column": first.patient_column, "language": "en"}
    return SimpleNamespace(tables={t.name: t for t in tables}, **(given | more))
