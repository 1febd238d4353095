"""Cleaning of small tables in memory: every distinct text is read by `read_cell`, and no query need be planned.

A study of a hundred patients is cleaned sooner so than queries for it could be planned; the results are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from prelock.engine import sql
from prelock.engine.cells import Cell, State, blank, missing_class, read_cell
from prelock.engine.leftovers import Reading, dictionary, facts_of
from prelock.engine.patients import key_spec
from prelock.engine.session import Session, quoted
from prelock.engine.sources.raw import RawTable
from prelock.engine.spellings import BLANKS, key_of, tidy
from prelock.study.definition import ColumnKind, ColumnSpec, Table

SMALL = 20_000  # rows of the largest table

Shown = Mapping[str, str]  # how a key compares → how the patient table writes it


def clean_small(
    raw: RawTable, table: Table, session: Session, shown: Shown, keyed: Sequence[str]
) -> tuple[sql.Table, dict[str, Reading]]:
    """One table, cleaned and stored as `clean <name>`, and how each column was read."""
    rows = session.arrow(raw.rel)
    readings = {name: _reading(rows, raw, spec) for name, spec in table.columns.items()}
    columns = {"row": rows["row"], "line": rows["line"], "patient": _patients(rows, raw, table, shown)}
    for reading in readings.values():
        columns |= _columns(rows, reading)
    for column in keyed:
        columns[f"{readings[column].name}|fold"] = _fold(rows, readings[column])
    name = session.unique("cleaned")
    session.duck.register(name, pa.table(columns))
    stored = session.store(f"SELECT * FROM {quoted(name)}", f"clean {table.name}")
    session.duck.unregister(name)
    return stored, readings


def _reading(rows: pa.Table, raw: RawTable, spec: ColumnSpec) -> Reading:
    source = raw.columns.get(spec.header) if raw.present else None
    if source is None:
        cell = blank(spec) if spec.optional and raw.present else Cell(state=State.UNREADABLE)
        return Reading(spec, None, facts_of([cell]), cell, {})
    texts = pc.unique(rows[source]).to_pylist()
    cells = {text: read_cell(text, spec) for text in texts if text is not None}
    empty = blank(spec)
    return Reading(spec, source, facts_of([*cells.values(), empty]), empty, cells)


def _columns(rows: pa.Table, reading: Reading) -> dict[str, pa.Array]:
    """The column's parts: those of each distinct text, and of the blank after them, taken row by row."""
    parts = dictionary(reading, (*reading.cells.values(), reading.blank))
    last = pa.scalar(len(reading.cells), pa.int32())
    if reading.source is None:
        places = pa.repeat(last, rows.num_rows)
    else:
        known = pa.array(list(reading.cells), pa.string())
        places = pc.fill_null(pc.index_in(rows[reading.source], value_set=known), last)
    name, taken = reading.name, {part: array.take(places) for part, array in parts.items()}
    columns = {name: taken["low"]}
    if reading.facts.interval:
        columns |= {f"{name}|{part}": taken[part] for part in ("high", "low_open", "high_open")}
    if reading.facts.states:
        columns[f"{name}|state"] = taken["state"]
    if reading.spec.kind is ColumnKind.MOMENT:
        columns[f"{name}|timed"] = taken["timed"]
    if reading.spec.kind is ColumnKind.RESULT:
        columns[f"{name}|text"] = rows[reading.source] if reading.source else pa.nulls(rows.num_rows, pa.string())
        if reading.spec.codes:
            columns[f"{name}|code"] = taken["code"]
    return columns


def _fold(rows: pa.Table, reading: Reading) -> pa.Array:
    """The column's texts as they compare; null where the clean cell is."""
    if reading.source is None:
        return pa.nulls(rows.num_rows, pa.string())
    forms = {text: key_of(text) for text, cell in reading.cells.items() if cell.low is not None}
    known, folded = pa.array(list(forms), pa.string()), pa.array(list(forms.values()), pa.string())
    return folded.take(pc.index_in(rows[reading.source], value_set=known))


def shown_keys(raw: RawTable, table: Table, session: Session) -> Shown:
    """The patients of the patient table; of two spellings of one key the first row's is shown."""
    spec = key_spec(raw, table)
    if spec is None:
        return {}
    shown: dict[str, str] = {}
    for (text,) in session.rows(
        f"SELECT {quoted(raw.columns[spec.header])} FROM ({session.sql(raw.rel)}) ORDER BY row"
    ):
        if text and is_key(text, spec):
            shown.setdefault(key_of(text), text.strip(BLANKS))
    return shown


def is_key(text: str, spec: ColumnSpec) -> bool:
    """The cell names a patient: it is neither blank nor a missing code."""
    return bool(tidy(text)) and missing_class(spec, tidy(text)) is None


def _patients(rows: pa.Table, raw: RawTable, table: Table, shown: Shown) -> pa.Array:
    """The patient of each row; one that the patient table has not is shown as first spelled, in order of spelling."""
    spec = key_spec(raw, table)
    if spec is None:
        return pa.nulls(rows.num_rows, pa.string())
    cells = rows[raw.columns[spec.header]]
    texts = sorted(text for text in pc.unique(cells).to_pylist() if text and is_key(text, spec))
    own: dict[str, str] = {}
    for text in texts:
        own.setdefault(key_of(text), text.strip(BLANKS))
    names = pa.array([shown.get(key_of(text), own[key_of(text)]) for text in texts], pa.string())
    return names.take(pc.index_in(cells, value_set=pa.array(texts, pa.string())))
