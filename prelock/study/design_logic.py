"""Rules that can never hold or always hold, by reasoning over intervals of numbers and dates and sets of codes.

A rule is spread into ways to be true (conjunctions of simple tests); a way that asks one value to lie in two places
at once is impossible. What can't be reasoned about counts as possible, so nothing sound is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from prelock.rules.nodes import (
    And,
    Compare,
    Convert,
    HasState,
    IsAnswer,
    Literal,
    Node,
    Not,
    OneOf,
    Or,
    walk,
)
from prelock.rules.text import fold
from prelock.rules.types import Kind
from prelock.study.building import Building

MOST_WAYS = 256
Way = tuple[tuple[Node, bool], ...]
Bound = Decimal | date


def never_or_always(b: Building) -> None:
    """A condition that no value meets, or that every recorded value meets."""
    for rule in b.read:
        if rule.node.type.kind is not Kind.TRUTH or not isinstance(rule.node, Node):
            continue
        verdict = _verdict(rule.node)
        if verdict == "never":
            message = "this rule can never hold: it asks one value to be in two places"
            b.note("never-true", message, rule.place, "Look at the limits, and at `and` where `or` is meant.")
        elif verdict == "always":
            message = "this rule holds for every recorded value, so it tells nothing"
            b.note("always-true", message, rule.place, "Look at the limits, and at `or` where `and` is meant.")
        elif any(_verdict(part) == "never" for part in _parts(rule.node)):
            message = "a part of this rule can never hold: it asks one value to be in two places"
            b.note("never-true", message, rule.place, "Look at the limits, and at `and` where `or` is meant.")


def _parts(node: Node) -> Iterator[Node]:
    return (part for part in walk(node) if part is not node and isinstance(part, And))


def _verdict(node: Node) -> str | None:
    if isinstance(node, Literal):
        return None
    if not possible(node):
        return "never"
    has_state = any(isinstance(part, HasState) for part in walk(node))
    return None if has_state or possible(node, False) else "always"


def possible(node: Node, truth: bool = True) -> bool:
    """Whether some values could make the rule true (or false); True where that is not known."""
    ways = _ways(node, truth)
    return ways is None or any(_consistent(way) for way in ways)


def _ways(node: Node, truth: bool) -> list[Way] | None:
    """The conjunctions that make the node `truth`; None when there are too many."""
    if isinstance(node, Not):
        return _ways(node.part, not truth)
    if isinstance(node, And | Or):
        parts = [_ways(part, truth) for part in node.parts]
        return _joined(parts) if isinstance(node, And) is truth else _either(parts)
    if isinstance(node, Literal) and isinstance(node.value, bool):
        return [()] if node.value is truth else []
    return [((node, truth),)]


def _either(parts: list[list[Way] | None]) -> list[Way] | None:
    ways: list[Way] = []
    for part in parts:
        if part is None or len(ways) + len(part) > MOST_WAYS:
            return None
        ways += part
    return ways


def _joined(parts: list[list[Way] | None]) -> list[Way] | None:
    ways: list[Way] = [()]
    for part in parts:
        if part is None or len(ways) * len(part) > MOST_WAYS:
            return None
        ways = [(*way, *more) for way in ways for more in part]
    return ways


@dataclass
class _Place:
    """Where a value may still lie."""

    low: Bound | None = None
    high: Bound | None = None
    low_open: bool = False
    high_open: bool = False
    codes: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    answer: bool | None = None
    recorded: bool | None = None
    empty: bool = False


def _consistent(way: Way) -> bool:
    places: dict[Node, _Place] = {}
    opaque: dict[Node, bool] = {}
    for node, truth in way:
        if not _narrow(places, node, truth) and opaque.setdefault(node, truth) != truth:
            return False
    return not any(_is_empty(place) for place in places.values())


def _narrow(places: dict[Node, _Place], node: Node, truth: bool) -> bool:
    """Note what a test says of its value; False if it is none that this reasoning knows."""
    if isinstance(node, Compare):
        return _narrow_compare(places, node, truth)
    if isinstance(node, OneOf):
        place = places.setdefault(node.value, _Place())
        values = frozenset(fold(v) for v in node.values)
        if truth:
            place.codes = values if place.codes is None else place.codes & values
        else:
            place.without |= values
        place.empty |= place.recorded is False
        place.recorded = True
        return True
    if isinstance(node, IsAnswer):
        place = places.setdefault(node.value, _Place())
        answer = node.answer if truth else not node.answer
        place.empty |= place.answer not in (None, answer) or place.recorded is False
        place.answer, place.recorded = answer, True
        return True
    if isinstance(node, HasState) and truth:
        place = places.setdefault(node.value, _Place())
        recorded = node.state == "recorded"
        place.empty |= place.recorded not in (None, recorded)
        place.recorded = recorded
        return True
    return False


def _narrow_compare(places: dict[Node, _Place], node: Compare, truth: bool) -> bool:
    left, right, op = _plain(node.left), _plain(node.right), node.op
    if isinstance(left, Literal):
        left, right, op = right, left, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
    if not isinstance(right, Literal) or isinstance(left, Literal):
        return False
    edge = right.value
    if isinstance(edge, bool | str | datetime) or edge is None:
        return False
    if not truth:
        op = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}.get(op, "other")
    place = places.setdefault(left, _Place())
    place.empty |= place.recorded is False
    place.recorded = True
    if op in (">", ">=", "="):
        _raise(place, edge, op == ">")
    if op in ("<", "<=", "="):
        _lower(place, edge, op == "<")
    return op != "other"


def _plain(node: Node) -> Node:
    """A literal behind a conversion as the literal it comes to."""
    if isinstance(node, Convert) and isinstance(node.value, Literal) and isinstance(node.value.value, Decimal):
        return Literal(type=node.type, grain=node.grain, value=node.value.value * node.factor)
    return node


def _raise(place: _Place, edge: Bound, is_open: bool) -> None:
    if place.low is None or edge > place.low or (edge == place.low and is_open):  # type: ignore[operator]
        place.low, place.low_open = edge, is_open


def _lower(place: _Place, edge: Bound, is_open: bool) -> None:
    if place.high is None or edge < place.high or (edge == place.high and is_open):  # type: ignore[operator]
        place.high, place.high_open = edge, is_open


def _is_empty(place: _Place) -> bool:
    if place.empty or (place.codes is not None and not place.codes - place.without):
        return True
    if place.low is None or place.high is None:
        return False
    return place.low > place.high or (place.low == place.high and (place.low_open or place.high_open))  # type: ignore[operator]
