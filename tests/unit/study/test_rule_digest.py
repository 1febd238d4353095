"""A rule's digest changes with what the rule means, also where that stands elsewhere, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_study

from prelock.study.load import load
from prelock.study.rule_digest import rule_digest

CHECKS = """  weight_sane: {each: patient, rule: weight > 20}
  young_or_old: {each: patient, rule: age < 90, say: Please check the age}
  twice: {in each: "patient's labs with the same unit", never: two rows}
  later: {in each: "patient's doses", never: two rows, where: begun > other.ended}
  needed: {each: labs, column: unit, required if: test is LYM}
  low: {each: patient, rule: CRP at week 12 < 500 mg/L or CRP at week 12 is missing}
"""
STUDY = tiny_study.STUDY.replace("  weight_sane: {each: patient, rule: weight > 20}\n", CHECKS)
assert CHECKS in STUDY


def digests(folder: Path, old: str = "", new: str = "") -> dict[str, str]:
    assert old in STUDY
    (folder / "study.yaml").write_text(STUDY.replace(old, new, 1) if old else STUDY, encoding="utf-8")
    study = load(folder)
    names = ("weight_sane", "young_or_old", "low", "patients.weight: type", "labs.test: code", "CRP: unit",
             "patients: one row for each patient_id", "no_overlap", "twice", "later", "needed",
             "something else")  # fmt: skip
    return {name: rule_digest(study, name) for name in names}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("weight > 20", "weight > 21", {"weight_sane"}),
        ("version: 1.0.0", "version: 1.0.1", set()),
        ("      unit: {type: unit}\n", "      unit: {type: unit, column: Unit}\n", {"twice", "needed"}),
        ("      ended: {type: date, not", "      ended: {type: date, column: End, not", {"later", "no_overlap"}),
        ("required if: test is LYM", "required if: test is CRP", {"needed"}),
        ("with the same unit", "with the same unit and test", {"twice"}),
        ("Please check the age", "Is the age right?", set()),
        ("text: Adults", "text: Grown-ups", set()),
        ("birth_date to first_dose", "birth_date to start", {"young_or_old"}),
        ("first_dose: start", "first_dose: start + 1 day", {"young_or_old"}),
        ("window: 70 to 98", "window: 70 to 99", {"low"}),
        ("where: test is CRP", "where: test is not LYM", {"low", "CRP: unit"}),
        ("values: [CRP, LYM]", "values: [CRP, LYM, FC]", {"labs.test: code", "low", "CRP: unit", "needed"}),
        ("weight: number", "weight: {type: number, min: 1}", {"patients.weight: type", "weight_sane"}),
    ],
)
def test_what_changes_which_digests(tmp_path: Path, old: str, new: str, changed: set[str]) -> None:
    before, after = digests(tmp_path), digests(tmp_path, old, new)
    # A rule of a whole table changes with each of its columns; one that is not known changes with everything.
    whole = {"patients: one row for each patient_id", "something else"}
    assert {name for name in before if before[name] != after[name]} - whole == changed
    assert before["something else"] != after["something else"]


def test_a_comment_changes_no_digest_but_that_of_a_rule_nobody_knows(tmp_path: Path) -> None:
    before, after = digests(tmp_path), digests(tmp_path, "checks:\n", "# a comment\nchecks:\n")
    assert {name for name in before if before[name] != after[name]} == {"something else"}
