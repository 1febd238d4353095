"""A measure in each of its rows: the value in the measure's unit, the day, and whether the row counts at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from prelock.engine.interval import UNREADABLE, State, Truth, Val, compare, is_number
from prelock.engine.reference.folds import row_words
from prelock.engine.reference.leaves import read
from prelock.engine.reference.numbers import scaled
from prelock.engine.reference.records import Row
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.spans import day_zero, study_day
from prelock.engine.reference.trace import CellRef, Lack, Note, Part, cells_read
from prelock.rules.units import canonical, factor
from prelock.study.definition import Measure


@dataclass(frozen=True)
class Reading:
    """One row of a measure. `passes` is the measure's `where`; `rate` turns the row's own unit into the measure's."""

    row: Row
    place: Here
    passes: Truth
    filter: tuple[Part, ...]
    value: Part
    date: Part | None
    day: Val
    rate: Fraction | None

    @property
    def words(self) -> str:
        """How the row is named."""
        return row_words(self.row)


def readings(run: Run, measure: Measure, patient: str) -> tuple[Reading, ...]:
    """The patient's rows of a measure, but for those that its `where` surely leaves out."""
    return run.once(("readings", measure.name, patient), lambda: tuple(_readings(run, measure, Here(patient))))


def _readings(run: Run, measure: Measure, here: Here) -> list[Reading]:
    found = []
    zero = day_zero(run, here)
    for row in run.rows(measure.relation, here):
        place = here.at(row)
        kept = (run.evaluate(measure.where, place),) if measure.where is not None else ()
        passes = kept[0].truth if kept else True
        if passes is False:
            continue
        value, rate = measured(run, measure, row, place)
        date = run.evaluate(measure.date, place) if measure.date is not None else None
        day = study_day(run, date.value, zero) if date is not None else UNREADABLE
        found.append(Reading(row, place, passes, kept, value, date, day, rate))
    return found


def measured(run: Run, measure: Measure, row: Row, place: Here) -> tuple[Part, Fraction | None]:
    """The row's value in the measure's unit; unreadable where the unit is, or where the record contradicts itself."""
    part, rate = in_unit(run, measure, row, place, run.evaluate(measure.value, place))
    if measure.fallback is not None and part.value.missing:
        instead = run.evaluate(measure.fallback, place)
        if not instead.value.missing:
            part = replace(instead, parts=(part, *instead.parts))
    if measure.agreement is not None:
        agreement = run.evaluate(measure.agreement, place)
        if agreement.truth is False:
            cells = tuple(Lack(c.table, c.row, c.column, "disagreement") for p in agreement.walk() for c in p.cells)
            notes = (Note("disagreement", run.store.table_of(measure.relation), (row.row,)),)
            part = Part(None, UNREADABLE, (part, agreement), lacks=cells, notes=notes)
    return (_impossible(part) if _outside(measure, part.value) else part), rate


def _outside(measure: Measure, value: Val) -> bool:
    """The whole value lies outside the measure's range."""
    low, high = measure.minimum, measure.maximum
    below = low is not None and compare("<", value, Val.of(low)) is True
    return below or (high is not None and compare(">", value, Val.of(high)) is True)


def _impossible(part: Part) -> Part:
    """An impossible value decides nothing."""
    lacks = tuple(Lack(c.table, c.row, c.column, "out of range") for c in cells_read(part))
    return Part(None, UNREADABLE, (part,), lacks=lacks)


def in_unit(run: Run, measure: Measure, row: Row, place: Here, part: Part) -> tuple[Part, Fraction | None]:
    """The value converted from the record's own unit. What is no number needs no unit."""
    numeric = is_number(part.value.low) or is_number(part.value.high)
    if measure.unit_column is None or measure.unit is None or not numeric:
        return part, Fraction(1)
    unit = read(run, row, measure.unit_column, place)
    rate = _rate(measure, unit.value)
    if rate is not None:
        return replace(part, value=scaled(part.value, rate), cells=(*part.cells, *unit.cells)), rate
    cells: tuple[CellRef, ...] = unit.cells
    why = "no unit" if unit.value.state is not State.RECORDED else "unknown unit"
    lacks = tuple(Lack(c.table, c.row, c.column, why) for c in cells)
    notes = (Note("unit", run.store.table_of(measure.relation), (row.row,), measure.unit_column),)
    return Part(part.node, UNREADABLE, (part,), cells, lacks, notes), None


def _rate(measure: Measure, unit: Val) -> Fraction | None:
    if unit.state is not State.RECORDED or not unit.exact or measure.unit is None:
        return None
    own = canonical(str(unit.low))
    found = None if own is None else factor(own, measure.unit, measure.molar_mass)
    return None if found is None else Fraction(found)
