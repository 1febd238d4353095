"""When an endpoint that does not say so can be evaluated: every value at a timepoint that it reads is recorded."""

from __future__ import annotations

from prelock.rules.nodes import And, AtPoint, HasState, Literal, Met, Node, Variable, walk
from prelock.rules.types import PATIENT, STUDY, TRUTH
from prelock.study.building import Building


def default_evaluable(b: Building, achieved: Node) -> Node:
    """All values at timepoints are recorded, and all endpoints that the rule builds on can be evaluated."""
    parts: dict[Node, None] = {}
    _collect(b, achieved, parts, set())
    found = tuple(parts)
    if not found:
        return Literal(type=TRUTH, grain=STUDY, value=True)
    return found[0] if len(found) == 1 else And(type=TRUTH, grain=PATIENT, parts=found)


def _collect(b: Building, node: Node, parts: dict[Node, None], seen: set[str]) -> None:
    for part in walk(node):
        if isinstance(part, AtPoint):
            whole = AtPoint(
                type=b.scope.measures[part.measure].type, grain=PATIENT, measure=part.measure, point=part.point
            )
            parts[HasState(type=TRUTH, grain=PATIENT, value=whole, state="recorded")] = None
        elif isinstance(part, Variable) and ("variable", part.name) in b.resolver and part.name not in seen:
            seen.add(part.name)
            _collect(b, b.resolver.get(("variable", part.name)), parts, seen)
        elif isinstance(part, Met) and part.section == "endpoint":
            parts[b.resolver.get(("endpoint", part.name)).evaluable] = None
