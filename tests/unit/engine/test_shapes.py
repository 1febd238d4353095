"""Records made of repeated columns, supplements, parts of files: where findings stand, and that nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import prelock
from prelock import Run

STUDY = """
study: Shapes
version: 1.0.0
language: 1
patient: patients.patient
day_zero: start
timepoints: {baseline: {day: 0, window: -7 to 7, choose: closest}}
variables: {start: begun, doses: sum dose in courses}
measures: {DOSE: {from: courses.dose, where: course < 3, date: given}}
populations: {dosed: DOSE at baseline is recorded}
tables:
  patients:
    file: registry.csv
    one row for each: patient
    columns: {begun: date}
  courses:
    file: registry.csv
    one row for each: [patient, course]
    patient without rows: none
    rows from columns: {course: [1, 2, 3], dose: [dose1, dose2, dose3], given: [given1, given2, none]}
    columns: {course: whole number, dose: {type: number, max: 9}, given: date}
  events:
    file: ae.csv
    only rows with: {kind: AE}
    one row for each: [patient, seq]
    patient without rows: none
    supplement: {file: suppae.csv, columns: {grave: {column: GRV, type: yes/no}}}
"""
REGISTRY = """patient,begun,dose1,given1,dose2,given2,dose3,other
P1,2024-01-01,1,2024-01-01,2,2024-01-02,3,x
P2,2024-01-01,,,,,,x
P3,2024-01-01,1,2024-01-01,high,2024-01-05,99,x
"""
EVENTS = "patient,seq,kind\nP1,1,AE\nP1,2,CM\nP2,1,AE\nP3,1,\n"
SUPPLEMENT = """STUDYID,patient,IDVAR,IDVARVAL,QNAM,QVAL
S,P1,seq,1.0,GRV,yes
S,P2,seq,1,GRV,yes
S,P2,seq,1,GRV,no
S,P1,seq,2,GRV,no
S,P3,seq,7,OTHER,x
"""
FILES = {"registry.csv": REGISTRY, "ae.csv": EVENTS, "suppae.csv": SUPPLEMENT}


def checked(folder: Path, **files: str | None) -> Run:
    given = {**FILES, **{f"{name}.csv": text for name, text in files.items()}}
    data, study = folder / "data", folder / "study"
    data.mkdir()
    study.mkdir()
    (study / "study.yaml").write_text(STUDY, encoding="utf-8")
    for name, text in given.items():
        if text is not None:
            (data / name).write_text(text, encoding="utf-8")
    return prelock.load(study).check(data)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return checked(tmp_path_factory.mktemp("shapes"))


def of(run: Run, table: str) -> list[tuple[object, ...]]:
    found = run.findings[(run.findings["table"] == table) & (run.findings["severity"] == "error")]
    columns = ("kind", "row", "line", "key", "column", "value")
    return sorted(tuple(row[c] if row[c] == row[c] else None for c in columns) for _, row in found.iterrows())


def test_findings_of_stacked_records_stand_at_the_row_of_the_file(run: Run) -> None:
    assert of(run, "courses") == [
        ("range", 3, 4, "patient=P3, course=3", "dose", "99"),
        ("type", 3, 4, "patient=P3, course=2", "dose", "high"),
    ]


def test_every_set_of_every_row_is_counted(run: Run) -> None:
    counted = run.checks.set_index("check").loc["courses: rows"]
    assert (counted["passed"], counted["failed"], counted["not_applicable"]) == (6, 0, 3)


def test_a_measure_names_the_row_of_the_file(run: Run) -> None:
    chosen = run.measures[run.measures["value"].notna()].set_index("patient")["row"]
    assert dict(chosen) == {"P1": 1, "P3": 3}


def test_explain_names_the_row_of_the_file(tmp_path: Path) -> None:
    checked(tmp_path)
    told = str(prelock.load(tmp_path / "study").explain(tmp_path / "data", "P3", "doses"))
    assert 'registry.csv row 3 dose "99"' in told


def test_a_line_that_cannot_be_read_may_hold_every_set(tmp_path: Path) -> None:
    torn = REGISTRY + "P1,2024-01-01,1,2024-01-01,2\n"
    run = checked(tmp_path, registry=torn)
    counted = run.checks.set_index("check").loc["courses: rows"]
    assert (counted["passed"], counted["failed"]) == (6, 3)
    refused = run.findings[(run.findings["table"] == "courses") & (run.findings["kind"] == "refused row")]
    assert list(refused["row"]) == [4]
    values = run.variables[run.variables["variable"] == "doses"].set_index("patient")["value"]
    assert pd.isna(values["P1"])


def test_columns_that_another_table_reads_from_the_file_are_expected(run: Run) -> None:
    notes = run.findings[(run.findings["kind"] == "unexpected column") & (run.findings["file"] == "registry.csv")]
    assert set(notes["column"]) == {"other"}


def test_what_is_wrong_with_a_supplement_is_told(run: Run) -> None:
    told = run.findings[run.findings["kind"] == "supplement"]["message"]
    assert sorted(told) == [
        "1 row (3) of suppae.csv give a second value; please check which is right.",
        "2 rows (4, 5) of suppae.csv belong to no record of ae.csv; please check IDVAR and IDVARVAL.",
    ]
    notes = run.findings[(run.findings["kind"] == "unexpected column") & (run.findings["table"] == "events")]
    assert sorted(notes["column"]) == ["OTHER"]


def test_two_values_for_one_cell_are_read_as_neither(run: Run) -> None:
    assert ("code", 3, 4, "patient=P2, seq=1", "grave", "no; yes") in of(run, "events")


def test_rows_of_which_nobody_can_tell_whose_they_are_are_told(run: Run) -> None:
    told = run.findings[run.findings["kind"] == "blank part"]
    assert list(told["message"]) == ["1 row (4) of ae.csv has a blank kind: nobody can tell whose it is."]
    counted = run.checks.set_index("check").loc["events: rows"]
    assert (counted["passed"], counted["not_applicable"]) == (2, 2)


def test_a_supplement_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    run = checked(tmp_path, suppae=None)
    kinds = run.findings[(run.findings["table"] == "events") & (run.findings["severity"] == "error")]["kind"]
    assert "missing file" in set(kinds)
    assert run.exit_code == 1


def test_a_file_without_the_column_that_tells_its_tables_apart_is_unreadable(tmp_path: Path) -> None:
    run = checked(tmp_path, ae="patient,seq\nP1,1\n")
    assert run.exit_code == 3
    assert any("it has no column 'kind'" in notice for notice in run.notices)
