"""The flow from all patients to the eligible: who leaves at which criterion, and what each criterion does alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.validators.shapes import small, total

ALL_PATIENTS = "all patients"


def attrition(session: Session, eligibility: sql.Table, criteria: Sequence[str]) -> sql.Table:
    """The `attrition` result, from the `eligibility` result and the criteria in the order of the study.

    Each patient leaves once, at the criterion that `reason` names: the first that fails; if none fails, the first that
    is unknown.
    """
    counts = session.scalars(eligibility, **_counts(eligibility, criteria))
    remaining = counts["all"]
    rows = [{"step": 0, "criterion": ALL_PATIENTS, **dict.fromkeys(COUNTED, 0), "remaining": remaining}]
    for step, name in enumerate(criteria, start=1):
        found = {column: counts[f"{column}|{step}"] for column in COUNTED}
        remaining -= found["excluded"] + found["undetermined"]
        rows.append({"step": step, "criterion": name, **found, "remaining": remaining})
    return small(session, "attrition", rows)


COUNTED = ("excluded", "excluded_any", "excluded_only", "undetermined")


def _counts(table: sql.Table, criteria: Sequence[str]) -> dict[str, sql.Value]:
    """All counts of the flow, as aggregates of one pass."""
    found: dict[str, sql.Value] = {"all": table.count()}
    fails = [table[name] == "fails" for name in criteria]
    failed = reduce(add, (flag.cast("int64") for flag in fails), sql.literal(0))
    for step, (name, fails_here) in enumerate(zip(criteria, fails, strict=True), start=1):
        leaves_here = table.reason == name
        found[f"excluded|{step}"] = total(leaves_here & (table.status == "ineligible"))
        found[f"excluded_any|{step}"] = total(fails_here)
        found[f"excluded_only|{step}"] = total(fails_here & (failed == 1))
        found[f"undetermined|{step}"] = total(leaves_here & (table.status == "undetermined"))
    return found
