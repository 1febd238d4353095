"""A random study loaded: what the language refuses (a rule that can never hold, a circle) is left out first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prelock.errors import StudyError
from prelock.study.definition import StudyDefinition
from tests.study_text import study_of

TRIES = 12
CONDITION = re.compile(r", (expected|valid) if: .*}$")


@dataclass(frozen=True)
class Loaded:
    """The study that was left, its text, and how many declarations were refused, by the problem's code."""

    study: StudyDefinition | None
    text: str
    refused: dict[str, int]


def load_what_holds(text: str) -> Loaded:
    """Load the study, leaving out the lines that are refused; None where nothing was left to load."""
    refused: dict[str, int] = {}
    lines = text.splitlines()
    for _ in range(TRIES):
        try:
            return Loaded(study_of("\n".join(lines) + "\n"), "\n".join(lines) + "\n", refused)
        except StudyError as error:
            wrong = {p.location.line: p.code for p in error.problems if p.location is not None}
            for code in wrong.values():
                refused[code] = refused.get(code, 0) + 1
            lines = [_mended(line, wrong.get(number)) for number, line in enumerate(lines, start=1)]
            lines = [line for line in lines if line]
    return Loaded(None, "\n".join(lines) + "\n", refused)


def _mended(line: str, code: str | None) -> str:
    """The line, with what was asked for, or nothing."""
    if code == "met-without-data":
        return line[:-1] + ", no data: passes}"
    if code == "no-later-value":
        return line.replace(", if missing: [as observed, last observation]", "")
    if code == "circle" and CONDITION.search(line):
        return CONDITION.sub("}", line)
    return line if code is None else ""
