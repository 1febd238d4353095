"""Cells that a failed check (`on fail: unknown`) takes out of use: unreadable for every other rule."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

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


def refuse(beside: View, view: View, checks: Sequence[Check]) -> View:
    """`view` with the cells of failed checks unreadable; `beside` also has what the checks read of the patient."""
    faults: dict[Hashable, sql.Value] = {}
    for check in checks:
        assert check.rule is not None
        applies = sql.literal(True) if check.when is None else truth(check.when, beside).fill_null(False)
        failed = applies & (~truth(check.rule, beside)).fill_null(False)
        for node in n.walk(check.rule):
            if isinstance(node, n.Column) and node.relation == view.relation:
                faults[slot(node)] = either(faults.get(slot(node)), failed)
    columns: dict[str, sql.Value] = {}
    stored = dict(view.stored)
    for key, fault in faults.items():
        place = stored[key]
        places = dict(place.columns)
        for part in ("low", "high"):
            if part in place.columns:
                held = beside.table[place.columns[part]]
                places[part] = in_use(view.study, str(view.relation), key[2], place.columns[part])  # type: ignore[index]
                columns[places[part]] = sql.cases((fault, sql.null(held.type())), else_=held)
        name = f"{place.columns['low']}|refused"
        old = place.columns.get("unreadable")
        columns[name] = fault if old is None else fault | beside.table[old]
        places["unreadable"] = name
        if "na" in places:
            places["na"] = f"{place.columns['low']}|still na"
            columns[places["na"]] = beside.table[place.columns["na"]] & ~fault
        stored[key] = Stored(places, place.computed)
    kept = list(dict.fromkeys((*view.table.columns, *columns)))
    table = beside.table.mutate(**columns).select(*kept)
    return View(view.study, view.relation, table, view.texts, stored, dict(view.whys))
