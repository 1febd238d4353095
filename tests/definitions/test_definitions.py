"""Whole study folders: the good ones load, each bad one gives exactly the error text beside it.

A bad case is the base study with the case's files laid over it; `absent.txt` names files of the base that it lacks.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from prelock.errors import StudyError
from prelock.study.load import load

HERE = Path(__file__).parent
BASE = HERE / "base"
BAD = sorted(path for path in (HERE / "bad").iterdir() if path.is_dir())
GOOD = [BASE, *sorted(path for path in (HERE / "good").iterdir() if path.is_dir())]
BESIDE = ("expected.txt", "absent.txt")


def lay_over(case: Path, folder: Path) -> Path:
    """The base study with the case's files over it."""
    shutil.copytree(BASE, folder)
    for file in case.iterdir():
        if file.name not in BESIDE:
            shutil.copy(file, folder / file.name)
    absent = case / "absent.txt"
    for name in absent.read_text(encoding="utf-8").split() if absent.exists() else ():
        (folder / name).unlink()
    return folder


def faults(folder: Path) -> StudyError:
    with pytest.raises(StudyError) as caught:
        load(folder)
    return caught.value


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_bad_study_gives_the_error_text_beside_it(case: Path, tmp_path: Path) -> None:
    error = faults(lay_over(case, tmp_path / "study"))
    expected = (case / "expected.txt").read_text(encoding="utf-8")
    assert f"{error}\n" == expected


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_every_problem_of_a_bad_study_has_a_place_in_its_file(case: Path, tmp_path: Path) -> None:
    folder = lay_over(case, tmp_path / "study")
    for problem in faults(folder).problems:
        where = problem.location
        assert where is not None
        assert where.line >= 1
        if problem.source_line is not None:
            assert 1 <= where.column <= len(problem.source_line) + 1
            assert where.column + where.length <= len(problem.source_line) + 2
        if problem.source_line is not None and "\ufffd" not in problem.source_line:
            assert problem.source_line == (folder / where.file).read_text(encoding="utf-8").splitlines()[where.line - 1]


def test_there_are_enough_bad_studies() -> None:
    assert len(BAD) >= 45


@pytest.mark.parametrize("folder", GOOD, ids=lambda path: path.name)
def test_good_study_loads(folder: Path) -> None:
    assert load(folder).title
