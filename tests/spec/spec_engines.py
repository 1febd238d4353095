"""The engines that every spec is run on, each giving the same plain answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from spec_format import Spec, raw_tables, study_text

import prelock.study.load as study_load
from prelock.engine.explain_values import shown
from prelock.engine.interval import ABSENT, Val
from prelock.engine.reference import Part, Reference, missing_cells, notes_raised, records_from
from prelock.rules.nodes import Variable
from prelock.rules.types import PATIENT, Kind
from prelock.study.definition import StudyDefinition


@dataclass(frozen=True)
class Answers:
    """What an engine says: by patient the value, the kinds of finding, the missing cells (None: it doesn't tell)."""

    values: dict[str, Any]
    findings: dict[str, tuple[str, ...]] | None = None
    missing: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=4)
def loaded(text: str, folder: Path) -> StudyDefinition:
    """The study, loaded from a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return study_load.load(str(folder))


def run_reference(spec: Spec, folder: Path) -> Answers:
    """By the reference interpreter."""
    study = loaded(study_text(spec), folder / "study")
    run = Reference(study, records_from(study, raw_tables(spec)))
    if spec.ask != "rule":
        return Answers({patient: _status(run, spec.ask, patient) for patient in spec.expect})
    parts = {patient: run.at_patient(_answer(study), patient) for patient in spec.expect}
    return Answers(
        {patient: _plain(part, study) for patient, part in parts.items()},
        {patient: tuple(sorted({note.kind for note in notes_raised(part)})) for patient, part in parts.items()},
        {patient: _missing(part) for patient, part in parts.items()},
    )


def _answer(study: StudyDefinition) -> Variable:
    return Variable(name="answer", type=study.variables["answer"].node.type, grain=PATIENT)


def _status(run: Reference, ask: str, patient: str) -> str:
    if ask == "eligible":
        return run.eligibility(patient)
    name, _, rival = ask.partition(" ")
    found = run.criteria(patient).get(name)
    return found or run.endpoints(patient)[name, rival or "main"]


def _plain(part: Part, study: StudyDefinition) -> Any:
    node = study.variables["answer"].node
    return part.truth if node.type.kind is Kind.TRUTH else told(part.value)


def told(value: Val) -> str:
    """A value as specs write it; every reason for having none is `missing`."""
    return "missing" if value.state in ABSENT else shown(value)


def _missing(part: Part) -> str:
    return "; ".join(f"{lack.table} row {lack.row} {lack.column} {lack.why}" for lack in missing_cells(part))


ENGINES: dict[str, Callable[[Spec, Path], Answers]] = {"reference": run_reference}
