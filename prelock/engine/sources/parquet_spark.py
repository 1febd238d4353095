"""Parquet files and folders of them, read in place by Spark's workers."""

from __future__ import annotations

from pathlib import Path

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sources.parquet_parts import broken, parts_of, rows_of
from prelock.engine.sources.raw import RawTable, SourceError
from prelock.engine.sources.typed import raw_of
from prelock.engine.spark import SparkEngine
from prelock.engine.sql.types import DType
from prelock.study.definition import Table

PART, PLACE = "part|file", "row|number"
WRITTEN_ALIKE = ("string", "boolean", "int8", "int16", "int32", "int64", "date")  # as text, by both engines


def read_parquet(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a Parquet file or folder, which every worker must reach; columns are text, whole, yes/no or days."""
    from pyspark.errors import AnalysisException

    assert isinstance(session, SparkEngine)
    parts = parts_of(path, name)
    try:
        rows = session.parquet(parts, part=PART, place=PLACE)
    except AnalysisException:
        raise broken(path, name) from None
    declared = {spec.header for spec in table.columns.values()}
    for column, kind in rows.types.items():
        if column in declared and kind not in WRITTEN_ALIKE:
            raise SourceError("unreadable file", _typed(name, column, kind))
    before = sql.cases(*((rows[PART] == part.name, place) for part, place in parts.items()))
    numbered = rows.mutate(**{PLACE: rows[PLACE] + before + 1})
    own = {"row": numbered[PLACE], "line": sql.null("int64")}
    return raw_of(numbered.drop(PART), rows_of(parts), own, name, table, session)


def _typed(name: str, column: str, kind: DType) -> str:
    return (
        f"The column '{column}' of {name} is of the type {kind}, which the engines write as text in different ways. "
        "Please send it as text."
    )
