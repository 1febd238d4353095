"""Which of two rows comes first at a timepoint: the choosing rule, then the study's ties, each three-valued."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from math import ceil, floor

from prelock.engine.interval import UNREADABLE, Scalar, Truth, Val, compare, kleene_and, kleene_or
from prelock.engine.reference.readings import Reading
from prelock.engine.reference.run import Run
from prelock.engine.reference.spans import distance
from prelock.rules.types import Kind
from prelock.study.definition import Measure, Timepoint

SPAN = 4_000  # days that are tried one by one; partial dates make a year or two
NOTHING = Val.of(0)  # a stage that tells no rows apart


def needs_day(measure: Measure, point: Timepoint) -> bool:
    """Is the row's day needed to choose? Not where the timepoint is told by visit and the choice is by value."""
    if measure.relation not in point.visits or point.window is not None or point.after_day_zero:
        return True
    return measure.date is not None and (point.choose in ("first", "last") or point.day is not None)


def better(run: Run, measure: Measure, point: Timepoint, one: Reading, other: Reading) -> Truth:
    """`one` is chosen before `other`, whichever of its possible days one of them was taken on."""
    ones, others = [one], [other]
    if other.day.exact:
        ones = list(_on_each_day(run, one))
    elif one.day.exact:
        others = list(_on_each_day(run, other))
    told = {_better(run, measure, point, a, b) for a in ones for b in others}
    return told.pop() if len(told) == 1 else None


def _on_each_day(run: Run, reading: Reading) -> Iterator[Reading]:
    """The reading as it would be on each day that it may be of; as it is where there is no end to them."""
    low, high = reading.day.low, reading.day.high
    if reading.day.exact or low is None or high is None or high - low > SPAN:  # type: ignore[operator]  # numbers
        yield reading
        return
    for day in range(floor(low), ceil(high) + 1):  # type: ignore[arg-type]
        if day or not run.study.cdisc_days:
            yield replace(reading, day=Val.of(day))


def _better(run: Run, measure: Measure, point: Timepoint, one: Reading, other: Reading) -> Truth:
    """`one` comes first at the earliest stage that tells them apart."""
    result: Truth = False
    stages = [lambda r: PRIMARY[point.choose](run, measure, point, r), *(_tie(run, measure, t) for t in run.study.ties)]
    for stage in reversed(stages):
        mine, others = stage(one), stage(other)
        result = kleene_or(compare("<", mine, others), kleene_and(compare("<=", mine, others), result))
    return result


def _closest(run: Run, measure: Measure, point: Timepoint, reading: Reading) -> Val:
    return NOTHING if point.day is None else distance(run, reading.day, point.day)


def _worth(measure: Measure, value: Val) -> Val:
    """The value as a number that it is ordered by: a code's place or score, a date's distance from the first date."""
    return replace(value, low=_number(measure, value.low), high=_number(measure, value.high))


def _number(measure: Measure, bound: Scalar | None) -> Scalar | None:
    kind = measure.type
    if bound is None or not isinstance(bound, str | date):
        return bound
    if isinstance(bound, str):
        return kind.codes.index(bound) if kind.ordered else kind.scores[kind.codes.index(bound)]
    seconds = bound.hour * 3600 + bound.minute * 60 + bound.second if isinstance(bound, datetime) else 0
    return bound.toordinal() * 86_400 + seconds


def mirrored(value: Val) -> Val:
    """Minus a number: so that the highest comes first."""
    low = None if value.high is None else -value.high  # type: ignore[operator]
    high = None if value.low is None else -value.low  # type: ignore[operator]
    return Val(low, high, value.high_open, value.low_open, value.state)


PRIMARY: dict[str, Callable[[Run, Measure, Timepoint, Reading], Val]] = {
    "closest": _closest,
    "first": lambda run, measure, point, reading: reading.day,
    "last": lambda run, measure, point, reading: mirrored(reading.day),
    "lowest": lambda run, measure, point, reading: _worth(measure, reading.value.value),
    "highest": lambda run, measure, point, reading: mirrored(_worth(measure, reading.value.value)),
}


# ---- ties -----------------------------------------------------------------------------------------------------------
def _tie(run: Run, measure: Measure, tie: str) -> Callable[[Reading], Val]:
    return lambda reading: TIES[tie](run, measure, reading)


def _scheduled(run: Run, measure: Measure, reading: Reading) -> Val:
    """Scheduled rows first; a row of which that is not known ranks with the others."""
    if measure.scheduled is None:
        return NOTHING
    return Val.of(0 if run.evaluate(measure.scheduled, reading.place).truth else 1)


UNTIMED = Val.of(-86_400)  # a record without a time of day comes before all others, whichever way they are ordered


def _time(measure: Measure, reading: Reading, sign: int) -> Val:
    """Seconds into the day; nobody can tell them of a moment that is not known."""
    if reading.date is None or measure.date is None or measure.date.type.kind is not Kind.MOMENT:
        return NOTHING
    if not isinstance(reading.date.value.low, datetime):
        return UNREADABLE
    if not reading.date.value.timed:
        return UNTIMED
    moment = reading.date.value.low
    return Val.of(sign * (moment.hour * 3600 + moment.minute * 60 + moment.second))


TIES: dict[str, Callable[[Run, Measure, Reading], Val]] = {
    "later day": lambda run, measure, reading: mirrored(reading.day),
    "earlier day": lambda run, measure, reading: reading.day,
    "scheduled": _scheduled,
    "later time": lambda run, measure, reading: _time(measure, reading, -1),
    "earlier time": lambda run, measure, reading: _time(measure, reading, 1),
}
