"""Parquet files, read in place by DuckDB."""

from __future__ import annotations

from pathlib import Path

from prelock.engine import sql
from prelock.engine.session import Session, literal
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.folder import glob_safe
from prelock.engine.sources.raw import RawTable, SourceProblem
from prelock.engine.sources.typed import raw_of
from prelock.study.definition import Table


def read_parquet(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a Parquet file; nothing is copied, and a moment with a zone is shown in UTC."""
    import duckdb

    query = f"SELECT * FROM read_parquet({literal(glob_safe(path))}, file_row_number=true)"
    try:
        rows = session.view(query)
    except duckdb.Error:
        empty = path.stat().st_size == 0
        kind = "empty file" if empty else "unreadable file"
        message = f"The file {name} is {'empty' if empty else 'no Parquet file'}; please send it again."
        return nothing(table, name, session, SourceProblem(kind, message))
    own = {"row": rows.file_row_number + 1, "line": sql.null("int64")}
    count = int(session.rows(f"SELECT count(*) FROM ({query})")[0][0])
    return raw_of(rows, count, own, name, table, session)
