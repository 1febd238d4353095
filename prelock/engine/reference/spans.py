"""Time between dates, and study days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction

from prelock.engine.interval import NOT_APPLICABLE, UNREADABLE, Scalar, State, Val, by_day, is_number
from prelock.engine.reference.numbers import lost, told
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import DayOf, Span, Variable
from prelock.rules.types import DATE, PATIENT


def completed_months(start: date, end: date) -> Fraction:
    """Whole months gone by; the day of the month must have been reached."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return Fraction(months - (end.day < start.day))


def completed_years(start: date, end: date) -> Fraction:
    """Birthdays reached; someone born on 29 February has theirs on 1 March where there is no such day."""
    return Fraction(end.year - start.year - ((end.month, end.day) < (start.month, start.day)))


def days(start: date, end: date) -> Fraction:
    """Calendar days."""
    return Fraction((end - start).days)


SPANS: dict[str, Callable[[date, date], Fraction]] = {
    "years": completed_years,
    "months": completed_months,
    "weeks": lambda start, end: days(start, end) / 7,
    "days": days,
    "exact months": lambda start, end: days(start, end) / Fraction("30.4375"),
}


def span(run: Run, node: Span, here: Here) -> Part:
    """Time from `start` to `end`: as short as the latest start and earliest end make it, or as long."""
    start, end = run.evaluate(node.start, here), run.evaluate(node.end, here)
    return Part(node, between(node.unit, start.value, end.value), (start, end))


def between(unit: str, start: Val, end: Val) -> Val:
    """The time between two dates or moments, as an interval."""
    gone = lost(start, end)
    if gone is not None:
        return gone
    if unit == "hours":
        return _hours(start, end)
    reckon = SPANS[unit]
    start, end = by_day(start), by_day(end)
    low = _reckoned(reckon, start.high, end.low)
    high = _reckoned(reckon, start.low, end.high)
    return UNREADABLE if low is None and high is None else Val(low, high, state=told(start, end))


def _reckoned(reckon: Callable[[date, date], Fraction], start: Scalar | None, end: Scalar | None) -> Fraction | None:
    return reckon(start, end) if isinstance(start, date) and isinstance(end, date) else None


def _hours(start: Val, end: Val) -> Val:
    """Exact hours; unknown where a time of day was not written."""
    if not (start.exact and end.exact and start.timed and end.timed):
        return UNREADABLE
    if not (isinstance(start.low, datetime) and isinstance(end.low, datetime)):
        return UNREADABLE
    gone = end.low - start.low
    return Val.of(Fraction(gone.days * 86400 + gone.seconds, 3600) + Fraction(gone.microseconds, 3_600_000_000))


# ---- study days -----------------------------------------------------------------------------------------------------
def day_of(run: Run, node: DayOf, here: Here) -> Part:
    """The study day of a date."""
    part = run.evaluate(node.value, here)
    zero = day_zero(run, here)
    return Part(node, study_day(run, part.value, zero), (part,) if zero is None else (part, zero))


def day_zero(run: Run, here: Here) -> Part | None:
    """The date from which days are counted; None in a study that counts none."""
    if run.study.day_zero is None:
        return None
    return run.evaluate(Variable(type=DATE, grain=PATIENT, name=run.study.day_zero), here)


def study_day(run: Run, value: Val, zero: Part | None) -> Val:
    """Days from day zero. A number is its own day. With CDISC days, day zero is day 1 and the day before it day -1."""
    if is_number(value.low if value.low is not None else value.high):
        return value
    if zero is None:
        return NOT_APPLICABLE if value.state is State.NOT_APPLICABLE else UNREADABLE
    offset = between("days", zero.value, value)
    return _renumbered(offset) if run.study.cdisc_days else offset


def _renumbered(offset: Val) -> Val:
    return Val(_numbered(offset.low), _numbered(offset.high), offset.low_open, offset.high_open, offset.state)


def _numbered(day: Scalar | None) -> Fraction | None:
    if day is None:
        return None
    number = Fraction(day)  # type: ignore[arg-type]
    return number + 1 if number >= 0 else number


def distance(run: Run, day: Val, target: int) -> Val:
    """Days between a study day and a target, as an interval; day -1 is next to day 1 where there is no day 0."""
    if not day.bounded:
        return day
    gaps = [None if bound is None else Fraction(bound) for bound in (day.low, day.high)]  # type: ignore[arg-type]
    if run.study.cdisc_days:
        gaps = [None if g is None else g - 1 if g > 0 else g for g in gaps]
        target = target - 1 if target > 0 else target
    low, high = (None if g is None else g - target for g in gaps)
    if low is None or high is None:
        return UNREADABLE
    nearest = Fraction(0) if low <= 0 <= high else min(abs(low), abs(high))
    return Val(nearest, max(abs(low), abs(high)))
