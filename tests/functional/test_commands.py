"""The commands beside `check`: demo, init, lint, explain; and how prelock fails when it is prelock that is wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prelock import app
from prelock.cli import cli, run

Prelock = Callable[..., Any]
COMMANDS = ("demo", "init", "lint", "check", "explain", "schema", "lock", "unlock", "queries", "sign", "verify")


def test_help_names_every_command(prelock: Prelock, process: Prelock) -> None:
    result = prelock("--help")
    assert result.returncode == 0
    for command in COMMANDS:
        assert command in result.stdout
        assert prelock(command, "--help").returncode == 0
    shown = re.sub(r"Usage: .*? \[", "Usage: python -m prelock [", result.stdout, count=1)
    assert process("--help").stdout == shown
    assert set(cli.commands) == set(COMMANDS)


def test_version(prelock: Prelock) -> None:
    from prelock import __version__

    assert prelock("--version").stdout.strip() == f"prelock, version {__version__}"


# ---- lint -----------------------------------------------------------------------------------------------------------
def test_lint_of_a_good_study(prelock: Prelock, place) -> None:
    result = prelock("lint", place.study)
    assert (result.returncode, result.stdout) == (0, "")
    assert "No problem" in result.stderr


def test_lint_lists_every_problem_with_its_place(prelock: Prelock, place) -> None:
    place.change("eligibility.yaml", "age is between 18 and 75", "agee is between 18 and 75")
    place.change("measures.yaml", "unit column: unit", "unit colum: unit")
    result = prelock("lint", place.study)
    assert result.returncode == 2
    assert "eligibility.yaml:3:" in result.stdout
    assert "measures.yaml:1:" in result.stdout
    assert "^" in result.stdout
    assert "`age`" in result.stdout
    assert "2 problems" in result.stderr


def test_lint_for_programs(prelock: Prelock, place) -> None:
    assert json.loads(prelock("lint", place.study, "--format", "json").stdout) == []
    place.change("eligibility.yaml", "age is between 18 and 75", "agee is between 18 and 75")
    result = prelock("lint", place.study, "--format", "json")
    [problem] = json.loads(result.stdout)
    assert result.returncode == 2
    assert (problem["file"], problem["line"], problem["length"]) == ("eligibility.yaml", 3, 4)
    assert problem["source_line"][problem["column"] - 1 :].startswith("agee")
    assert problem["code"]


def test_a_study_that_is_not_there(prelock: Prelock, place) -> None:
    result = prelock("lint", place.folder / "nothing")
    assert result.returncode == 2
    assert "nothing" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


# ---- schema ---------------------------------------------------------------------------------------------------------
def test_schema_for_editors(prelock: Prelock) -> None:
    whole = json.loads(prelock("schema").stdout)
    assert set(whole["required"]) == {"study", "version", "patient"}
    lock = json.loads(prelock("schema", "--section", "lock").stdout)
    assert lock["properties"] == whole["definitions"]["lock"]["properties"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--section", "lokc"), "Did you mean `lock`?"),
        (("--pandera", "labs"), "--pandera TABLE and STUDY"),
        (("study",), "--pandera TABLE and STUDY"),
        (("--pandera", "lab", "study"), "Did you mean `labs`?"),
    ],
)
@pytest.mark.usefixtures("place")
def test_a_schema_that_is_not_there(prelock: Prelock, arguments: tuple[str, ...], said: str) -> None:
    result = prelock("schema", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


TAKEN_AWAY = """
import sys, warnings
import pandera.errors, polars as pl
warnings.simplefilter("ignore")
frame = pl.DataFrame(
    {"patient_id": ["P1", "P2", None, "P4"], "sex": ["male", "m", "female", None],
     "birth_date": [None] * 4, "first_dose_date": [None] * 4, "height": [99.0, 230.0, None, 180.0]},
    schema_overrides={"birth_date": pl.Date, "first_dose_date": pl.Date},
)
try:
    schema.validate(frame, lazy=True)
except pandera.errors.SchemaErrors as error:
    for column, index in sorted(error.failure_cases.select("column", "index").iter_rows()):
        print(column, index)
