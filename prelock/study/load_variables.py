"""Derived variables: one value a patient, by an expression or by bands of one."""

from __future__ import annotations

from functools import partial

from prelock.documents.reading import Fields, read_mapping
from prelock.documents.tree import Element, Mapping, Scalar
from prelock.rules.nodes import Node
from prelock.study.bands import read_bands
from prelock.study.building import Building, source_text
from prelock.study.definition import Named
from prelock.study.names_allowed import allowed_name

KEYS = ("value", "text")


def declare(b: Building, section: Element) -> None:
    """Declare each variable; it is resolved on first use."""
    for entry in read_mapping(section, b.problems, "variables by name"):
        if allowed_name(b, entry.key, "variables"):
            b.resolver.declare(("variable", entry.key.text), entry.key, partial(_node, b, entry.key, entry.value))


def _node(b: Building, key: Scalar, element: Element) -> Node | None:
    if isinstance(element, Scalar):
        return b.rule(element)
    if isinstance(element, Mapping) and element.get("bands of"):
        return read_bands(b, key.text, element)
    fields = Fields(
        element, KEYS, f"variable {key.text}", b.problems, "Write an expression, or {value: …, text: …}.", key
    )
    value = fields.need("value")
    return b.rule(value) if value is not None else None


def finish(b: Building, section: Element) -> None:
    """Resolve every variable."""
    for entry in read_mapping(section, [], "variables"):
        name = entry.key.text
        node = b.resolver.find(("variable", name)) if b.names("variables", entry.key) else None
        if node is not None:
            b.variables[name] = _named(b, name, node, entry.key, entry.value)


def _named(b: Building, name: str, node: Node, key: Scalar, element: Element) -> Named:
    text, source = "", source_text(element)
    if isinstance(element, Mapping):
        said = element.get("text")
        text = source_text(said.value) if said else ""
        value = element.get("value") or element.get("bands of")
        source = source_text(value.value) if value else ""
    return Named(name=name, node=node, text=text, source=source, location=key.location)
