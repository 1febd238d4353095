"""Limits as authors write them: `at most 5 mg/L`, `17 to 40`, `over 40`, in the unit of what they limit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from prelock.documents.tree import Element
from prelock.rules.resolve.numbers import BARE_ALLOWED
from prelock.rules.types import Type
from prelock.rules.units import canonical, factor
from prelock.study.building import Building

NUMBER = r"(-?\d+(?:\.\d+)?)(?:\s*(\S.*?))?"
RANGE = re.compile(rf"{NUMBER}\s+to\s+{NUMBER}", re.ASCII)
ONE_SIDED = re.compile(rf"(at most|at least|above|over|below|under)\s+{NUMBER}", re.ASCII)
UPPER = ("at most", "below", "under")
OPEN = ("above", "over", "below", "under")


@dataclass(frozen=True)
class Bounds:
    """From `low` to `high` (None: no limit), and whether each end belongs to it."""

    low: Decimal | None
    high: Decimal | None
    includes: tuple[bool, bool] = (True, True)

    def meets(self, other: Bounds) -> bool:
        """Whether the two share a value."""
        return _below(self, other) and _below(other, self)


def _below(one: Bounds, other: Bounds) -> bool:
    """Whether one's low end lies below the other's high end."""
    if one.low is None or other.high is None:
        return True
    return one.low < other.high or (one.low == other.high and one.includes[0] and other.includes[1])


def is_bounds(text: str) -> bool:
    """Whether the text has the form of limits."""
    return bool(RANGE.fullmatch(text) or ONE_SIDED.fullmatch(text))


def read_bounds(b: Building, element: Element, text: str, kind: Type) -> Bounds | None:
    """The limits in the unit of `kind`; a unit that does not fit, or limits that hold nothing, are noted."""
    both, one = RANGE.fullmatch(text), ONE_SIDED.fullmatch(text)
    if both:
        low = _number(b, element, both[1], both[2] or both[4], kind)
        high = _number(b, element, both[3], both[4] or both[2], kind) if low is not None else None
        if low is None or high is None:
            return None
        if low > high:
            b.note("empty-range", f"`{text}` holds nothing", element)
            return None
        return Bounds(low, high)
    edge = _number(b, element, one[2], one[3], kind) if one else None
    if one is None or edge is None:
        return None
    closed = one[1] not in OPEN
    return Bounds(None, edge, (True, closed)) if one[1] in UPPER else Bounds(edge, None, (closed, True))


def _number(b: Building, element: Element, number: str, unit: str | None, kind: Type) -> Decimal | None:
    value = Decimal(number)
    if unit is None and kind.unit in (None, BARE_ALLOWED):
        return value
    have = canonical(unit) if unit else None
    if unit and have is None:
        b.note("unknown-unit", f"`{unit}` is no unit that prelock knows", element)
        return None
    if have is None or kind.unit is None:
        limit = f"{number} {unit}" if unit else number
        message = f"the limit `{limit}` has {'a' if unit else 'no'} unit; the value is a {kind}"
        b.note("unit-clash", message, element)
        return None
    by = Decimal(1) if have == kind.unit else factor(have, kind.unit)
    if by is None:
        b.note("unit-clash", f"{have} can't be converted to {kind.unit}", element)
        return None
    return value * by
