"""Censored values in arithmetic: a share of the limit stands for them, and it is told where."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prelock.engine import sql
from prelock.engine.values import Value, either
from prelock.rules import nodes as n
from prelock.rules.types import Substitution


@dataclass(frozen=True, kw_only=True)
class Swapped(n.Node):
    """A share of its limit stands for one of the values of a fold. The engine's own; no rule says it."""

    fold: n.Node


def substituted(value: Value, by: Substitution) -> Value:
    """A value as arithmetic takes it: a censored one counts as a share of its limit."""
    if value.exact:
        return value
    below, above = _sides(value, by)
    low, high = value.low.cast("float64"), value.top.cast("float64")
    sides = ((below, by.below, high), (above, by.above, low))
    taken = [(side, limit * float(share)) for side, share, limit in sides if share is not None]
    if not taken:
        return value
    kept = ~either(below, above)
    return replace(
        value,
        low=sql.cases(*taken, else_=low),
        high=sql.cases(*taken, else_=high),
        low_open=None if value.low_open is None else value.low_open & kept,
        high_open=None if value.high_open is None else value.high_open & kept,
        computed=True,
    )


def swapped(value: Value, by: Substitution) -> sql.Value:
    """A share of its limit stands for the value. Never null."""
    return either(*_sides(value, by))


def _sides(value: Value, by: Substitution) -> tuple[sql.Value, sql.Value]:
    """(a share of its upper limit stands for the value, one of its lower limit does). Never null."""
    none = sql.literal(False)
    if value.exact:
        return none, none
    told = ~either(value.unreadable, value.na)
    low, high = value.low, value.top
    below = told & low.isnull() & high.notnull() if by.below is not None else none
    above = told & high.isnull() & low.notnull() if by.above is not None else none
    if by.below is not None and by.below != 1:  # half of a limit at or below zero would lie above it
        below = below & (high > 0.0).fill_null(False)
    return below, above
