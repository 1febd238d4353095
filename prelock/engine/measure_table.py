"""Measures at timepoints as a long table: what was chosen for each patient, and where it stands in the file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from prelock.engine import sql
from prelock.engine.censored import substituted, swapped
from prelock.engine.compile import day_zero, study_day, value
from prelock.engine.folds.at_point import AtPointFold
from prelock.engine.frames import Frames
from prelock.engine.telling import shown
from prelock.engine.view import View, slot
from prelock.rules import nodes as n
from prelock.rules.types import PATIENT, TRUTH
from prelock.study.definition import StudyDefinition

Points = Mapping[tuple[str, str], AtPointFold]


def measure_points(study: StudyDefinition, wide: View, frames: Frames, points: Points) -> sql.Table:
    """Columns: `COLUMNS`. One row a patient × measure × declared timepoint."""
    alike: dict[Hashable, list[AtPointFold]] = {}
    for fold in points.values():
        if declared(fold):
            spec = fold.measure()
            alike.setdefault((spec.relation, slot(spec.value), spec.unit_column), []).append(fold)
    parts = []
    for folds in alike.values():
        chosen = sql.union(*(_chosen(study, wide, fold) for fold in folds))
        parts.append(_reported(folds[0], frames, chosen))
    if not parts:
        return _none(wide)
    return sql.union(*parts)


def declared(fold: AtPointFold) -> bool:
    """The measure is told at the timepoint: not under another name of it."""
    return not fold.measure().derived and fold.point.shown == fold.point.name


def days_from_target(study: StudyDefinition, wide: View, fold: AtPointFold) -> sql.Value:
    """How far the chosen record lies from the target day; negative before it."""
    day = fold.point.day
    return sql.null("int64") if day is None else _day(study, wide, fold) - day


def _day(study: StudyDefinition, wide: View, fold: AtPointFold) -> sql.Value:
    if study.day_zero is None:
        return sql.null("int64")
    return study_day(wide.table[fold.name("date")], day_zero(wide).low, study.cdisc_days).cast("int64")


def _chosen(study: StudyDefinition, wide: View, fold: AtPointFold) -> sql.Table:
    table, measure, point = wide.table, fold.measure(), fold.point
    return table.select(
        patient=table["patient"],
        measure=sql.literal(measure.name),
        timepoint=sql.literal(point.name),
        value=shown(value(fold.node, wide)),
        unit=sql.literal(measure.unit or ""),
        date=table[fold.name("date")].cast("string"),
        day=_day(study, wide, fold),
        table=sql.literal(fold.relation),
        row=table[fold.name("row")],
        normal=_normal(wide, fold),
        counted_as=_counted_as(wide, fold),
    )


def _normal(wide: View, fold: AtPointFold) -> sql.Value:
    if not fold.measure().normal:
        return sql.literal("")
    held = value(n.IsNormal(value=fold.node, type=TRUTH, grain=PATIENT), wide).low
    there = wide.table[fold.name("status")] == "recorded"
    said = sql.cases((held, "yes"), (~held, "no"), else_="unknown")
    return sql.cases((there, said), else_="")


def _counted_as(wide: View, fold: AtPointFold) -> sql.Value:
    """What arithmetic takes for the value where it is censored, else empty."""
    by, held = fold.measure().type.censored, value(fold.node, wide)
    if by is None:
        return sql.literal("")
    return sql.cases((swapped(held, by), shown(substituted(held, by))), else_="")


def _reported(fold: AtPointFold, frames: Frames, chosen: sql.Table) -> sql.Table:
    """The chosen cells as they were written, unit included."""
    spec = fold.measure()
    own = frames.own(spec.relation).table
    name = f"{spec.value.name}|text" if isinstance(spec.value, n.Column) else ""
    if name not in own.columns:
        written = sql.cases((chosen["value"] == "", ""), else_=chosen["value"] + " " + chosen["unit"]).strip()
        return chosen.mutate(reported=written).select(*COLUMNS)
    text = own[name].strip()
    if spec.unit_column is not None:
        text = text + sql.literal(" ") + own[spec.unit_column].fill_null("")
    cells = own.select(at=own["row"], reported=text.strip())
    return chosen.left_join(cells, [chosen["row"] == cells["at"]]).select(*COLUMNS)


COLUMNS = (
    "patient",
    "measure",
    "timepoint",
    "value",
    "unit",
    "reported",
    "date",
    "day",
    "table",
    "row",
    "normal",
    "counted_as",
)


def _none(wide: View) -> sql.Table:
    kinds = {"day": "int64", "row": "int64"}
    empty = {name: sql.null(kinds.get(name, "string")) for name in COLUMNS if name != "patient"}
    return wide.table.select("patient", **empty).filter(sql.literal(False)).select(*COLUMNS)
