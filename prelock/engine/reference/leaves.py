"""Where values come from: constants, cells, group fields, links, and what has a name of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from prelock.engine.cells import blank
from prelock.engine.interval import (
    ABSENT,
    MISSING,
    NOT_APPLICABLE,
    UNREADABLE,
    State,
    Val,
    by_day,
    kleene_and,
    of_truth,
    same,
)
from prelock.engine.reference.records import GroupRow, Record, Row, key_text, records_in
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.statuses import achieved
from prelock.engine.reference.trace import CellRef, Lack, Note, Part
from prelock.rules.nodes import OTHER, Column, Linked, Literal, Met, Variable
from prelock.study.definition import ColumnKind, ColumnSpec, Link
from prelock.study.names import eligible

WHY = {
    State.MISSING: "blank",
    State.NOT_DONE: "not done",
    State.NOT_KNOWN: "not known",
    State.REFUSED: "refused",
    State.UNREADABLE: "unreadable",
}


def literal(run: Run, node: Literal, here: Here) -> Part:
    """A constant; None is 'not applicable'."""
    return Part(node, NOT_APPLICABLE if node.value is None else Val.of(node.value))


def variable(run: Run, node: Variable, here: Here) -> Part:
    """A variable, a population or `eligible`: the same for every row of the patient."""
    return run.once(("variable", node.name, here.patient), lambda: _named(run, node, Here(here.patient)))


def _named(run: Run, node: Variable, here: Here) -> Part:
    named = run.study.variables.get(node.name) or run.study.populations.get(node.name)
    part = run.evaluate(named.node if named else eligible(run.study), here)
    return Part(node, part.value, (part,))


def met(run: Run, node: Met, here: Here) -> Part:
    """A criterion's own rule, or an endpoint's population, evaluability and achievement."""
    if node.section == "criterion":
        rule = next(c.rule for c in run.study.criteria if c.name == node.name)
        part = run.evaluate(rule, Here(here.patient))
        return Part(node, of_truth(part.truth), (part,))
    endpoint = next(e for e in run.study.endpoints if e.name == node.name)
    parts = tuple(run.evaluate(part, Here(here.patient)) for part in achieved(endpoint.definitions[0]))
    return Part(node, of_truth(kleene_and(*(part.truth for part in parts))), parts)


# ---- columns --------------------------------------------------------------------------------------------------------
def column(run: Run, node: Column, here: Here) -> Part:
    """A cell of the row at hand; else of the one row of `relation` that belongs here."""
    rows = _belonging(run, node.relation, here)
    parts = tuple(read(run, row, node.name, here) for row in rows)
    if len(parts) == 1:
        return Part(node, parts[0].value, parts[0].parts, parts[0].cells, parts[0].lacks, parts[0].notes)
    if not parts:
        table = run.store.table_of(node.relation)
        belongs_to_none = _rows_of_it(run, node.relation, here) and run.store.present(table)
        absent = UNREADABLE if run.no_telling(node.relation, here) and not belongs_to_none else MISSING
        return Part(node, absent, lacks=(Lack(table, 0, node.name, "no row"),))
    return agreed(node, run.store.table_of(node.relation), node.name, rows, parts)


def _belonging(run: Run, relation: str, here: Here) -> tuple[Row, ...]:
    """The row at hand, or the coarser rows that hold the innermost of its table, or all of the patient's."""
    if relation in here.rows:
        return (here.rows[relation],)
    rows = run.rows(relation, here)
    for at_hand in here.from_within():
        if run.store.table_of(relation) == records_in(at_hand)[0].table and relation in run.study.groups:
            own = {record.row for record in records_in(at_hand)}
            return tuple(row for row in rows if own <= {record.row for record in records_in(row)})
    return rows


def _rows_of_it(run: Run, relation: str, here: Here) -> bool:
    """A row at hand is one of those that a group gathers."""
    table = run.store.table_of(relation)
    return relation in run.study.groups and any(records_in(row)[0].table == table for row in here.rows.values())


def agreed(node: Column | Linked | None, table: str, name: str, rows: tuple[Row, ...], parts: tuple[Part, ...]) -> Part:
    """One distinct recorded value, blanks passed over; two are a conflict; a cell that can't be read might differ.

    Beside a day alone a moment counts as its day: the day is what they agree on.
    """
    seen = [part for part in parts if part.value.state is State.RECORDED]
    days = any(not part.value.timed for part in seen)
    told = [by_day(part.value) if days else part.value for part in seen]
    if any(not same(told[0], other) for other in told[1:]):
        numbers = tuple(sorted(row.row for row in rows))
        lacks = tuple(Lack(c.table, c.row, c.column, "conflict") for part in seen for c in part.cells)
        return Part(node, UNREADABLE, parts, lacks=lacks, notes=(Note("conflict", table, numbers, name),))
    if any(part.value.state is State.UNREADABLE for part in parts):
        return Part(node, UNREADABLE, parts)
    if seen:
        return Part(node, next((part for part in seen if not part.value.timed), seen[0]).value, parts)
    return Part(node, nothing(part.value for part in parts), parts)


