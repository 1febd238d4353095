"""Normal limits of a measure: fixed, by the patient or the row, or the record's own."""

from __future__ import annotations

import re
from decimal import Decimal

from prelock.documents.reading import read_text
from prelock.documents.tree import Element, Entry, Mapping, Scalar
from prelock.rules.nodes import Literal, Node
from prelock.rules.types import STUDY, Kind, Type
from prelock.rules.units import canonical, factor
from prelock.study.building import Building
from prelock.study.definition import NormalLimit

NUMBER = r"(-?\d+(?:\.\d+)?)(?:\s*(\S.*?))?"
RANGE = re.compile(rf"{NUMBER}\s+to\s+{NUMBER}", re.ASCII)
ONE_SIDED = re.compile(rf"(at most|at least|above|over|below|under)\s+{NUMBER}", re.ASCII)
COLUMNS = re.compile(r"from (?P<low>.+) to (?P<high>.+)")
UPPER = ("at most", "below", "under")
STRICT = ("above", "over", "below", "under")
EXAMPLES = "Write `at most 5 mg/L`, `3 to 5 g/L`, `from low_column to high_column` or {if sex is male: …}."


def read_normal_limits(b: Building, element: Element, relation: str, kind: Type) -> tuple[NormalLimit, ...]:
    """The limits in order; with conditions, the first whose condition holds applies."""
    if not isinstance(element, Mapping):
        limit = _limit(b, element, relation, kind, None)
        return (limit,) if limit else ()
    found = [_case(b, entry, relation, kind) for entry in element]
    return tuple(limit for limit in found if limit)


def _case(b: Building, entry: Entry, relation: str, kind: Type) -> NormalLimit | None:
    text = entry.key.text
    if text == "otherwise":
        return _limit(b, entry.value, relation, kind, None)
    if not text.startswith("if "):
        b.note(
            "wrong-form",
            f"expected `if` and a rule, found `{text}`",
            entry.key,
            "Write {if sex is male: at most 15 mm/h}.",
        )
        return None
    key = entry.key
    rule = Scalar(
        text[3:], key.style, key.location.moved(3, max(1, key.location.length - 3)), key.source, False, key.comment
    )
    condition = b.rule(rule, relation, Kind.TRUTH)
    limit = _limit(b, entry.value, relation, kind, condition)
    return limit if condition is not None else None


def _limit(b: Building, element: Element, relation: str, kind: Type, condition: Node | None) -> NormalLimit | None:
    text = read_text(element, b.problems, "normal limits, as `at most 5 mg/L`")
    if text is None or not isinstance(element, Scalar):
        return None
    columns, both, one = COLUMNS.fullmatch(text), RANGE.fullmatch(text), ONE_SIDED.fullmatch(text)
    if columns:
        bounds = [_own(b, element, columns, side, relation) for side in ("low", "high")]
        return NormalLimit(condition, bounds[0], bounds[1]) if all(bounds) else None
    if both:
        low = _number(b, element, both[1], both[2] or both[4], kind)
        high = _number(b, element, both[3], both[4], kind)
        if (
            low
            and high
            and isinstance(low.value, Decimal)
            and isinstance(high.value, Decimal)
            and low.value > high.value
        ):
            b.note("empty-range", f"`{text}` holds nothing", element)
        return NormalLimit(condition, low, high) if low and high else None
    if one:
        edge, closed = _number(b, element, one[2], one[3], kind), one[1] not in STRICT
        if edge is None:
            return None
        upper = one[1] in UPPER
        return NormalLimit(
            condition, None if upper else edge, edge if upper else None, (upper or closed, closed or not upper)
        )
    b.note("wrong-form", f"`{text}` gives no normal limits", element, EXAMPLES)
    return None


def _number(b: Building, element: Element, number: str, unit: str | None, kind: Type) -> Literal | None:
    have = canonical(unit) if unit else None
    if (unit is None) != (kind.unit is None):
        limit = f"{number} {unit}" if unit else number
        message = f"the measure is a {kind}, the limit `{limit}` has {'a' if unit else 'no'} unit"
        b.note("unit-clash", message, element)
        return None
    if unit and have is None:
        b.note("unknown-unit", f"`{unit}` is no unit that prelock knows", element)
        return None
    by = Decimal(1) if have == kind.unit else factor(have or "", kind.unit or "")
    if by is None:
        b.note("unit-clash", f"{have} can't be converted to {kind.unit}", element)
        return None
    return Literal(type=kind, grain=STUDY, value=Decimal(number) * by)


def _own(b: Building, element: Scalar, match: re.Match[str], side: str, relation: str) -> Node | None:
    start = match.start(side)
    part = Scalar(match[side], element.style, element.location.moved(start, len(match[side])), element.source)
    return b.rule(part, relation, Kind.NUMBER)
