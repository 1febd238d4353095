"""Study folders written by a test: the base study with other files over it."""

from __future__ import annotations

import shutil
from pathlib import Path

from prelock.errors import StudyError
from prelock.study.definition import StudyDefinition
from prelock.study.load import load

DEFINITIONS = Path(__file__).parents[1] / "definitions"


def study(folder: Path, files: dict[str, str] | None = None) -> StudyDefinition:
    """The base study with `files` (name without suffix: text) over it, loaded."""
    shutil.copytree(DEFINITIONS / "base", folder, dirs_exist_ok=True)
    for name, text in (files or {}).items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(folder)


def codes(folder: Path, files: dict[str, str]) -> list[str]:
    """The codes of the problems of the base study with `files` over it; empty when it loads."""
    try:
        study(folder, files)
    except StudyError as error:
        return [problem.code for problem in error.problems]
    return []


def good(name: str) -> StudyDefinition:
    """One of the good studies."""
    return load(DEFINITIONS / "good" / name)
