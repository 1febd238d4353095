"""Grades of events from laboratory values: the worst within the stated days of onset."""

from __future__ import annotations

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation, RowView
from prelock.rules import units
from prelock.rules.nodes import AtPoint, IsNormal, Node, Variable
from prelock.rules.types import DATE, PATIENT, TRUTH
from prelock.study.ctcae import Term, find
from prelock.study.definition import AdverseEvents, Category, Measure
from prelock.validators.grading import Baseline, Row, grade, reaches
from prelock.validators.shapes import union

BASELINE = "baseline"


def graded(evaluation: Evaluation, section: AdverseEvents, events: sql.Table) -> sql.Table | None:
    """`row`, `lab_grade`, `scale` of events that have a grade; None where no category is graded by a measure."""
    parts = [part for category in section.categories for part in _category(evaluation, category, events)]
    return evaluation.session.materialise(union(parts)) if parts else None


def _category(evaluation: Evaluation, category: Category, events: sql.Table) -> list[sql.Table]:
    grading = category.grading
    term = find(grading.scale) if grading else None
    measure = evaluation.study.measures[grading.measure] if grading else None
    if grading is None or term is None or measure is None or measure.date is None:
        return []
    mine = events.filter((events["category"] == category.name) & events["onset"].notnull())
    mine = mine.select("row", who=mine["patient"], onset=mine["onset"])
    values = graded_rows(evaluation, measure, term)
    values = values.filter(values["day"].notnull())
    near = mine.inner_join(values, mine["who"] == values["patient"])
    apart = near["day"].delta(near["onset"], unit="day").abs()
    near = near.filter(apart <= grading.within_days)
    worst = near.group_by("row").aggregate(
        worst=near["grade"].max(), open=near["grade"].isnull().any().fill_null(False)
    )
    settled = (worst["worst"] == term.worst) | ~worst["open"]
    known = worst.filter(settled & worst["worst"].notnull())
    return [known.select("row", lab_grade=known["worst"], scale=sql.literal(term.scale))]


def graded_rows(evaluation: Evaluation, measure: Measure, term: Term, least: int = 1) -> sql.Table:
    """`row`, `patient`, `day` (null: not known), `grade` (null: can't be told) of each row with a value of the measure.

    `bad` says whether the grade is `least` or worse, which may be known where the grade is not.
    `applies` says whether the day is after day zero: null where nobody knows, true where the study has none.
    """
    baseline = AtPoint(measure=measure.name, point=BASELINE, type=measure.type, grain=PATIENT)
    based = term.needs_baseline and BASELINE in evaluation.study.timepoints
    normal = IsNormal(value=baseline, type=TRUTH, grain=PATIENT)
    parts: list[Node | None] = [measure.value, measure.where, measure.date]
    parts += [node for limit in measure.normal for node in limit.parts]
    parts += [baseline, normal] if based else []
    zero = evaluation.study.day_zero
    start = Variable(name=zero, type=DATE, grain=PATIENT) if zero else None
    wanted = [node for node in (*parts, start) if node is not None]
    rows = RowView(evaluation.frames.rows(measure.relation, wanted, (), evaluation.view))
    found = rows.value(measure.value)
    base = Baseline(rows.value(baseline), rows.truth(normal)) if based else None
    row = Row(measure, rows.value, rows.truth, found, base)
    unit = None if measure.unit_column is None else rows.table[measure.unit_column]
    assert measure.date is not None
    date = rows.value(measure.date)
    day = date.low.date() if date.low.type().is_timestamp() else date.low
    day = sql.cases((date.known(), day), else_=sql.null("date"))
    kept = rows.table["row"].notnull() & ~found.missing().fill_null(False)
    if measure.where is not None:
        kept = kept & rows.truth(measure.where)
    applies = sql.literal(True) if start is None else day > rows.value(start).low
    table = rows.table.filter(kept)
    texts = _texts(rows, measure)
    judged = {"grade": grade(row, term, texts, unit), "bad": reaches(row, term, least, texts, unit)}
    return table.select("row", "patient", day=day, **judged, applies=applies)


def _texts(rows: RowView, measure: Measure) -> dict[str, str | None]:
    """Each text of the unit column with its canonical unit."""
    if measure.unit_column is None:
        return {}
    return {text: units.canonical(text) for text in rows.view.texts(measure.relation, measure.unit_column)}
