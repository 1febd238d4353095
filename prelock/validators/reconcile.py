"""Laboratory values and adverse events held against each other: neither should stand without the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation, RowView
from prelock.rules.nodes import Column
from prelock.rules.types import PATIENT
from prelock.study.ctcae import find
from prelock.study.definition import AdverseEvents, Category, Measure, Reconcile
from prelock.validators.counted import Counted
from prelock.validators.event_grades import graded_rows
from prelock.validators.messages import message
from prelock.validators.records_found import gathered, record_findings
from prelock.validators.shapes import total

VALUE, EVENT = "value without event", "event without value"


@dataclass(frozen=True)
class _Pair:
    """One graded category with its measure, and what the study asks of both."""

    category: Category
    measure: Measure
    asks: Reconcile

    def name(self, what: str) -> str:
        """The check's name."""
        return f"reconcile: {self.category.name}, {what}"


def reconcile(evaluation: Evaluation, section: AdverseEvents, events: sql.Table) -> list[Counted]:
    """Two checks for each graded category, where the study asks for them.

    A value of the stated grade or worse, after day zero, needs an event of its category that begins at most so
    many days after it and has not ended more than so many days before it; without an end an event goes on. An event
    needs such a value at most so many days from its onset. What is blank or partial leaves the question open: unknown.
    """
    found: list[Counted] = []
    for category in section.categories:
        if section.reconcile is not None and category.grading is not None:
            pair = _Pair(category, evaluation.study.measures[category.grading.measure], section.reconcile)
            found += _reconciled(evaluation, section, events, pair)
    return found


def _reconciled(evaluation: Evaluation, section: AdverseEvents, events: sql.Table, pair: _Pair) -> list[Counted]:
    table = evaluation.frames.table_of(pair.measure.relation)
    absent = next((name for name in (table, section.source) if not evaluation.clean[name].present), None)
    if absent is not None:
        error = f"the table {absent} could not be read"
        return [Counted(pair.name(what), "record", error=error) for what in (VALUE, EVENT)]
    values, periods = _values(evaluation, pair), _periods(evaluation, section, events, pair)
    return [
        _values_checked(evaluation, pair, values, periods),
        _events_checked(evaluation, section, pair, values, periods),
    ]


def _values(evaluation: Evaluation, pair: _Pair) -> sql.Table:
    """The measure's rows with `patient`, `day` and whether each is `bad`: null where a grade can't be told."""
    assert pair.category.grading is not None
    term = find(pair.category.grading.scale)
    assert term is not None
    return evaluation.session.materialise(graded_rows(evaluation, pair.measure, term, pair.asks.grade))


def _periods(evaluation: Evaluation, section: AdverseEvents, events: sql.Table, pair: _Pair) -> sql.Table:
    """The category's events with their first and last day as bounds; null bounds are not known or open.

    `goes_on` is false where an end was written that can't be read.
    """
    columns = [_column(evaluation, section, name) for name in (section.onset, section.end) if name is not None]
    view = RowView(evaluation.frames.rows(section.source, columns, (), evaluation.view))
    nothing = sql.null("date")
    onset = _days(view, columns[0]) if section.onset is not None else (nothing, nothing)
    end = _days(view, columns[-1]) if section.end is not None else onset
    open_ended = sql.literal(True) if section.end is None else view.value(columns[-1]).missing().fill_null(False)
    bounds = view.table.select(
        at=view.table["row"],
        onset_low=onset[0],
        onset_high=onset[1],
        end_low=end[0],
        end_high=end[1],
        goes_on=open_ended,
    )
    mine = events.filter((events["category"] == pair.category.name) & events["row"].notnull())
    mine = mine.select(event=mine["row"], who=mine["patient"])
    return evaluation.session.materialise(mine.inner_join(bounds, mine["event"] == bounds["at"]).drop("at"))


def _column(evaluation: Evaluation, section: AdverseEvents, name: str) -> Column:
    spec = evaluation.study.tables[section.source].columns[name]
    return Column(relation=section.source, name=name, type=spec.type, grain=PATIENT | {section.source})


def _days(view: RowView, column: Column) -> tuple[sql.Value, sql.Value]:
    found = view.value(column)
    low, high = (side.date() if side.type().is_timestamp() else side for side in (found.low, found.top))
    return low, high


