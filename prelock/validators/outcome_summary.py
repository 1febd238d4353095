"""Endpoint rates: as observed, with non-responder imputation, and with the last observation carried forward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.rules.nodes import Node
from prelock.study.definition import Endpoint, EndpointDefinition
from prelock.validators.asked import belongs
from prelock.validators.intervals import METHODS
from prelock.validators.shapes import percent, small, total

LAST = "last observation"
NON_RESPONDER = "non-responder"
MAIN = "main"


def outcome_status(member: sql.Value, evaluable: sql.Value, achieved: sql.Value) -> sql.Value:
    """Outside the population, not evaluable, achieved or not: asked in this order, each three-valued."""
    return sql.cases(
        (~member, "not applicable"),
        (member.isnull(), "undetermined"),
        (~evaluable, "not evaluable"),
        (evaluable.isnull(), "undetermined"),
        (achieved, "achieved"),
        (~achieved, "not achieved"),
        else_="undetermined",
    )


def summary(evaluation: Evaluation) -> sql.Table:
    """The `outcome_summary` result, counted from the patients' statuses in one pass."""
    asked = [(e, d, rule) for e in evaluation.study.endpoints for d in e.definitions for rule in d.missing_rules]
    if not asked:
        return small(evaluation.session, "outcome_summary", [])
    lines = [(_member(evaluation, d), _status(evaluation, d, rule)) for _, d, rule in asked]
    columns = {f"{i}|{part}": value for i, line in enumerate(lines) for part, value in zip("ms", line, strict=True)}
    narrow = evaluation.session.materialise(evaluation.patients.select(**columns))
    aggregates = {f"{i}|{k}": v for i in range(len(asked)) for k, v in _counts(narrow, i).items()}
    counts = evaluation.session.scalars(narrow, **aggregates)
    rows = []
    for i, (endpoint, definition, rule) in enumerate(asked):
        found = {name: counts[f"{i}|{name}"] for name in COUNTED}
        rows.append({**summary_row(endpoint, definition, rule, found), "order": i})
    return small(evaluation.session, "outcome_summary", rows)


def _member(evaluation: Evaluation, definition: EndpointDefinition) -> sql.Value:
    return evaluation.truth(belongs(definition.population))


def _status(evaluation: Evaluation, definition: EndpointDefinition, rule: str) -> sql.Value:
    evaluable, achieved = (evaluation.truth(node) for node in _rules(definition, rule))
    return outcome_status(_member(evaluation, definition), evaluable, achieved)


COUNTED = ("population_n", "membership_unknown", "achieved", "not_achieved", "not_evaluable")


def _counts(narrow: sql.Table, line: int) -> dict[str, sql.Value]:
    member, status = narrow[f"{line}|m"], narrow[f"{line}|s"]
    values = (
        total(member),
        total(member.isnull()),
        *(total(status == said) for said in ("achieved", "not achieved", "not evaluable")),
    )
    return dict(zip(COUNTED, values, strict=True))


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
        "definition": definition.name or MAIN,
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
