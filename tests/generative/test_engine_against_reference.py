"""The DuckDB engine against the reference interpreter: every name of the study, on random clean and dirty tables."""

from __future__ import annotations

import csv
import sys
from numbers import Number
from pathlib import Path
from typing import Any

import pytest

from prelock.engine.clean import clean_tables
from prelock.engine.evaluate import Evaluation
from prelock.engine.named import named_nodes
from prelock.engine.reference import Reference, records_from
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.rules.nodes import AtPoint, Node
from prelock.rules.types import PATIENT, Kind
from prelock.study.definition import StudyDefinition
from prelock.study.load import load

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from random_data import Tables  # noqa: E402

PATIENTS = 20


@pytest.fixture(scope="module")
def study() -> StudyDefinition:
    return load(HERE)


def questions(study: StudyDefinition) -> dict[str, Node]:
    """Every name, every measure at every timepoint, every rule of an endpoint."""
    found: dict[str, Node] = {node.name: node for node in named_nodes(study)}  # type: ignore[attr-defined]
    for measure in study.measures.values():
        for point in study.timepoints.values():
            if point.name == point.shown:
                node = AtPoint(measure=measure.name, point=point.name, type=measure.type, grain=PATIENT)
                found[f"{measure.name} at {point.name}"] = node
    for endpoint in study.endpoints:
        for d in endpoint.definitions:
            for part in ("evaluable", "achieved", "locf_evaluable", "locf_achieved"):
                if getattr(d, part) is not None:
                    found[f"{endpoint.name} {d.name} {part}"] = getattr(d, part)
    return found


def plain(bound: Any) -> Any:
    """A bound as both sides write it: numbers to seven decimals, dates as text."""
    if bound is None or isinstance(bound, bool | str):
        return bound
    return round(float(bound), 7) if isinstance(bound, Number) else str(bound)[:10]


def by_reference(study: StudyDefinition, folder: Path) -> dict[tuple[str, str], Any]:
    raw = {}
    for name, table in study.tables.items():
        with (folder / table.file).open(encoding="utf-8", newline="") as stream:
            raw[name] = list(csv.DictReader(stream))
    reference = Reference(study, records_from(study, raw))
    answers = {}
    for patient in reference.patients:
        for name, node in questions(study).items():
            part = reference.at_patient(node, patient)
            value = part.value
            told = (plain(value.low), plain(value.high), value.recorded)
            answers[patient, name] = part.truth if node.type.kind is Kind.TRUTH else told
    return answers


def by_engine(study: StudyDefinition, folder: Path) -> dict[tuple[str, str], Any]:
    asked = questions(study)
    with Session() as session:
        raw = open_data(study, folder, session)
        evaluation = Evaluation(study, session, raw, clean_tables(study, raw, session))
        columns = {"patient": evaluation.patients["patient"]}
        for i, node in enumerate(asked.values()):
            if node.type.kind is Kind.TRUTH:
                columns[f"truth {i}"] = evaluation.truth(node)
            else:
                value = evaluation.value(node)
                columns |= {f"low {i}": value.low, f"high {i}": value.top, f"recorded {i}": value.recorded()}
        rows = session.rows(evaluation.patients.select(**columns))
    answers = {}
    for row in rows:
        held = dict(zip(columns, row, strict=True))
        for i, (name, node) in enumerate(asked.items()):
            told = (plain(held.get(f"low {i}")), plain(held.get(f"high {i}")), held.get(f"recorded {i}"))
            answers[held["patient"].lower(), name] = held.get(f"truth {i}") if node.type.kind is Kind.TRUTH else told
    return answers


@pytest.mark.parametrize(("seed", "dirt"), [(1, 0.0), (2, 0.03), (3, 0.15), (4, 0.15), (5, 0.4)])
def test_engine_and_reference_agree(study: StudyDefinition, tmp_path: Path, seed: int, dirt: float) -> None:
    Tables(tmp_path, seed, PATIENTS, dirt).write()
    expected, answers = by_reference(study, tmp_path), by_engine(study, tmp_path)
    assert len(expected) > 80 * PATIENTS
    different = {key: (answers[key], expected[key]) for key in expected if answers[key] != expected[key]}
    assert answers.keys() == expected.keys()
    assert not different, f"{len(different)} of {len(expected)} differ: {list(different.items())[:5]}"
