"""What a cell means in its record: a blank where none was expected, a value where the column is not valid."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter

from prelock.engine import sql
from prelock.engine.compile import truth
from prelock.engine.values import Stored, either
from prelock.engine.view import View
from prelock.rules.nodes import Column, Node, walk
from prelock.study.definition import ColumnSpec, StudyDefinition


def conditional(study: StudyDefinition, relation: str) -> list[ColumnSpec]:
    """The columns of a table whose meaning depends on something else, each after those that its conditions read."""
    table = study.tables.get(relation)
    specs = {spec.name: spec for spec in table.columns.values() if any(conditions(spec))} if table else {}
    reads = {name: [read for read in _reads(spec, relation) if read in specs] for name, spec in specs.items()}
    return [specs[name] for name in TopologicalSorter(reads).static_order()]


def _reads(spec: ColumnSpec, relation: str) -> Iterator[str]:
    for condition in conditions(spec):
        for part in walk(condition):
            if isinstance(part, Column) and part.relation == relation and part.name != spec.name:
                yield part.name


def conditions(spec: ColumnSpec) -> Iterator[Node]:
    """What a column's meaning depends on."""
    yield from (part for part in (spec.expected_if, spec.valid_if) if part is not None)


def in_use(study: StudyDefinition, relation: str, column: str, name: str) -> str:
    """Where the part of a cell that may be used is kept: a group is told by its key as it was written."""
    is_key = any(group.table == relation and column in group.key for group in study.groups.values())
    return f"{name}|in use" if is_key else name


def in_context(view: View, relation: str, spec: ColumnSpec) -> View:
    """The view with `expected if` and `valid if` of one column applied: not applicable, or unreadable."""
    if spec.expected_if is None and spec.valid_if is None:
        return view
    place = view.stored["column", relation, spec.name]
    found = place.read(view.table)
    na, unreadable = either(found.na), either(found.unreadable)
    recorded = found.some() & ~na
    blank = ~found.some() & ~na & ~unreadable
    if spec.expected_if is not None:
        expected = truth(spec.expected_if, view)
        na = na | (blank & (~expected).fill_null(False))
        unreadable = unreadable | (blank & expected.isnull())
    if spec.valid_if is not None:
        unreadable = unreadable | (recorded & ~truth(spec.valid_if, view).fill_null(False))
    low = place.columns["low"]
    columns: dict[str, sql.Value] = {f"{low}|not applicable": na, f"{low}|out of use": unreadable}
    places = dict(place.columns) | {"na": f"{low}|not applicable", "unreadable": f"{low}|out of use"}
    for part in ("low", "high"):
        if part in place.columns:
            held = view.table[place.columns[part]]
            places[part] = in_use(view.study, relation, spec.name, place.columns[part])
            columns[places[part]] = sql.cases((unreadable, sql.null(held.type())), else_=held)
    stored = {**view.stored, ("column", relation, spec.name): Stored(places, place.computed)}
    return View(view.study, view.relation, view.table.mutate(**columns), view.texts, stored, view.whys)
