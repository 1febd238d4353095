"""Who may enter: every criterion for every patient, the patient's status, and the flow from all to eligible."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from prelock.engine.evaluate import Evaluation
from prelock.engine.telling import joined
from prelock.study.definition import Criterion
from prelock.validators.asked import gets_past
from prelock.validators.attrition import attrition
from prelock.validators.shapes import in_words, shaped, stacked

STATES = ("passes", "fails", "unknown")


def eligibility(evaluation: Evaluation) -> dict[str, ir.Table]:
    """`eligibility` (a patient a row), `criteria` (patient × criterion) and `attrition`."""
    patients = evaluation.patients
    criteria = evaluation.study.criteria
    statuses = {c.name: _status(evaluation, c) for c in criteria}
    unknown = {name: ibis.cases((status == "unknown", _missing(evaluation, c)), else_="")
               for (name, status), c in zip(statuses.items(), criteria, strict=True)}
    status = _patient_status(list(statuses.values()))
    wide = evaluation.session.materialise(
        shaped(
            patients,
            "eligibility",
            patient=patients.patient,
            status=status,
            reason=_reason(statuses),
            missing=ibis.cases((status == "undetermined", joined(list(unknown.values()))), else_=""),
            **statuses,
        )
    )
    return {
        "eligibility": wide,
        "criteria": _criteria(evaluation),
        "attrition": attrition(evaluation.session, wide, tuple(statuses)),
    }


def _status(evaluation: Evaluation, criterion: Criterion) -> ir.StringValue:
    return in_words(evaluation.truth(gets_past(criterion)), *STATES)


def _missing(evaluation: Evaluation, criterion: Criterion) -> ir.StringValue:
    return evaluation.missing(criterion.rule)


def _patient_status(statuses: list[ir.StringValue]) -> ir.StringValue:
    """Any fails: ineligible; else any unknown: undetermined; else eligible."""
    if not statuses:
        return ibis.literal("eligible")
    return ibis.cases(
        (ibis.or_(*(s == "fails" for s in statuses)), "ineligible"),
        (ibis.or_(*(s == "unknown" for s in statuses)), "undetermined"),
        else_="eligible",
    )


def _reason(statuses: dict[str, ir.StringValue]) -> ir.StringValue:
    """The first criterion that fails; if none does, the first that is unknown."""
    fails = [(status == "fails", name) for name, status in statuses.items()]
    unknown = [(status == "unknown", name) for name, status in statuses.items()]
    return ibis.cases(*fails, *unknown, else_="") if statuses else ibis.literal("")


def _criteria(evaluation: Evaluation) -> ir.Table:
    """One row a patient and criterion, with the cells used and those that would settle it."""
    parts = [
        {
            "patient": evaluation.patients["patient"],
            "criterion": criterion.name,
            "kind": criterion.kind,
            "status": _status(evaluation, criterion),
            "evidence": evaluation.evidence(criterion.rule),
            "missing": _missing(evaluation, criterion),
        }
        for criterion in evaluation.study.criteria
    ]
    return stacked(evaluation.session, evaluation.patients, "criteria", parts)
