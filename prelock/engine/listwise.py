"""Aggregates of several values of one row: `highest of (a, b)`, `number of (a, b) that are missing`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from prelock.engine.values import Value, either, maybe_either

EXTREMES = {"highest": ibis.greatest, "latest": ibis.greatest, "lowest": ibis.least, "earliest": ibis.least}


def count(truths: Sequence[ir.BooleanValue]) -> Value:
    """How many hold, from those that surely do to those that could."""
    sure = [t.fill_null(False).cast("int64") for t in truths]
    possible = [t.fill_null(True).cast("int64") for t in truths]
    return Value(reduce(add, sure).cast("float64"), reduce(add, possible).cast("float64"))


def combine(how: str, values: Sequence[Value], recorded: bool) -> Value:
    """Strict: one unknown value makes the result as wide as it could be; `recorded` skips missing ones on purpose."""
    if how in EXTREMES:
        return _extreme(how, values, recorded)
    if how in ("sum", "mean"):
        return _total(how, values, recorded)
    if how == "only":
        return _only(values)
    return _median(values, recorded)


def _flags(values: Sequence[Value]) -> ir.BooleanValue | None:
    return maybe_either(*(v.unreadable for v in values))


def _extreme(how: str, values: Sequence[Value], recorded: bool) -> Value:
    pick = EXTREMES[how]
    dtype = values[0].low.type()
    lows, highs = [v.low for v in values], [v.top for v in values]
    if recorded:
        unreadable = _flags(values)
        low, high = pick(*lows), pick(*highs)
        if unreadable is not None:
            low = ibis.cases((unreadable, ibis.null(dtype)), else_=low)
            high = ibis.cases((unreadable, ibis.null(dtype)), else_=high)
        return Value(low, None if all(v.exact for v in values) else high, unreadable=unreadable)
    no_low = either(*(x.isnull() for x in lows))
    no_high = either(*(x.isnull() for x in highs))
    # The highest is at least every known value, the lowest at most; the other side is open where one is unknown.
    upper = how in ("highest", "latest")
    low, high = pick(*lows), pick(*highs)
    low = low if upper else ibis.cases((no_low, ibis.null(dtype)), else_=low)
    high = ibis.cases((no_high, ibis.null(dtype)), else_=high) if upper else high
    doubt = no_low | no_high
    some = either(*(v.some() for v in values))
    return Value(low, high, unreadable=either(_flags(values), doubt & some))


def _total(how: str, values: Sequence[Value], recorded: bool) -> Value:
    def total(columns: list[ir.Value]) -> ir.Value:
        if not recorded:
            return reduce(add, (c.cast("float64") for c in columns))
        any_there = either(*(c.notnull() for c in columns))
        filled = reduce(add, (c.cast("float64").fill_null(0.0) for c in columns))
        return ibis.cases((any_there, filled), else_=ibis.null("float64"))

    number: ir.Value | float = len(values)
    if recorded:
        number = reduce(add, (v.some().cast("int64") for v in values)).nullif(0)
    divisor = number if how == "mean" else 1
    low = total([v.low for v in values]) / divisor
    high = None if all(v.exact for v in values) else total([v.top for v in values]) / divisor
    unreadable = _flags(values)
    if recorded and unreadable is not None:
        low = ibis.cases((unreadable, ibis.null("float64")), else_=low)
        high = None if high is None else ibis.cases((unreadable, ibis.null("float64")), else_=high)
    return Value(low, high, unreadable=unreadable, computed=True)


def _only(values: Sequence[Value]) -> Value:
    low, high = ibis.least(*(v.low for v in values)), ibis.greatest(*(v.top for v in values))
    same = (low == high).fill_null(False)
    nothing = ~either(*(v.some() for v in values))
    unreadable = either(_flags(values), ~same & ~nothing)
    return Value(ibis.cases((same & ~unreadable, low), else_=ibis.null(low.type())), unreadable=unreadable)


def _median(values: Sequence[Value], recorded: bool) -> Value:
    dtype = "float64"
    columns = [ibis.cases((v.known(), v.low.cast(dtype)), else_=ibis.null(dtype)) for v in values]
    every = ibis.array(columns)
    there = every.filter(lambda x: x.notnull()).sort()
    size = there.length()
    middle = (there[(size - 1) // 2] + there[size // 2]) / 2
    unreadable = _flags(values)
    complete = size > 0 if recorded else size == len(values)
    complete = complete if unreadable is None else complete & ~unreadable
    return Value(ibis.cases((complete, middle), else_=ibis.null(dtype)), unreadable=unreadable, computed=True)
