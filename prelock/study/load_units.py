"""Units as authors write them."""

from __future__ import annotations

from prelock.documents.reading import read_items, read_mapping, read_text
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


def read_unit_spellings(b: Building, element: Element) -> dict[str, tuple[str, ...]]:
    """Canonical units with the spellings of them that only this study has; one that means another unit is noted."""
    found: dict[str, tuple[str, ...]] = {}
    hint = "List the spellings of each unit: {mg/L: [mg per litre, 毫克每升]}."
    for entry in read_mapping(element, b.problems, "spellings by unit", hint):
        unit, texts = read_unit(b, entry.key), []
        for item in read_items(entry.value):
            text = read_text(item, b.problems, "a spelling")
            known = canonical(text) if text else None
            if unit and known not in (None, unit):
                b.note("spelling-twice", f"`{text}` is a spelling of {known}, so it can't be one of {unit}", item)
            elif text:
                texts.append(text)
        if unit:
            found[unit] = tuple(texts)
    return found


def _hint(text: str) -> str:
    near = nearest_spelling(text)
    return (f"Did you mean `{near}`? " if near else "") + f"Common ones are: {', '.join(COMMON)}."
