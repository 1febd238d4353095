"""From the study's names to expressions: who is eligible, who belongs to a population, what an endpoint's status is."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.rules.nodes import And, Literal, Node, Not, Variable
from prelock.rules.types import PATIENT, STUDY, TRUTH
from prelock.study.definition import Criterion, Endpoint, EndpointDefinition, StudyDefinition

ELIGIBLE = "eligible"


def criterion_rule(criterion: Criterion) -> Node:
    """The criterion's own rule; for an exclusion, true excludes."""
    return criterion.rule


def passes(criterion: Criterion) -> Node:
    """Whether the patient gets past the criterion."""
    return negated(criterion.rule) if criterion.kind == "exclude" else criterion.rule


def negated(node: Node) -> Node:
    """Kleene's not of a truth."""
    return Not(type=TRUTH, grain=node.grain, part=node)


def all_of(nodes: tuple[Node, ...]) -> Node:
    """Kleene's and of truths; true over none."""
    if not nodes:
        return Literal(type=TRUTH, grain=STUDY, value=True)
    return nodes[0] if len(nodes) == 1 else And(type=TRUTH, grain=PATIENT, parts=nodes)


def eligible(study: StudyDefinition) -> Node:
    """All criteria passed."""
    return all_of(tuple(passes(criterion) for criterion in study.criteria))


def population(study: StudyDefinition, name: str) -> Node:
    """Membership of a population; `eligible` is one. Raises KeyError for a name that is none."""
    return eligible(study) if name == ELIGIBLE else study.populations[name].node


def achieved(study: StudyDefinition, definition: EndpointDefinition) -> Node:
    """Population, evaluable and achieved in one truth: what `is achieved` means."""
    return all_of((member(definition), definition.evaluable, definition.achieved))


def member(definition: EndpointDefinition) -> Node:
    """Membership of the definition's population, by name."""
    return Variable(type=TRUTH, grain=PATIENT, name=definition.population)


def criterion(study: StudyDefinition, name: str) -> Criterion:
    """The criterion of that name; raises KeyError."""
    return {c.name: c for c in study.criteria}[name]


def endpoint(study: StudyDefinition, name: str) -> Endpoint:
    """The endpoint of that name; raises KeyError."""
    return {e.name: e for e in study.endpoints}[name]


def all_nodes(study: StudyDefinition) -> Iterator[Node]:
    """Every expression of the study, whole."""
    yield from _of_data(study)
    yield from (item.node for item in (*study.variables.values(), *study.populations.values()))
    yield from (item.rule for item in study.criteria)
    for found in study.endpoints:
        for d in found.definitions:
            yield from _present(d.evaluable, d.achieved, d.locf_evaluable, d.locf_achieved)
    if study.adverse_events:
        yield from _present(study.adverse_events.emergent, study.adverse_events.serious)
    for point in study.completeness:
        yield from _present(point.due)
        for item in point.items:
            yield from _present(item.value, item.expected)
    for check in study.checks:
        yield from _present(check.rule, check.when, check.start, check.end)
    for row in study.characteristics:
        yield from _present(row.node, row.among)


def _of_data(study: StudyDefinition) -> Iterator[Node]:
    for table in study.tables.values():
        for c in table.columns.values():
            yield from _present(*c.not_before, *c.not_after, c.expected_if, c.valid_if)
    for group in study.groups.values():
        yield from group.fields.values()
    for point in study.timepoints.values():
        yield from point.visits.values()
    for m in study.measures.values():
        yield from _present(m.value, m.date, m.where, m.fallback, m.agreement, m.scheduled, *m.fields.values())
        for limit in m.normal:
            yield from limit.parts


def _present(*nodes: Node | None) -> Iterator[Node]:
    yield from (node for node in nodes if node is not None)
