"""The reference and the engine agree on every criterion and endpoint of every patient of the example study."""

from __future__ import annotations

from pathlib import Path

import pytest

from prelock.engine.cells import read_cell
from prelock.engine.clean import clean_tables
from prelock.engine.evaluate import Evaluation
from prelock.engine.interval import Val
from prelock.engine.patient_records import lost_record
from prelock.engine.reference import Record, Reference
from prelock.engine.reference.statuses import PASSES, achieved, status_of
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.engine.sources.raw import RawTable
from prelock.study import names
from prelock.study.definition import StudyDefinition, Table
from prelock.study.load import load

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"
Statuses = dict[tuple[str, ...], str]


@pytest.mark.slow
@pytest.mark.parametrize("data", ["data", "data_with_errors"])
def test_reference_and_engine_agree(data: str) -> None:
    study = load(STUDY)
    with Session(threads=1) as session:
        raw = open_data(study, STUDY / data, session)
        records = {
            name: _records(raw[name], table, session) for name, table in study.tables.items() if raw[name].present
        }
        clean = clean_tables(study, raw, session)
        for name, table in study.tables.items():
            records[name] += [lost_record(table, row, str(whose)) for row, whose in clean[name].refused]
        engine = _by_engine(Evaluation(study, session, raw, clean))
    run = Reference(study, records)
    assert {run.key(patient) for patient in engine} == set(run.patients)
    for patient, statuses in engine.items():
        assert _by_reference(run, patient) == statuses, patient


def _records(raw: RawTable, table: Table, session: Session) -> list[Record]:
    specs = [spec for spec in table.columns.values() if spec.header in raw.columns]
    chosen = raw.rel.select("row", **{spec.name: raw.rel[raw.columns[spec.header]] for spec in specs})
    return [
        Record(table.name, row["row"], {s.name: Val.of_cell(read_cell(row[s.name], s)) for s in specs})
        for row in session.arrow(chosen.order_by("row")).to_pylist()
    ]


def _by_reference(run: Reference, patient: str) -> Statuses:
    found: Statuses = {(name,): status for name, status in run.criteria(patient).items()}
    return {**found, **run.endpoints(patient)}


def _by_engine(ev: Evaluation) -> dict[str, Statuses]:
    study: StudyDefinition = ev.study
    columns = {f"c {c.name}": ev.truth(names.passes(c)) for c in study.criteria}
    definitions = [(e.name, d) for e in study.endpoints for d in e.definitions]
    for number, (_, definition) in enumerate(definitions):
        columns |= {f"e {number} {part}": ev.truth(node) for part, node in enumerate(achieved(definition))}
    found = {}
    for row in ev.session.arrow(ev.patients.select(patient=ev.patients["patient"], **columns)).to_pylist():
        statuses: Statuses = {(c.name,): PASSES[row[f"c {c.name}"]] for c in study.criteria}
        for number, (name, definition) in enumerate(definitions):
            truths = [row[f"e {number} {part}"] for part in range(3)]
            statuses[name, definition.name or "main"] = status_of(*truths)
        found[row["patient"]] = statuses
    return found
