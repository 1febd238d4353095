"""Time between dates, as SQL: completed years and months, exact weeks, days and hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from prelock.engine import sql
from prelock.engine.values import Value, either, maybe_either

DAYS_PER_MONTH = 30.4375


def _date(column: sql.Value) -> sql.Value:
    return column.date() if column.type().is_timestamp() else column


def days(start: sql.Value, end: sql.Value) -> sql.Value:
    """Whole days from `start` to `end`, by calendar day."""
    return _date(end).delta(_date(start), unit="day")


def months(start: sql.Value, end: sql.Value) -> sql.Value:
    """Completed months; 29 February counts as 1 March in other years."""
    start, end = _date(start), _date(end)
    whole = (end.year() - start.year()) * 12 + end.month() - start.month()
    return whole - (end.day() < start.day()).cast("int64")


def years(start: sql.Value, end: sql.Value) -> sql.Value:
    """Completed years; 29 February counts as 1 March in other years."""
    start, end = _date(start), _date(end)
    early = (end.month() * 100 + end.day()) < (start.month() * 100 + start.day())
    return end.year() - start.year() - early.cast("int64")


def hours(start: sql.Value, end: sql.Value) -> sql.Value:
    """Exact hours between two moments."""
    return end.cast("timestamp").delta(start.cast("timestamp"), unit="second") / 3600


SPANS: dict[str, Callable[[sql.Value, sql.Value], sql.Value]] = {
    "years": years,
    "months": months,
    "weeks": lambda start, end: days(start, end) / 7,
    "days": days,
    "hours": hours,
    "exact months": lambda start, end: days(start, end) / DAYS_PER_MONTH,
}


def span(unit: str, start: Value, end: Value) -> Value:
    """Time from `start` to `end` in `unit`, an interval where a date is partial."""
    both = start.some() & end.some()
    unreadable = maybe_either(start.unreadable, end.unreadable)
    if unit == "hours":
        timeless = maybe_either(*(_timeless(moment) for moment in (start, end)))
        unreadable = unreadable if timeless is None else either(unreadable, both & timeless)
        start, end = _with_clock(start), _with_clock(end)
    reckon = SPANS[unit]
    high = None if start.exact and end.exact else reckon(start.low, end.top).cast("float64")
    low = reckon(start.top, end.low).cast("float64")
    if high is not None:
        unreadable = either(unreadable, both & low.isnull() & high.isnull())
    return Value(
        low,
        high,
        unreadable=unreadable,
        na=maybe_either(start.na, end.na),
        computed=unit in ("weeks", "hours", "exact months"),
    )


def _timeless(moment: Value) -> sql.Value | None:
    """No time of day was written (None: of no row)."""
    if not moment.low.type().is_timestamp():
        return sql.literal(True)
    return None if moment.timed is None else ~moment.timed.fill_null(False)


def _with_clock(moment: Value) -> Value:
    """The moment, nothing where no time of day was written."""
    timeless = _timeless(moment)
    if timeless is None:
        return moment
    nothing = sql.null("timestamp")
    return replace(moment, low=sql.cases((timeless, nothing), else_=moment.low.cast("timestamp")), high=None)
