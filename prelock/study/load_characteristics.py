"""Characteristics: the rows of Table 1."""

from __future__ import annotations

from prelock.documents.hints import closest
from prelock.documents.reading import Fields, read_mapping
from prelock.documents.tree import Element, Entry, Scalar
from prelock.rules.nodes import Node
from prelock.rules.resolve.censored import counted
from prelock.rules.types import Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import Characteristic
from prelock.study.load_populations import read_population
from prelock.study.names_allowed import allowed_name

KEYS = ("count", "among", "value", "text")
POPULATION = "population"
FORMS = {Kind.TRUTH: "count", Kind.CODE: "levels", Kind.NUMBER: "number"}


def declare(b: Building, section: Element) -> None:
    """Declare the characteristics by name."""
    for entry in read_mapping(section, b.problems, "characteristics by name"):
        name = entry.key.text
        if name != POPULATION and closest(name, (POPULATION,), 0.8):
            b.note("unknown-key", f"`{name}` is no characteristic", entry.key, f"Did you mean `{POPULATION}`?")
        elif name != POPULATION:
            allowed_name(b, entry.key, "characteristics")


def finish(b: Building, section: Element) -> None:
    """Read every characteristic."""
    for entry in read_mapping(section, [], "characteristics"):
        if entry.key.text == POPULATION:
            b.characteristics_population = read_population(b, entry.value)
        elif b.names("characteristics", entry.key):
            found = _characteristic(b, entry)
            if found:
                b.characteristics.append(found)
    b.characteristics_population = b.characteristics_population or read_population(b, None)


def _characteristic(b: Building, entry: Entry) -> Characteristic | None:
    if isinstance(entry.value, Scalar):
        return _made(b, entry, entry.value, b.rule(entry.value), "")
    fields = Fields(entry.value, KEYS, f"characteristic {entry.key.text}", b.problems, at=entry.key)
    text = fields.text("text") or ""
    count, among_at, value = fields.get("count"), fields.get("among"), fields.get("value")
    if fields.ok and (count is None) == (value is None):
        b.note("missing-key", f"characteristic {entry.key.text} needs `count` or `value`, one of the two", entry.key)
        return None
    if among_at is not None and count is None:
        b.note("key-without-use", "`among` goes with `count`", fields.key("among"))
    among = b.rule(among_at, None, Kind.TRUTH) if among_at else None
    if value is not None:
        return _made(b, entry, value, b.rule(value), text)
    node = b.rule(count, None, Kind.TRUTH) if count else None
    if node is None or (among_at and among is None):
        return None
    return Characteristic(entry.key.text, text, "count", node, among, entry.key.location)


def _made(b: Building, entry: Entry, element: Element, node: Node | None, text: str) -> Characteristic | None:
    if node is None:
        return None
    form = FORMS.get(node.type.kind)
    if form is None:
        hint = "Give a yes/no rule, a code or a number, for example `years from birth_date to first_dose`."
        b.note("wrong-type", f"`{source_text(element)}` is a {node.type}, which Table 1 can't sum up", element, hint)
        return None
    summed = counted(node) if form == "number" else node
    return Characteristic(entry.key.text, text, form, summed, None, entry.key.location)
