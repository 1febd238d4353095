"""Mean and standard deviation that do not depend on the order of the rows or the number of threads.

A sum of doubles depends on the order of its terms. Here each value becomes its share of the range, a decimal with 18
places, whose sums are exact; the rest is exact arithmetic on a few numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from prelock.engine import sql
from prelock.engine.session import Session

_SHARE = "decimal(38, 18)"


class Moments(NamedTuple):
    """Mean and sample standard deviation (n − 1); None where there are too few values."""

    mean: float | None
    sd: float | None


class Extent(NamedTuple):
    """How many values there are, and between which bounds (None: no values)."""

    n: int
    low: float | None
    high: float | None


def moments(
    session: Session, table: sql.Table, columns: Mapping[str, sql.Value], extents: Mapping[str, Extent]
) -> dict[str, Moments]:
    """Mean and SD of each column (nulls left out), in one pass; `extents` holds each column's count, min and max."""
    sums: dict[str, sql.Value] = {}
    for name, column in columns.items():
        extent = extents[name]
        if extent.low is not None and extent.high is not None and extent.low < extent.high:
            share = ((column - extent.low) / (extent.high - extent.low)).cast(_SHARE)
            sums[f"{name}|1"] = share.sum()
            sums[f"{name}|2"] = (share.cast("float64") * share.cast("float64")).cast(_SHARE).sum()
    found = session.scalars(table, **sums) if sums else {}
    return {name: _moments(extents[name], found.get(f"{name}|1"), found.get(f"{name}|2")) for name in columns}


def _moments(extent: Extent, first: Decimal | None, second: Decimal | None) -> Moments:
    n, low, high = extent
    if n == 0 or low is None or high is None:
        return Moments(None, None)
    if first is None or second is None:
        return Moments(low, 0.0 if n > 1 else None)
    reach = Fraction(high) - Fraction(low)
    mean = Fraction(low) + reach * Fraction(first) / n
    variance = max(Fraction(0), (Fraction(second) - Fraction(first) ** 2 / n) / (n - 1))
    return Moments(float(mean), float(reach) * sqrt(variance))


def kept(keep: sql.Value, value: sql.Value) -> sql.Value:
    """`value` where `keep` holds for sure, else null."""
    return sql.cases((keep, value), else_=sql.null(value.type()))
