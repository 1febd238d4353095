"""From tables as they lie in their files to tables of records: repeated columns stacked, dates put together,
supplements attached. What a record is made of is declared; every record keeps the row of the file it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable
from prelock.engine.sources.shapes.filed import filed_tables, supplement_name
from prelock.engine.sources.shapes.rows import as_records
from prelock.engine.sources.shapes.supplement import with_supplement
from prelock.study.definition import StudyDefinition, Table

UNEXPECTED = "unexpected column"


def shaped(study: StudyDefinition, filed: Mapping[str, RawTable], session: Session) -> dict[str, RawTable]:
    """The tables of the study; `filed` holds those of `filed_tables`."""
    return {name: _shaped(study, table, filed, session) for name, table in study.tables.items()}


def _shaped(study: StudyDefinition, table: Table, filed: Mapping[str, RawTable], session: Session) -> RawTable:
    raw = _without_others(study, table, filed[table.name])
    if not _is_shaped(table):
        return raw
    records = as_records(table, raw, session)
    if table.supplement is None or not records.present:
        return records
    return with_supplement(table, table.supplement, records, filed[supplement_name(table.name)], session)


def _is_shaped(table: Table) -> bool:
    return bool(table.part or table.made)


def _without_others(study: StudyDefinition, table: Table, raw: RawTable) -> RawTable:
    """A column that another table reads from the same file is not unexpected there."""
    where = (table.file, table.file_format.sheet)
    others = [t for t in study.tables.values() if t is not table and (t.file, t.file_format.sheet) == where]
    if not others or not table.file:
        return raw
    known = {spec.header for other in others for spec in filed_tables(other)[other.name].columns.values()}
    kept = [p for p in raw.problems if p.kind != UNEXPECTED or p.column not in known]
    return replace(raw, problems=kept)


__all__ = ["filed_tables", "shaped"]