def nothing(values: Iterable[Val]) -> Val:
    """What many values without one recorded come to: their state if they share it, else missing."""
    states = {value.state for value in values}
    return Val(state=states.pop()) if len(states) == 1 and not states & {State.RECORDED} else MISSING


def read(run: Run, row: Row, name: str, here: Here) -> Part:
    """A cell of a record, or a field, key or shared column of a group row."""
    part = _of_group(run, row, name, here) if isinstance(row, GroupRow) else _of_record(run, row, name, here)
    relation = row.group if isinstance(row, GroupRow) else row.table
    if run.tainted(relation, row, name):
        cells = part.cells or tuple(c for inner in part.walk() for c in inner.cells)
        lacks = tuple(Lack(c.table, c.row, c.column, "failed a check") for c in cells)
        return Part(part.node, UNREADABLE, part.parts, part.cells, lacks)
    return part


def _of_group(run: Run, row: GroupRow, name: str, here: Here) -> Part:
    group = run.study.groups[row.group]
    if name in group.fields:
        place = Here(here.patient).at(row)
        return run.once(
            ("field", row.group, here.patient, row.key, name), lambda: run.evaluate(group.fields[name], place)
        )
    parts = tuple(read(run, record, name, here) for record in row.members)
    return agreed(None, group.table, name, row.members, parts)


def _of_record(run: Run, record: Record, name: str, here: Here) -> Part:
    spec = run.study.tables[record.table].columns.get(name)
    value = record.cells.get(name)
    if value is None:
        value = Val.of_cell(blank(spec)) if spec is not None and spec.optional else UNREADABLE
    reasons: tuple[Part, ...] = ()
    if spec is not None:
        key = ("condition", record.table, record.row, name)
        written: tuple[Val, tuple[Part, ...]] = (value, ())  # a condition reads its own column as it was written
        value, reasons = run.outside(key, partial(_in_context, run, record, spec, value, here), written)
    ranged = spec is not None and spec.kind is ColumnKind.RANGE and value.state is State.RECORDED
    lacks = () if value.exact or ranged else (Lack(record.table, record.row, name, _why(value)),)
    cell = CellRef(record.table, record.row, name, value, record.raw.get(name))
    return Part(None, value, reasons, (cell,), lacks)


def _why(value: Val) -> str:
    if value.state is not State.RECORDED:
        return WHY.get(value.state, "")
    return "partial" if hasattr(value.low or value.high, "year") else "censored"


def _in_context(run: Run, record: Record, spec: ColumnSpec, value: Val, here: Here) -> tuple[Val, tuple[Part, ...]]:
    """A blank is 'not applicable' where the column is not expected; a value counts only where the column is valid."""
    place = Here(here.patient).at(record)
    if spec.expected_if is not None and value.state in ABSENT:
        part = run.evaluate(spec.expected_if, place)
        return {True: value, False: NOT_APPLICABLE, None: UNREADABLE}[part.truth], (part,)
    if spec.valid_if is not None and value.state is State.RECORDED:
        part = run.evaluate(spec.valid_if, place)
        return (value if part.truth else UNREADABLE), (part,)
    return value, ()


# ---- links ----------------------------------------------------------------------------------------------------------
def linked(run: Run, node: Linked, here: Here) -> Part:
    """A column of the one record that the link reaches, or of the other row at hand; none or several: unknown."""
    if node.link == OTHER:
        record = records_in(here.rows[OTHER])[0]
        part = read(run, record, node.name, Here(run.store.patient_of(record) or here.patient))
        return Part(node, part.value, (part,), part.cells, part.lacks)
    link = run.study.tables[node.relation].links[node.link]
    sources = tuple(run.evaluate(source, here) for source in link.sources)
    empty = [source.value for source in sources if source.value.state is not State.RECORDED]
    if empty:
        decisive = (value for value in (UNREADABLE, NOT_APPLICABLE) if value in empty)
        return Part(node, next(decisive, nothing(empty)), sources)
    found = [r for r in run.store.tables.get(link.target, ()) if _reached(link, r, sources)]
    if len(found) == 1:
        part = read(run, found[0], node.name, here)
        return Part(node, part.value, (*sources, part), part.cells, part.lacks)
    cells = [cell for source in sources for cell in source.cells]
    lacks = tuple(Lack(c.table, c.row, c.column, "no match" if not found else "two matches") for c in cells)
    notes = (Note("link", link.target, tuple(r.row for r in found), link.target_columns[0]),)
    return Part(node, UNREADABLE, sources, lacks=lacks, notes=notes)


def _reached(link: Link, record: Record, sources: tuple[Part, ...]) -> bool:
    """The record's key is what the link looks up; what is no certain value reaches nothing."""
    keys = [record.cells.get(column) for column in link.target_columns]
    pairs = [(key, source.value) for key, source in zip(keys, sources, strict=True)]
    return all(key is not None and key.exact and own.exact and _alike(key, own) for key, own in pairs)


def _alike(key: Val, own: Val) -> bool:
    if isinstance(key.low, str):
        return key_text(key) == key_text(own)
    return same(key, own)
