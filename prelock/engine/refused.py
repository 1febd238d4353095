"""Cells that a failed check (`on fail: unknown`) takes out of use: unreadable for every other rule."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from prelock.engine import sql
from prelock.engine.compile import truth
from prelock.engine.context import in_use
from prelock.engine.values import Stored, either
from prelock.engine.view import View, slot
from prelock.rules import nodes as n
from prelock.study.definition import Check, StudyDefinition


def refusing(study: StudyDefinition, relation: str) -> list[Check]:
    """The checks whose failure takes cells of the relation out of use."""
    return [c for c in study.checks if c.relation == relation and c.on_fail == "unknown" and c.rule is not None]


def parts_of(check: Check) -> Iterator[n.Node]:
    """The rules of a check."""
    yield from (part for part in (check.when, check.rule) if part is not None)


def faults(beside: View, checks: Sequence[Check]) -> dict[Hashable, sql.Value]:
    """The cells that failed checks take out of use; `beside` also has what the checks read of the patient."""
    found: dict[Hashable, sql.Value] = {}
    for check in checks:
        assert check.rule is not None
        applies = sql.literal(True) if check.when is None else truth(check.when, beside).fill_null(False)
        failed = applies & (~truth(check.rule, beside)).fill_null(False)
        for key in _read(check):
            found[key] = either(found.get(key), failed)
    return found


def _read(check: Check) -> list[Hashable]:
    nodes = n.walk(check.rule) if check.rule is not None else ()
    return [slot(node) for node in nodes if isinstance(node, n.Column) and node.relation == check.relation]


def touches(checks: Sequence[Check], rules: Iterable[n.Node]) -> bool:
    """A rule reads a cell that one of the checks may take out of use."""
    read = {key for check in checks for key in _read(check)}
    return any(slot(part) in read for rule in rules for part in n.walk(rule))


def unusable(view: View, marks: Mapping[Hashable, str]) -> View:
    """`view` with the cells unreadable that a column of it marks, by what each is filed under."""
    columns: dict[str, sql.Value] = {}
    stored = dict(view.stored)
    for key, mark in marks.items():
        place, fault = stored[key], view.table[mark]
        places = dict(place.columns)
        for part in ("low", "high"):
            if part in place.columns:
                held = view.table[place.columns[part]]
                places[part] = in_use(view.study, str(view.relation), key[2], place.columns[part])  # type: ignore[index]
                columns[places[part]] = sql.cases((fault, sql.null(held.type())), else_=held)
        places["unreadable"] = f"{place.columns['low']}|refused"
        columns[places["unreadable"]] = either(fault, place.read(view.table).unreadable)
        if "na" in places:
            places["na"] = f"{place.columns['low']}|still na"
            columns[places["na"]] = view.table[place.columns["na"]] & ~fault
        stored[key] = Stored(places, place.computed)
    return replace(view, table=view.table.mutate(**columns), stored=stored)
