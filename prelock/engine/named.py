"""Names that stand for a whole expression: variables, populations, `eligible`, criteria that are met, endpoints."""

from __future__ import annotations

from prelock.rules import nodes as n
from prelock.study import names
from prelock.study.definition import StudyDefinition


def defined(study: StudyDefinition, node: n.Node) -> n.Node:
    """The expression that a `Variable` or `Met` node stands for."""
    if isinstance(node, n.Variable):
        if node.name in study.variables:
            return study.variables[node.name].node
        return names.population(study, node.name)
    assert isinstance(node, n.Met)
    if node.section == "criterion":
        return names.criterion(study, node.name).rule
    return names.achieved(study, names.endpoint(study, node.name).definitions[0])


def meaning(study: StudyDefinition, node: n.Variable | n.AtPoint) -> n.Node:
    """What a variable stands for, or what a measure (or a field of it) reads in its rows."""
    if isinstance(node, n.Variable):
        return defined(study, node)
    measure = study.measures[node.measure]
    return measure.value if node.field is None else measure.fields[node.field]


def named_nodes(study: StudyDefinition) -> list[n.Node]:
    """Every name worth working out once a patient: variables first, then criteria, `eligible` and populations."""
    variables = [variable(study, name) for name in study.variables]
    met = [n.Met(section="criterion", name=c.name, type=c.rule.type, grain=c.rule.grain) for c in study.criteria]
    groups = [variable(study, name) for name in ("eligible", *study.populations)]
    return [*variables, *met, *groups]


def variable(study: StudyDefinition, name: str) -> n.Variable:
    """The node that reads a variable or population by name."""
    meaning = study.variables[name].node if name in study.variables else names.population(study, name)
    return n.Variable(name=name, type=meaning.type, grain=meaning.grain)
