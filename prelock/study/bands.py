"""Bands: a number cut into named codes, as `{bands of: age, A1: at most 16, A2: 17 to 40, A3: above 40}`."""

from __future__ import annotations

import re
from decimal import Decimal

from prelock.documents.reading import read_text
from prelock.documents.tree import Element, Mapping
from prelock.rules.nodes import And, Cases, Compare, Literal, Node
from prelock.rules.resolve.numbers import BARE_ALLOWED
from prelock.rules.types import STUDY, TRUTH, Kind, Type
from prelock.rules.units import canonical, factor
from prelock.study.building import Building

NUMBER = r"(-?\d+(?:\.\d+)?)(?:\s*(\S.*?))?"
RANGE = re.compile(rf"{NUMBER}\s+to\s+{NUMBER}", re.ASCII)
ONE_SIDED = re.compile(rf"(at most|at least|above|over|below|under)\s+{NUMBER}", re.ASCII)
# The sign that holds inside the band, and whether the comparison is negated (only <= and >= are written out).
SIGNS = {"at most": "<=", "at least": ">=", "above": ">", "over": ">", "below": "<", "under": "<"}
Bound = tuple[str, Decimal]


def read_bands(b: Building, name: str, element: Mapping) -> Node | None:
    """The code of the band in which the value lies; unknown outside all bands."""
    of = element.get("bands of")
    value = b.rule(of.value, None, Kind.NUMBER) if of else None
    branches, bounds = [], {}
    codes = tuple(e.key.text for e in element if e.key.text not in ("bands of", "text"))
    if not codes:
        b.note("missing-key", f"variable {name} names no band", element, "Write A1: at most 16, A2: 17 to 40.")
        return None
    kind = Type(Kind.CODE, codes=codes, ordered=True)
    for entry in element:
        if value is None or entry.key.text not in codes:
            continue
        band = _band(b, entry.value, value.type.unit)
        if band:
            bounds[entry.key.text] = band
            code = Literal(type=kind, grain=STUDY, value=entry.key.text)
            branches.append((_inside(value, band), code))
    _apart(b, element, bounds)
    if value is None or len(branches) < len(codes):
        return None
    return Cases(type=kind, grain=value.grain, branches=tuple(branches), otherwise=None)


def _band(b: Building, element: Element, unit: str | None) -> tuple[Bound, ...] | None:
    text = read_text(element, b.problems, "a band, as `at most 16` or `17 to 40`")
    if text is None:
        return None
    both, one = RANGE.fullmatch(text), ONE_SIDED.fullmatch(text)
    if both:
        low, high = _bound(b, element, both[1], both[2] or both[4], unit), _bound(b, element, both[3], both[4], unit)
        if low is not None and high is not None and low > high:
            b.note("empty-range", f"`{text}` holds nothing", element)
            return None
        return ((">=", low), ("<=", high)) if low is not None and high is not None else None
    if one:
        edge = _bound(b, element, one[2], one[3], unit)
        return ((SIGNS[one[1]], edge),) if edge is not None else None
    hint = "Write at most 16, 17 to 40, above 40, at least 41, under 17."
    b.note("wrong-form", f"`{text}` is no band", element, hint)
    return None


def _bound(b: Building, element: Element, number: str, unit: str | None, wanted: str | None) -> Decimal | None:
    value = Decimal(number)
    if unit is None and wanted in (None, BARE_ALLOWED):
        return value
    have = canonical(unit) if unit else None
    if have is None or wanted is None:
        message = (
            f"the value is a number {'in ' + wanted if wanted else 'without a unit'}, the band {unit or 'has no unit'}"
        )
        b.note("unit-clash", message, element)
        return None
    by = Decimal(1) if have == wanted else factor(have, wanted)
    if by is None:
        b.note("unit-clash", f"{have} can't be converted to {wanted}", element)
        return None
    return value * by


def _inside(value: Node, band: tuple[Bound, ...]) -> Node:
    parts = tuple(_compare(value, op, edge) for op, edge in band)
    return parts[0] if len(parts) == 1 else And(type=TRUTH, grain=value.grain, parts=parts)


def _compare(value: Node, op: str, edge: Decimal) -> Node:
    literal = Literal(type=Type(Kind.NUMBER, value.type.unit), grain=STUDY, value=edge)
    return Compare(type=TRUTH, grain=value.grain, op=op, left=value, right=literal)


def _apart(b: Building, element: Mapping, bounds: dict[str, tuple[Bound, ...]]) -> None:
    """No two bands share a value."""
    names = list(bounds)
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            if _share(bounds[first], bounds[second]):
                entry = element.get(second)
                assert entry is not None
                b.note("bands-overlap", f"bands {first} and {second} share values", entry.value)


def _share(a: tuple[Bound, ...], c: tuple[Bound, ...]) -> bool:
    lows = [(edge, op == ">") for op, edge in (*a, *c) if op in (">", ">=")]
    highs = [(edge, op == "<") for op, edge in (*a, *c) if op in ("<", "<=")]
    return all(
        low < high or (low == high and not open_low and not open_high)
        for low, open_low in lows
        for high, open_high in highs
    )
