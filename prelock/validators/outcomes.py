"""Endpoints: each patient's status by every definition, and the rates with each rule for missing data."""

from __future__ import annotations

from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.rules.nodes import Node
from prelock.study.definition import Endpoint, EndpointDefinition
from prelock.validators.asked import belongs
from prelock.validators.outcome_summary import MAIN, outcome_status, summary
from prelock.validators.shapes import stacked
from prelock.validators.told import Told


def outcomes(evaluation: Evaluation) -> dict[str, sql.Table]:
    """`outcomes` (patient × endpoint × definition) and `outcome_summary`."""
    asked = [(endpoint, one) for endpoint in evaluation.study.endpoints for one in endpoint.definitions]
    told = Told(evaluation, [rule for _, one in asked for rule in _rules(one)])
    parts = [_cells(told, endpoint, one) for endpoint, one in asked]
    return {
        "outcomes": stacked(evaluation.session, told.table, "outcomes", parts),
        "outcome_summary": summary(evaluation),
    }


def _rules(definition: EndpointDefinition) -> tuple[Node, Node, Node]:
    """What is asked, in this order: a member of the population, evaluable, achieved."""
    return belongs(definition.population), definition.evaluable, definition.achieved


def _cells(told: Told, endpoint: Endpoint, definition: EndpointDefinition) -> dict[str, Any]:
    """The cells of a patient's row for one definition."""
    member, evaluable, achieved = (told.truth(rule) for rule in _rules(definition))
    return {
        "patient": told.table["patient"],
        "endpoint": endpoint.name,
        "definition": definition.name or MAIN,
        "status": outcome_status(member, evaluable, achieved),
        "evidence": sql.cases((member, told.evidence(definition.achieved)), else_=""),
        "missing": _missing(told, _rules(definition)),
    }


def _missing(told: Told, rules: tuple[Node, Node, Node]) -> sql.Value:
    """The cells that would settle the first question that is open."""
    member, evaluable, achieved = (told.truth(rule) for rule in rules)
    cells = [told.missing(rule) for rule in rules]
    return sql.cases(
        (~member, ""),
        (member.isnull(), cells[0]),
        (~evaluable, ""),
        (evaluable.isnull(), cells[1]),
        (achieved.isnull(), cells[2]),
        else_="",
    )
