"""Aggregates of values that may be in doubt: strict, so a blank that could matter makes the result as wide as it could.

`Item.sure` is False for a row whose filter is unknown. 'Not applicable' is no value to aggregate and is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from prelock.engine.interval import ABSENT, MISSING, NOT_APPLICABLE, UNREADABLE, Scalar, State, Val, same


@dataclass(frozen=True)
class Item:
    """A value that counts, or (not `sure`) might."""

    value: Val
    sure: bool = True


def aggregate(how: str, items: Sequence[Item], recorded: bool = False) -> Val:
    """`how` of the items; over none: missing. `recorded` leaves blanks out on purpose, but not what can't be read."""
    counted = [item for item in items if item.value.state is not State.NOT_APPLICABLE]
    if recorded or how == "only":
        counted = [item for item in counted if item.value.state not in ABSENT]
    if not counted:
        sure = [item.value.state for item in items if item.sure]
        only_na = bool(sure) and all(state is State.NOT_APPLICABLE for state in sure)
        return NOT_APPLICABLE if only_na else MISSING
    if not any(item.sure for item in counted):
        return UNREADABLE
    return AGGREGATES[how](counted)


def _extreme(items: list[Item], sign: int) -> Val:
    """The lowest (`sign` 1) or, mirrored, the highest: sure rows bound it on one side, rows in doubt on the other."""
    near = [_end(item.value, sign) for item in items]
    far = [_end(item.value, -sign) for item in items if item.sure and _end(item.value, -sign)[0] is not None]
    reach = None if any(bound is None for bound, _ in near) else _first([(b, o) for b, o in near], sign, all)
    limit = _first(far, sign, any) if far else None
    low, high = (reach, limit) if sign > 0 else (limit, reach)
    doubt = any(item.value.state is not State.RECORDED or not item.sure for item in items)
    settled = low is not None and low == high
    state = State.UNREADABLE if doubt and not settled else State.RECORDED
    return Val(low and low[0], high and high[0], bool(low and low[1]), bool(high and high[1]), state)


def _end(value: Val, sign: int) -> tuple[Scalar | None, bool]:
    return (value.low, value.low_open) if sign > 0 else (value.high, value.high_open)


Ends = list[tuple[Scalar | None, bool]]


def _first(ends: Ends, sign: int, fold: Callable[[list[bool]], bool]) -> tuple[Scalar, bool]:
    best = (min if sign > 0 else max)(bound for bound, _ in ends)  # type: ignore[type-var]
    return best, fold([open_ for bound, open_ in ends if bound == best])  # type: ignore[return-value]


def _closed(items: list[Item]) -> bool:
    """Every value has both its bounds."""
    return all(item.value.low is not None and item.value.high is not None for item in items)


def _ends(items: list[Item]) -> tuple[list[Fraction], list[Fraction]]:
    lows = [Fraction(item.value.low) for item in items]  # type: ignore[arg-type]
    return lows, [Fraction(item.value.high) for item in items]  # type: ignore[arg-type]


def _spanning(items: list[Item], low: Fraction, high: Fraction, low_open: bool, high_open: bool) -> Val:
    doubt = any(not item.sure or item.value.state is not State.RECORDED for item in items)
    state = State.UNREADABLE if doubt and low != high else State.RECORDED
    return Val(low, high, low_open, high_open, state)


def _sum(items: list[Item]) -> Val:
    """A row in doubt adds its value or nothing. One value that is not known: unknown."""
    if not _closed(items):
        return UNREADABLE
    lows, highs = _ends(items)
    nothing = Fraction(0)
    least = [low if item.sure else min(nothing, low) for item, low in zip(items, lows, strict=True)]
    most = [high if item.sure else max(nothing, high) for item, high in zip(items, highs, strict=True)]
    low_open = any(i.value.low_open and (i.sure or low < 0) for i, low in zip(items, lows, strict=True))
    high_open = any(i.value.high_open and (i.sure or high > 0) for i, high in zip(items, highs, strict=True))
    return _spanning(items, sum(least, nothing), sum(most, nothing), low_open, high_open)


def _middle(items: list[Item], middle: Callable[[list[Fraction]], Fraction]) -> Val:
    """Mean or median; unknown with a row in doubt or a value that is not known."""
    if not _closed(items) or not all(item.sure for item in items):
        return UNREADABLE
    lows, highs = _ends(items)
    low, high = middle(sorted(lows)), middle(sorted(highs))
    fold = all if middle is median else any  # one closed end may be the one in the middle
    return _spanning(items, low, high, fold(i.value.low_open for i in items), fold(i.value.high_open for i in items))


def mean(numbers: list[Fraction]) -> Fraction:
    """The arithmetic mean."""
    return sum(numbers, Fraction(0)) / len(numbers)


def median(numbers: list[Fraction]) -> Fraction:
    """The middle number, or the mean of the two in the middle."""
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


def _only(items: list[Item]) -> Val:
    """One distinct value; a second one, even in doubt, or a cell that can't be read: unknown."""
    sure = [item.value for item in items if item.sure]
    others = [item.value for item in items]
    if any(other.state is State.UNREADABLE for other in others):
        return UNREADABLE
    return sure[0] if all(same(sure[0], other) for other in others) else UNREADABLE


def listed(how: str, items: Sequence[Item], recorded: bool = False) -> Val:
    """The same over the values of one row or patient, where a blank leaves a blank, as in a sum written out."""
    found = aggregate(how, items, recorded)
    absent = [item for item in items if item.value.state in ABSENT]
    unreadable = any(item.value.state is State.UNREADABLE for item in items)
    return MISSING if absent and not found.bounded and not unreadable and not recorded else found


AGGREGATES: dict[str, Callable[[list[Item]], Val]] = {
    "earliest": lambda items: _extreme(items, 1),
    "lowest": lambda items: _extreme(items, 1),
    "first": lambda items: _extreme(items, 1),
    "latest": lambda items: _extreme(items, -1),
    "highest": lambda items: _extreme(items, -1),
    "last": lambda items: _extreme(items, -1),
    "sum": _sum,
    "mean": lambda items: _middle(items, mean),
    "median": lambda items: _middle(items, median),
    "only": _only,
}


def distinct(values: Sequence[Val]) -> list[Val]:
    """The different values, each once."""
    found: list[Val] = []
    for value in values:
        if not any(same(value, other) for other in found):
            found.append(value)
    return found
