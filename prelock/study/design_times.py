"""Design checks on timepoints, dates and the patient's key."""

from __future__ import annotations

from prelock.rules.nodes import AtPoint, PointsAggregate, walk
from prelock.study.building import Building


def day_in_window(b: Building) -> None:
    """A timepoint's window holds its target day."""
    for name, key in b.declared.get("timepoints", {}).items():
        point = b.timepoints[name]
        if point.day is not None and point.window and not point.window[0] <= point.day <= point.window[1]:
            low, high = point.window
            message = f"the window {low} to {high} of {name} does not hold its day {point.day}"
            b.note("day-outside", message, key, "Change the day or the window; both ends of a window belong to it.")


def measures_have_dates(b: Building) -> None:
    """A measure read at a timepoint has a date, or its rows say the visit."""
    said: set[tuple[str, str]] = set()
    for rule in b.read:
        for node in walk(rule.node):
            pairs = [(node.measure, node.point)] if isinstance(node, AtPoint) else []
            if isinstance(node, PointsAggregate):
                pairs = [(node.measure, node.start), (node.measure, node.end)]
            for measure, point in pairs:
                if (measure, point) not in said:
                    said.add((measure, point))
                    _has_time(b, measure, point)


def _has_time(b: Building, measure: str, point: str) -> None:
    known, at = b.measures.get(measure), b.point(point)
    if known is None or at is None:
        return
    place = b.declared["measures"][measure]
    if at.window is not None and known.date is None:
        message = f"{measure} is read at {at.shown} and has no date"
        b.note("no-date", message, place, "Name the column of its date: `date: collected_at`.")
    needs_visit = at.window is None or bool(at.visits)
    if needs_visit and known.relation not in at.visits:
        message = f"{measure} is read at {at.shown}, whose visit its rows ({known.relation}) do not tell"
        b.note("no-visit", message, place, "Give the timepoint a day and a window too, or read another table.")


def patient_key(b: Building) -> None:
    """The patient table has one row for each patient."""
    table = b.tables.get(b.header.patient_table)
    if table is not None and table.key and table.key != (b.header.patient_column,):
        message = f"{table.name} has one row for each {' and '.join(table.key)}, not for each {b.header.patient_column}"
        place = b.declared["tables"][table.name]
        b.note("patient-key", message, place, f"Write `one row for each: {b.header.patient_column}`.")
