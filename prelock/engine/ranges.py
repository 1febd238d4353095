"""Reference ranges as laboratories print them: `0-5`, `3.5–9.5`, `<5`, `≥60`, each end with or without its limit."""

from __future__ import annotations

import re

from prelock.engine.numbers import Bound, read_bound, read_number

# What may stand between two ends. A dash may also be a sign, so every place where one stands is tried.
BETWEEN = re.compile(r"\s*(?:--|[-~‐‒–—―…]|\.{2,3}|\bto\b|至|到)\s*", re.IGNORECASE)
LONGEST = 60

NO_RANGE = "is not a reference range, as 0-5, <5 or >60"
TWO_RANGES = "has two readings as a reference range"


def read_reference_range(clean: str, decimal: str | None = None) -> Bound | str:
    """The limits that `clean` (NFKC, trimmed) writes, or what is wrong with it.

    Both ends of `0-5` are normal; of `<5` the limit is not.

    `-5--1` could end at -1 or at 1: it is read as neither. `0--5`, of which only 0 to 5 is a range, is read as that.
    """
    if len(clean) > LONGEST:
        return NO_RANGE
    one_sided = read_bound(clean, decimal)
    if one_sided is not None:
        return NO_RANGE if one_sided.low == one_sided.high else one_sided
    found = {ends for ends in _splits(clean, decimal) if ends is not None}
    if len(found) > 1:
        return TWO_RANGES
    return found.pop() if found else NO_RANGE


def _splits(clean: str, decimal: str | None) -> set[Bound | None]:
    """Every way to read two ends, the lower one first."""
    places = {match.span() for at in range(1, len(clean)) if (match := BETWEEN.match(clean, at))}
    places |= {(start, start + 1) for start in range(1, len(clean)) if clean[start] == "-"}
    return {_ends(clean[:start], clean[end:], decimal) for start, end in places}


def _ends(left: str, right: str, decimal: str | None) -> Bound | None:
    low, high = read_number(left.strip(), decimal), read_number(right.strip(), decimal)
    return None if low is None or high is None or low > high else Bound(low, high)
