"""Populations: the denominators, by name."""

from __future__ import annotations

from prelock.documents.hints import nearest
from prelock.documents.reading import read_mapping, read_text
from prelock.documents.tree import Element
from prelock.rules.types import Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import Named
from prelock.study.names_allowed import allowed_name

EVERYONE = "eligible"


def declare(b: Building, section: Element) -> None:
    """Declare the populations by name."""
    for entry in read_mapping(section, b.problems, "populations by name"):
        allowed_name(b, entry.key, "populations")


def finish(b: Building, section: Element) -> None:
    """Read the rule of each population."""
    for entry in read_mapping(section, [], "populations"):
        name = entry.key.text
        node = b.rule(entry.value, None, Kind.TRUTH)
        if node is not None and b.names("populations", entry.key):
            b.populations[name] = Named(name, node, "", source_text(entry.value), entry.key.location)


def read_population(b: Building, element: Element | None, default: str = EVERYONE) -> str:
    """The name of a population; `eligible` where none is said."""
    name = read_text(element, b.problems, "a population") if element else None
    known = [EVERYONE, *b.declared.get("populations", {})]
    if element is None or name is None:
        return default
    if name not in known:
        b.note("unknown-name", f"`{name}` is no population", element, nearest(name, known, "The populations are"))
        return default
    return name
