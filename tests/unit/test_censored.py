"""A censored result that counts by its limit is told as such, wherever a number rests on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import prelock
from prelock.engine.explain_text import render

STUDY = """
study: Censored
version: 1.0.0
language: 1
day_zero: first_dose
patient: patients.patient
censored results: {below: half the limit, above: at the limit}
timepoints:
  baseline: {day: 0, window: -28 to 0}
  week 12: {day: 84, window: 70 to 98}
tables:
  patients: {file: patients.csv, one row for each: patient, columns: {start: date}}
  labs:
    file: labs.csv
    one row for each: lab
    patient without rows: none
    columns: {patient: text, taken: date, result: result, unit: unit}
measures:
  CRP: {from: labs.result, date: taken, unit: mg/L, unit column: unit}
variables:
  first_dose: start
  change: rise in CRP from baseline to week 12
  average: mean CRP from baseline to week 12
eligibility: {include: {dosed: {rule: start is recorded}}}
endpoints:
  halved: {achieved: percent fall in CRP from baseline to week 12 >= 50 %}
  low: {achieved: CRP at week 12 < 1 mg/L}
  settled: {achieved: average <= 6 mg/L}
characteristics:
  CRP: CRP at week 12
  fall: fall in CRP from baseline to week 12
  mean: average
"""
LABS = """lab,patient,taken,result,unit
1,P1,2024-01-01,0.8,mg/dL
2,P1,2024-03-25,<0.5,mg/dL
3,P2,2024-01-01,8,mg/L
4,P2,2024-03-25,3,mg/L
5,P3,2024-01-01,>200,mg/L
6,P3,2024-03-25,<5,mg/L
"""
Run = Any


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("censored")
    (home / "study.yaml").write_text(STUDY, encoding="utf-8")
    (home / "data").mkdir()
    patients = "patient,start\n" + "".join(f"P{n},2024-01-01\n" for n in range(1, 4))
    (home / "data" / "patients.csv").write_text(patients, encoding="utf-8")
    (home / "data" / "labs.csv").write_text(LABS, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return prelock.load(folder).check(folder / "data")


def cells(table: Any, column: str, **keys: str) -> list[Any]:
    for name, value in keys.items():
        table = table[table[name] == value]
    return list(table[column].fillna(""))


def test_the_measure_stays_censored_and_says_what_it_counts_as(run: Run) -> None:
    assert cells(run.measures, "value", timepoint="week 12") == ["below 5", "3", "below 5"]
    assert cells(run.measures, "counted_as", timepoint="week 12") == ["2.5", "", "2.5"]
    assert cells(run.measures, "counted_as", timepoint="baseline") == ["", "", "200"]


def test_a_variable_says_what_it_rests_on(run: Run) -> None:
    assert cells(run.variables, "value", variable="change") == ["-5.5", "-5", "-197.5"]
    first, second, third = cells(run.variables, "evidence", variable="change")
    assert "CRP at week 12 = below 5, counted as 2.5 (2024-03-25, labs lab=2)" in first
    assert "counted as" not in second
    assert "CRP at baseline = above 200, counted as 200 (" in third


def test_a_mean_says_that_results_counted_by_their_limits(run: Run) -> None:
    assert cells(run.variables, "value", variable="average") == ["5.25", "5.5", "101.25"]
    told = [text.partition("= ")[2] for text in cells(run.variables, "evidence", variable="average")]
    assert told == [
        "5.25, with censored results counted by their limits",
        "5.5",
        "101.25, with censored results counted by their limits",
    ]


def test_an_endpoint_that_calculates_is_decided_one_that_compares_is_not(run: Run) -> None:
    assert cells(run.outcomes, "status", endpoint="halved") == ["achieved", "achieved", "achieved"]
    assert cells(run.outcomes, "status", endpoint="low") == ["undetermined", "not achieved", "undetermined"]
    assert cells(run.outcomes, "evidence", endpoint="settled")[:2] == [
        "average = 5.25, with censored results counted by their limits",
        "average = 5.5",
    ]
    assert "counted as 2.5" in cells(run.outcomes, "evidence", endpoint="halved", patient="P1")[0]
    assert "counted as" not in cells(run.outcomes, "evidence", endpoint="low", patient="P1")[0]


def test_table_1_says_of_how_many_patients(run: Run) -> None:
    found = run.characteristics.set_index("characteristic")
    assert dict(found["n"]) == {"CRP": 3, "fall": 3, "mean": 3}
    assert float(found["mean"]["CRP"]) == pytest.approx((2.5 + 3 + 2.5) / 3)
    assert dict(found["substituted"]) == {"CRP": 2, "fall": 2, "mean": 2}


def test_the_report_says_it(run: Run, tmp_path: Path) -> None:
    run.write(tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "(2 patients by the limit of a censored result)" in page


def test_an_explanation_shows_the_cell_the_value_and_what_it_counts_as(folder: Path) -> None:
    told = render(prelock.load(folder).explain(folder / "data", "P1", "halved"))
    assert "· counted as half its limit = 2.5" in told
    assert 'labs.csv row 2 result "<0.5"' in told
    assert "CRP at week 12 = below 5 mg/L" in told
