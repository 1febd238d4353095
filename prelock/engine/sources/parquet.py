"""Parquet files and folders of them, read in place by DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb

from prelock.engine import sql
from prelock.engine.session import Session, literal
from prelock.engine.sources.folder import glob_safe
from prelock.engine.sources.parquet_parts import broken, parts_of, rows_of
from prelock.engine.sources.raw import RawTable
from prelock.engine.sources.typed import raw_of
from prelock.study.definition import Table


def read_parquet(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a Parquet file or folder; nothing is copied, and a moment with a zone is shown in UTC."""
    parts = parts_of(path, name)
    queries = [
        f"SELECT * REPLACE (file_row_number + {before} AS file_row_number) "
        f"FROM read_parquet({literal(glob_safe(part))}, file_row_number=true)"
        for part, before in parts.items()
    ]
    try:
        rows = session.view(" UNION ALL BY NAME ".join(queries))
    except duckdb.Error:
        raise broken(path, name) from None
    own = {"row": rows.file_row_number + 1, "line": sql.null("int64")}
    return raw_of(rows, rows_of(parts), own, name, table, session)
