"""A run as test cases, for tools that know passed and failed: one for each table, criterion and check, and the gate.

A case fails only where it closes the gate, or where a table can't be read: a run is red exactly when its exit code is
not 0. No text holds a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from prelock.errors import Location
from prelock.reports.report import Report
from prelock.results import is_second
from prelock.study.definition import StudyDefinition

BLOCKS = {"error": "errors", "warning": "warnings"}


class Outcome(StrEnum):
    """`warned` failed without closing the gate; `error` could not be run; `skipped` had nothing to look at."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Case:
    """One case: `suite` is tables, criteria, checks or gate; `location` is where its rule stands in the study."""

    suite: str
    name: str
    outcome: Outcome
    text: str = ""
    location: Location | None = None


def cases(report: Report) -> list[Case]:
    """Every case of a run: tables that can't be read, criteria and checks in the study's order, the gate last."""
    return [*_tables(report), *_criteria(report), *_checks(report), _gate(report)]


def _tables(report: Report) -> Iterator[Case]:
    for number, notice in enumerate(report.notices, 1):
        yield Case("tables", f"table {number} that can't be read", Outcome.ERROR, notice)


def _criteria(report: Report) -> Iterator[Case]:
    undetermined = {step["criterion"]: step["undetermined"] for step in report.summary["attrition"]}
    bad = _failed(report, "undetermined eligibility")
    for criterion in report.study.criteria:
        count = undetermined.get(criterion.name) or 0
        text = f"{_patients(count)} undetermined: {criterion.text or criterion.name}" if count else ""
        yield Case("criteria", criterion.name, bad if count else Outcome.PASSED, text, criterion.location)


def _checks(report: Report) -> Iterator[Case]:
    places, waived = _places(report.study), report.summary["waivers"]["waived_by_rule"]
    told: dict[str, dict[str, int]] = {}
    for rule in report.summary["findings"]["rules"]:
        told.setdefault(rule["rule"], {})[rule["severity"]] = rule["findings"]
    for row in report.results.rows("checks"):
        name, place = row["check"], places.get(row["check"]) or places.get(row["check"].split(":")[0])
        if row["status"] == "error":
            could_not = _failed(report, "second opinion" if is_second(name) else "checks not run")
            outcome = Outcome.ERROR if could_not is Outcome.FAILED else Outcome.WARNED
            yield Case("checks", name, outcome, row["error"] or "it could not run", place)
        elif row["status"] == "failed":
            outcome = _failed_check(report, told.get(name, {}), waived.get(name, 0))
            accepted = f", {waived[name]:,} waived" if name in waived else ""
            yield Case("checks", name, outcome, f"{row['failed']:,} of {row['checked']:,} fail{accepted}", place)
        else:
            yield Case(
                "checks", name, Outcome.SKIPPED if row["status"] == "not applicable" else Outcome.PASSED, "", place
            )


def _failed_check(report: Report, findings: dict[str, int], waived: int) -> Outcome:
    """A warning where all its findings are waived, or none is its own, because each only repeats another check's."""
    blocking = any(_failed(report, BLOCKS.get(severity, "")) is Outcome.FAILED for severity in findings)
    return Outcome.FAILED if blocking and sum(findings.values()) > waived else Outcome.WARNED


def _gate(report: Report) -> Case:
    gate = report.summary["gate"]
    text = "\n".join(blocker["text"] for blocker in gate["blockers"])
    return Case("gate", "gate", Outcome.PASSED if gate["ready"] else Outcome.FAILED, text)


def _failed(report: Report, rule: str) -> Outcome:
    """Failed where the gate is closed by this rule of it, else a warning."""
    blockers = {blocker["rule"] for blocker in report.summary["gate"]["blockers"]}
    return Outcome.FAILED if rule in blockers else Outcome.WARNED


def _places(study: StudyDefinition) -> dict[str, Location]:
    """Where checks, columns and measures are declared, as `checks.csv` names them."""
    columns = {f"{table.name}.{c.name}": c.location for table in study.tables.values() for c in table.columns.values()}
    tables = {table.name: table.location for table in study.tables.values()}
    measures = {measure.name: measure.location for measure in study.measures.values()}
    return {**tables, **columns, **measures, **{check.name: check.location for check in study.checks}}


def _patients(count: int) -> str:
    return f"{count:,} patient{'' if count == 1 else 's'}"