assert "prelock" not in sys.modules
"""


@pytest.mark.usefixtures("place")
def test_the_pandera_schema_works_where_prelock_is_not_imported(prelock: Prelock, tmp_path: Path) -> None:
    """A height of 99 is unusual and only warned of, as `plausible` says."""
    printed = prelock("schema", "--pandera", "patients", "study")
    assert printed.returncode == 0
    (tmp_path / "pipeline.py").write_text(printed.stdout + TAKEN_AWAY, encoding="utf-8")
    quiet = "ignore::FutureWarning"  # PySpark's own, where it is installed too
    command = [sys.executable, "-W", quiet, "-I", "pipeline.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == ["patient_id 2", "sex 1"]


# ---- explain --------------------------------------------------------------------------------------------------------
def test_explain_shows_the_cells_and_their_place(prelock: Prelock, place) -> None:
    result = prelock("explain", place.study, "--data", place.data, "--patient", "P1", "--rule", "crp_normal")
    assert result.returncode == 0
    assert "labs.csv row 2" in result.stdout
    assert "0.47" in result.stdout
    assert "achieved" in result.stdout


def test_explain_everything(prelock: Prelock, place) -> None:
    text = prelock("explain", place.study, "--data", place.data, "--patient", "P3").stdout
    for part in ("ineligible", "adult", "birth_date", "patients.csv row 3"):
        assert part in text


def test_explain_for_programs(prelock: Prelock, place) -> None:
    result = prelock(
        "explain", place.study, "--data", place.data, "--patient", "P1", "--rule", "adult", "--format", "json"
    )
    tree = json.loads(result.stdout)
    assert tree["truth"] is True
    assert "patients.csv row 1" in json.dumps(tree, ensure_ascii=False)


def test_explain_of_what_is_not_there(prelock: Prelock, place) -> None:
    nobody = prelock("explain", place.study, "--data", place.data, "--patient", "P77")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    nothing = prelock("explain", place.study, "--data", place.data, "--patient", "P1", "--rule", "adlt")
    assert nothing.returncode == 2
    assert "Did you mean `adult`?" in nothing.stderr


# ---- init -----------------------------------------------------------------------------------------------------------
def test_the_template_is_a_study_without_problems(prelock: Prelock, tmp_path: Path) -> None:
    result = prelock("init", "new")
    assert result.returncode == 0
    assert "study.yaml" in result.stdout
    assert prelock("lint", "new").returncode == 0


def test_a_study_from_the_columns_of_a_data_folder(prelock: Prelock, place) -> None:
    result = prelock("init", "new", "--from", place.data)
    assert result.returncode == 0
    tables = (place.folder / "new" / "tables.yaml").read_text(encoding="utf-8")
    assert "a guess" in tables
    assert "birth_date: date" in tables
    assert "one row for each: lab_id" in tables
    assert "not done: [ND]" in tables
    assert prelock("lint", "new").returncode == 0, prelock("lint", "new").stdout
    assert prelock("check", "new", "--data", place.data, "--out", "out").returncode == 0


def test_init_never_writes_over_files(prelock: Prelock, place) -> None:
    before = {path.name: path.read_bytes() for path in place.study.iterdir()}
    result = prelock("init", place.study)
    assert (result.returncode, "not empty" in result.stderr) == (2, True)
    assert {path.name: path.read_bytes() for path in place.study.iterdir()} == before


# ---- demo -----------------------------------------------------------------------------------------------------------
def test_demo_shows_the_figures_and_where_the_report_lies(prelock: Prelock, tmp_path: Path) -> None:
    result = prelock("demo")
    assert result.returncode == 0, result.stderr
    for part in ("117  patients", "94  eligible", "18/36 (50.0%)", "33/77 (42.9%)", "32/94 (34.0%)", "report.html"):
        assert part in result.stdout
    assert (tmp_path / "prelock-demo" / "results" / "report.html").is_file()
    assert (tmp_path / "prelock-demo" / "study" / "eligibility.yaml").is_file()


def test_demo_again_keeps_a_changed_rule(prelock: Prelock, tmp_path: Path) -> None:
    prelock("demo", "there")
    rules = tmp_path / "there" / "study" / "eligibility.yaml"
    text = rules.read_text(encoding="utf-8")
    assert "age is between 18 and 75" in text
    rules.write_text(text.replace("age is between 18 and 75", "age is between 18 and 30"), encoding="utf-8")
    result = prelock("demo", "there")
    assert "excluded: Aged 18 to 75 years" in result.stdout


def test_demo_refuses_a_folder_with_other_things(prelock: Prelock, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    result = prelock("demo", "mine")
    assert (result.returncode, "not empty" in result.stderr) == (2, True)


# ---- a defect -------------------------------------------------------------------------------------------------------
def fail(*arguments: object) -> None:
    raise ValueError("P0042 has a height of 17")


def test_a_defect_is_told_without_data(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("PRELOCK_DEBUG", raising=False)
    monkeypatch.setattr(app, "lint", fail)
    assert run(["lint", "."]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert "defect of its own (ValueError at prelock/cli.py:" in told.err
    assert "P0042" not in told.err
    assert "Traceback" not in told.err


def test_a_defect_can_be_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRELOCK_DEBUG", "1")
    monkeypatch.setattr(app, "lint", fail)
    with pytest.raises(ValueError, match="P0042"):
        run(["lint", "."])
