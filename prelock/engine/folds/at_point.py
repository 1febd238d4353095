"""A measure at a timepoint: candidates in the window, the choosing rule, ties, conflicts and rows in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from prelock.engine import sql
from prelock.engine.arithmetic import compare
from prelock.engine.compile import truth, value
from prelock.engine.folds.base import Columns, Fold
from prelock.engine.folds.chooser import Choice, Chooser
from prelock.engine.folds.order import ordered, ranked
from prelock.engine.measures import MeasureRow
from prelock.engine.values import Stored, Value, either, maybe_either, store, truth_value
from prelock.engine.view import RECORD, View
from prelock.rules import nodes as n
from prelock.rules.types import Kind
from prelock.study.definition import Measure, Timepoint

SECONDS = 86_401  # one more than a day has: a record without a time comes before all others


@dataclass(frozen=True)
class AtPointFold(Fold):
    """`node` is the plain value; `extras` the other fields and the normal flag that rules read of the chosen row."""

    node: n.AtPoint
    extras: tuple[n.AtPoint | n.IsNormal, ...] = ()
    parts: tuple[str, ...] = ("low",)
    places: dict[n.Node, Stored] = field(default_factory=dict, compare=False)

    def measure(self) -> Measure:
        return self.study.measures[self.node.measure]

    @property
    def point(self) -> Timepoint:
        """The timepoint."""
        return self.study.timepoints[self.node.point]

    def inner(self) -> Iterator[n.Node]:
        visit = self.point.visits.get(self.relation)
        if visit is not None:
            yield visit

    def bound(self, view: View) -> Fold:
        return replace(self, parts=bounds(MeasureRow(self.measure(), view).value))

    def concerned(self, view: View) -> sql.Value:
        return MeasureRow(self.measure(), view).where.fill_null(True)

    @property
    def chooser(self) -> Chooser:
        """The choice among the window's rows."""
        extras = tuple(column for place in self.places.values() for column in place.columns.values())
        return Chooser(self.id, self.parts, self.looked, extras, (self.name("on"),))

    def row_columns(self, view: View) -> Columns:
        row = MeasureRow(self.measure(), view)
        inside = self._inside(row, view)
        held = row.value
        readable = held.some()
        if held.unreadable is not None:
            readable = readable & ~held.unreadable
        dated = row.day.known() if self.needs_day else sql.literal(True)
        sure = inside.fill_null(False) & readable & dated & ~row.skipped
        doubt = inside.fill_null(True) & ~row.skipped & ~sure
        key, reach = self._keys(held, row)
        if self.by_value:  # a censored value might be better than its sure bound
            doubt = doubt | (sure & ~held.known())
        if not self.needs_day and set(BY_DAY) & set(self.study.ties):
            doubt = doubt | (sure & ~row.day.known())
        if not self.needs_day and row.timed and set(BY_TIME) & set(self.study.ties):
            doubt = doubt | (sure & row.second.isnull())
        columns = self.chooser.row_columns(sure, doubt, key, reach, held)
        columns |= {self.name("skip"): inside.fill_null(False) & row.skipped, self.name("on"): row.date}
        for extra in self.extras:
            columns |= self._extra(extra, row, view)
        return columns

    def _extra(self, extra: n.AtPoint | n.IsNormal, row: MeasureRow, view: View) -> Columns:
        if isinstance(extra, n.IsNormal):
            columns, place = store(self.name("normal"), Value(row.normal(view)))
        else:
            found = value(self.measure().fields[str(extra.field)], view)
            columns, place = store(self.name(f"field:{extra.field}"), found)
        self.places[extra] = place
        return columns

    def _inside(self, row: MeasureRow, view: View) -> sql.Value:
        """In the window and of the right visit; where neither is declared for the relation, nowhere."""
        visit = self.point.visits.get(self.relation)
        window = self.point.window
        if window is None and visit is None and self.point.day is not None:
            window = (self.point.day, self.point.day)
        inside = row.where
        if visit is not None:
            inside = inside & truth(visit, view)
        elif window is None:
            return sql.literal(False)
        if window is not None:
            inside = inside & within(row.day, *window)
        return inside & compare(">", row.day, Value(sql.literal(0.0))) if self.point.after_day_zero else inside

    @property
    def needs_day(self) -> bool:
        """The row's day is needed to choose: not where the timepoint is told by visit and the choice is by value."""
        point = self.point
        if self.relation not in point.visits or point.window is not None or point.after_day_zero:
            return True
        return self.measure().date is not None and (point.choose in ("first", "last") or point.day is not None)

    @property
    def by_value(self) -> bool:
        """The choice goes by the value, not by the day."""
        return self.point.choose in ("lowest", "highest")

    def _keys(self, held: Value, row: MeasureRow) -> tuple[sql.Value, sql.Value]:
        """(where a row surely ranks, how far ahead a row in doubt could be); the smallest is chosen."""
        sure_tie, reach_tie = (self._day_key(row, hopeful) for hopeful in (False, True))
        if not self.by_value:
            return sure_tie, reach_tie
        held, highest = ranked(self.measure().type, held), self.point.choose == "highest"
        near, far = ("low", "high") if highest else ("high", "low")
        return (
            _by_value(held, near, highest, sure_tie, hopeful=False),
            _by_value(held, far, highest, reach_tie, hopeful=True),
        )

    def _day_key(self, row: MeasureRow, hopeful: bool) -> sql.Value:
        """Distance in days, then the ties. A row whose day is not certain comes last, or (`hopeful`) first."""
        early, late = (_linear(day, self.study.cdisc_days) for day in (row.day.low, row.day.top))
        pinned = self.point.day is not None or self.point.choose in ("first", "last")
        key = sql.literal(0, "int64")
        if not self.by_value:
            key = self._distance(early, late)
        for tie in self.study.ties:
            if tie in BY_DAY and not (pinned and not self.by_value):
                if tie == next(tie for tie in self.study.ties if tie in BY_DAY):  # rows of one day are alike in both
                    key = _by_day(key, tie, early, late, hopeful)
            else:
                key = TIES[tie](key, early, late, self._target(), row, hopeful)
        return key.cast("int64")

    def _target(self) -> int:
        day = self.point.day or 0
        return day - 1 if self.study.cdisc_days and day > 0 else day

    def _distance(self, early: sql.Value, late: sql.Value) -> sql.Value:
        if self.point.choose == "first":
            return early
        if self.point.choose == "last":
            return -late
        if self.point.day is None:
            return sql.literal(0, "int64")
        target = self._target()
        return sql.cases((early > target, early - target), (late < target, target - late), else_=early * 0)

    def row_text(self, view: View) -> sql.Value:
        return MeasureRow(self.measure(), view).told()

    def aggregates(self, rows: sql.Table) -> Columns:
        return {self.name("skips"): rows[self.name("skip")].sum(), **self.chooser.aggregates(rows)}

    def flag(self, table: sql.Table) -> sql.Value:
        apart = self._apart(table)
        return either(self.chooser.flag(table), *list(apart.values())[-1:])

    def _apart(self, table: sql.Table) -> dict[n.Node, sql.Value]:
        """Rows that share the best key and the value differ in another field, or in one that was compared before it."""
        found: dict[n.Node, sql.Value] = {}
        so_far: list[sql.Value] = []
        for extra, place in self.places.items():
            so_far += [table[f"{c}|chosen"].differs(table[f"{c}|other"]) for c in place.columns.values()]
            found[extra] = either(*so_far, *self._sharing(table, place))
        return found

    def _sharing(self, table: sql.Table, place: Stored) -> list[sql.Value]:
        """Rows in doubt that may be the chosen one and say the same value, but differ in this field."""
        names = (f"{column}|sharing" for column in place.columns.values())
        return [table[name].fill_null(False) for name in names if name in table.columns]

    def in_question(self, rows: sql.Table) -> sql.Value:
        return rows[self.name("sure")] | rows[self.name("doubt")]

    def details(self, rows: sql.Table) -> Columns:
        threat, _, at_best = self.chooser.involved(rows)
        columns = self.chooser.details(rows)
        text = rows[self.name("text")].nullif("").fill_null(rows[RECORD])
        which = threat | (at_best & self.chooser.differ(rows))
        columns[self.name("cells")] = text.group_concat(sep="; ", where=which, order_by=[rows[RECORD], rows["row"]])
        columns[self.name("passed over")] = (
            rows["row"]
            .cast("string")
            .group_concat(sep=", ", where=rows[self.name("doubt")] & ~threat, order_by=[rows["row"]])
        )
        return columns

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        choice = self.chooser.choice(table)
        unreadable = choice.doubtful | choice.conflict if self.looked else None
        if not self.present:
            unreadable = sql.literal(True)
        differ = self._apart(table) if self.looked else {}
        computed = self.node.type.kind is Kind.NUMBER  # by its unit, its fallback or its formula: it compares rounded
        found: dict[n.Node, Value] = {self.node: kept(replace(choice.held, computed=computed), unreadable)}
        for extra, place in self.places.items():
            moved = Stored({part: f"{column}|chosen" for part, column in place.columns.items()}, place.computed)
            held = kept(moved.read(table), maybe_either(unreadable, differ.get(extra)))
            found[extra] = truth_value(held.low) if isinstance(extra, n.IsNormal) else held
        return found

    def beside(self, table: sql.Table) -> Columns:
        """What stands beside the value: chosen row, date, state, and the text of what is in the way."""
        choice = self.chooser.choice(table)
        found = (~choice.nothing, "recorded"), ((table[self.name("skips")] > 0).fill_null(False), "not done")
        if not self.looked:
            return self._found(choice, table, sql.cases(*found, else_="missing"))
        in_the_way = (choice.conflict, "conflict"), (choice.doubtful, "doubtful")
        status = sql.cases(*in_the_way, *found, else_="missing")
        texts = {self.name(part): table[self.name(part)] for part in ("rows", "passed over")}
        return {**self._found(choice, table, status), **texts}

    def _found(self, choice: Choice, table: sql.Table, status: sql.Value) -> Columns:
        shown = {"row": choice.row, "record": choice.record, "date": table[self.name("on") + "|chosen"]}
        if self.looked:
            decided = status == "recorded"
            shown = {part: sql.cases((decided, held), else_=sql.null(held.type())) for part, held in shown.items()}
        return {self.name("status"): status, **{self.name(part): held for part, held in shown.items()}}

    def why(self, table: sql.Table) -> sql.Value:
        choice = self.chooser.choice(table)
        cells = super().why(table)
        if not self.present:
            return sql.literal(f"table {self.relation} could not be read")
        if not self.looked:
            return sql.cases((choice.nothing, self._absent()), else_="")
        empty = (choice.nothing & ~choice.doubtful).fill_null(True)
        return sql.cases((empty, self._absent()), (choice.conflict, sql.literal("conflict: ") + cells), else_=cells)

    def _absent(self) -> str:
        window = self.point.window
        days = f" from day {window[0]} to day {window[1]}" if window else ""
        return f"no value in {self.measure().relation}{days}"


