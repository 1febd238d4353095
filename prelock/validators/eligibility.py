"""Who may enter: every criterion for every patient, the patient's status, and the flow from all to eligible."""

from __future__ import annotations

from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.engine.telling import joined
from prelock.study.definition import Criterion
from prelock.validators.attrition import attrition
from prelock.validators.shapes import in_words, shaped, stacked
from prelock.validators.told import Told

STATES = ("passes", "fails", "unknown")


def eligibility(evaluation: Evaluation) -> dict[str, sql.Table]:
    """`eligibility` (a patient a row), `criteria` (patient × criterion) and `attrition`."""
    criteria = evaluation.study.criteria
    told = Told(evaluation, [criterion.rule for criterion in criteria])
    statuses = {c.name: _status(told, c) for c in criteria}
    status = _patient_status(list(statuses.values()))
    unknown = [told.missing(criterion.rule) for criterion in criteria]
    wide = evaluation.session.materialise(
        shaped(
            told.table,
            "eligibility",
            patient=told.table["patient"],
            status=status,
            reason=_reason(statuses),
            missing=sql.cases((status == "undetermined", joined(unknown)), else_="") if unknown else "",
            **statuses,
        )
    )
    return {
        "eligibility": wide,
        "criteria": stacked(evaluation.session, told.table, "criteria", [_cells(told, c) for c in criteria]),
        "attrition": attrition(evaluation.session, wide, tuple(statuses)),
    }


def _status(told: Told, criterion: Criterion) -> sql.Value:
    """An exclusion whose rule holds fails."""
    holds = told.truth(criterion.rule)
    return in_words(~holds if criterion.kind == "exclude" else holds, *STATES)


def _cells(told: Told, criterion: Criterion) -> dict[str, Any]:
    """The cells of a patient's row for one criterion."""
    return {
        "patient": told.table["patient"],
        "criterion": criterion.name,
        "kind": criterion.kind,
        "status": _status(told, criterion),
        "evidence": told.evidence(criterion.rule),
        "missing": told.missing(criterion.rule),
    }


def _patient_status(statuses: list[sql.Value]) -> sql.Value:
    """Any fails: ineligible; else any unknown: undetermined; else eligible."""
    if not statuses:
        return sql.literal("eligible")
    return sql.cases(
        (sql.or_(*(s == "fails" for s in statuses)), "ineligible"),
        (sql.or_(*(s == "unknown" for s in statuses)), "undetermined"),
        else_="eligible",
    )


def _reason(statuses: dict[str, sql.Value]) -> sql.Value:
    """The first criterion that fails; if none does, the first that is unknown."""
    fails = [(status == "fails", name) for name, status in statuses.items()]
    unknown = [(status == "unknown", name) for name, status in statuses.items()]
    return sql.cases(*fails, *unknown, else_="") if statuses else sql.literal("")
