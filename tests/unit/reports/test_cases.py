"""A run as test cases: red exactly where the gate is closed, and by what closes it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from prelock.errors import Location
from prelock.reports.cases import Case, Outcome, cases
from prelock.reports.github import case_annotations

HERE = Location("tables.yaml", 3, 5, 2)


def check(name: str, status: str, error: str = "") -> dict[str, Any]:
    return {"check": name, "status": status, "error": error, "failed": 2, "checked": 9}


def report(checks: list[dict[str, Any]], blockers: tuple[str, ...] = (), **more: Any) -> Any:
    """A report with findings of severity error for `labs.x: range`, of severity warning for `labs.x: plausible`."""
    rules = [
        {"rule": "labs.x: range", "severity": "error", "findings": 2},
        {"rule": "labs.x: plausible", "severity": "warning", "findings": 2},
    ]
    table = SimpleNamespace(name="labs", location=HERE, columns={"x": SimpleNamespace(name="x", location=HERE)})
    return SimpleNamespace(
        study=SimpleNamespace(criteria=(), tables={"labs": table}, measures={}, checks=()),
        results=SimpleNamespace(rows=lambda name: checks),
        notices=more.get("notices", ()),
        summary={
            "attrition": [],
            "findings": {"rules": rules},
            "waivers": {"waived_by_rule": more.get("waived", {})},
            "gate": {"ready": not blockers, "blockers": [{"rule": rule, "text": f"{rule}!"} for rule in blockers]},
        },
    )


def outcomes(*given: Any, **more: Any) -> dict[str, str]:
    return {case.name: case.outcome.value for case in cases(report(*given, **more))}


FAILED = [check("labs.x: range", "failed"), check("labs.x: plausible", "failed"), check("labs.y: code", "passed")]


@pytest.mark.parametrize(
    ("blockers", "range_", "plausible"),
    [((), "warned", "warned"), (("errors",), "failed", "warned"), (("errors", "warnings"), "failed", "failed")],
)
def test_a_check_fails_where_its_findings_close_the_gate(
    blockers: tuple[str, ...], range_: str, plausible: str
) -> None:
    gate = "failed" if blockers else "passed"
    assert outcomes(FAILED, blockers) == {
        "labs.x: range": range_, "labs.x: plausible": plausible, "labs.y: code": "passed", "gate": gate,
    }  # fmt: skip


@pytest.mark.parametrize(("waived", "told"), [(1, "failed"), (2, "warned")])
def test_a_check_whose_findings_are_waived_is_no_failure_and_says_so(waived: int, told: str) -> None:
    found = cases(report(FAILED, ("errors",), waived={"labs.x: range": waived}))
    assert (found[0].outcome, found[0].text) == (told, f"2 of 9 fail, {waived} waived")


def test_a_check_that_only_repeats_another_is_no_failure() -> None:
    assert outcomes([check("repeats", "failed")], ("errors",)) == {"repeats": "warned", "gate": "failed"}


@pytest.mark.parametrize(
    ("name", "rule"), [("labs.x: range", "checks not run"), ("labs.x: range (second opinion)", "second opinion")]
)
def test_a_check_that_could_not_run(name: str, rule: str) -> None:
    assert outcomes([check(name, "error", "why")], (rule,)) == {name: "error", "gate": "failed"}
    assert outcomes([check(name, "error", "why")]) == {name: "warned", "gate": "passed"}


def test_nothing_to_check_is_skipped_and_an_unread_table_is_an_error() -> None:
    told = outcomes([check("labs", "not applicable")], notices=("labs.csv can't be read",))
    assert told == {"table 1 that can't be read": "error", "labs": "skipped", "gate": "passed"}


def test_annotations_are_escaped_and_the_gate_comes_first() -> None:
    found = [
        Case("checks", "a: b, c", Outcome.WARNED, "50 %\nof all", HERE),
        Case("checks", "x", Outcome.ERROR, "why"),
        Case("checks", "fine", Outcome.PASSED),
        Case("gate", "gate", Outcome.FAILED, "closed"),
    ]
    assert case_annotations(found, Path("a,b")).splitlines() == [
        "::error title=gate::closed",
        "::error title=x::why",
        "::warning title=a%3A b%2C c,file=a%2Cb/tables.yaml,line=3,col=5,endColumn=7::50 %25%0Aof all",
    ]
