"""`is normal`: the chosen value against the limits that apply to the patient, or to its own record."""

from __future__ import annotations

from dataclasses import replace

from prelock.engine.exhaustive import exhaustive
from prelock.engine.interval import Truth, Val, compare, kleene_and, of_truth, within
from prelock.engine.reference.cases import applies, hull
from prelock.engine.reference.numbers import scaled
from prelock.engine.reference.points import choose
from prelock.engine.reference.readings import Reading
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import IsNormal, Node
from prelock.study.definition import Measure, NormalLimit


def is_normal(run: Run, node: IsNormal, here: Here) -> Part:
    """True or false where all limits that may apply agree. Rows that share the value must agree on it, too."""
    value = run.evaluate(node.value, here)
    measure = run.study.measures[node.value.measure]
    choice = choose(run, measure.name, node.value.point, here.patient)
    if choice.chosen is None:
        return Part(node, of_truth(None), (value,))
    parts = tuple(normal(run, measure, reading, choice.value) for reading in (choice.chosen, *choice.sharing))
    return Part(node, of_truth(hull([part.value for part in parts]).truth), (value, *parts))


def normal(run: Run, measure: Measure, reading: Reading, value: Val) -> Part:
    """Is `value` within the limits that this row's patient, or the row itself, gives?"""
    parts: list[Part] = []
    outcomes: list[Truth] = []
    whole = exhaustive([limit.condition for limit in measure.normal if limit.condition is not None])
    for number, limit in enumerate(measure.normal, start=1):
        applied: Truth = True
        if limit.condition is not None:
            parts.append(run.evaluate(limit.condition, reading.place))
            applied = applies(parts[-1].truth, whole and number == len(measure.normal))
        if applied is not False:
            inside, bounds = _inside(run, measure, reading, limit, value)
            outcomes.append(inside)
            parts.extend(bounds)
        if applied:
            break
    else:
        outcomes.append(None)
    return Part(None, of_truth(outcomes[0] if len(set(outcomes)) == 1 else None), tuple(parts), words="limits")


def _inside(
    run: Run, measure: Measure, reading: Reading, limit: NormalLimit, value: Val
) -> tuple[Truth, tuple[Part, ...]]:
    if limit.within is not None:
        printed = _bound(run, measure, reading, limit.within)
        return within(value, printed.value), (printed,)
    parts = tuple(_bound(run, measure, reading, bound) for bound in (limit.low, limit.high) if bound is not None)
    inner = iter(parts)
    above = compare(">=" if limit.includes[0] else ">", value, next(inner).value) if limit.low is not None else True
    below = compare("<=" if limit.includes[1] else "<", value, next(inner).value) if limit.high is not None else True
    return kleene_and(above, below), parts


def _bound(run: Run, measure: Measure, reading: Reading, bound: Node) -> Part:
    """A bound in the measure's unit."""
    part = run.evaluate(bound, reading.place)
    rate = reading.rate if measure.prints(bound) else None
    return part if rate is None else replace(part, value=scaled(part.value, rate))
