"""Design checks on the criteria as a whole."""

from __future__ import annotations

from prelock.rules.nodes import And, Node
from prelock.rules.types import PATIENT, TRUTH
from prelock.study.building import Building
from prelock.study.definition import Criterion
from prelock.study.design_logic import possible
from prelock.study.empty_patient import truth_without_data
from prelock.study.names import passes


def criteria_without_data(b: Building) -> None:
    """An inclusion that a patient meets of whom nothing at all is recorded says so with `no data: passes`."""
    for criterion in b.criteria:
        if criterion.kind != "include":
            continue
        met = truth_without_data(b, criterion.rule)
        place = b.declared["criteria"][criterion.name]
        if met is True and criterion.name not in b.empty_passes:
            message = f"{criterion.name} is met by a patient of whom nothing is recorded"
            hint = "Ask for something that is recorded, or write `no data: passes` if that is meant."
            b.note("met-without-data", message, place, hint)
        elif met is not True and criterion.name in b.empty_passes:
            message = f"`no data: passes` is not so: without data {criterion.name} is not met"
            b.note("not-met-without-data", message, place, "Delete `no data`.")


def criteria_twice(b: Building) -> None:
    """No two criteria ask the same."""
    seen: dict[Node, Criterion] = {}
    for criterion in b.criteria:
        first = seen.setdefault(passes(criterion), criterion)
        if first is not criterion:
            message = f"{criterion.name} asks the same as {first.name} ({first.location})"
            b.note("criterion-twice", message, b.declared["criteria"][criterion.name], "Delete one of them.")


def nobody_eligible(b: Building) -> None:
    """Some patient could pass all criteria; the criterion that makes it impossible is named."""
    kept: list[Criterion] = []
    for criterion in b.criteria:
        if possible(passes(criterion)) and not possible(_all([*kept, criterion])):
            against = [c.name for c in kept if not possible(_all([c, criterion]))]
            others = ", ".join(against) or ", ".join(c.name for c in kept)
            message = f"no patient can pass {criterion.name} and {others} together"
            hint = "A patient gets past an exclusion when its rule does not hold: is one the wrong way round?"
            b.note("nobody-eligible", message, b.declared["criteria"][criterion.name], hint)
            continue
        kept.append(criterion)


def _all(criteria: list[Criterion]) -> Node:
    parts = tuple(passes(c) for c in criteria)
    return parts[0] if len(parts) == 1 else And(type=TRUTH, grain=PATIENT, parts=parts)
