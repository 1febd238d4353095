"""Normal limits of a measure: fixed, by the patient or the row, or the record's own."""

from __future__ import annotations

import re

from prelock.documents.hints import nearest
from prelock.documents.reading import read_text
from prelock.documents.tree import Element, Entry, Mapping, Scalar
from prelock.rules.nodes import Column, Literal, Node
from prelock.rules.types import STUDY, Kind, Type
from prelock.study.bounds import OPEN, UPPER, is_bounds, read_bounds
from prelock.study.building import Building
from prelock.study.definition import NormalLimit

COLUMNS = re.compile(r"from (?P<low>.+) to (?P<high>.+)")
WITHIN = re.compile(r"within (?P<range>.+)")
COLUMN = re.compile(r"(?P<side>at most|at least|above|over|below|under) (?P<limit>(?!\d).+)")
EXAMPLES = (
    "Write `at most 5 mg/L`, `3 to 5 g/L`, {if sex is male: …}, "
    "or with columns `from low to high`, `at most high`, `within range`."
)


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
    columns = COLUMNS.fullmatch(text)
    if columns:
        low, high = (_own(b, element, columns, side, relation) for side in ("low", "high"))
        return NormalLimit(condition, low, high) if low and high else None
    within = WITHIN.fullmatch(text)
    if within:
        ranged = _ranges(b, element, within["range"], relation)
        return NormalLimit(condition, None, None, within=ranged) if ranged else None
    column = COLUMN.fullmatch(text)
    if column:
        return _one_sided(b, element, column, relation, condition)
    if not is_bounds(text):
        b.note("wrong-form", f"`{text}` gives no normal limits", element, EXAMPLES)
        return None
    bounds = read_bounds(b, element, text, kind)
    if bounds is None:
        return None
    ends = [None if end is None else Literal(type=kind, grain=STUDY, value=end) for end in (bounds.low, bounds.high)]
    return NormalLimit(condition, ends[0], ends[1], bounds.includes)


def _one_sided(
    b: Building, element: Scalar, match: re.Match[str], relation: str, condition: Node | None
) -> NormalLimit | None:
    edge, closed = _own(b, element, match, "limit", relation), match["side"] not in OPEN
    if edge is None:
        return None
    if match["side"] in UPPER:
        return NormalLimit(condition, None, edge, (True, closed))
    return NormalLimit(condition, edge, None, (closed, True))


def _ranges(b: Building, element: Scalar, name: str, relation: str) -> Node | None:
    """A column of reference ranges of the relation that the measure is read from."""
    home = b.relations[relation]
    if name not in home.columns:
        hint = nearest(name, home.columns, f"{relation} has")
        b.note("unknown-name", f"`{name}` is no column of {relation}", element, hint)
        return None
    if home.columns[name].kind is not Kind.RANGE:
        hint = "Declare it as `reference range`; limits in two columns are told as `from low to high`."
        b.note("wrong-type", f"`{name}` is a {home.columns[name]}, not a column of reference ranges", element, hint)
        return None
    return Column(type=home.columns[name], grain=home.grain, relation=relation, name=name)


def _own(b: Building, element: Scalar, match: re.Match[str], side: str, relation: str) -> Node | None:
    start = match.start(side)
    part = Scalar(match[side], element.style, element.location.moved(start, len(match[side])), element.source)
    return b.rule(part, relation, Kind.NUMBER)
