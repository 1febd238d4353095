"""A table that is not there: no rows, one problem, and the same columns as if it were."""

from __future__ import annotations

import pyarrow as pa

from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable, SourceProblem, column_name
from prelock.study.definition import Table


def nothing(table: Table, file: str, session: Session, problem: SourceProblem) -> RawTable:
    """A raw table without rows, marked as not present, because of `problem`."""
    names = {spec.header: column_name(spec.name) for spec in table.columns.values()}
    fields = [("row", pa.int64()), ("line", pa.int64()), *((name, pa.string()) for name in names.values())]
    rel = session.register_arrow(session.unique(f"raw {table.name}"), pa.schema(fields).empty_table())
    return RawTable(table.name, file, rel, (), [problem], False, names)
