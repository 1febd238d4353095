"""Aggregates of a measure over time: `highest CRP from baseline to week 12`."""

from __future__ import annotations

from dataclasses import replace

from prelock.engine.interval import ABSENT, MISSING, PASSED_OVER, UNREADABLE, compare, kleene_and
from prelock.engine.reference.folds import absence
from prelock.engine.reference.listed import Item, aggregate
from prelock.engine.reference.numbers import substituted
from prelock.engine.reference.points import within
from prelock.engine.reference.readings import Reading, readings
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import PointsAggregate
from prelock.study.definition import Timepoint

DATED = {"first": "<", "earliest": "<", "last": ">", "latest": ">"}


def points_aggregate(run: Run, node: PointsAggregate, here: Here) -> Part:
    """`how` of the measure from the first day of `start`'s window to the last day of `end`'s, both included."""
    measure = run.study.measures[node.measure]
    if run.no_telling(measure.relation, Here(here.patient)):
        return Part(node, UNREADABLE, lacks=absence(run, measure.relation))
    first, last = _days(run.study.timepoints[node.start])[0], _days(run.study.timepoints[node.end])[1]
    found: list[tuple[Reading, bool]] = []
    parts = []
    for reading in readings(run, measure, here.patient):
        counts = kleene_and(reading.passes, within(reading.day, first, last))
        if counts is False or reading.value.value.state in PASSED_OVER:
            continue
        if node.by is not None:
            reading = replace(reading, value=substituted(reading.value, node.by))
        found.append((reading, counts is True))
        dated = () if reading.date is None or counts else (reading.date,)
        value = reading.value.value if counts else UNREADABLE
        parts.append(Part(None, value, (*reading.filter, *dated, reading.value), words=reading.words))
    if node.how in DATED:
        if node.recorded:
            found = [(reading, sure) for reading, sure in found if reading.value.value.state not in ABSENT]
        found = _leading(DATED[node.how], found)
        items = [Item(reading.value.value, sure) for reading, sure in found]
        return Part(node, aggregate("only", items) if _told(items, node.recorded) else UNREADABLE, tuple(parts))
    items = [Item(reading.value.value, sure) for reading, sure in found]
    return Part(node, aggregate(node.how, items, node.recorded) if found else MISSING, tuple(parts))


def _told(items: list[Item], recorded: bool) -> bool:
    """No blank stands among the rows that may be the one."""
    return recorded or not items or all(item.value.recorded for item in items)


def _leading(op: str, found: list[tuple[Reading, bool]]) -> list[tuple[Reading, bool]]:
    """The rows before which no other row surely comes."""
    return [
        (reading, sure)
        for reading, sure in found
        if not any(counts and compare(op, other.day, reading.day) for other, counts in found)
    ]


def _days(point: Timepoint) -> tuple[int, int]:
    day = point.day or 0
    return point.window or (day, day)
