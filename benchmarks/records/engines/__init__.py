"""Who answers: each engine is a module with `load` and `validate`, run by `python -m benchmarks.records.engines NAME`."""

from __future__ import annotations

from collections.abc import Mapping

# name → (its module, the distribution it needs)
ENGINES: Mapping[str, tuple[str, str]] = {
    "prelock": ("prelock_study", "prelock"),
    "DuckDB": ("raw_duckdb", "duckdb"),
    "Polars": ("raw_polars", "polars"),
    "Pandera on pandas": ("pandera_pandas", "pandera"),
    "pointblank": ("pointblank_polars", "pointblank"),
    "dataframely": ("dataframely_polars", "dataframely"),
}
FIRST, HELD_AGAINST = "prelock", "DuckDB"
ANSWERS = "answers.parquet"
STEPS = ("start", "load", "validate", "write")
