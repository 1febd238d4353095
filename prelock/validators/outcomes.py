"""Endpoints: each patient's status by every definition, and the rates with each rule for missing data."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from prelock.engine.evaluate import Evaluation
from prelock.rules.nodes import Node
from prelock.study.definition import Endpoint, EndpointDefinition
from prelock.validators.asked import belongs
from prelock.validators.outcome_summary import MAIN, outcome_status, summary
from prelock.validators.shapes import stacked


def outcomes(evaluation: Evaluation) -> dict[str, ir.Table]:
    """`outcomes` (patient × endpoint × definition) and `outcome_summary`."""
    parts = [_cells(evaluation, e, d) for e in evaluation.study.endpoints for d in e.definitions]
    return {
        "outcomes": stacked(evaluation.session, evaluation.patients, "outcomes", parts),
        "outcome_summary": summary(evaluation),
    }


def _cells(evaluation: Evaluation, endpoint: Endpoint, definition: EndpointDefinition) -> dict[str, Any]:
    """The cells of a patient's row for one definition."""
    asked = (belongs(definition.population), definition.evaluable, definition.achieved)
    member, evaluable, achieved = (evaluation.truth(node) for node in asked)
    return {
        "patient": evaluation.patients["patient"],
        "endpoint": endpoint.name,
        "definition": definition.name or MAIN,
        "status": outcome_status(member, evaluable, achieved),
        "evidence": ibis.cases((member, evaluation.evidence(definition.achieved)), else_=""),
        "missing": _missing(evaluation, asked),
    }


def _missing(evaluation: Evaluation, asked: tuple[Node, Node, Node]) -> ir.StringValue:
    """The cells that would settle the first question that is open."""
    member, evaluable, achieved = (evaluation.truth(node) for node in asked)
    cells = [evaluation.missing(node) for node in asked]
    return ibis.cases(
        (~member, ""),
        (member.isnull(), cells[0]),
        (~evaluable, ""),
        (evaluable.isnull(), cells[1]),
        (achieved.isnull(), cells[2]),
        else_="",
    )
