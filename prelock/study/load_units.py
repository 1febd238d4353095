"""Units as authors write them."""

from __future__ import annotations

from prelock.documents.reading import read_text
from prelock.documents.tree import Element
from prelock.rules.units import canonical, nearest_spelling
from prelock.study.building import Building

COMMON = ("mg/L", "mg/dL", "g/L", "ug/g", "mg/kg", "10^9/L", "mm/h", "mmol/L", "U/L", "kg", "cm", "%", "days", "years")


def read_unit(b: Building, element: Element) -> str | None:
    """The canonical spelling of a unit; one that is not known is noted."""
    text = read_text(element, b.problems, "a unit")
    unit = canonical(text) if text else None
    if text and unit is None:
        b.note("unknown-unit", f"`{text}` is no unit that prelock knows", element, _hint(text))
    return unit


def _hint(text: str) -> str:
    near = nearest_spelling(text)
    return (f"Did you mean `{near}`? " if near else "") + f"Common ones are: {', '.join(COMMON)}."
