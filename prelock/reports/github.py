"""GitHub annotations: problems of rules and cases of a run as workflow commands, at the line of the rule.

They end in a public log: they name rules and counts, never a patient's value.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prelock.errors import Location, Problem
from prelock.reports.cases import Case, Outcome

LEVEL = {Outcome.ERROR: "error", Outcome.FAILED: "error", Outcome.WARNED: "warning"}
ORDER = tuple(LEVEL)


def problem_annotations(problems: Iterable[Problem], study: Path) -> str:
    """One line a problem; `study` is the folder as the call names it, from the repository's root."""
    lines = [
        _line("error", p.code, f"{p.message}\n{p.hint}" if p.hint else p.message, p.location, study) for p in problems
    ]
    return "\n".join(lines)


def case_annotations(found: Iterable[Case], study: Path) -> str:
    """One line for each case that failed, warned or could not run. GitHub shows ten: the gate and errors come first."""
    told = [case for case in found if case.outcome in LEVEL]
    told.sort(key=lambda case: (case.suite != "gate", ORDER.index(case.outcome)))
    return "\n".join(_line(LEVEL[case.outcome], case.name, case.text, case.location, study) for case in told)


def _line(level: str, title: str, text: str, place: Location | None, study: Path) -> str:
    properties = {"title": title}
    if place is not None:
        properties |= {
            "file": (study / place.file).as_posix(),
            "line": str(place.line),
            "col": str(place.column),
            "endColumn": str(place.column + place.length),
        }
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {said}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
