"""Design checks on timepoints, dates and the patient's key."""

from __future__ import annotations

from prelock.documents.tree import Scalar
from prelock.rules.nodes import AtPoint, PointsAggregate, walk
from prelock.study.building import Building
from prelock.study.definition import Measure, Timepoint
from prelock.study.readable import readable


def day_in_window(b: Building) -> None:
    """A timepoint's window holds its target day."""
    for name, key in b.declared.get("timepoints", {}).items():
        point = b.timepoints[name]
        if (
            ("timepoint", name) not in b.unreadable
            and point.day is not None
            and point.window
            and not point.window[0] <= point.day <= point.window[1]
        ):
            low, high = point.window
            message = f"the window {low} to {high} of {name} does not hold its day {point.day}"
            b.note("day-outside", message, key, "Change the day or the window; both ends of a window belong to it.")


def days_have_a_zero(b: Building) -> None:
    """Days are counted from a day zero that the study names."""
    if b.header.day_zero is not None:
        return
    for name, key in b.declared.get("timepoints", {}).items():
        if b.timepoints[name].window is not None:
            hint = "Write `day_zero: ` and the variable that gives the date, in study.yaml."
            b.note("no-day-zero", f"the days of {name} are counted from nothing: the study has no day zero", key, hint)


def measures_have_dates(b: Building) -> None:
    """A measure read at a timepoint has a date, or its rows say the visit."""
    for measure, points in _read_at(b).items():
        known, place = b.measures.get(measure), b.declared["measures"][measure]
        sound = [at for name in points if (at := b.point(name)) and ("timepoint", name) not in b.unreadable]
        if known is None:
            continue
        undated = [at.shown for at in sound if at.window is not None and known.date is None]
        if undated and not b.measure_has_date(measure):
            message = f"{measure} is read at {', '.join(undated)} and has no date"
            b.note("no-date", message, place, "Name the column of its date: `date: collected_at`.")
        for at in sound:
            _has_visit(b, known, at, place)
            if not readable(known, at):
                message = f"{at.shown} takes the {at.choose} value, and those of {measure} ({known.type}) have no order"
                hint = "Choose closest, first or last there, or say `ordered: yes` where the codes have an order."
                b.note("not-ordered", message, place, hint)


def _read_at(b: Building) -> dict[str, dict[str, None]]:
    """The timepoints at which each measure is read."""
    found: dict[str, dict[str, None]] = {}
    for node in (part for rule in b.read for part in walk(rule.node)):
        if isinstance(node, AtPoint):
            found.setdefault(node.measure, {})[node.point] = None
        elif isinstance(node, PointsAggregate):
            found.setdefault(node.measure, {}).update({node.start: None, node.end: None})
    return found


def _has_visit(b: Building, known: Measure, at: Timepoint, place: Scalar) -> None:
    needs_visit = at.window is None or bool(at.visits)
    if needs_visit and known.relation not in at.visits:
        message = f"{known.name} is read at {at.shown}, whose visit its rows ({known.relation}) do not tell"
        b.note("no-visit", message, place, "Give the timepoint a day and a window too, or read another table.")


def patient_key(b: Building) -> None:
    """The patient table has one row for each patient, and measures are of patients."""
    table = b.tables.get(b.header.patient_table)
    for name, measure in b.measures.items():
        if "patient" not in b.relations[measure.relation].grain:
            place = b.declared["measures"][name]
            b.note("no-patient", f"{name} is read from {measure.relation}, whose rows name no patient", place)
    if table is not None and table.key and table.key != (b.header.patient_column,):
        message = f"{table.name} has one row for each {' and '.join(table.key)}, not for each {b.header.patient_column}"
        place = b.declared["tables"][table.name]
        b.note("patient-key", message, place, f"Write `one row for each: {b.header.patient_column}`.")
