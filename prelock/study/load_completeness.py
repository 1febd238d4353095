"""What should be there at each timepoint; `require` decides `complete(point)`."""

from __future__ import annotations

from functools import partial

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_mapping, read_text
from prelock.documents.tree import Element, Entry
from prelock.rules.nodes import AtPoint, Column, Node, Variable
from prelock.rules.scope import Relation
from prelock.rules.types import PATIENT, Kind
from prelock.study.building import Building
from prelock.study.definition import CompletenessItem, CompletenessPoint
from prelock.study.lazy import UnresolvedError

KEYS = ("require", "expect", "due if", "expect if", "text")


def declare(b: Building, section: Element) -> None:
    """Declare the required items of each timepoint, resolved on first use."""
    for entry in read_mapping(section, b.problems, "timepoints by name"):
        fields = Fields(entry.value, KEYS, f"completeness at {entry.key.text}", b.problems, at=entry.key)
        if entry.key.text not in b.timepoints:
            hint = nearest(entry.key.text, b.timepoints, "The timepoints are")
            b.note("unknown-name", f"`{entry.key.text}` is no timepoint", entry.key, hint)
        elif "require" in fields:
            b.declared.setdefault("complete", {})[entry.key.text] = entry.key
            b.resolver.declare(("complete", entry.key.text), entry.key, partial(_required, b, fields, entry.key.text))


def _required(b: Building, fields: Fields, point: str) -> tuple[Node, ...] | None:
    nodes = [item_node(b, item, point) for item in fields.items("require")]
    return None if any(node is None for node in nodes) else tuple(node for node in nodes if node)


def finish(b: Building, section: Element) -> None:
    """Read each timepoint's items and when they are due."""
    for entry in read_mapping(section, [], "completeness"):
        if entry.key.text in b.timepoints:
            b.completeness.append(_point(b, entry))


def _point(b: Building, entry: Entry) -> CompletenessPoint:
    point = entry.key.text
    fields = Fields(entry.value, KEYS, "", [])
    if "require" in fields:
        b.resolver.find(("complete", point))
    due = fields.get("due if")
    conditions = _conditions(b, fields)
    items: dict[str, CompletenessItem] = {}
    for key in ("require", "expect"):
        for element in fields.items(key):
            name = read_text(element, [])
            node = item_node(b, element, point, noted=key == "expect")
            if name in items:
                b.note("item-twice", f"`{name}` stands twice at {point}", element)
            elif name and node:
                items[name] = CompletenessItem(name, node, key == "require", conditions.pop(name, None))
    for name, rule in conditions.items():
        node = item_node(b, _condition_key(fields, name), point)
        if node:
            items[name] = CompletenessItem(name, node, False, rule)
    due_rule = b.rule(due, None, Kind.TRUTH) if due else None
    return CompletenessPoint(point, due_rule, tuple(items.values()), entry.key.location)


def _conditions(b: Building, fields: Fields) -> dict[str, Node | None]:
    section = fields.get("expect if")
    entries = read_mapping(section, b.problems, "a rule for each item") if section else ()
    return {entry.key.text: b.rule(entry.value, None, Kind.TRUTH) for entry in entries}


def _condition_key(fields: Fields, name: str) -> Element:
    section = fields.get("expect if")
    return (
        next(entry.key for entry in read_mapping(section, [], "") if entry.key.text == name)
        if section
        else fields.element
    )


def item_node(b: Building, element: Element, point: str, noted: bool = True) -> Node | None:
    """The value behind an item: a measure at the timepoint, a variable, or a column with one value a patient."""
    name = read_text(element, b.problems if noted else [], "an item")
    if name is None:
        return None
    homes = [r for r in b.relations.values() if r.one_row and name in r.columns]
    if name in b.scope.measures or name in b.scope.variables or homes:
        try:
            return _value(b, name, point, homes)
        except UnresolvedError:
            return None
    if noted:
        columns = [c for r in b.relations.values() if r.one_row for c in r.columns]
        known = [*b.scope.measures, *b.scope.variables, *columns]
        hint = nearest(name, known, "Items are measures, variables and patient columns")
        b.note("unknown-name", f"`{name}` is no measure, no variable and no column of a patient", element, hint)
    return None


def _value(b: Building, name: str, point: str, homes: list[Relation]) -> Node:
    if name in b.scope.measures:
        return AtPoint(type=b.scope.measures[name].type, grain=PATIENT, measure=name, point=point)
    if name in b.scope.variables:
        return Variable(type=b.scope.variables[name], grain=PATIENT, name=name)
    home = homes[0]
    return b.written_out(Column(type=home.columns[name], grain=home.grain, relation=home.name, name=name))
