"""Which file holds which section."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from prelock.documents.folder import Folder, read_folder
from prelock.errors import CallError, Problem

SECTIONS = ("tables", "variables")
KEYS = ("study",)


def read(folder: Path, **files: str) -> tuple[Folder | None, list[Problem]]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return read_folder(folder, SECTIONS, KEYS, problems), problems


def test_sections_come_from_files_and_from_keys(tmp_path: Path) -> None:
    found, problems = read(tmp_path, study="study: A\ntables:\n  a: 1\n", variables="b: 2\n")
    assert not problems
    assert found is not None
    assert list(found.sections) == ["tables", "variables"]
    assert [e.key.text for e in found.main] == ["study"]
    assert found.digests["study.yaml"] == hashlib.sha256((tmp_path / "study.yaml").read_bytes()).hexdigest()


def test_other_files_beside_a_study_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello", encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / ".hidden.yaml").write_text("x", encoding="utf-8")
    found, problems = read(tmp_path, study="study: A\n")
    assert found is not None
    assert not problems


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no study folder"):
        read_folder(tmp_path / "nowhere", SECTIONS, KEYS, [])


def test_a_file_with_a_fault_is_not_whole(tmp_path: Path) -> None:
    found, problems = read(tmp_path, study="study: A\n", variables='b: "x" is 2\n')
    assert found is not None
    assert not found.whole
    assert len(problems) == 1
