"""`also reported for each: arm`: an endpoint's main definition in each level of a code, such as the arms of a trial."""

from __future__ import annotations

from dataclasses import replace

from prelock.documents.reading import Fields
from prelock.rules.nodes import And, Node, OneOf, Variable
from prelock.rules.types import PATIENT, TRUTH, Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import EndpointDefinition, Named

KEY = "also reported for each"


def subgroups(
    b: Building, fields: Fields, main: EndpointDefinition, taken: tuple[str, ...]
) -> list[EndpointDefinition]:
    """The main definition once for each level, over those patients of its population who have it."""
    element = fields.get(KEY)
    node = b.rule(element, None, Kind.CODE) if element is not None else None
    if element is None or node is None:
        return []
    found = []
    for code in node.type.codes:
        if code in taken:
            b.note("name-clash", f"`{code}` already names a definition of this endpoint", element)
        found.append(replace(main, name=code, population=_population(b, main.population, node, code, fields)))
    return found


def _population(b: Building, base: str, level: Node, code: str, fields: Fields) -> str:
    """A population of the author's narrowed to a level, under a name that no author can give."""
    name = f"{base}: {code}"
    member = Variable(type=TRUTH, grain=PATIENT, name=base)
    same = OneOf(type=TRUTH, grain=level.grain, value=level, values=(code,))
    both = And(type=TRUTH, grain=PATIENT, parts=(member, same))
    said = source_text(fields.get(KEY) or fields.element)
    b.populations.setdefault(name, Named(name, both, "", f"{base} and {said} is {code}", fields.key(KEY).location))
    return name