def kept(found: Value, unreadable: sql.Value | None) -> Value:
    """The value, or nothing at all where it is in doubt."""
    if unreadable is None:
        flags = (None if flag is None else flag.fill_null(False) for flag in (found.unreadable, found.na))
        bad, na = flags
        return replace(found, unreadable=bad, na=na)
    low = sql.cases((unreadable, sql.null(found.low.type())), else_=found.low)
    high = None if found.high is None else sql.cases((unreadable, sql.null(found.high.type())), else_=found.high)
    doubt = unreadable if found.unreadable is None else unreadable | found.unreadable.fill_null(False)
    na = None if found.na is None else found.na.fill_null(False) & ~unreadable
    low_open, high_open = (
        None if flag is None else flag.fill_null(False) for flag in (found.low_open, found.high_open)
    )
    return Value(low, high, low_open, high_open, doubt, na, found.computed, found.timed)


def bounds(held: Value) -> tuple[str, ...]:
    """The parts of a value that say between which bounds it lies."""
    return ("low", *(part for part in ("high", "low_open", "high_open") if getattr(held, part) is not None))


def _by_value(held: Value, end: str, highest: bool, tie: sql.Value, *, hopeful: bool) -> sql.Value:
    """One end of a value, best first, then the tie. A row never holds its open end: it is past it, or (`hopeful`)
    falls short of it."""
    nothing, short = (float("-inf"), 1) if hopeful else (float("inf"), -1)
    parts = {"value": ordered(held.low if end == "low" else held.top, highest).fill_null(nothing)}
    opens = held.low_open if end == "low" else held.high_open
    if held.low_open is not None or held.high_open is not None:
        parts["open"] = (opens.fill_null(False).cast("int64") if opens is not None else sql.literal(0, "int64")) * short
    return sql.struct({**parts, "tie": tie})


