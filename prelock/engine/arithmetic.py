"""Comparison and arithmetic of engine values, as `engine.reference` defines them, in SQL."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace

from prelock.engine import sql
from prelock.engine.values import Value, either, maybe_either

DECIMALS = 9  # sides of a comparison are rounded half-up to this many decimals


def _side(column: sql.Value, rounded: bool) -> sql.Value:
    return column.cast("float64").round(DECIMALS) if rounded else column


def _aligned(left: Value, right: Value) -> tuple[Value, Value]:
    """A date and time compares with a date by day; two times of day compare as they are."""
    kinds = {left.low.type().is_date(), right.low.type().is_date()}
    if kinds == {True, False}:
        return by_day(left), by_day(right)
    return left, right


def _by_clock(op: str, left: Value, right: Value) -> sql.Value:
    """Two moments: by the clock where both have a time of day, else by day."""
    both = _timed(left) & _timed(right)
    clock = compare(op, replace(left, timed=None), replace(right, timed=None))
    return sql.cases((both, clock), else_=compare(op, by_day(left), by_day(right)))


def _timed(value: Value) -> sql.Value:
    return sql.literal(True) if value.timed is None else value.timed.fill_null(False)


def by_day(value: Value) -> Value:
    """A moment as its calendar day; other values as they are."""
    if not value.low.type().is_timestamp():
        return value
    high = None if value.high is None else value.high.date()
    return Value(value.low.date(), high, value.low_open, value.high_open, value.unreadable, value.na)


def compare(op: str, left: Value, right: Value) -> sql.Value:
    """A Kleene truth; anything not applicable satisfies nothing."""
    left, right = _aligned(left, right)
    if left.timed is not None or right.timed is not None:
        return _by_clock(op, left, right)
    rounded = left.computed or right.computed
    truth = _exact(op, left, right, rounded) if left.exact and right.exact else _interval(op, left, right, rounded)
    na = maybe_either(left.na, right.na)
    return truth if na is None else ~na & truth


EXACT: dict[str, Callable[[sql.Value, sql.Value], sql.Value]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _exact(op: str, left: Value, right: Value, rounded: bool) -> sql.Value:
    return EXACT[op](_side(left.low, rounded), _side(right.low, rounded))


def _interval(op: str, left: Value, right: Value, rounded: bool) -> sql.Value:
    if op == "=":
        both = left.known() & right.known()
        yes = both & _sure(operator.eq, left.low, right.low, rounded)
        no = _below(left, right, rounded) | _below(right, left, rounded)
    else:
        first, second = (left, right) if op in ("<", "<=") else (right, left)
        if op in ("<", ">"):
            yes, no = _below(first, second, rounded), _not_above(second, first, rounded)
        else:
            yes, no = _not_above(first, second, rounded), _below(second, first, rounded)
    return sql.cases((yes, True), (no, False), else_=sql.null("boolean"))


def _sure(test: Callable[[sql.Value, sql.Value], sql.Value], a: sql.Value, b: sql.Value, rounded: bool) -> sql.Value:
    return test(_side(a, rounded), _side(b, rounded)).fill_null(False)


def _below(left: Value, right: Value, rounded: bool) -> sql.Value:
    """Surely left < right."""
    less = _sure(operator.lt, left.top, right.low, rounded)
    if left.high_open is None and right.low_open is None:
        return less
    touch = _sure(operator.eq, left.top, right.low, rounded)
    return less | (touch & either(left.high_open, right.low_open))


def _not_above(left: Value, right: Value, rounded: bool) -> sql.Value:
    """Surely left <= right."""
    return _sure(operator.le, left.top, right.low, rounded)


def calculate(op: str, left: Value, right: Value) -> Value:
    """`left op right`; division by zero is unknown, as is a product or power of values not known for certain."""
    unreadable = maybe_either(left.unreadable, right.unreadable)
    na = maybe_either(left.na, right.na)
    if op in ("+", "-") and (left.low.type().is_date() or left.low.type().is_timestamp()):
        days = right.low.cast("int32")
        days = days if op == "+" else -days
        moved = Value(_shift(left.low, days), _and_then(left.high, days), None, None, unreadable, na)
        return replace(moved, timed=left.timed)
    if op in ("+", "-"):
        low, high, lo, ho = _sum(op, left, right)
        if high is not None:  # one open to below and one to above say nothing together
            unreadable = either(unreadable, left.some() & right.some() & low.isnull() & high.isnull())
        return Value(low, high, lo, ho, unreadable, na, computed=True)
    a, b = _certain(left), _certain(right)
    if op == "/":
        zero = (b == 0).fill_null(False)
        result = a / sql.cases((zero, sql.null("float64")), else_=b)
        unreadable = either(unreadable, zero & left.some())
    else:
        result = a * b if op == "*" else a**b
        if op == "^":  # a root of a negative number is no number
            lost = (result.isnan() | result.isinf()).fill_null(False)
            unreadable = either(unreadable, lost)
            result = sql.cases((lost, sql.null("float64")), else_=result)
    if not (left.exact and right.exact):
        open_ = left.some() & right.some() & ~(left.known() & right.known())
        unreadable = either(unreadable, open_)
    return Value(result.cast("float64"), unreadable=unreadable, na=na, computed=True)


def _shift(column: sql.Value, days: sql.Value) -> sql.Value:
    moved = column.cast("timestamp").days_later(days)
    return moved.date() if column.type().is_date() else moved


def _and_then(column: sql.Value | None, days: sql.Value) -> sql.Value | None:
    return None if column is None else _shift(column, days)


def _certain(value: Value) -> sql.Value:
    number = value.low.cast("float64")
    return number if value.exact else sql.cases((value.known(), number), else_=sql.null("float64"))


def _sum(op: str, left: Value, right: Value) -> tuple[sql.Value, sql.Value | None, sql.Value | None, sql.Value | None]:
    add = operator.add if op == "+" else operator.sub
    if left.exact and right.exact:
        return add(left.low, right.low).cast("float64"), None, None, None
    low_side, high_side = (right.low, right.top) if op == "+" else (right.top, right.low)
    lows, highs = (right.low_open, right.high_open) if op == "+" else (right.high_open, right.low_open)
    return (
        add(left.low, low_side).cast("float64"),
        add(left.top, high_side).cast("float64"),
        maybe_either(left.low_open, lows),
        maybe_either(left.high_open, highs),
    )


def scaled(value: Value, factor: float) -> Value:
    """`value` times a positive factor: a unit converted."""
    high = None if value.high is None else value.high * factor
    low = value.low * factor
    return Value(low, high, value.low_open, value.high_open, value.unreadable, value.na, computed=True)
