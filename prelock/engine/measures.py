"""What a measure says in each row of its relation: value in the measure's unit, day, and whether it may be chosen."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from prelock.engine import sql
from prelock.engine.arithmetic import compare
from prelock.engine.cases import choose_truth
from prelock.engine.compile import study_day, truth, value, zero_node
from prelock.engine.exhaustive import exhaustive
from prelock.engine.telling import row_missing
from prelock.engine.values import Stored, Value, either, maybe_either, store, unless
from prelock.engine.view import RECORD, View
from prelock.rules import units
from prelock.rules.nodes import Column, Convert, Node
from prelock.rules.types import TEXT
from prelock.study.definition import Measure, NormalLimit

SKIPPED = (2, 4, 6)  # cell states not done, refused, not applicable: no candidate at all
UNTIMED = -1  # the second of a moment of which no time was written
TRUE = sql.literal(True)
Columns = dict[str, sql.Value]


def prepare(measure: Measure, view: View) -> tuple[Columns, dict[Hashable, Stored]]:
    """Columns of the measure in each row, and where they will lie."""
    factor = unit_factor(measure, view)
    found, unit_bad = _in_unit(measure, view, factor)
    if measure.agreement is not None:
        found = unless(found, (~truth(measure.agreement, view)).fill_null(False))
    found = unless(found, _out_of_range(measure, found))
    columns: Columns = {}
    places: dict[Hashable, Stored] = {}

    def keep(part: str, held: Value) -> None:
        made, place = store(f"m:{measure.name}|{part}", held)
        columns.update(made)
        places["measure", measure.name, part] = place

    keep("value", found)
    keep("where", Value(TRUE if measure.where is None else truth(measure.where, view)))
    keep("unit fault", Value(unit_bad))
    keep("skip", Value(_skipped(measure, view, found)))
    keep("scheduled", Value(TRUE if measure.scheduled is None else truth(measure.scheduled, view).fill_null(False)))
    if measure.date is not None:
        _dates(measure, view, keep)
    return columns, places


def _dates(measure: Measure, view: View, keep: Callable[[str, Value], None]) -> None:
    assert measure.date is not None
    written = value(measure.date, view)
    timestamp = written.low.type().is_timestamp()
    date = written.low.date() if timestamp else written.low
    keep("date", Value(date))
    keep("day", _day(written, view))
    if timestamp:
        second = written.low.hour() * 3600 + written.low.minute() * 60 + written.low.second()
        if written.timed is not None:
            second = sql.cases((written.timed | written.low.isnull(), second), else_=UNTIMED)
        keep("second", Value(second.cast("int64")))


def _day(written: Value, view: View) -> Value:
    zero = zero_node(view.study)
    if zero is None:
        return Value(sql.null("float64"))
    start, cdisc = value(zero, view), view.study.cdisc_days
    low = study_day(written.low, start.top, cdisc).cast("float64")
    exact = written.exact and start.exact
    high = None if exact else study_day(written.top, start.low, cdisc).cast("float64")
    return Value(low, high, na=maybe_either(written.na, start.na))


def unit_factor(measure: Measure, view: View) -> sql.Value | None:
    """What a record's number is multiplied by: null where its unit is missing or of another kind; None where the
    measure has no unit column."""
    if measure.unit_column is None or measure.unit is None:
        return None
    unit = value(_unit_node(measure), view).low
    factors = {t: _factor(t, measure) for t in view.texts(measure.relation, measure.unit_column)}
    usable = [(unit == t, f) for t, f in factors.items() if f is not None]
    return sql.cases(*usable, else_=sql.null("float64")) if usable else sql.null("float64")


def _unit_node(measure: Measure) -> Column:
    assert measure.unit_column is not None
    return Column(relation=measure.relation, name=measure.unit_column, type=TEXT, grain=measure.value.grain)


def _in_unit(measure: Measure, view: View, factor: sql.Value | None) -> tuple[Value, sql.Value]:
    """(the value in the measure's unit, the record's unit is missing or not convertible)."""
    found = value(measure.value, view)
    if factor is None:
        return _else(found, measure, view), sql.literal(False)
    fault = factor.isnull() & found.some()
    high = None if found.high is None else found.high * factor
    low = found.low * factor
    scaled = Value(low, high, found.low_open, found.high_open, found.unreadable, found.na, computed=True)
    return _else(unless(scaled, fault), measure, view), fault


def _factor(text: str, measure: Measure) -> float | None:
    source = units.canonical(text)
    if source is None or measure.unit is None:
        return None
    factor = units.factor(source, measure.unit, measure.molar_mass)
    return None if factor is None else float(factor)


def _else(found: Value, measure: Measure, view: View) -> Value:
    """The fallback where the value is missing (never where it is unreadable)."""
    if measure.fallback is None:
        return found
    other = value(measure.fallback, view)
    use = found.missing().fill_null(False)

    def flag(instead: sql.Value | None, own: sql.Value | None) -> sql.Value | None:
        return None if instead is own is None else sql.cases((use, either(instead)), else_=either(own))

    low = sql.cases((use, other.low), else_=found.low)
    exact = found.exact and other.exact
    high = None if exact else sql.cases((use, other.top), else_=found.top)
    open_ends = flag(other.low_open, found.low_open), flag(other.high_open, found.high_open)
    doubt, na = flag(other.unreadable, found.unreadable), flag(other.na, found.na)
    return Value(low, high, *open_ends, doubt, na, found.computed or other.computed)


def _out_of_range(measure: Measure, found: Value) -> sql.Value:
    """An impossible value decides nothing."""
    faults = []
    if measure.minimum is not None:
        faults.append((found.top < float(measure.minimum)).fill_null(False))
    if measure.maximum is not None:
        faults.append((found.low > float(measure.maximum)).fill_null(False))
    return either(*faults)


def _skipped(measure: Measure, view: View, found: Value) -> sql.Value:
    """No value was to be had; a cell that a check took out of use is another matter, and so is one that replaces it."""
    written = measure.value.value if isinstance(measure.value, Convert) else measure.value
    skipped, state = either(found.na), view.state(written)
    if state is not None:
        skipped = skipped | state.isin(SKIPPED).fill_null(False)
    return skipped & ~either(found.unreadable) & ~found.some()


@dataclass(frozen=True)
class MeasureRow:
    """The prepared columns of a measure, read off a view of its relation."""

    measure: Measure
    view: View

    def _read(self, part: str) -> Value | None:
        place = self.view.stored.get(("measure", self.measure.name, part))
        return None if place is None else place.read(self.view.table)

    def _there(self, part: str) -> Value:
        found = self._read(part)
        assert found is not None, f"measure column {part} was not prepared"
        return found

    @property
    def value(self) -> Value:
        """The value in the measure's unit."""
        return self._there("value")

    @property
    def where(self) -> sql.Value:
        """The row passes the measure's filter (three-valued)."""
        return self._there("where").low

    @property
    def unit_fault(self) -> sql.Value:
        """A value is there, but its unit is missing, not known, or of another kind."""
        return self._there("unit fault").low

    @property
    def skipped(self) -> sql.Value:
        """Marked not done or refused: no candidate."""
        return self._there("skip").low

    @property
    def scheduled(self) -> sql.Value:
        """The row belongs to a scheduled visit, as the study declares it."""
        return self._there("scheduled").low

    @property
    def dated(self) -> bool:
        """The measure has a date."""
        return self.measure.date is not None

    @property
    def date(self) -> sql.Value:
        """The calendar day, null where it is not known."""
        return self._there("date").low if self.dated else sql.null("date")

    @property
    def day(self) -> Value:
        """The study day."""
        return self._there("day") if self.dated else Value(sql.null("float64"))

    @property
    def day_known(self) -> sql.Value:
        """The study day is one certain day (or the measure has none)."""
        return self.day.known() if self.dated else TRUE

    @property
    def timed(self) -> bool:
        """The date may have a time of day."""
        return self._read("second") is not None

    @property
    def second(self) -> sql.Value:
        """The second of the day: negative where no time was written, null where the moment is not known."""
        found = self._read("second")
        return sql.null("int64") if found is None else found.low

    def normal(self, view: View) -> sql.Value:
        """The value lies within the limits that apply; unknown where that cannot be told."""
        limits = list(self.measure.normal)
        conditions = [limit.condition for limit in limits if limit.condition is not None]
        last = self._within(limits.pop(), view) if len(conditions) < len(limits) else None
        branches = [(truth(limit.condition, view), self._within(limit, view)) for limit in limits if limit.condition]
        if last is None and exhaustive(conditions):  # the last applies unless it surely does not
            branches[-1] = (branches[-1][0].fill_null(True), branches[-1][1])
        return choose_truth(branches, last)

    def told(self) -> sql.Value:
        """The cells of this row that leave its part in the choice open."""
        parts = (self.measure.where, self.measure.date, self.measure.value)
        told = row_missing(parts, self.view)
        return sql.cases((self.unit_fault, self.view.table[RECORD] + f": {self.measure.unit_column}"), else_=told)

    def _within(self, limit: NormalLimit, view: View) -> sql.Value:
        if limit.within is not None:
            return self._in_range(self._bound(limit.within, view))
        result: sql.Value = TRUE
        if limit.low is not None:
            result = result & compare(">=" if limit.includes[0] else ">", self.value, self._bound(limit.low, view))
        if limit.high is not None:
            result = result & compare("<=" if limit.includes[1] else "<", self.value, self._bound(limit.high, view))
        return result

    def _in_range(self, limits: Value) -> sql.Value:
        """The value lies in the record's reference range; an end without a limit is met by all."""
        above = self._beyond(">", limits, limits.low, limits.low_open)
        below = self._beyond("<", limits, limits.top, limits.high_open)
        known = limits.some() & ~either(limits.unreadable)
        inside = sql.cases((known, above & below), else_=sql.null("boolean"))
        na = maybe_either(self.value.na, limits.na)
        return inside if na is None else ~na & inside

    def _beyond(self, op: str, limits: Value, end: sql.Value, open_: sql.Value | None) -> sql.Value:
        edge = Value(end, computed=limits.computed)
        closed = compare(f"{op}=", self.value, edge)
        met = closed if open_ is None else sql.cases((open_, compare(op, self.value, edge)), else_=closed)
        return sql.cases((end.isnull(), TRUE), else_=met)

    def _bound(self, bound: Node, view: View) -> Value:
        """A limit in the measure's unit; one printed on the record is in the record's own unit."""
        found = value(bound, view)
        factor = unit_factor(self.measure, view) if self.measure.prints(bound) else None
        if factor is None:
            return found
        high = None if found.high is None else found.high * factor
        return replace(found, low=found.low * factor, high=high, computed=True)
