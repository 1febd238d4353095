"""Week-12 values of a marker: so many normal, and falls from baseline with the printed middle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cohort.draw import Draw


@dataclass(frozen=True)
class Falls:
    """`normal` patients are to be at most `limit(i)` at week 12. `marks` are falls that occur, in ascending order, and
    `between` says how many falls lie below the first, between each two, and above the last. `at` fixes some values."""

    normal: int
    limit: Callable[[int], int]
    marks: Sequence[int]
    between: Sequence[int]
    lowest: int
    digit: int = 1
    at: Mapping[int, int] | None = None


def week12_values(draw: Draw, before: Sequence[int], wish: Falls) -> list[int]:
    """The values, found by drawing one anew as long as that brings the whole nearer to the wish."""
    fixed = _marked(draw, before, wish)
    after = [
        fixed.get(i, max(wish.lowest, value * 3 // 5 // wish.digit * wish.digit)) for i, value in enumerate(before)
    ]
    free = [i for i in range(len(before)) if i not in fixed]
    best = _cost(before, after, free, wish)
    for _ in range(60000):
        if best == 0:
            return after
        i = draw.pick(free)
        old, after[i] = after[i], _proposal(draw, before[i], wish.limit(i), wish)
        now = _cost(before, after, free, wish)
        if now <= best:
            best = now
        else:
            after[i] = old
    raise AssertionError("no week-12 values fit")


def _marked(draw: Draw, before: Sequence[int], wish: Falls) -> dict[int, int]:
    fixed = dict(wish.at or {})
    for mark in wish.marks:
        fit = [i for i, v in enumerate(before) if i not in fixed and wish.lowest <= v - mark <= 3 * wish.limit(i)]
        chosen = draw.pick(fit)
        fixed[chosen] = before[chosen] - mark
    return fixed


def _proposal(draw: Draw, before: int, limit: int, wish: Falls) -> int:
    if draw.chance(0.5):
        value = draw.whole(wish.lowest, limit)
    else:
        value = max(before * draw.whole(30, 130) // 100, limit + 2 * wish.digit)
    return max(wish.lowest, value // wish.digit * wish.digit)


def _cost(before: Sequence[int], after: Sequence[int], free: Sequence[int], wish: Falls) -> int:
    normal = sum(value <= wish.limit(i) for i, value in enumerate(after))
    bins = [0] * len(wish.between)
    touching = 0
    for i, value in enumerate(after):
        fall = before[i] - value
        place = bisect_left(wish.marks, fall)
        if place < len(wish.marks) and wish.marks[place] == fall:
            touching += 1
        else:
            bins[place] += 1
    wrong = sum(abs(a - b) for a, b in zip(bins, wish.between, strict=True))
    return abs(normal - wish.normal) + wrong + abs(touching - len(wish.marks))
