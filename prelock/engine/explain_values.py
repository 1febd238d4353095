"""Values as people read them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from prelock.engine.cells import ONGOING
from prelock.engine.interval import Scalar, State, Val, is_number
from prelock.rules.text import plain_number
from prelock.rules.types import Type


def shown(value: Val, kind: Type | None = None) -> str:
    """A value, a range, or the state that says why there is none; numbers with their unit."""
    if not value.bounded:
        return "unknown" if value.state in (State.RECORDED, State.UNREADABLE) else value.state.label
    unit = f" {kind.unit}" if kind is not None and kind.unit else ""
    return _range(value) + unit


def _range(value: Val) -> str:
    low, high = plain(value.low, value.timed), plain(value.high, value.timed)
    if value.exact:
        return low
    if value.low is None:
        return ("below " if value.high_open else "at most ") + high
    if value.high is None:
        return ("above " if value.low_open else "at least ") + low
    return f"{low} to {high}"


def plain(bound: Scalar | None, timed: bool = True) -> str:
    """One bound as text."""
    if isinstance(bound, bool):
        return "yes" if bound else "no"
    if is_number(bound):
        return _number(Fraction(bound))  # type: ignore[arg-type]
    if isinstance(bound, date):
        return _day(bound, timed)
    return "" if bound is None else str(bound)


def _number(number: Fraction) -> str:
    return plain_number(Decimal(number.numerator) / Decimal(number.denominator))


def _day(day: date, timed: bool) -> str:
    if isinstance(day, datetime) and day.date() != ONGOING and timed:
        return day.isoformat(sep=" ", timespec="minutes")
    plain_day = day.date() if isinstance(day, datetime) else day
    return "ongoing" if plain_day == ONGOING else plain_day.isoformat()
