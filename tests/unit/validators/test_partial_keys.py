"""A partial date repeats no other date, not even the first day that it might be."""

from __future__ import annotations

from pathlib import Path

import prelock

STUDY = """\
study: Partial dates in a key
version: 1.0.0
language: 1
patient: patients.patient_id
tables:
  patients: {file: patients.csv, one row for each: patient_id, columns: {sex: text}}
  visits:
    file: visits.csv
    one row for each: [patient_id, visit_date]
    patient without rows: none
    columns: {visit_date: date}
"""
VISITS = "patient_id,visit_date\nA,2024-10\nA,2024-10-01\nB,2024-10-01\nB,2024/10/1\nC,2024-10\nC,2024-10\n"


def test_only_two_certain_dates_repeat(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "study" / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "data" / "patients.csv").write_text("patient_id,sex\nA,f\nB,m\nC,f\n", encoding="utf-8")
    (tmp_path / "data" / "visits.csv").write_text(VISITS, encoding="utf-8")
    with prelock.load(tmp_path / "study").check(tmp_path / "data") as run:
        doubled = run.findings.query("kind == 'key'")
        check = run.checks.set_index("check").loc["visits: one row for each patient_id, visit_date"]
    assert list(doubled["patient"]) == ["B"]
    assert (int(check["passed"]), int(check["failed"]), int(check["unknown"])) == (1, 2, 3)
