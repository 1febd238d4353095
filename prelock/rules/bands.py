"""Bands of a value: `{bands of: age, A1: at most 16, A2: 17 to 40, A3: above 40}`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from prelock.errors import Problem
from prelock.rules.limits import Bounds, constant, read_bounds
from prelock.rules.nodes import And, Cases, Compare, Literal, Node
from prelock.rules.read import PlaceOf
from prelock.rules.scope import Scope
from prelock.rules.text import plain_number
from prelock.rules.types import STUDY, TRUTH, Kind, Type


@dataclass(frozen=True)
class Band:
    """One band as written: the code it gives, its limits, and where they stand."""

    code: str
    text: str
    location: PlaceOf


def read_bands(value: Node, bands: Sequence[Band], scope: Scope, problems: list[Problem]) -> Node | None:
    """The code whose band the value lies in, as cases; outside all of them it is unknown. No two may share a number."""
    before = len(problems)
    found = [(band, read_bounds(band.text, band.location, scope, value, problems)) for band in bands]
    known = [(band, bounds) for band, bounds in found if bounds is not None]
    for (one, lower), (other, upper) in pairwise(known):
        shared = _shared(lower, upper) or _shared(upper, lower)
        if shared:
            where = other.location(0, len(other.text)) if callable(other.location) else other.location
            message = f"bands `{one.code}` and `{other.code}` both hold {shared}"
            problems.append(Problem("bands-overlap", message, where, "say `above` or `under` at one of the two"))
    if len(problems) > before:
        return None
    type_ = Type(Kind.CODE, codes=tuple(band.code for band in bands), ordered=True)
    branches = tuple(
        (_inside(value, bounds), Literal(type=type_, grain=STUDY, value=band.code)) for band, bounds in known
    )
    grain = value.grain.union(*(test.grain for test, _ in branches))
    return Cases(type=type_, grain=grain, branches=branches, otherwise=None)


def _shared(lower: Bounds, upper: Bounds) -> str | None:
    """A number that lies in both bands, as words; None if they are apart or can't be told."""
    high, low = constant(lower.high), constant(upper.low)
    if high is None or low is None or not (lower.low is None or _least(lower) <= low):
        return None
    both_ends = lower.includes[1] and upper.includes[0]
    return plain_number(low) if low < high or (low == high and both_ends) else None


def _least(bounds: Bounds) -> Decimal:
    value = constant(bounds.low)
    return Decimal("-Infinity") if value is None else value


def _inside(value: Node, bounds: Bounds) -> Node:
    tests = [
        Compare(type=TRUTH, grain=value.grain | end.grain, op=sign + ("=" if included else ""), left=value, right=end)
        for end, sign, included in ((bounds.low, ">", bounds.includes[0]), (bounds.high, "<", bounds.includes[1]))
        if end is not None
    ]
    grain = value.grain.union(*(test.grain for test in tests))
    return tests[0] if len(tests) == 1 else And(type=TRUTH, grain=grain, parts=tuple(tests))
