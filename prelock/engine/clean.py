"""Clean tables: cells of the kind that their column declares, as intervals where the data needs them.

SQL answers for canonical spellings, where it surely agrees with `read_cell`; every other one is read by `read_cell`
itself, once for each distinct text, and joined back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from prelock.engine import small, sql
from prelock.engine.key_forms import KeyForm, keyed_columns
from prelock.engine.leftovers import ColumnFacts, Reading, read_leftovers
from prelock.engine.patients import PatientKeys, patient_column
from prelock.engine.refused_rows import refused_rows
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable
from prelock.engine.sql.tables import Stored
from prelock.study.definition import StudyDefinition, Table


@dataclass(frozen=True)
class CleanTable:
    """One table, typed. For each declared column `c`, under `column_name(c)`:

    - its value, or the lower bound (text, code, unit: string; number, result: float64; yes/no: boolean; date; moment)
    - `c|high`, `c|low_open`, `c|high_open` only if `facts[c].interval`; `c|state` only if `facts[c].states`
    - `c|timed` for moments; for results `c|text`, and `c|code` where codes are declared
    - `c|fold` for texts that are keys or links: as they compare
    and `row`, `line`, `patient` (the patient's key as the patient table writes it). `refused` are the rows of the file
    that could not be read: number, and patient where it can be told.
    """

    name: str
    rel: sql.Table
    facts: Mapping[str, ColumnFacts]
    present: bool
    file: str
    readings: Mapping[str, Reading] = field(default_factory=dict, compare=False)
    refused: tuple[tuple[int, str | None], ...] = ()


def clean_tables(study: StudyDefinition, raw: Mapping[str, RawTable], session: Session) -> dict[str, CleanTable]:
    """Every table of the study, cleaned, in the study's order; the patient table first settles the patients' keys."""
    tables = _clean_tables(study, raw, session)
    if not any(table.refused for table in raw.values()):
        return tables
    keys = session.rows(tables[study.patient_table].rel.select("patient").distinct())
    patients = {patient for (patient,) in keys if patient is not None}
    return {
        name: replace(table, refused=refused_rows(raw[name], study.tables[name], patients))
        for name, table in tables.items()
    }


def _clean_tables(study: StudyDefinition, raw: Mapping[str, RawTable], session: Session) -> dict[str, CleanTable]:
    first = study.tables[study.patient_table]
    if session.small and all(table.rows <= small.SMALL for table in raw.values()):
        session.as_written()
        shown = small.shown_keys(raw[first.name], first, session)
        return {
            name: _made(
                raw[name], table, *small.clean_small(raw[name], table, session, shown, keyed_columns(study, table))
            )
            for name, table in study.tables.items()
        }
    keys = PatientKeys.of(raw[first.name], first, session)
    session.make_ready(keys.shown(session), sum(table.rows for table in raw.values()))
    return {
        name: clean_table(raw[name], table, session, keys, keyed_columns(study, table))
        for name, table in study.tables.items()
    }


def clean_table(raw: RawTable, table: Table, session: Session, keys: PatientKeys, keyed: Sequence[str]) -> CleanTable:
    """One table of any size, cleaned by the database; `keyed` columns get `c|fold`."""
    readings = {name: read_leftovers(raw, spec, session) for name, spec in table.columns.items()}
    patient, rel = patient_column(raw, table, session, keys)
    forms = [KeyForm.of(raw, readings[name], session) for name in keyed]
    for reading in readings.values():
        rel = reading.join(rel)
    for form in forms:
        rel = form.join(rel)
    columns: dict[str, sql.Value] = {"row": rel.row, "line": rel.line, "patient": patient(rel)}
    for reading in readings.values():
        columns |= reading.columns(rel)
    columns |= {form.name: form.column(rel, columns[form.reading.name]) for form in forms}
    rows = rel.select(**columns)
    if len(session.batches) > 1 and table.patient_column is not None:
        return _made(raw, table, session.by_patient(rows), readings)
    cheap = rel is raw.rel and all(reading.cheap for reading in readings.values())
    return _made(raw, table, _kept(rows, cheap, session), readings)


def _kept(rows: sql.Table, cheap: bool, session: Session) -> sql.Table:
    """The rows: stored, or read anew by each query where that costs little, and takes no memory."""
    if not cheap or session.name != "duckdb":
        return session.materialise(rows)
    view = session.view(session.sql(rows)).get_name()
    return sql.Table(rows.types, Stored(view, rows), rows.sure)


def _made(raw: RawTable, table: Table, stored: sql.Table, readings: Mapping[str, Reading]) -> CleanTable:
    facts = {name: reading.facts for name, reading in readings.items()}
    patient = table.patient_column
    present = raw.present and (patient is None or table.columns[patient].header in raw.columns)
    return CleanTable(table.name, stored, facts, present, raw.file, readings)
