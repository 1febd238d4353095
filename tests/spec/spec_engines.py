"""The engines that every spec is run on, each giving the same plain answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from spec_format import Spec, headers, raw_tables, study_text, study_tree

import prelock.study.load as study_load
from prelock.engine.explain_values import shown
from prelock.engine.interval import ABSENT, NOT_APPLICABLE, State, Val
from prelock.engine.reference import Part, Reference, missing_cells, notes_raised, records_from
from prelock.engine.reference.statuses import ELIGIBLE, PASSES, achieved, status_of
from prelock.rules.nodes import Variable
from prelock.rules.types import PATIENT, Kind
from prelock.study import names
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


def evaluation_of(spec: Spec, folder: Path) -> Any:
    """The spec's study evaluated by the engine on its tables, from frames of text."""
    import pyarrow as pa

    from prelock.engine.clean import clean_tables
    from prelock.engine.evaluate import Evaluation
    from prelock.engine.session import Session
    from prelock.engine.sources import open_data

    study = loaded(study_text(spec), folder / "study")
    declared = study_tree(spec)["tables"]
    frames = {
        name: pa.table({h: pa.array([row[h] for row in rows], pa.string()) for h in _headers(declared, name, rows)})
        for name, rows in raw_tables(spec).items()
    }
    session = Session(threads=1)
    raw = open_data(study, frames, session)
    return Evaluation(study, session, raw, clean_tables(study, raw, session))


def run_duckdb(spec: Spec, folder: Path) -> Answers:
    """By the engine."""
    ev = evaluation_of(spec, folder)
    study = ev.study
    if spec.ask != "rule":
        statuses = _duckdb_statuses(ev, spec.ask)
        return Answers({patient: statuses[patient] for patient in spec.expect})
    node = _answer(study)
    found, lacks = _rows(ev, _parts(ev.value(node))), _rows(ev, {"missing": ev.missing(node)})
    is_rule = node.type.kind is Kind.TRUTH
    if is_rule:
        truths = _rows(ev, {"truth": ev.truth(node)})
        values = {patient: row["truth"] for patient, row in truths.items()}
    else:
        values = {patient: told(_val(row)) for patient, row in found.items()}
    asked = {patient: values[patient] for patient in spec.expect}
    return Answers(asked, None, {patient: row["missing"] for patient, row in lacks.items()})


def _headers(declared: dict[str, Any], name: str, rows: list[dict[str, str]]) -> list[str]:
    return list(rows[0]) if rows else headers(declared[name])


def _parts(value: Any) -> dict[str, Any]:
    names = ("low", "high", "low_open", "high_open", "unreadable", "na")
    return {name: getattr(value, name) for name in names if getattr(value, name) is not None}


def _rows(ev: Any, columns: dict[str, Any]) -> dict[str, dict[str, Any]]:
    table = ev.patients.select(patient=ev.patients["patient"], **{f"x_{name}": c for name, c in columns.items()})
    found = ev.session.arrow(table).to_pylist()
    return {row["patient"]: {name: row[f"x_{name}"] for name in columns} for row in found}


def _val(row: dict[str, Any]) -> Val:
    """The engine's columns as a value of the reference."""
    low, high = row["low"], row.get("high", row["low"])
    state = State.RECORDED if low is not None or high is not None else State.MISSING
    if row.get("unreadable"):
        state = State.UNREADABLE
    if row.get("na"):
        return NOT_APPLICABLE
    low, high = (Decimal(repr(x)) if isinstance(x, float) else x for x in (low, high))
    return Val(low, high, bool(row.get("low_open")), bool(row.get("high_open")), state)


def _duckdb_statuses(ev: Any, ask: str) -> dict[str, str]:
    study = ev.study
    if ask == "eligible":
        found = _rows(ev, {"truth": ev.truth(names.eligible(study))})
        return {patient: ELIGIBLE[row["truth"]] for patient, row in found.items()}
    criterion = next((c for c in study.criteria if c.name == ask), None)
    if criterion is not None:
        found = _rows(ev, {"truth": ev.truth(names.passes(criterion))})
        return {patient: PASSES[row["truth"]] for patient, row in found.items()}
    name, _, rival = ask.partition(" ")
    endpoint = names.endpoint(study, name)
    definition = next(d for d in endpoint.definitions if (d.name or "main") == (rival or "main"))
    truths = {str(n): ev.truth(node) for n, node in enumerate(achieved(definition))}
    return {patient: status_of(*row.values()) for patient, row in _rows(ev, truths).items()}


ENGINES: dict[str, Callable[[Spec, Path], Answers]] = {"reference": run_reference, "duckdb": run_duckdb}
