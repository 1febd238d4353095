"""Endpoints: each patient's status by every definition, and the rates with each rule for missing data."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from prelock.engine.evaluate import Evaluation
from prelock.rules.nodes import Node
from prelock.study.definition import Endpoint, EndpointDefinition
from prelock.validators.asked import belongs
from prelock.validators.outcome_summary import summary
from prelock.validators.shapes import empty, shaped, union

MAIN = "main"


def outcomes(evaluation: Evaluation) -> dict[str, ir.Table]:
    """`outcomes` (patient × endpoint × definition) and `outcome_summary`."""
    parts = [_status_rows(evaluation, e, d) for e in evaluation.study.endpoints for d in e.definitions]
    return {
        "outcomes": union(parts) if parts else empty(evaluation.session, "outcomes"),
        "outcome_summary": summary(evaluation),
    }


def outcome_status(member: ir.BooleanValue, evaluable: ir.BooleanValue, achieved: ir.BooleanValue) -> ir.StringValue:
    """Outside the population, not evaluable, achieved or not: asked in this order, each three-valued."""
    return ibis.cases(
        (~member, "not applicable"),
        (member.isnull(), "undetermined"),
        (~evaluable, "not evaluable"),
        (evaluable.isnull(), "undetermined"),
        (achieved, "achieved"),
        (~achieved, "not achieved"),
        else_="undetermined",
    )


def _status_rows(evaluation: Evaluation, endpoint: Endpoint, definition: EndpointDefinition) -> ir.Table:
    """One row a patient for one definition."""
    patients = evaluation.patients
    asked = (belongs(definition.population), definition.evaluable, definition.achieved)
    member, evaluable, achieved = (evaluation.truth(node) for node in asked)
    return shaped(
        patients,
        "outcomes",
        patient=patients.patient,
        endpoint=endpoint.name,
        definition=definition.name or MAIN,
        status=outcome_status(member, evaluable, achieved),
        evidence=ibis.cases((member, evaluation.evidence(definition.achieved)), else_=""),
        missing=_missing(evaluation, asked),
    )


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
