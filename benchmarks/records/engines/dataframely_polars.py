"""dataframely on Polars: a schema by its built-in rules, `filter`, and the details of what it refused."""

from __future__ import annotations

from pathlib import Path

import dataframely as dy
import polars as pl

from benchmarks.records import rules
from benchmarks.records.engines.frames import Found, write
from benchmarks.records.engines.frames import read_polars as load


def _among(column: str) -> dict[str, dy.String]:
    rule, codes = rules.SETS[column]
    return dy.String(nullable=True, check={rule: lambda cell: cell.is_in(codes)})


def _within(column: str) -> dy.Float64:
    _, low, high = rules.RANGES[column]
    return dy.Float64(nullable=True, allow_nan=True, min=low, max=high)


def _whole(later: str, earlier: str) -> pl.Expr:
    return pl.col(later) >= pl.col(earlier)


class Labs(dy.Schema):
    """The rules."""

    record = dy.Int64()
    sample = dy.Int64(nullable=False, unique=True)
    subject = dy.String(nullable=False, regex=f"^(?:{rules.SUBJECT})$")
    centre, visit, analyte = _among("centre"), _among("visit"), _among("analyte")
    unit, state, sex = _among("unit"), _among("state"), _among("sex")
    result, lower = _within("result"), _within("lower")
    upper = dy.Float64(nullable=True)
    age, weight = _within("age"), _within("weight")
    consent, collected, received = dy.Date(nullable=True), dy.Date(nullable=True), dy.Date(nullable=True)
    reason = dy.String(nullable=True)
    method = dy.String(nullable=True, regex=f"^(?:{rules.METHOD})$")

    @dy.rule()
    def R12(cls) -> pl.Expr:  # noqa: N802, N805
        return pl.col("lower") <= pl.col("upper")

    @dy.rule()
    def R16(cls) -> pl.Expr:  # noqa: N802, N805
        return pl.col("collected") >= pl.col("consent")

    @dy.rule()
    def R17(cls) -> pl.Expr:  # noqa: N802, N805
        return pl.col("received") >= pl.col("collected")

    @dy.rule()
    def R18(cls) -> pl.Expr:  # noqa: N802, N805
        return ~((pl.col("state") == rules.STATES[0]) & pl.col("result").is_null())

    @dy.rule()
    def R19(cls) -> pl.Expr:  # noqa: N802, N805
        return ~((pl.col("state") == rules.STATES[1]) & pl.col("reason").is_null())


# What dataframely names a column's own rules: rule → its columns among the details
NAMED: dict[str, tuple[str, ...]] = {
    "R01": ("sample|nullability",),
    "R02": ("sample|unique",),
    "R03": ("subject|nullability",),
    **{rule: (f"{column}|regex",) for column, (rule, _) in rules.FORMS.items()},
    **{rule: (f"{column}|check__{rule}",) for column, (rule, _) in rules.SETS.items()},
    **{rule: (f"{column}|min", f"{column}|max") for column, (rule, _, _) in rules.RANGES.items()},
}


def validate(labs: pl.DataFrame, out: Path) -> Found:
    """The keys of the failing records by rule."""
    details = Labs.filter(labs).failure.details()
    return {
        rule: details.filter(pl.any_horizontal(pl.col(NAMED.get(rule, (rule,))) == "invalid"))["record"].to_arrow()
        for rule in rules.RULES
    }


__all__ = ["load", "validate", "write"]
