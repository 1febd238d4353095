"""Design checks: what is refused, and what near it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_folders import codes


def included(rule: str, more: str = "") -> dict[str, str]:
    return {"eligibility": f"include:\n  tested: {{text: Tested, rule: '{rule}'{more}}}\n"}


@pytest.mark.parametrize(
    "rule",
    [
        "age >= 18 and age < 18",
        "age > 18 and age <= 18",
        "age = 18 and age = 19",
        "age is between 18 and 20 and age > 20",
        "sex is male and sex is female",
        "sex is male and not (sex is male)",
        "age is missing and age >= 18",
        "first_dose > 2024-01-02 and first_dose < 2024-01-02",
        "CRP at baseline > 5 mg/L and CRP at baseline < 3 mg/L",
        "(age >= 18 and age < 18) or sex is male",
        "age >= 18 and (age < 18 or age < 10)",
    ],
)
def test_what_can_never_hold_is_refused(rule: str, tmp_path: Path) -> None:
    assert codes(tmp_path, included(rule)) == ["never-true"]


@pytest.mark.parametrize("rule", ["age >= 18 or age < 18", "age >= 18 or age <= 18", "not (age < 18 and age > 20)"])
def test_what_every_value_meets_is_refused(rule: str, tmp_path: Path) -> None:
    assert codes(tmp_path, included(rule)) == ["always-true"]


@pytest.mark.parametrize(
    "rule",
    [
        "age >= 18 and age <= 18",
        "age >= 18 and age < 19",
        "age < 18 or age > 18",
        "age is recorded and age >= 18",
        "CRP at baseline > 5 mg/L and CRP at week 12 < 3 mg/L",
        "sex is male or sex is female",
        "first_dose >= 2024-01-02 and first_dose <= 2024-01-02",
        "age >= 18 and (sex is male or age >= 21)",
    ],
)
def test_what_can_hold_and_fail_is_let_pass(rule: str, tmp_path: Path) -> None:
    assert codes(tmp_path, included(rule)) == []


@pytest.mark.parametrize(
    "rule",
    [
        "age is missing",
        "no exposure where (drug is adalimumab)",
        "number of exposure <= 3",
        "every exposure has (drug is upadacitinib)",
        "not (any exposure where (drug is adalimumab))",
        "age >= 18 or first_dose is missing",
    ],
)
def test_an_inclusion_met_by_nothing_is_refused_unless_it_says_so(rule: str, tmp_path: Path) -> None:
    assert codes(tmp_path / "a", included(rule)) == ["met-without-data"]
    assert codes(tmp_path / "b", included(rule, ", no data: passes")) == []


@pytest.mark.parametrize("rule", ["age >= 18", "no labs where (test is CRP)", "any exposure", "number of labs <= 3"])
def test_an_inclusion_that_needs_data_is_let_pass(rule: str, tmp_path: Path) -> None:
    assert codes(tmp_path, included(rule)) == []


def test_an_exclusion_may_let_a_patient_without_rows_past(tmp_path: Path) -> None:
    text = "exclude:\n  other: {text: Another drug, rule: any exposure where (drug is adalimumab)}\n"
    assert codes(tmp_path, {"eligibility": text}) == []


def test_two_criteria_that_ask_the_same(tmp_path: Path) -> None:
    text = "include:\n  a: {rule: age >= 18}\nexclude:\n  b: {rule: not (age >= 18)}\n"
    assert codes(tmp_path / "a", {"eligibility": text}) == []
    text = "include:\n  a: {rule: age >= 18}\n  b: {rule: age >= 18}\n"
    assert codes(tmp_path / "b", {"eligibility": text}) == ["criterion-twice"]


def test_criteria_that_no_patient_passes_together(tmp_path: Path) -> None:
    text = "include:\n  a: {rule: age >= 18}\nexclude:\n  b: {rule: age > 12}\n"
    assert codes(tmp_path, {"eligibility": text}) == ["nobody-eligible"]


def test_the_day_of_a_window_with_its_ends(tmp_path: Path) -> None:
    header = (Path(__file__).parents[2] / "definitions" / "base" / "study.yaml").read_text(encoding="utf-8")
    for day, expected in (("70", []), ("98", []), ("69", ["day-outside"]), ("99", ["day-outside"])):
        assert codes(tmp_path / day, {"study": header.replace("day: 84", f"day: {day}")}) == expected


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("{each: exam, rule: total = summed, on fail: unknown}", []),
        ("{each: endoscopy, rule: score <= 3, on fail: unknown}", []),
        ("{each: labs, rule: collected_at >= first_dose}", []),
        ("{each: labs, rule: collected_at >= first_dose, on fail: unknown}", ["on-fail-elsewhere"]),
        ("{each: patient, rule: any exposure, on fail: unknown}", ["on-fail-elsewhere"]),
    ],
)
def test_a_check_that_makes_cells_unknown_reads_its_own_record(check: str, expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, {"checks": f"tested: {check}\n"}) == expected
