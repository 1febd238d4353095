"""Repeated keys of a very large table are counted a part at a time; what is found is the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import prelock
import prelock.validators.relations.keys

STUDY = """\
study: Keys of many records
version: 1.0.0
language: 1
patient: patients.patient_id
tables:
  patients: {file: patients.csv, one row for each: patient_id, columns: {patient_id: text}}
  labs:
    file: labs.csv
    one row for each: sample
    also unique: [[patient_id, test]]
    patient without rows: none
    columns: {sample: whole number, test: text}
"""
# By hand: 0 and -0 are one key, and so are crp and CRP. The row without a sample can't be judged; 3 stands twice.
# A finding stands at the record whose key, as written, comes first: `-0` before `0`.
SAMPLES = [0.0, -0.0, 1.0, 2.0, 2.0, 2.0, None, 3.0, 3.0]
PATIENTS = ["A", "B", "A", "A", "B", "C", "C", "D", "D"]
TESTS = ["crp", "crp", "CRP", "esr", "esr", "alt", "esr", "crp", "crp"]


@pytest.mark.parametrize("at_a_time", [1, 2, 4, 1000])
@pytest.mark.parametrize("small", [True, False])
def test_keys_are_found_a_part_at_a_time(
    at_a_time: int, small: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["prelock.validators.relations.keys"], "AT_A_TIME", at_a_time)
    monkeypatch.setattr("prelock.engine.small.SMALL", 20_000 if small else -1)
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    labs = pa.table({"sample": pa.array(SAMPLES, pa.float64()), "patient_id": PATIENTS, "test": TESTS})
    patients = pa.table({"patient_id": ["A", "B", "C", "D"]})
    with prelock.load(tmp_path).check({"patients": patients, "labs": labs}) as run:
        found = run.findings.query("kind == 'key'").sort_values(["rule", "row"])
        checks = run.checks.set_index("check")
    own, pair = "labs: one row for each sample", "labs: one row for each patient_id, test"
    assert counts(checks, own) == (1, 7, 1)
    assert counts(checks, pair) == (5, 4, 0)
    assert told(found, own) == [(2, "labs row 1"), (4, "labs row 5; labs row 6"), (8, "labs row 9")]
    assert told(found, pair) == [(1, "labs row 3")]


def counts(checks: pd.DataFrame, name: str) -> tuple[int, int, int]:
    row = checks.loc[name]
    return int(row["passed"]), int(row["failed"]), int(row["unknown"])


def told(found: pd.DataFrame, rule: str) -> list[tuple[int, str]]:
    own = found[found["rule"] == rule]
    return [(int(row), str(related)) for row, related in zip(own["row"], own["related_cells"], strict=True)]
