"""The results of a cluster: written there as Parquet in their columns and order, and read from there for reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from prelock.reports.rows import Results, Source
from prelock.results import ORDER, TABLES

if TYPE_CHECKING:
    import duckdb


def landed(tables: Mapping[str, Source], store: Callable[[str, str], Path], duck: duckdb.DuckDBPyConnection) -> Results:
    """The results, each written by `store` (query and name → folder of Parquet files).

    A table in the study's order is small; it is written as it is, and put in order where it is read.
    """
    asked = Results(tables, duck)
    parts: dict[str, Path] = {}
    sources: dict[str, Source] = {}
    for name, source in tables.items():
        in_order = ORDER not in TABLES[name].sort
        place = store(asked.ordered(name) if in_order else source.query, name)
        if in_order:
            parts[name] = place
        files = str(place / "*.parquet").replace("'", "''")
        sources[name] = Source(source.columns, f"SELECT * FROM read_parquet('{files}')")
    return Results(sources, duck, parts)
