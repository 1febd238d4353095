"""`prelock check`: what it writes, prints and answers, on good data and on bad."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prelock.results import TABLES

Prelock = Callable[..., Any]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def statuses(folder: Path) -> dict[str, str]:
    return {row["patient"]: row["status"] for row in rows(folder, "eligibility")}


def check(prelock: Prelock, place, *arguments: object) -> Any:
    return prelock("check", place.study, "--data", place.data, "--out", place.out, *arguments)


def test_clean_data_opens_the_gate(process: Prelock, place) -> None:
    result = check(process, place)
    assert (result.returncode, result.stderr) == (0, "")
    for line in ("4  patients", "-1  excluded: Aged 18 to 75", "-1  excluded: No CRP at baseline", "2  eligible"):
        assert line in result.stdout
    assert "1/2 (50.0%)" in result.stdout
    assert "Gate:     open" in result.stdout
    assert str(place.out / "report.html") in result.stdout
    assert str(place.out / "report.xlsx") in result.stdout


def test_every_table_has_its_columns_in_their_order(prelock: Prelock, place) -> None:
    check(prelock, place)
    for name, table in TABLES.items():
        header = (place.out / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert tuple(header[: len(table.names)]) == table.names, name
        assert (len(header) > len(table.names)) == (table.further is not None), name


def test_the_figures_of_the_small_study(prelock: Prelock, place) -> None:
    check(prelock, place)
    assert statuses(place.out) == {"P1": "eligible", "P2": "eligible", "P3": "ineligible", "P4": "ineligible"}
    summary = [
        (r["missing_rule"], r["achieved"], r["denominator"], r["percent"]) for r in rows(place.out, "outcome_summary")
    ]
    assert summary == [("as observed", "1", "2", "50"), ("non-responder", "1", "2", "50")]
    week_12 = {r["patient"]: r for r in rows(place.out, "measures") if r["timepoint"] == "week 12"}
    assert (week_12["P1"]["value"], week_12["P1"]["unit"], week_12["P1"]["normal"]) == ("4.7", "mg/L", "yes")
    assert (week_12["P1"]["reported"], week_12["P1"]["row"]) == ("0.47 mg/dL", "2")
    events = [(r["category"], r["events"], r["patients"]) for r in rows(place.out, "adverse_event_summary")]
    assert events[0][1:] == ("3", "2")
    assert ("Acne", "2", "1") in events


def test_events_that_could_not_be_read_are_no_zeros(prelock: Prelock, place) -> None:
    (place.data / "events.csv").write_text("", encoding="utf-8")
    result = prelock("check", place.study, "--data", place.data, "--out", place.out)
    assert result.returncode == 3
    assert "Adverse events: the table could not be read, nothing is counted" in result.stdout
    assert {(r["events"], r["patients"], r["percent"]) for r in rows(place.out, "adverse_event_summary")} == {
        ("", "", "")
    }
    page = (place.out / "report.html").read_text(encoding="utf-8")
    assert "The table of events could not be read: nothing is counted." in page


def test_a_row_of_the_patient_table_that_cannot_be_read_is_said_first(prelock: Prelock, place) -> None:
    place.change("patients.csv", "P2,女,1990-02-28,2024-01-15,165", "P2,女,1990-02-28")
    result = prelock("check", place.study, "--data", place.data, "--out", place.out)
    said = "1 row of patients.csv could not be read: their patients are in no figure."
    assert result.returncode == 3
    assert said in result.stderr
    assert said in (place.out / "report.html").read_text(encoding="utf-8")
    (found,) = (row for row in rows(place.out, "findings") if row["rule"] == "patients: rows")
    assert (found["patient"], found["key"]) == ("P2", "patient_id=P2")


def test_a_row_that_might_be_anyones_is_one_finding(prelock: Prelock, place) -> None:
    place.change("labs.csv", "4,P2,CRP,2024-04-08,9.1,mg/L", '4,P2,CRP,2024-04-08,"9.1,mg/L')
    prelock("check", place.study, "--data", place.data, "--out", place.out)
    (found,) = (row for row in rows(place.out, "findings") if row["rule"] == "labs: rows")
    assert found["patient"] == ""


def test_an_event_that_might_count_is_told(prelock: Prelock, place) -> None:
    place.change("events.csv", "E3,P2,headache,2024-02-02", "E3,P2,headache,")
    result = prelock("check", place.study, "--data", place.data, "--out", place.out)
    assert "might count, too" in result.stdout
    first = rows(place.out, "adverse_event_summary")[0]
    assert (first["events"], first["patients"], first["unknown_events"], first["unknown_patients"]) == (
        "2",
        "1",
        "1",
        "1",
    )
    assert "+ 1 (1 more patient)" in (place.out / "report.html").read_text(encoding="utf-8")


def test_an_undetermined_patient_closes_the_gate_and_names_the_cell(prelock: Prelock, place) -> None:
    place.change("patients.csv", "P2,女,1990-02-28", "P2,女,")
    result = check(prelock, place)
    assert result.returncode == 1
    assert "1 patient whose eligibility is undetermined" in result.stdout
    [row] = [row for row in rows(place.out, "eligibility") if row["patient"] == "P2"]
    assert (row["status"], row["reason"]) == ("undetermined", "adult")
    assert "birth_date" in row["missing"]


def test_a_summary_for_programs(prelock: Prelock, place) -> None:
    result = check(prelock, place, "--format", "json")
    printed = json.loads(result.stdout)
    assert printed == json.loads((place.out / "summary.json").read_text(encoding="utf-8"))
    assert printed["eligibility"] == {"eligible": 2, "ineligible": 2, "undetermined": 0}
    assert printed["gate"]["ready"] is True
    assert set(printed["run"]) == {"prelock", "started", "seconds", "steps"}


def test_the_findings_that_could_change_most(prelock: Prelock, place) -> None:
    place.change("patients.csv", "P2,女,1990-02-28", "P2,女,1990-13-28")
    shown = check(prelock, place, "--top", "1").stdout
    assert "Could change most\n   1. P2 · patients.csv" in shown
    assert "undecided" in shown
    [first] = json.loads(check(prelock, place, "--top", "1", "--format", "json").stdout)["top"]
    assert (first["patient"], first["column"]) == ("P2", "birth_date")
    assert "eligibility: adult" in first["undecided"]
    assert check(prelock, place, "--top", "0").returncode == 2


def test_parquet_beside_csv(prelock: Prelock, place) -> None:
    assert check(prelock, place, "--format", "parquet").returncode == 0
    assert {f"{name}.parquet" for name in TABLES} <= {path.name for path in place.out.iterdir()}


def test_no_data_folder(prelock: Prelock, place) -> None:
    result = prelock("check", place.study, "--data", place.folder / "nowhere", "--out", place.out)
    assert (result.returncode, result.stdout) == (3, "")
    assert "nowhere does not exist" in result.stderr
    assert not place.out.exists()


def test_no_patient_table(prelock: Prelock, place) -> None:
    (place.data / "patients.csv").unlink()
    result = check(prelock, place)
    assert (result.returncode, result.stdout) == (3, "")
    assert "patients.csv is not in the data folder" in result.stderr
    assert not place.out.exists()


@pytest.mark.parametrize("broken", ["missing", "empty", "no header"])
def test_a_table_that_cannot_be_read_stops_only_what_reads_it(prelock: Prelock, place, broken: str) -> None:
    path = place.data / "labs.csv"
    if broken == "missing":
        path.unlink()
    else:
        path.write_text("" if broken == "empty" else "a,b,c\n1,2,3\n", encoding="utf-8")
    place.change("patients.csv", ",180", ",480")
    result = check(prelock, place)
    assert result.returncode == 3
    assert "labs.csv" in result.stderr
    assert "Traceback" not in result.stderr
    assert statuses(place.out) == {"P1": "undetermined", "P2": "undetermined", "P3": "ineligible", "P4": "undetermined"}
    found = rows(place.out, "findings")
    assert any(row["table"] == "labs" and row["severity"] == "error" for row in found)
    assert any(row["column"] == "height" and row["value"] == "480" for row in found)
    checks = rows(place.out, "checks")
    not_run = [row for row in checks if row["status"] == "error"]
    assert not_run
    assert all(row["error"] for row in not_run)
    assert "labs.csv" in (place.out / "report.html").read_text(encoding="utf-8")


def test_a_table_with_a_header_alone_is_no_error_and_passes_nothing(prelock: Prelock, place) -> None:
    (place.data / "events.csv").write_text("event_id,patient_id,term,onset_date\n", encoding="utf-8")
    assert check(prelock, place).returncode == 0
    about = [row for row in rows(place.out, "checks") if row["check"].startswith("events.")]
    assert about
    assert {row["status"] for row in about} <= {"not applicable", "passed"}
    assert all(row["status"] == "not applicable" for row in about if row["checked"] == "0")


def test_a_file_without_a_declared_column(prelock: Prelock, place) -> None:
    place.change("labs.csv", ",result,", ",resultat,")
    result = check(prelock, place)
    assert result.returncode == 1
    found = [row for row in rows(place.out, "findings") if row["kind"] == "missing column"]
    assert [(row["table"], row["column"]) for row in found] == [("labs", "result")]
    assert "resultat" in found[0]["message"]
    assert statuses(place.out)["P3"] == "ineligible"
    assert statuses(place.out)["P1"] == "undetermined"


def test_a_cell_of_the_wrong_type(prelock: Prelock, place) -> None:
    place.change("patients.csv", ",180", ",tall")
    result = check(prelock, place)
    assert result.returncode == 1
    assert "tall" not in result.stdout + result.stderr
    [finding] = [row for row in rows(place.out, "findings") if row["severity"] == "error"]
    assert (finding["column"], finding["value"], finding["row"], finding["line"]) == ("height", "tall", "1", "2")
    assert (finding["patient"], finding["key"], finding["severity"]) == ("P1", "patient_id=P1", "error")


def test_a_broken_study_is_refused_before_data_is_read(prelock: Prelock, place) -> None:
    place.change("eligibility.yaml", "age is between", "agee is between")
    place.change("completeness.yaml", "expect", "expct")
    result = prelock("check", place.study, "--data", place.folder / "nowhere", "--out", place.out)
    assert (result.returncode, result.stdout) == (2, "")
    assert "eligibility.yaml:3:" in result.stderr
    assert "completeness.yaml:1:" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("folder", ["data", "study"])
def test_results_never_go_where_data_or_rules_lie(prelock: Prelock, place, folder: str) -> None:
    before = {path.name: path.read_bytes() for path in (place.folder / folder).iterdir()}
    result = prelock("check", place.study, "--data", place.data, "--out", place.folder / folder)
    assert result.returncode == 2
    assert "overwrite" in result.stderr
    assert {path.name: path.read_bytes() for path in (place.folder / folder).iterdir()} == before


def test_a_call_that_lacks_something(prelock: Prelock, place) -> None:
    assert prelock("check", place.study).returncode == 2
    assert "--data" in prelock("check", place.study).stderr
    unknown = prelock("check", place.study, "--data", place.data, "--out", place.out, "--engine", "abacus")
    assert (unknown.returncode, "abacus" in unknown.stderr) == (2, True)
    spark = prelock("check", place.study, "--data", place.data, "--out", place.out, "--engine", "spark")
    assert spark.returncode == 3
    assert "reads only .parquet" in spark.stderr


def test_a_folder_that_cannot_be_written(prelock: Prelock, place) -> None:
    place.out.write_text("a file", encoding="utf-8")
    result = check(prelock, place)
    assert (result.returncode, "is a file" in result.stderr) == (2, True)


# ---- the second opinion ---------------------------------------------------------------------------------------------
def test_nothing_imports_great_expectations_unless_asked(tmp_path: Path, place) -> None:
    code = (
        "import sys; from prelock.cli import run; "
        f"code = run(['check', {str(place.study)!r}, '--data', {str(place.data)!r}, '--out', {str(place.out)!r}]); "
        "print('loaded:', 'great_expectations' in sys.modules, code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert ran.stdout.splitlines()[-1] == "loaded: False 0"
    assert json.loads((place.out / "summary.json").read_text(encoding="utf-8"))["second_opinion_differs"] is None
    assert not (place.out / "data_docs").exists()


@pytest.mark.parametrize("module", ["prelock.schemas.suite", "prelock.embedding.expectation"])
def test_no_library_ends_the_process_before_the_second_opinion_is_asked(module: str) -> None:
    code = f"import {module}, sys; print('asked', hasattr(sys.modules['__main__'], '__file__'))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "asked False\n", "")


def test_a_second_opinion_that_agrees_opens_the_gate_and_leaves_its_pages(prelock: Prelock, place) -> None:
    result = check(prelock, place, "--second-opinion")
    assert (result.returncode, result.stderr) == (0, "")
    assert "Second opinion: agrees" in result.stdout
    pages = place.out / "data_docs"
    assert (pages / "index.html").is_file()
    assert check(prelock, place, "--second-opinion").returncode == 0
    assert check(prelock, place).returncode == 0
    assert not pages.exists(), "pages of an earlier run beside the results of this one"


def test_a_second_opinion_that_differs_closes_the_gate(
    prelock: Prelock, place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the study blocks on: here it blocks on nothing."""
    from prelock.schemas import suite

    monkeypatch.setattr(suite, "demands", lambda *given: iter(()))
    (place.study / "lock.yaml").write_text("block on: []\n", encoding="utf-8")
    result = check(prelock, place, "--second-opinion")
    assert result.returncode == 1
    assert "the second opinion differs on" in result.stdout
    summary = json.loads((place.out / "summary.json").read_text(encoding="utf-8"))
    assert "patients.sex: code (second opinion)" in summary["second_opinion_differs"]
    assert summary["checks_not_run"] == []
    assert [blocker["rule"] for blocker in summary["gate"]["blockers"]] == ["second opinion"]


def test_a_patient_who_could_not_be_read_blocks_a_lock_whatever_the_gate_asks(place) -> None:
    import prelock

    place.change("patients.csv", "P2,女,1990-02-28,2024-01-15,165", "P2,女,1990-02-28")
    with prelock.load(place.study).check(place.data) as run:
        (blocker,) = (b for b in run.lock().blockers if b.rule == "data not read")
    assert blocker.text == "1 row of patients.csv could not be read: their patients are in no figure."
    assert [item.text for item in blocker.items] == [blocker.text]
