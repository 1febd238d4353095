"""A row that could not be read leaves its patient's rules open; one of nobody leaves everyone's."""

from __future__ import annotations

from pathlib import Path

import pytest

import prelock

STUDY = """\
study: Refused rows
version: 1.0.0
language: 1
patient: patients.patient_id
tables:
  patients:
    file: patients.csv
    one row for each: patient_id
    columns: {sex: text}
  history:
    file: history.csv
    one row for each: mh_id
    patient without rows: none
    columns: {severe: {type: yes/no, yes: [Y], no: [N]}}
eligibility:
  exclude:
    severe: {text: Severe comorbidity, rule: any history where (severe is yes)}
"""
PATIENTS = "patient_id,sex\nA,f\nB,m\nC,f\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2,B,N", {"A": "eligible", "B": "eligible", "C": "ineligible"}),
        ("2,B,N,too,many", {"A": "eligible", "B": "undetermined", "C": "ineligible"}),
        ("2,Z,N,too,many", {"A": "undetermined", "B": "undetermined", "C": "ineligible"}),
    ],
)
def test_nobody_is_eligible_by_a_row_that_was_not_read(tmp_path: Path, line: str, expected: dict[str, str]) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "study" / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "data" / "patients.csv").write_text(PATIENTS, encoding="utf-8")
    (tmp_path / "data" / "history.csv").write_text(f"mh_id,patient_id,severe\n1,C,Y\n{line}\n", encoding="utf-8")
    study = prelock.load(tmp_path / "study")
    with study.check(tmp_path / "data") as run:
        found = dict(zip(run.eligibility["patient"], run.eligibility["status"], strict=True))
        kinds = set(run.findings["kind"])
        missing = dict(zip(run.eligibility["patient"], run.eligibility["missing"].fillna(""), strict=True))
    assert found == expected
    assert ("refused row" in kinds) == ("too" in line)
    for patient, status in expected.items():
        assert ("a row that could not be read" in missing[patient]) == (status == "undetermined")
        told = study.explain(tmp_path / "data", patient).as_dict()
        assert status in str(told)
