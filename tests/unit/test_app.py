"""The Python API: load, check on folders and frames, the run's tables, the gate, the exit code."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import prelock
from prelock.errors import CallError, DataError
from prelock.results import TABLES

STUDY = """\
study: Three patients
version: 1.0.0
language: 1
patient: people.id
tables:
  people:
    file: people.csv
    one row for each: id
    columns: {age: {type: whole number, min: 0}, row: {type: text, optional: yes}}
eligibility:
  include: {adult: {text: Adult, rule: age >= 18}}
"""
PEOPLE = {"id": ["1", "2", "3"], "age": ["20", "17", "44"]}


@pytest.fixture
def study(tmp_path: Path) -> prelock.Study:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.yaml").write_text(STUDY, encoding="utf-8")
    return prelock.load(tmp_path / "study")


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "arrow"])
def test_frames_of_every_kind(study: prelock.Study, frame: type) -> None:
    with study.check({"people": frame(PEOPLE)}) as run:
        assert list(run.eligibility["status"]) == ["eligible", "ineligible", "eligible"]
        assert list(run.eligibility.columns) == ["patient", "status", "reason", "missing", "adult"]
        assert run.exit_code == 0
        assert run.lock().ready


def test_every_table_is_a_data_frame_with_its_columns(study: prelock.Study) -> None:
    with study.check({"people": pd.DataFrame(PEOPLE)}) as run:
        for name, table in TABLES.items():
            frame = getattr(run, name)
            assert isinstance(frame, pd.DataFrame)
            assert tuple(frame.columns[: len(table.names)]) == table.names
            assert getattr(run, name) is frame
            assert name in dir(run)
        with pytest.raises(AttributeError, match="its tables are findings, checks"):
            run.elegibility  # noqa: B018


def test_whole_numbers_stay_whole_where_some_are_empty(study: prelock.Study) -> None:
    with study.check({"people": pd.DataFrame({**PEOPLE, "age": ["20", "x", "44"]})}) as run:
        assert str(run.findings["row"].dtype) == "Int64"
        assert list(run.findings["row"]) == [2]
        assert run.exit_code == 1
        assert [blocker.rule for blocker in run.lock().blockers] == ["errors", "undetermined eligibility"]


def test_results_are_written_where_asked(study: prelock.Study, tmp_path: Path) -> None:
    steps: list[str] = []
    with study.check({"people": pd.DataFrame(PEOPLE)}, tmp_path / "out", formats=["parquet"], progress=steps.append):
        assert (tmp_path / "out" / "eligibility.parquet").is_file()
        assert pd.read_csv(tmp_path / "out" / "eligibility.csv")["patient"].tolist() == [1, 2, 3]
    assert steps[0] == "reading tables"
    assert steps[-1] == "writing results"


def test_nothing_is_left_behind_where_results_cannot_be_written(
    study: prelock.Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with pytest.raises(CallError, match="can't be written"):
        study.check({"people": pd.DataFrame(PEOPLE)}, out=tmp_path / "file" / "out")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_calls_that_are_wrong(study: prelock.Study, tmp_path: Path) -> None:
    frames = {"people": pd.DataFrame(PEOPLE)}
    with pytest.raises(CallError, match="There is no engine polars; the engines are duckdb, spark"):
        study.check(frames, engine="polars")
    with pytest.raises(CallError, match="Frames are read by the engine duckdb only"):
        study.check(frames, engine="spark")
    with pytest.raises(CallError, match="A database is read by the engine duckdb only"):
        study.check("postgresql://host/trial", engine="spark")
    with study.check(frames) as run, pytest.raises(CallError, match="No results are written as docx"):
        run.write(tmp_path / "out", ["docx"])
    with pytest.raises(DataError, match="does not exist"):
        study.check(tmp_path / "nowhere")
    with pytest.raises(CallError, match="study's own folder"):
        study.check(frames, study.folder)
    with pytest.raises(DataError, match="There is no connection"):
        study.check("postgresql://host/trial")


def test_problems_of_a_study(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY.replace("age >= 18", "agee >= 18"), encoding="utf-8")
    with pytest.raises(prelock.StudyError, match=r"study\.yaml:11:\d+: unknown-name: `agee`"):
        prelock.load(tmp_path)
    [problem] = prelock.lint(tmp_path)
    assert problem.location is not None
    assert (problem.location.file, problem.location.line) == ("study.yaml", 11)


def test_explain_from_python(study: prelock.Study) -> None:
    tree = study.explain({"people": pd.DataFrame(PEOPLE)}, "2", "adult")
    assert (tree.is_rule, tree.truth) == (True, False)
    with pytest.raises(CallError, match="no patient"):
        study.explain({"people": pd.DataFrame(PEOPLE)}, "9")


def test_the_study_can_be_linted_again(study: prelock.Study) -> None:
    assert study.lint() == ()
    (study.folder / "study.yaml").write_text(STUDY.replace("version", "versoin"), encoding="utf-8")
    assert [problem.code for problem in study.lint()] == ["missing-key", "unknown-key"]
