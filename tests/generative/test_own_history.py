"""`own history` on random laboratory values: the engine finds what the reference finds, row by row."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from prelock.engine.clean import clean_tables
from prelock.engine.evaluate import Evaluation
from prelock.engine.reference import Reference, records_from
from prelock.engine.reference.history import own_history
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.study.load import load
from prelock.validators.grain import CheckRows
from prelock.validators.own_history import own_history as by_engine

STUDY = """
study: Own history
version: 1.0.0
language: 1
patient: people.id
tables:
  people: {file: people.csv, one row for each: id, columns: {sex: text}}
  labs:
    file: labs.csv
    one row for each: lab
    patient without rows: none
    missing codes: {not done: [ND], not applicable: [NA]}
    columns: {id: text, test: {type: code, values: [LYM, CRP]}, taken: date, result: result, unit: unit}
measures:
  LYM:
    from: labs.result
    where: test is LYM
    date: taken
    unit: 10^9/L
    unit column: unit
    own history: within 5 times
"""
RESULTS = ("1.5", "1.5", "1.6", "7.5", "7.51", "15", "0.3", "1500", "0", "-1", "<0.1", ">9", "ND", "NA", "", "?")
UNITS = ("10^9/L", "10^9/L", "10^9/L", "10^6/L", "", "boxes")
PEOPLE = 60
Rows = list[dict[str, str]]


def labs(seed: int) -> Rows:
    dice = random.Random(seed)
    rows = []
    for person in range(PEOPLE):
        for _ in range(dice.randint(0, 5)):
            test = dice.choice(("LYM", "LYM", "LYM", "LYM", "CRP", ""))
            cells = {"id": f"P{person}", "test": test, "taken": "2024-01-01"}
            rows.append(
                {"lab": str(len(rows) + 1), **cells, "result": dice.choice(RESULTS), "unit": dice.choice(UNITS)}
            )
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_the_engine_finds_what_the_reference_finds(seed: int, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    study = load(tmp_path)
    people = [{"id": f"P{n}", "sex": ""} for n in range(PEOPLE)]
    tables = {"people": people, "labs": labs(seed)}
    run = Reference(study, records_from(study, tables))
    told = {row: t for p in run.patients for row, t in own_history(run, study.measures["LYM"], p).items()}
    told_counts = tuple(list(told.values()).count(verdict) for verdict in (True, False, None, "not applicable"))
    assert all(told_counts), "every verdict occurs"
    for name, rows in tables.items():
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with Session(1) as session:
        raw = open_data(study, tmp_path, session)
        (found,) = by_engine(CheckRows(Evaluation(study, session, raw, clean_tables(study, raw, session))))
        assert (found.passed, found.failed, found.unknown, found.not_applicable) == told_counts
        at = {row["row"] for table in found.findings for row in session.arrow(table).to_pylist()}
    failed = {row for row, verdict in told.items() if verdict is False}
    assert at <= failed
    whose = {int(row["lab"]): row["id"] for row in tables["labs"]}
    assert {whose[row] for row in at} == {whose[row] for row in failed}  # of two values one is told for both
