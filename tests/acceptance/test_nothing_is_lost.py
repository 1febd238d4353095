"""Rows in = rows checked + rows refused with a finding + rows that the study says are none, table by table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pytest

import prelock

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"


def accounted(run: prelock.Run, table: str) -> tuple[int, int, int, int]:
    """What the check `TABLE: rows` counts: all rows, checked, refused, left out."""
    [row] = run.checks[run.checks.check == f"{table}: rows"].to_dict("records")
    assert row["status"] in ("passed", "failed")
    return row["checked"], row["passed"], row["failed"], row["not_applicable"]


@pytest.mark.parametrize("folder", ["data", "data_with_errors"])
def test_every_line_of_the_first_study_is_accounted_for(folder: str) -> None:
    with prelock.load(STUDY).check(STUDY / folder) as run:
        findings = Counter(run.findings[run.findings.kind == "refused row"]["table"])
        for name, table in run.study.tables.items():
            lines = (STUDY / folder / table.file).read_text(encoding="utf-8").splitlines()
            rows, checked, refused, left_out = accounted(run, name)
            assert (rows, left_out) == (len(lines) - 1, 0), name
            assert rows == checked + refused, name
            assert findings[name] == refused, name
        assert sum(findings.values()) == (folder == "data_with_errors")


TABLES = """
study: Lost and found
version: 1.0.0
language: 1
patient: patients.patient_id
tables:
  patients: {file: patients.csv, one row for each: patient_id, columns: {age: number}}
  labs:
    file: labs.xlsx
    one row for each: lab_id
    patient without rows: none
    data ends at: Legend
    not records: {lab_id: [Total]}
    columns: {patient_id: text, crp: result}
eligibility: {include: {adult: {text: Adults, rule: age >= 18}}}
"""


def test_blank_torn_and_foreign_rows_are_counted_apart(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "study" / "study.yaml").write_text(TABLES, encoding="utf-8")
    patients = 'patient_id,age\nP1,20\n,\nP2\nP3,"30\n P4,40\n'
    (tmp_path / "data" / "patients.csv").write_text(patients, encoding="utf-8")
    book = openpyxl.Workbook()
    rows = [["lab_id", "patient_id", "crp"], [1, "P1", 5], [], ["Total", None, 5], [2, "P4", "=1+1"], ["Legend"], ["x"]]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "data" / "labs.xlsx")
    with prelock.load(tmp_path / "study").check(tmp_path / "data") as run:
        assert accounted(run, "patients") == (5, 2, 2, 1)
        assert accounted(run, "labs") == (6, 2, 0, 4)
        assert sorted(run.findings[run.findings.kind == "refused row"]["line"]) == [4, 5]
        formula = run.findings[(run.findings["table"] == "labs") & (run.findings["column"] == "crp")]
        assert list(formula["value"]) == ["=1+1"]