def _linear(day: sql.Value, cdisc: bool) -> sql.Value:
    """Days without CDISC's gap where day 0 would be."""
    whole = day.cast("int64")
    return sql.cases((whole > 0, whole - 1), else_=whole) if cdisc else whole


def within(day: Value, first: int, last: int) -> sql.Value:
    """The day lies between two days, both included."""
    low, high = Value(sql.literal(float(first))), Value(sql.literal(float(last)))
    return compare(">=", day, low) & compare("<=", day, high)


def _behind(key: sql.Value, later: sql.Value) -> sql.Value:
    """One bit of the key: rows for which `later` holds come after the others."""
    return key * 2 + later.fill_null(False).cast("int64")


BY_DAY, BY_TIME = ("later day", "earlier day"), ("later time", "earlier time")
FAR = 4_000_000  # more days than any two dates are apart


def _by_day(key: sql.Value, tie: str, early: sql.Value, late: sql.Value, hopeful: bool) -> sql.Value:
    """The day itself as the next part of the key, where the first part leaves it open."""
    ends = (-late, -early) if tie == "later day" else (early, late)
    day = ends[0 if hopeful else 1].fill_null(-FAR if hopeful else FAR)
    return key * (2 * FAR + 1) + day.cast("int64") + FAR


def _later_day(
    key: sql.Value, early: sql.Value, late: sql.Value, target: int, row: MeasureRow, hopeful: bool
) -> sql.Value:
    return _behind(key, late < target)