# ---- values -------------------------------------------------------------------------------------------------------
def _values_checked(evaluation: Evaluation, pair: _Pair, values: sql.Table, periods: sql.Table) -> Counted:
    """Every value that is bad enough has its event."""
    name, days = pair.name(VALUE), pair.asks.within_days
    asked = values.filter(values["applies"].fill_null(True))
    near = asked.inner_join(periods, asked["patient"] == periods["who"])
    begun = [near["day"].delta(near[side], unit="day") >= -days for side in ("onset_high", "onset_low")]
    left = [near["day"].delta(near[side], unit="day") <= days for side in ("end_low", "end_high")]
    both = near.select(
        "row",
        sure=begun[0].fill_null(False) & sql.cases((left[0].isnull(), near["goes_on"]), else_=left[0]),
        possible=begun[1].fill_null(True) & left[1].fill_null(True),
    )
    told = both.group_by("row").aggregate(sure=both["sure"].any(), possible=both["possible"].any())
    rows = asked.left_join(told, "row")
    sure, possible = rows["sure"].fill_null(False), rows["possible"].fill_null(False)
    certain = rows["bad"].fill_null(False) & rows["day"].notnull() & rows["applies"].fill_null(False)
    rows = rows.select(
        "row",
        "patient",
        passed=rows["bad"].fill_null(False) & sure,
        failed=certain & ~possible,
        fine=(~rows["bad"]).fill_null(False),
    )
    rows = evaluation.session.materialise(rows)
    counts = _counts(evaluation, rows)
    outside = evaluation.session.scalars(values, n=total(~values["applies"].fill_null(True)))["n"] + counts["fine"]
    columns = [pair.measure.value.name] if isinstance(pair.measure.value, Column) else []
    columns += [pair.measure.unit_column] if pair.measure.unit_column else []
    table = evaluation.frames.table_of(pair.measure.relation)
    found: tuple[sql.Table, ...] = ()
    if counts["failed"]:  # all values of one patient are one query
        failing = rows.filter(rows["failed"]).select("row", who=rows["patient"])
        first = gathered(evaluation, table, failing, ["who"], columns[0] if columns else "")
        found = (_findings(evaluation, pair, VALUE, table, first, columns),)
    return Counted(name, "record", counts["passed"], counts["failed"], counts["unknown"], outside, findings=found)


# ---- events -------------------------------------------------------------------------------------------------------
def _events_checked(
    evaluation: Evaluation, section: AdverseEvents, pair: _Pair, values: sql.Table, periods: sql.Table
) -> Counted:
    """Every event has its value; a value on an unknown day, or of unknown grade, may be the one."""
    near = periods.inner_join(values, periods["who"] == values["patient"])
    days = pair.asks.within_days
    known = near["onset_low"] == near["onset_high"]
    since = {side: near["day"].delta(near[side], unit="day") for side in ("onset_low", "onset_high")}
    apart = since["onset_low"].abs() <= days
    may = (since["onset_low"] >= -days).fill_null(True) & (since["onset_high"] <= days).fill_null(True)
    both = near.select(
        "event",
        sure=(known & apart & near["bad"]).fill_null(False),
        possible=may & near["bad"].fill_null(True),
    )
    told = both.group_by("event").aggregate(sure=both["sure"].any(), possible=both["possible"].any())
    rows = periods.left_join(told, "event")
    sure, possible = rows["sure"].fill_null(False), rows["possible"].fill_null(False)
    rows = rows.select(row=rows["event"], passed=sure, failed=~possible, fine=sql.literal(False))
    rows = evaluation.session.materialise(rows)
    counts = _counts(evaluation, rows)
    columns = [name for name in (section.term, section.onset) if name is not None]
    found: tuple[sql.Table, ...] = ()
    if counts["failed"]:
        failing = rows.filter(rows["failed"]).select("row")
        found = (_findings(evaluation, pair, EVENT, section.source, failing, columns),)
    return Counted(pair.name(EVENT), "record", counts["passed"], counts["failed"], counts["unknown"], findings=found)


def _counts(evaluation: Evaluation, rows: sql.Table) -> dict[str, int]:
    told = {name: total(rows[name]) for name in ("passed", "failed", "fine")}
    counts: dict[str, int] = evaluation.session.scalars(rows, all=rows.count(), **told)
    return {**counts, "unknown": counts["all"] - counts["passed"] - counts["failed"] - counts["fine"]}


def _findings(
    evaluation: Evaluation, pair: _Pair, what: str, table: str, failing: sql.Table, columns: Sequence[str]
) -> sql.Table:
    parts = {"measure": pair.measure.name, "category": pair.category.name, "days": str(pair.asks.within_days)}
    return record_findings(
        evaluation,
        table,
        failing,
        rule=pair.name(what),
        kind="reconcile",
        severity=pair.asks.severity,
        message=message(evaluation.study.language, what, grade=str(pair.asks.grade), **parts),
        columns=columns,
    )
