"""Findings that evaluating raised: conflicts, rows in doubt, units, totals that disagree, impossible values."""

from __future__ import annotations

from collections.abc import Mapping

from prelock.engine import sql
from prelock.engine.compile import truth, value
from prelock.engine.folds.at_point import AtPointFold
from prelock.engine.frames import Frames
from prelock.engine.measures import MeasureRow
from prelock.engine.telling import shown
from prelock.engine.view import View
from prelock.study.definition import Measure, StudyDefinition

Points = Mapping[tuple[str, str], AtPointFold]


def raised(study: StudyDefinition, wide: View, frames: Frames, points: Points) -> list[sql.Table]:
    """Tables with columns rule, kind, severity, grain, table, row (0: no one row), patient, column, rows (others
    involved), value, message."""
    found = [part for fold in points.values() for part in _choices(wide, fold) if _declared(study, fold)]
    for measure in study.measures.values():
        if not measure.derived:
            found += _rows(study, measure, wide, frames)
    return found


def _declared(study: StudyDefinition, fold: AtPointFold) -> bool:
    return not fold.measure().derived and study.timepoints[fold.node.point].shown == fold.node.point


def _choices(wide: View, fold: AtPointFold) -> list[sql.Table]:
    if not fold.looked:
        return []
    table = wide.table
    status, rows, over = table[fold.name("status")], table[fold.name("rows")], table[fold.name("passed over")]
    name = f"{fold.node.measure} at {fold.node.point}"
    where = f"in {fold.relation}"
    conflict = f"Several values of {name} are equally near and differ. Please say which one holds ({where}, rows "
    doubtful = f"{name} cannot be told: a row that is blank or unreadable might be the one ({where}, rows "
    passed = f"A row for {name} could not be used; another value was nearer ({where}, rows "
    return [
        _choice(table, fold, status == "conflict", rows, "conflict", "error", conflict),
        _choice(table, fold, status == "doubtful", rows, "doubtful", "error", doubtful),
        _choice(table, fold, (status == "recorded") & over.notnull(), over, "doubtful", "warning", passed),
    ]


def _choice(
    table: sql.Table, fold: AtPointFold, when: sql.Value, rows: sql.Value, kind: str, severity: str, say: str
) -> sql.Table:
    first = rows.split(", ")[0].try_cast("int64")
    return table.filter(when.fill_null(False)).select(
        rule=sql.literal(f"{fold.node.measure} at {fold.node.point}"),
        kind=sql.literal(kind),
        severity=sql.literal(severity),
        grain=sql.literal("patient"),
        table=sql.literal(fold.relation),
        row=first,
        patient=table["patient"],
        column=sql.literal(_column(fold.measure())),
        rows=rows,
        value=sql.literal(""),
        message=sql.literal(say) + rows + ")",
    )


def _column(measure: Measure) -> str:
    return str(getattr(measure.value, "name", ""))


def _rows(study: StudyDefinition, measure: Measure, wide: View, frames: Frames) -> list[sql.Table]:
    view = frames.rows(measure.relation, (), [measure], wide)
    row = MeasureRow(measure, view)
    parts = []
    if measure.unit_column is not None:
        say = f"The unit of {measure.name} is missing, not known, or of another kind than {measure.unit}"
        column = view.table[measure.unit_column]
        when = row.unit_fault & row.where.fill_null(True)
        parts.append(_row(view, measure, when, "unit", measure.unit_column, column.fill_null(""), say))
    if measure.agreement is not None and not _checked_elsewhere(study, measure):
        say = f"Two sources of {measure.name} disagree. Please check the total and its parts"
        held = shown(value(measure.value, view))
        off = (~truth(measure.agreement, view)).fill_null(False)
        parts.append(_row(view, measure, off, "disagreement", _column(measure), held, say))
    return parts


def _checked_elsewhere(study: StudyDefinition, measure: Measure) -> bool:
    """A check with the same rule already says so: one finding a problem."""
    return any(c.rule == measure.agreement and c.relation == measure.relation for c in study.checks)


def _row(view: View, measure: Measure, when: sql.Value, kind: str, column: str, held: sql.Value, say: str) -> sql.Table:
    table = view.table
    return table.filter(when.fill_null(False)).select(
        rule=sql.literal(f"{measure.name}: {kind}"),
        kind=sql.literal(kind),
        severity=sql.literal("error"),
        grain=sql.literal(measure.relation),
        table=sql.literal(measure.relation),
        row=table["row"],
        patient=table["patient"],
        column=sql.literal(column),
        rows=sql.literal(""),
        value=held,
        message=sql.literal(say),
    )
