"""A run's files appear whole or not at all, and never in the place of somebody else's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from prelock.errors import CallError
from prelock.reports import writers
from prelock.reports.report import Report
from prelock.results import TABLES


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def write(report: Report, out: Path, suffixes: Iterable[str] = writers.ALWAYS) -> None:
    writers.write_folder(out, lambda folder: writers.fill(report, folder, suffixes))


EXPECTED = {"summary.json", "report.html", "report.xlsx", *(f"{name}.csv" for name in TABLES)}


def test_all_files_and_nothing_else(report: Report, tmp_path: Path) -> None:
    write(report, tmp_path / "new" / "out")
    assert names(tmp_path / "new" / "out") == EXPECTED


def test_files_of_an_earlier_run_do_not_stay_behind(report: Report, tmp_path: Path) -> None:
    write(report, tmp_path, (*writers.ALWAYS, ".parquet"))
    assert "findings.parquet" in names(tmp_path)
    (tmp_path / "my notes.txt").write_text("mine", encoding="utf-8")
    write(report, tmp_path)
    assert names(tmp_path) == EXPECTED | {"my notes.txt"}


def test_a_writer_that_fails_leaves_the_earlier_files_as_they_were(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(report, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(report: Report, folder: Path) -> None:
        (folder / "report.html").write_text("half a page", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(writers.WRITERS, ".html", fail)
    with pytest.raises(CallError, match=f"written to {tmp_path}: No space left on device"):
        write(report, tmp_path, (".html", ".csv"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_with_somebody_elses_files_is_refused(report: Report, tmp_path: Path) -> None:
    (tmp_path / "adverse_events.csv").write_text("ae_id,term\n", encoding="utf-8")
    with pytest.raises(CallError, match=r"adverse_events\.csv.*would be overwritten"):
        writers.refuse_others_files(tmp_path)
    (tmp_path / "summary.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CallError):
        writers.refuse_others_files(tmp_path)


def test_the_folder_of_an_earlier_run_and_a_new_one_are_fine(report: Report, tmp_path: Path) -> None:
    writers.refuse_others_files(tmp_path / "new")
    write(report, tmp_path)
    written = sorted(path.name for path in tmp_path.iterdir())
    writers.refuse_others_files(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == written
    assert "summary.json" in written


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(CallError, match="is a file"):
        writers.refuse_others_files(tmp_path / "out")


def test_a_folder_that_cannot_be_made(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CallError, match="can't be written to"):
        write(report, tmp_path / "file" / "out")


def test_too_little_memory_is_not_told_as_a_full_disk(tmp_path: Path) -> None:
    def sort(folder: Path) -> None:
        with duckdb.connect(config={"memory_limit": "5MB", "temp_directory": ""}) as duck:
            duck.execute("SELECT list(range::STRING) FROM range(10_000_000)").fetchall()

    with pytest.raises(CallError, match="more memory than it may take"):
        writers.write_folder(tmp_path / "out", sort)
    assert not (tmp_path / "out").exists()


def test_the_folder_of_a_lock_is_refused(report: Report, tmp_path: Path) -> None:
    write(report, tmp_path)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CallError, match="holds a lock"):
        writers.refuse_others_files(tmp_path)
