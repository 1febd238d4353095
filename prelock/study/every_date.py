"""`every date`: bounds that every date of a patient's records must keep, said once for all tables."""

from __future__ import annotations

from dataclasses import replace

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_text
from prelock.documents.tree import Element
from prelock.rules.nodes import Column, Node
from prelock.rules.types import Kind
from prelock.study.building import Building
from prelock.study.definition import ColumnKind, ColumnSpec, Table

KEYS = ("not before", "not after", "except")
DATES = (ColumnKind.DATE, ColumnKind.MOMENT)


def every_date(b: Building, section: Element) -> None:
    """Add the bounds to each dated column of each table of patients, but for those that are excepted."""
    fields = Fields(section, KEYS, "every date", b.problems)
    before, after = (_bounds(b, fields, key) for key in KEYS[:2])
    apart = {name for item in fields.items("except") if (name := _date(b, item))}
    for table in b.tables.values():
        if table.patient_column is not None:
            bounded = {name: _bounded(table, spec, before, after, apart) for name, spec in table.columns.items()}
            b.tables[table.name] = replace(table, columns=bounded)


def _bounds(b: Building, fields: Fields, key: str) -> tuple[Node, ...]:
    """One value a patient each: facts, variables, columns of the patient."""
    found = (b.rule(item, None, (Kind.DATE, Kind.MOMENT)) for item in fields.items(key))
    return tuple(node for node in found if node is not None)


def _date(b: Building, element: Element) -> tuple[str, str] | None:
    """A dated column, as `table.column`."""
    text = read_text(element, b.problems, "a date, as exposure.end_date")
    dates = {
        f"{t.name}.{c.name}": (t.name, c.name) for t in b.tables.values() for c in t.columns.values() if c.kind in DATES
    }
    if text is not None and text not in dates:
        b.note("unknown-name", f"`{text}` is no date of a table", element, nearest(text, dates, "The dates are"))
    return dates.get(text or "")


def _bounded(
    table: Table, spec: ColumnSpec, before: tuple[Node, ...], after: tuple[Node, ...], apart: set[tuple[str, str]]
) -> ColumnSpec:
    if spec.kind not in DATES or (table.name, spec.name) in apart:
        return spec
    others = [tuple(node for node in bounds if not _is(node, table, spec)) for bounds in (before, after)]
    return replace(spec, not_before=(*spec.not_before, *others[0]), not_after=(*spec.not_after, *others[1]))


def _is(node: Node, table: Table, spec: ColumnSpec) -> bool:
    """The bound is this very date."""
    return isinstance(node, Column) and (node.relation, node.name) == (table.name, spec.name)
