"""Aggregates of several values of one row: `highest of (a, b)`, `number of (a, b) that are missing`.

What is not applicable is no value to aggregate, and is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from operator import add, and_

from prelock.engine import sql
from prelock.engine.values import Value, either, maybe_either

UPPER, LOWER = ("highest", "latest", "last"), ("lowest", "earliest", "first")


def count(truths: Sequence[sql.Value]) -> Value:
    """How many hold, from those that surely do to those that could."""
    sure = [t.fill_null(False).cast("int64") for t in truths]
    possible = [t.fill_null(True).cast("int64") for t in truths]
    return Value(reduce(add, sure).cast("float64"), reduce(add, possible).cast("float64"))


def combine(how: str, values: Sequence[Value], recorded: bool) -> Value:
    """Strict: one unknown value makes the result as wide as it could be; `recorded` skips missing ones on purpose."""
    if how in UPPER or how in LOWER:
        found = _extreme(how in UPPER, values, recorded)
    elif how == "only":
        found = _only(values)
    else:
        found = _middle(how, values, recorded)
    if all(v.na is None for v in values):
        return found
    na = reduce(and_, (either(v.na) for v in values))
    return replace(found, unreadable=either(found.unreadable) & ~na, na=na)


def _flags(values: Sequence[Value]) -> sql.Value | None:
    return maybe_either(*(v.unreadable for v in values))


def _open(value: Value, bound: sql.Value, recorded: bool) -> sql.Value:
    """The bound is not known of a value that counts."""
    counts = ~either(value.na)
    if recorded:
        counts = counts & (value.some() | either(value.unreadable))
    return bound.isnull() & counts


def _extreme(upper: bool, values: Sequence[Value], recorded: bool) -> Value:
    """The highest is at least every known value, the lowest at most; the other side is open where one is unknown."""
    pick: Callable[..., sql.Value] = sql.greatest if upper else sql.least
    nothing = sql.null(values[0].low.type())
    low, high = pick(*(v.low for v in values)), pick(*(v.top for v in values))
    no_low = either(*(_open(v, v.low, recorded) for v in values))
    no_high = either(*(_open(v, v.top, recorded) for v in values))
    low = low if upper else sql.cases((no_low, nothing), else_=low)
    high = sql.cases((no_high, nothing), else_=high) if upper else high
    some = either(*(v.some() for v in values))
    same = (low == high).fill_null(False)
    blank = either(*(~v.some() & _open(v, v.low, recorded) for v in values))
    unreadable = (either(_flags(values)) | blank) & some & ~same | (either(_flags(values)) & ~some)
    low_open = _open_end([(v.low, v.low_open) for v in values], low, upper)
    high_open = _open_end([(v.top, v.high_open) for v in values], high, not upper)
    return Value(low, high, low_open, high_open, unreadable)


def _open_end(ends: Sequence[tuple[sql.Value, sql.Value | None]], end: sql.Value, near: bool) -> sql.Value | None:
    """The bound itself is not possible: if any value that reaches it leaves it out (`near`), or all of them do."""
    if all(flag is None for _, flag in ends):
        return None
    reached = [((bound == end).fill_null(False), either(flag)) for bound, flag in ends]
    if near:
        return either(*(here & flag for here, flag in reached))
    return either(*(here for here, _ in reached)) & ~either(*(here & ~flag for here, flag in reached))


def _middle(how: str, values: Sequence[Value], recorded: bool) -> Value:
    """Sum, mean or median of the values that count; unknown with one that is not known."""
    lows = [v.low.cast("float64") for v in values]
    tops = [v.top.cast("float64") for v in values]
    exact = all(v.exact for v in values)
    lost = either(*(_open(v, bound, recorded) for v, bound in zip((*values, *values), (*lows, *tops), strict=True)))
    nothing = sql.null("float64")
    low = sql.cases((lost, nothing), else_=MIDDLES[how](lows))
    high = None if exact else sql.cases((lost, nothing), else_=MIDDLES[how](tops))
    flags = _flags(values)
    settled = low.notnull() if high is None else (low == high).fill_null(False)
    low_open = _middle_open(how, [(v.low, v.low_open) for v in values])
    high_open = _middle_open(how, [(v.top, v.high_open) for v in values])
    doubt = None if flags is None else flags & ~settled
    if not exact:
        doubt = either(doubt, _half_known(values, recorded))
    return Value(low, high, low_open, high_open, doubt, computed=True)


def _middle_open(how: str, ends: Sequence[tuple[sql.Value, sql.Value | None]]) -> sql.Value | None:
    """The bound itself is not possible: in a sum or mean if one value leaves its own out, in a median if all do."""
    if how != "median" or all(flag is None for _, flag in ends):
        return maybe_either(*(flag for _, flag in ends))
    there = either(*(bound.notnull() for bound, _ in ends))
    return there & reduce(and_, (bound.isnull() | either(flag) for bound, flag in ends))


def _half_known(values: Sequence[Value], recorded: bool) -> sql.Value:
    """A value with one bound leaves nothing to calculate with; a blank beside it still leaves a blank."""
    half = either(*(v.some() & (v.low.isnull() | v.top.isnull()) for v in values))
    blank = either(*(~v.some() & ~either(v.unreadable, v.na) for v in values))
    return half if recorded else half & ~blank


def _there(columns: Sequence[sql.Value]) -> sql.Value:
    return reduce(add, (c.notnull().cast("int64") for c in columns))


def _sum(columns: Sequence[sql.Value]) -> sql.Value:
    total = reduce(add, (c.fill_null(0.0) for c in columns))
    return sql.cases((_there(columns) == 0, sql.null("float64")), else_=total)


def _mean(columns: Sequence[sql.Value]) -> sql.Value:
    return _sum(columns) / _there(columns).nullif(0)


def _median(columns: Sequence[sql.Value]) -> sql.Value:
    there = sql.array(list(columns)).in_order()
    size = there.length()
    return (there.at((size - 1) // 2, "float64") + there.at(size // 2, "float64")) / 2


MIDDLES: dict[str, Callable[[Sequence[sql.Value]], sql.Value]] = {"sum": _sum, "mean": _mean, "median": _median}


def _only(values: Sequence[Value]) -> Value:
    low, high = sql.least(*(v.low for v in values)), sql.greatest(*(v.top for v in values))
    same = (low == high).fill_null(False)
    nothing = ~either(*(v.some() for v in values))
    unreadable = either(_flags(values), ~same & ~nothing)
    return Value(sql.cases((same & ~unreadable, low), else_=sql.null(low.type())), unreadable=unreadable)
