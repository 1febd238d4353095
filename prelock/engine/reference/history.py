"""`own history`: a value far from all others of the same patient, told row by row."""

from __future__ import annotations

from fractions import Fraction

from prelock.engine.interval import State, Val, rounded
from prelock.engine.reference.readings import in_unit
from prelock.engine.reference.records import Row
from prelock.engine.reference.run import Here, Run
from prelock.study.definition import Measure

NOT_APPLICABLE = "not applicable"
Judged = bool | str | None


def own_history(run: Run, measure: Measure, patient: str) -> dict[int, Judged]:
    """By row: whether the value is near enough to another one; None where it is not known, or `not applicable`.

    A value that is blank, not positive or the patient's only one has nothing to be near to.
    """
    values = {row.row: _value(run, measure, patient, row) for row in run.rows(measure.relation, Here(patient))}
    counted = {row: value for row, value in values.items() if value is not None}
    numbers = {row: number for row, value in counted.items() if (number := _positive(value)) is not None}
    found: dict[int, Judged] = {row: _without_number(value) for row, value in counted.items() if row not in numbers}
    for row, number in numbers.items():
        others = [other for at, other in numbers.items() if at != row]
        near = any(_times(number, other) <= (measure.own_history or 1) for other in others)
        found[row] = near if others else NOT_APPLICABLE
    return found


def _value(run: Run, measure: Measure, patient: str, row: Row) -> Val | None:
    """The row's value in the measure's unit; None where the row is not surely the measure's."""
    place = Here(patient).at(row)
    if measure.where is not None and run.evaluate(measure.where, place).truth is not True:
        return None
    return in_unit(run, measure, row, place, run.evaluate(measure.value, place))[0].value


def _positive(value: Val) -> Fraction | None:
    number = Fraction(value.low) if value.exact and value.state is State.RECORDED else None  # type: ignore[arg-type]
    return number if number is not None and number > 0 else None


def _without_number(value: Val) -> Judged:
    nothing = value.missing or value.state is State.NOT_APPLICABLE or value.exact
    return NOT_APPLICABLE if nothing else None


def _times(one: Fraction, other: Fraction) -> Fraction:
    """How many times the greater is the smaller, as comparisons see it."""
    return rounded(max(one, other) / min(one, other))