def _earlier_day(
    key: sql.Value, early: sql.Value, late: sql.Value, target: int, row: MeasureRow, hopeful: bool
) -> sql.Value:
    return _behind(key, early > target)


def _scheduled(
    key: sql.Value, early: sql.Value, late: sql.Value, target: int, row: MeasureRow, hopeful: bool
) -> sql.Value:
    return key * 2 + (~row.scheduled).cast("int64")


def _later_time(
    key: sql.Value, early: sql.Value, late: sql.Value, target: int, row: MeasureRow, hopeful: bool
) -> sql.Value:
    return _by_time(key, row, SECONDS - 1 - row.second, hopeful)


def _earlier_time(
    key: sql.Value, early: sql.Value, late: sql.Value, target: int, row: MeasureRow, hopeful: bool
) -> sql.Value:
    return _by_time(key, row, row.second + 1, hopeful)


def _by_time(key: sql.Value, row: MeasureRow, place: sql.Value, hopeful: bool) -> sql.Value:
    """A record without a time first; one whose moment is not known at all comes last, or (`hopeful`) first."""
    if not row.timed:
        return key * SECONDS
    nobody_knows = 0 if hopeful else SECONDS - 1
    return key * SECONDS + sql.cases((row.second < 0, 0), (row.second.notnull(), place), else_=nobody_knows)


TIES = {
    "later day": _later_day,
    "earlier day": _earlier_day,
    "scheduled": _scheduled,
    "later time": _later_time,
    "earlier time": _earlier_time,
}
