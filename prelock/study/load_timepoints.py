"""Timepoints: a target day, a window, how a row is chosen, or a rule that tells the visit."""

from __future__ import annotations

from dataclasses import replace

from prelock.documents.reading import Fields, read_mapping, read_range, read_whole
from prelock.documents.tree import Element, Scalar
from prelock.errors import Problem
from prelock.rules.types import Kind
from prelock.study.building import Building
from prelock.study.definition import Timepoint
from prelock.study.names_allowed import allowed_name

KEYS = ("day", "window", "choose", "visit", "text")
CHOICES = ("closest", "first", "last", "lowest", "highest")


def declare(b: Building, section: Element) -> None:
    """Declare each timepoint; rules on the visit are read by `finish`."""
    for entry in read_mapping(section, b.problems, "timepoints by name"):
        if allowed_name(b, entry.key, "timepoints"):
            fields = Fields(entry.value, KEYS, f"timepoint {entry.key.text}", b.problems, at=entry.key)
            before = len(b.problems)
            b.timepoints[entry.key.text] = _timepoint(b, entry.key, fields)
            if len(b.problems) > before:
                b.unreadable.add(("timepoint", entry.key.text))


def _timepoint(b: Building, key: Scalar, fields: Fields) -> Timepoint:
    day_at = fields.get("day")
    day = read_whole(day_at, b.problems, "a day, as 84") if day_at else None
    window = read_window(b, fields.get("window"))
    if fields.ok and day is None and "day" not in fields and "visit" not in fields and window is None:
        hint = "Write {day: 84, window: 70 to 98, choose: closest} or {visit: a rule}."
        b.note("missing-key", f"timepoint {key.text} has no `day` and no `visit`", key, hint)
    if day_at and day == 0 and b.header.cdisc_days:
        b.note(
            "no-day-zero", "with `day_one` there is no day 0", day_at, "The first day is day 1, the one before it -1."
        )
    choose = fields.choice("choose", CHOICES) or "closest"
    if day is None and window is not None and choose == "closest":
        b.note("missing-key", f"timepoint {key.text} needs `day` to choose the closest", key)
    return Timepoint(
        name=key.text,
        shown=key.text,
        day=day,
        window=window or ((day, day) if day is not None and "visit" not in fields else None),
        choose=choose,
        visits={},
        after_day_zero=False,
        location=key.location,
    )


def read_window(b: Building, element: Element | None) -> tuple[int, int] | None:
    """`A to B` in whole days."""
    found = read_range(element, b.problems, "a window in days, as 70 to 98") if element else None
    if element is None or found is None:
        return None
    low, high = found
    if low != int(low) or high != int(high):
        b.note("wrong-form", "a window is in whole days", element)
        return None
    if b.header.cdisc_days and 0 in (low, high):
        b.note("no-day-zero", "with `day_one` there is no day 0", element, "Begin or end at -1 or 1.")
    return int(low), int(high)


def finish(b: Building, section: Element) -> None:
    """Read each rule on the visit from a row of every relation that has a measure."""
    relations = list(dict.fromkeys(measure.relation for measure in b.measures.values()))
    for entry in read_mapping(section, [], "timepoints"):
        point = b.timepoints.get(entry.key.text)
        fields = Fields(entry.value, KEYS, "", [])
        rule = fields.get("visit")
        if point is not None and rule is not None:
            b.timepoints[point.name] = _visits(b, point, rule, relations)


def _visits(b: Building, point: Timepoint, rule: Element, relations: list[str]) -> Timepoint:
    """A relation that lacks the rule's column has no rows at this timepoint; one that can be read is enough."""
    visits, faults = {}, None
    for relation in relations:
        noted: list[Problem] = []
        node = b.rule(rule, relation, Kind.TRUTH, problems=noted)
        if node is not None:
            visits[relation] = node
        faults = faults or noted
    if not visits:
        b.unreadable.add(("timepoint", point.name))
        b.problems.extend(faults or [])
        if not relations:
            b.note("no-measure", "a timepoint told by its visit needs a measure to read there", rule)
    return replace(point, visits=visits)
