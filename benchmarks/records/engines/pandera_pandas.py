"""Pandera on pandas: one lazy validation by its built-in checks, and keys by the positions in `failure_cases`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from benchmarks.records import rules
from benchmarks.records.engines.frames import Found, write

# What Pandera names a column's own checks: (column, check) → rule
NAMED = {("sample", "not_nullable"): "R01", ("sample", "field_uniqueness"): "R02", ("subject", "not_nullable"): "R03"}


def schema() -> pa.DataFrameSchema:
    """The rules; each check's name is its rule's."""
    checks: dict[str, list[pa.Check]] = {"sample": [], "subject": []}
    for column, (rule, form) in rules.FORMS.items():
        checks.setdefault(column, []).append(pa.Check.str_matches(f"^(?:{form})$", error=rule))
    for column, (rule, codes) in rules.SETS.items():
        checks.setdefault(column, []).append(pa.Check.isin(codes, error=rule))
    for column, (rule, low, high) in rules.RANGES.items():
        checks.setdefault(column, []).append(pa.Check.in_range(low, high, error=rule))
    columns = {
        name: pa.Column(None, own, nullable=name not in ("sample", "subject"), unique=name == "sample")
        for name, own in checks.items()
    }
    return pa.DataFrameSchema(columns, checks=_wide())


def _wide() -> list[pa.Check]:
    """Rules over two columns."""
    found = [_check("R12", lambda labs: ~(labs["lower"] > labs["upper"]))]
    for rule, earlier, later in rules.ORDERS:
        found.append(_check(rule, lambda labs, e=earlier, z=later: ~(labs[z] < labs[e])))
    for rule, cell, state in rules.DEMANDED:
        found.append(_check(rule, lambda labs, c=cell, s=state: ~((labs["state"] == s) & labs[c].isna())))
    return found


def _check(rule: str, holds: Any) -> pa.Check:
    return pa.Check(holds, name=rule, error=rule, ignore_na=False)


def load(data: Path) -> pd.DataFrame:
    """The extract as a pandas frame."""
    return pd.read_parquet(data / "labs.parquet")


def validate(labs: pd.DataFrame, out: Path) -> Found:
    """The keys of the failing records by rule; a check of the whole frame repeats a record once a column."""
    try:
        schema().validate(labs, lazy=True)
    except pa.errors.SchemaErrors as raised:
        cases = raised.failure_cases
    else:
        return {}
    found: dict[str, Any] = {}
    for (column, check), own in cases.groupby(["column", "check"], sort=False, dropna=False)["index"]:
        rule = check if check in rules.RULES else NAMED[column, check]
        found[rule] = labs["record"].to_numpy()[own.astype("int64").unique()]
    return found


__all__ = ["load", "validate", "write"]
