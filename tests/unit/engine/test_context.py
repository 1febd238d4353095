"""Cells that are expected or valid only for some patients, told by what stands beside their record."""

from __future__ import annotations

from pathlib import Path

import pytest

import prelock

STUDY = """\
study: Cells in context
version: 1.0.0
language: 1
patient: patients.patient_id
tables:
  patients:
    file: patients.csv
    one row for each: patient_id
    columns:
      sex: {type: code, values: {male: [M], female: [F]}}
      birth_date: date
      consent_date: date
      pregnant: {type: yes/no, yes: [Y], no: [N], expected if: CONDITION}
  visits:
    file: visits.csv
    one row for each: visit_id
    patient without rows: none
    columns:
      weight: {type: number, unit: kg, expected if: sex is female}
      height: {type: number, unit: cm, valid if: age >= 18}
variables:
  age: years from birth_date to consent_date
eligibility:
  include:
    heavy: {rule: any visits where (weight > 50 kg)}
    tall: {rule: any visits where (height > 150 cm)}
"""
PATIENTS = "patient_id,sex,birth_date,consent_date,pregnant\nA,F,1990-01-01,2020-01-01,N\nB,M,2010-01-01,2020-01-01,\n"
# C is the woman whose weight is blank: it should be there, so nobody can tell.
VISITS = "visit_id,patient_id,weight,height\n1,A,60,160\n2,B,,170\n3,C,,140\n"


def folder(path: Path, condition: str) -> tuple[Path, Path]:
    for name in ("study", "data"):
        (path / name).mkdir()
    (path / "study" / "study.yaml").write_text(STUDY.replace("CONDITION", condition), encoding="utf-8")
    patients = PATIENTS + "C,F,1980-01-01,2020-01-01,N\n"
    (path / "data" / "patients.csv").write_text(patients, encoding="utf-8")
    (path / "data" / "visits.csv").write_text(VISITS, encoding="utf-8")
    return path / "study", path / "data"


def test_a_condition_may_read_the_patient(tmp_path: Path) -> None:
    study, data = folder(tmp_path, "sex is female")
    with prelock.load(study).check(data) as run:
        found = run.criteria.set_index(["patient", "criterion"])["status"].to_dict()
    assert found == {
        ("A", "heavy"): "passes",
        ("A", "tall"): "passes",
        ("B", "heavy"): "fails",  # not expected of a man: not applicable, which satisfies nothing
        ("B", "tall"): "unknown",  # not valid under 18 years
        ("C", "heavy"): "unknown",  # expected, and blank
        ("C", "tall"): "fails",
    }


def test_a_cell_of_the_patient_row_depends_on_that_row_alone(tmp_path: Path) -> None:
    study, _ = folder(tmp_path, "age >= 18")
    with pytest.raises(prelock.StudyError) as error:
        prelock.load(study)
    assert [problem.code for problem in error.value.problems] == ["patient-cell-elsewhere"]
    assert "study.yaml:" in str(error.value)
    assert "pregnant" in str(error.value)
