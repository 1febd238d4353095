"""Polars by hand: one lazy query, a list of record keys a rule."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.records import rules
from benchmarks.records.engines.frames import Found, write
from benchmarks.records.engines.frames import read_polars as load


def broken() -> dict[str, pl.Expr]:
    """Rule → true where a record surely breaks it."""
    sample = pl.col("sample")
    found = {
        "R01": sample.is_null(),
        "R02": sample.is_duplicated() & sample.is_not_null(),
        "R03": pl.col("subject").is_null(),
        "R12": pl.col("lower") > pl.col("upper"),
    }
    found |= {rule: ~pl.col(column).str.contains(f"^(?:{form})$") for column, (rule, form) in rules.FORMS.items()}
    found |= {rule: ~pl.col(column).is_in(codes) for column, (rule, codes) in rules.SETS.items()}
    found |= {
        rule: ((pl.col(column) < low) | (pl.col(column) > high)) & pl.col(column).is_not_nan()
        for column, (rule, low, high) in rules.RANGES.items()
    }
    found |= {rule: pl.col(later) < pl.col(earlier) for rule, earlier, later in rules.ORDERS}
    found |= {rule: (pl.col("state") == state) & pl.col(cell).is_null() for rule, cell, state in rules.DEMANDED}
    return {rule: found[rule] for rule in rules.RULES}


def validate(labs: pl.DataFrame, out: Path) -> Found:
    """The keys of the failing records by rule."""
    keys = (pl.col("record").filter(expr).implode().alias(rule) for rule, expr in broken().items())
    found = labs.lazy().select(keys).collect()
    return {rule: found[rule][0].to_arrow() for rule in rules.RULES}


__all__ = ["load", "validate", "write"]
