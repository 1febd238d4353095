"""A waiver holds for the cells and the rule as they were when it was given, and never longer than it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from prelock.errors import Location
from prelock.lock.queries import Found
from prelock.lock.waivers import bound_to, judge
from prelock.study.definition import Waiver

HERE = Location("waivers.yaml", 1, 1)
RULE = "0" * 16


def found(number: str, cells: str, rule: str = "weight: range", patient: str = "P1") -> Found:
    return Found(number, rule, "error", patient, "visits", "visit_id=V1", "weight", "610", "Too heavy", cells)


FINDINGS = [found("f1", "a" * 16), found("f2", "b" * 16), found("f3", "c" * 16, patient="P2")]
ONE = Waiver("scale", "f1", "", "", "a" * 16, RULE, "Bo", date(2025, 1, 10), "why", date(2025, 1, 20), HERE)
ALL_OF_P1 = replace(ONE, finding="", rule="weight: range", patient="P1", cells=bound_to(FINDINGS[:2]))


@pytest.mark.parametrize(
    ("waiver", "day", "state", "about"),
    [
        (ONE, 9, "not yet in force", ["f1"]),
        (ONE, 10, "in force", ["f1"]),
        (ONE, 20, "in force", ["f1"]),
        (ONE, 21, "expired", ["f1"]),
        (replace(ONE, cells="b" * 16), 15, "the data changed", ["f1"]),
        (replace(ONE, rule_hash="1" * 16), 15, "the rule changed", ["f1"]),
        (replace(ONE, rule_hash="1" * 16, cells="b" * 16), 25, "the rule changed", ["f1"]),
        (replace(ONE, finding="f9"), 15, "matches no finding", []),
        (ALL_OF_P1, 15, "in force", ["f1", "f2"]),
        (replace(ALL_OF_P1, cells="a" * 16), 15, "the data changed", ["f1", "f2"]),
        (replace(ALL_OF_P1, patient="P2", cells="c" * 16), 15, "in force", ["f3"]),
        (replace(ALL_OF_P1, rule="weight: rnage"), 15, "matches no finding", []),
    ],
)
def test_states(waiver: Waiver, day: int, state: str, about: list[str]) -> None:
    [judged] = judge([waiver], FINDINGS, lambda rule: RULE, date(2025, 1, day))
    assert judged.state == state
    assert [finding.finding_id for finding in judged.findings] == about
    assert judged.ended is (state in ("expired", "the data changed", "the rule changed"))


def test_what_several_findings_are_bound_to_does_not_depend_on_their_order() -> None:
    assert bound_to(FINDINGS) == bound_to(FINDINGS[::-1]) != bound_to(FINDINGS[:2])
    assert bound_to(FINDINGS[:1]) == "a" * 16
