"""Endpoint rates: as observed, with non-responder imputation, and with the last observation carried forward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from prelock.engine.evaluate import Evaluation
from prelock.rules.nodes import Node
from prelock.study.definition import Endpoint, EndpointDefinition
from prelock.validators.asked import belongs
from prelock.validators.intervals import METHODS
from prelock.validators.shapes import percent, small, total

LAST = "last observation"
NON_RESPONDER = "non-responder"
Key = tuple[str, str, str]


def summary(evaluation: Evaluation) -> ir.Table:
    """The `outcome_summary` result: every count of every endpoint in one pass over the patients."""
    asked = _asked(evaluation)
    aggregates = {f"{i}|{name}": value for i, (_, rule) in enumerate(asked) for name, value in rule.items()}
    counts = evaluation.session.scalars(evaluation.patients, **aggregates) if aggregates else {}
    rows = []
    for i, ((endpoint, definition, rule), _) in enumerate(asked):
        found = {name.split("|", 1)[1]: n for name, n in counts.items() if name.startswith(f"{i}|")}
        rows.append({**summary_row(endpoint, definition, rule, found), "order": i})
    return small(evaluation.session, "outcome_summary", rows)


def _asked(evaluation: Evaluation) -> list[tuple[tuple[Endpoint, EndpointDefinition, str], dict[str, ir.Value]]]:
    """Every line of the summary with the counts it needs."""
    return [
        ((endpoint, definition, rule), _counts(evaluation, definition, rule))
        for endpoint in evaluation.study.endpoints
        for definition in endpoint.definitions
        for rule in definition.missing_rules
    ]


def _counts(evaluation: Evaluation, definition: EndpointDefinition, rule: str) -> dict[str, ir.Value]:
    member = evaluation.truth(belongs(definition.population))
    evaluable, achieved = (evaluation.truth(node) for node in _rules(definition, rule))
    return {
        "population_n": total(member),
        "membership_unknown": total(member.isnull()),
        "achieved": total(member & evaluable & achieved),
        "not_achieved": total(member & evaluable & ~achieved),
        "not_evaluable": total(member & ~evaluable),
    }


def _rules(definition: EndpointDefinition, rule: str) -> tuple[Node, Node]:
    """The rules for evaluability and achievement under a rule for missing data."""
    if rule != LAST:
        return definition.evaluable, definition.achieved
    return definition.locf_evaluable or definition.evaluable, definition.locf_achieved or definition.achieved


def summary_row(
    endpoint: Endpoint, definition: EndpointDefinition, rule: str, counts: Mapping[str, int]
) -> dict[str, Any]:
    """One line: undetermined is what is left of the members, so the line always adds up to the population."""
    achieved, evaluable = counts["achieved"], counts["achieved"] + counts["not_achieved"]
    members = counts["population_n"]
    denominator = members if rule == NON_RESPONDER else evaluable
    low, high = METHODS[endpoint.interval](achieved, denominator) if denominator else (None, None)
    return {
        "endpoint": endpoint.name,
        "definition": definition.name or "main",
        "population": definition.population,
        "population_n": members,
        "missing_rule": rule,
        "achieved": achieved,
        "denominator": denominator,
        "evaluable": evaluable,
        "not_evaluable": counts["not_evaluable"],
        "undetermined": members - evaluable - counts["not_evaluable"],
        "membership_unknown": counts["membership_unknown"],
        "percent": percent(achieved, denominator),
        "ci_low": low,
        "ci_high": high,
        "ci_method": endpoint.interval,
    }
