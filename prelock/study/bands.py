"""Bands: a number cut into named codes, as `{bands of: age, A1: at most 16, A2: 17 to 40, A3: above 40}`."""

from __future__ import annotations

from decimal import Decimal

from prelock.documents.reading import read_text
from prelock.documents.tree import Element, Mapping
from prelock.rules.nodes import And, Cases, Compare, Literal, Node
from prelock.rules.types import STUDY, TRUTH, Kind, Type
from prelock.study.bounds import Bounds, is_bounds, read_bounds
from prelock.study.building import Building


def read_bands(b: Building, name: str, element: Mapping) -> Node | None:
    """The code of the band in which the value lies; unknown outside all bands."""
    of = element.get("bands of")
    value = b.rule(of.value, None, Kind.NUMBER) if of else None
    named = [entry for entry in element if entry.key.text not in ("bands of", "text")]
    if not named:
        b.note("missing-key", f"variable {name} names no band", element, "Write A1: at most 16, A2: 17 to 40.")
    if value is None or not named:
        return None
    found = {entry.key.text: _band(b, entry.value, value.type) for entry in named}
    bands = {code: bounds for code, bounds in found.items() if bounds}
    _apart(b, element, bands)
    if len(bands) < len(named):
        return None
    kind = Type(Kind.CODE, codes=tuple(bands), ordered=True)
    branches = tuple((_inside(value, c), Literal(type=kind, grain=STUDY, value=code)) for code, c in bands.items())
    return Cases(type=kind, grain=value.grain, branches=branches, otherwise=None)


def _band(b: Building, element: Element, kind: Type) -> Bounds | None:
    text = read_text(element, b.problems, "a band, as `at most 16` or `17 to 40`")
    if text is None:
        return None
    if not is_bounds(text):
        hint = "Write at most 16, 17 to 40, above 40, at least 41, under 17."
        b.note("wrong-form", f"`{text}` is no band", element, hint)
        return None
    return read_bounds(b, element, text, kind)


def _inside(value: Node, band: Bounds) -> Node:
    parts = []
    if band.low is not None:
        parts.append(_compare(value, ">=" if band.includes[0] else ">", band.low))
    if band.high is not None:
        parts.append(_compare(value, "<=" if band.includes[1] else "<", band.high))
    return parts[0] if len(parts) == 1 else And(type=TRUTH, grain=value.grain, parts=tuple(parts))


def _compare(value: Node, op: str, edge: Decimal) -> Node:
    literal = Literal(type=Type(Kind.NUMBER, value.type.unit), grain=STUDY, value=edge)
    return Compare(type=TRUTH, grain=value.grain, op=op, left=value, right=literal)


def _apart(b: Building, element: Mapping, bands: dict[str, Bounds]) -> None:
    """No two bands share a value."""
    names = list(bands)
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            entry = element.get(second)
            if entry is not None and bands[first].meets(bands[second]):
                b.note("bands-overlap", f"bands {first} and {second} share values", entry.value)
