"""The records of one patient as the reference reads them, each with its number in its own file."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from prelock.engine.cells import read_cell
from prelock.engine.interval import UNREADABLE, Val
from prelock.engine.patients import PatientKeys, patient_column
from prelock.engine.reference import Record
from prelock.engine.refused_rows import refused_rows
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.engine.sources.raw import RawTable
from prelock.engine.spellings import key_of
from prelock.errors import CallError
from prelock.study.definition import StudyDefinition, Table


def patient_records(
    study: StudyDefinition, data: str | Path | Mapping[str, Any], patient: str
) -> dict[str, list[Record]]:
    """The patient's rows of every table that can be read, and all rows of tables about no patient.

    Raises CallError if the patient table has no such patient.
    """
    with Session() as session:
        raw = open_data(study, data, session)
        keys = PatientKeys.of(raw[study.patient_table], study.tables[study.patient_table], session)
        known = {key_of(shown): shown for (shown,) in session.rows(session.table(keys.table).select("shown"))}
        wanted = _shown(known, patient)
        found: dict[str, list[Record]] = {}
        for name, table in study.tables.items():
            if raw[name].present:
                lost = refused_rows(raw[name], table, set(known.values())) if name != study.patient_table else ()
                ghosts = [lost_record(table, row, wanted) for row, whose in lost if whose in (None, wanted)]
                found[name] = [*_records(raw[name], table, keys, wanted, session), *ghosts]
        return found


def lost_record(table: Table, row: int, patient: str) -> Record:
    """A row that could not be read: in no cell of it."""
    cells = dict.fromkeys(table.columns, UNREADABLE)
    return Record(table.name, row, {**cells, str(table.patient_column): Val.of(patient)}, {})


def _shown(known: Mapping[str, str], patient: str) -> str:
    """The patient's key as the patient table writes it."""
    if key_of(patient) in known:
        return known[key_of(patient)]
    near = get_close_matches(key_of(patient), known, n=1, cutoff=0.6)
    hint = f" Did you mean {known[near[0]]}?" if near else ""
    raise CallError(f"The patient table has no patient with the key given in --patient.{hint}")


def _records(raw: RawTable, table: Table, keys: PatientKeys, wanted: str, session: Session) -> list[Record]:
    headers = [spec.header for spec in table.columns.values() if spec.header in raw.columns]
    rel = raw.rel
    if table.patient_column is not None:
        shown, rel = patient_column(raw, table, session, keys)
        rel = rel.filter(shown(rel) == wanted)
    chosen = rel.select("row", *(raw.columns[header] for header in headers)).order_by("row")
    rows = [(row, dict(zip(headers, cells, strict=True))) for row, *cells in session.rows(chosen)]
    specs = [spec for spec in table.columns.values() if spec.header in raw.columns]
    return [
        Record(
            table.name,
            row,
            {spec.name: Val.of_cell(read_cell(texts[spec.header], spec)) for spec in specs},
            {spec.name: texts[spec.header] for spec in specs},
        )
        for row, texts in rows
    ]
