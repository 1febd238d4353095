"""Rival definitions: the same rule with another window, other limits, or the last value carried forward.

A rival reads derived timepoints and measures: copies of the author's own under a name that no author can write. What
a variable or another endpoint reads there is written out, so that the change reaches it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_mapping
from prelock.documents.tree import Entry
from prelock.rules.nodes import And, AtPoint, IsNormal, Met, Node, PointsAggregate, Variable, walk
from prelock.rules.types import PATIENT, TRUTH
from prelock.study.building import Building
from prelock.study.definition import Timepoint
from prelock.study.load_normal import read_normal_limits
from prelock.study.load_timepoints import read_window
from prelock.study.rewrite import rewrite

Redirect = Callable[[Node], Node]


@dataclass(frozen=True)
class Rerouted:
    """Reads other timepoints and measures in place of the author's; `spans` says whether a time span follows too."""

    building: Building
    points: dict[str, str]
    measures: dict[str, str]
    spans: bool = True

    def __call__(self, node: Node) -> Node:
        """The node as the rival reads it."""
        return rewrite(node, self._change)

    def _change(self, node: Node) -> Node:
        if isinstance(node, AtPoint):
            point, measure = self.points.get(node.point, node.point), self.measures.get(node.measure, node.measure)
            return (
                node if (point, measure) == (node.point, node.measure) else replace(node, point=point, measure=measure)
            )
        if isinstance(node, PointsAggregate) and self.spans:
            start, end = self.points.get(node.start, node.start), self.points.get(node.end, node.end)
            return replace(node, start=start, end=end, measure=self.measures.get(node.measure, node.measure))
        written = self._written(node)
        return node if written is None else written

    def _written(self, node: Node) -> Node | None:
        """What a name stands for, where it reads something that changes."""
        whole = _meaning(self.building, node)
        if whole is None:
            return None
        changed = self(whole)
        return None if changed is whole else changed


def _meaning(b: Building, node: Node) -> Node | None:
    if isinstance(node, Variable) and ("variable", node.name) in b.resolver:
        found: Node = b.resolver.get(("variable", node.name))
        return found
    if isinstance(node, Met) and node.section == "endpoint":
        main = b.resolver.get(("endpoint", node.name))
        member = Variable(type=TRUTH, grain=PATIENT, name=main.population)
        return And(type=TRUTH, grain=PATIENT, parts=(member, main.evaluable, main.achieved))
    return None


def redirects(b: Building, name: str, fields: Fields) -> Redirect | None:
    """How a rival with `window` or `limits` reads the rules; None for one that has neither."""
    windows, limits = fields.get("window"), fields.get("limits")
    points = [_window(b, name, e) for e in read_mapping(windows, b.problems, "windows by timepoint")] if windows else []
    measures = [_limits(b, name, e) for e in read_mapping(limits, b.problems, "limits by measure")] if limits else []
    rerouted = Rerouted(b, dict(p for p in points if p), dict(m for m in measures if m))
    return rerouted if rerouted.points or rerouted.measures else None


def _window(b: Building, name: str, entry: Entry) -> tuple[str, str] | None:
    point = b.timepoints.get(entry.key.text)
    window = read_window(b, entry.value)
    if point is None:
        hint = nearest(entry.key.text, b.timepoints, "The timepoints are")
        b.note("unknown-name", f"`{entry.key.text}` is no timepoint", entry.key, hint)
        return None
    if window is None:
        return None
    if point.day is not None and not window[0] <= point.day <= window[1]:
        b.note("day-outside", f"day {point.day} of {point.name} lies outside this window", entry.value)
    hidden = f"{point.name} | {name}"
    b.hidden_points[hidden] = (point.name, partial(replace, name=hidden, window=window))
    return point.name, hidden


def _limits(b: Building, name: str, entry: Entry) -> tuple[str, str] | None:
    found = b.resolver.find(("measure", entry.key.text)) if ("measure", entry.key.text) in b.resolver else None
    if found is None:
        if entry.key.text not in b.scope.measures:
            hint = nearest(entry.key.text, b.scope.measures, "The measures are")
            b.note("unknown-name", f"`{entry.key.text}` is no measure", entry.key, hint)
        return None
    limits = read_normal_limits(b, entry.value, found.relation, found.type)
    hidden = f"{entry.key.text} | {name}"
    b.hidden_measures[hidden] = (
        entry.key.text,
        partial(replace, name=hidden, normal=limits, shown=entry.key.text),
    )
    return entry.key.text, hidden


def last_observation(b: Building, achieved: Node, evaluable: Node) -> tuple[Node, Node]:
    """The rules with every later timepoint read as the last value after day zero, up to the end of its window."""
    hidden = {}
    for point in _later_points(b, achieved, evaluable):
        derived = f"{point} | last observation"
        hidden[point] = derived
        b.hidden_points[derived] = (point, partial(carried, name=derived, first=2 if b.header.cdisc_days else 1))
    rerouted = Rerouted(b, hidden, {}, spans=False)
    return rerouted(achieved), rerouted(evaluable)


def carried(point: Timepoint, name: str, first: int) -> Timepoint:
    """The timepoint that takes the last value from the day after day zero (`first`) on."""
    end = point.window[1] if point.window else point.day or 1
    return replace(point, name=name, window=(first, max(first, end)), choose="last", after_day_zero=True, visits={})


def _later_points(b: Building, *nodes: Node) -> list[str]:
    found: dict[str, None] = {}

    def look(node: Node) -> None:
        for part in walk(node):
            if isinstance(part, AtPoint | IsNormal):
                at = part.value if isinstance(part, IsNormal) else part
                own = b.point(at.point)
                if (
                    own is not None
                    and own.window is not None
                    and own.window[1] > 0
                    and (own.day is None or own.day > 0)
                ):
                    found[at.point] = None
            whole = _meaning(b, part)
            if whole is not None:
                look(whole)

    for node in nodes:
        look(node)
    return list(found)
