"""Numbers that have the printed quantiles, means and standard deviations. Everything is in whole units of the last
digit (tenths, hundredths), so that sums are exact."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from cohort.draw import Draw

T = TypeVar("T")


def spread(draw: Draw, count: int, anchors: Mapping[int, int]) -> list[int]:
    """`count` ascending numbers with given values at given places (from 0); the first and last place must be given."""
    places = sorted(anchors)
    found: list[int] = []
    for here, after in itertools.pairwise(places):
        low, high = anchors[here], anchors[after]
        between = sorted(draw.whole(low, high) for _ in range(after - here - 1))
        found += [low, *between]
    return [*found, anchors[places[-1]]]


@dataclass(frozen=True)
class Moments:
    """What the values of `members` should have: `sign * value + offset` with this mean and SD (n - 1)."""

    members: tuple[int, ...]
    mean: float
    sd: float
    slack: float = 0.45
    sign: int = 1
    offsets: tuple[int, ...] = ()

    def miss(self, values: Sequence[int]) -> float:
        """How far the values are from it beyond `slack`, in units of the last digit."""
        shown = [self.sign * values[i] + (self.offsets[i] if self.offsets else 0) for i in self.members]
        n, total = len(shown), sum(shown)
        squares = sum(v * v for v in shown)
        sd = sqrt(max(0.0, (n * squares - total * total) / (n * (n - 1))))
        return max(0.0, abs(total / n - self.mean) - self.slack) + max(0.0, abs(sd - self.sd) - self.slack)


def settle(
    draw: Draw,
    values: Sequence[int],
    bounds: Sequence[tuple[int, int]],
    goals: Sequence[Moments],
    rounds: int = 90000,
) -> list[int]:
    """The values nudged, each within its bounds, until every goal is met or the rounds are used up."""
    best = [min(max(v, low), high) for v, (low, high) in zip(values, bounds, strict=True)]
    free = [i for i, (low, high) in enumerate(bounds) if low < high]
    touching: dict[int, list[int]] = {i: [g for g, goal in enumerate(goals) if i in set(goal.members)] for i in free}
    misses = [goal.miss(best) for goal in goals]
    for turn in range(rounds):
        step = max(2, int(300 * (1 - turn / rounds) ** 3))
        chosen = [draw.pick(free)] if draw.chance(0.4) else draw.some(free, 2)
        old = [best[i] for i in chosen]
        shift = draw.whole(1, step) * (1 if draw.chance(0.5) else -1)
        for i, sign in zip(chosen, (1, -1), strict=False):
            low, high = bounds[i]
            best[i] = min(max(best[i] + sign * shift, low), high)
        touched = sorted({g for i in chosen for g in touching[i]})
        new = {g: goals[g].miss(best) for g in touched}
        if sum(new.values()) <= sum(misses[g] for g in touched):
            for g, miss in new.items():
                misses[g] = miss
            if max(misses) == 0:
                break
        else:
            for i, value in zip(chosen, old, strict=True):
                best[i] = value
    return best


def arrange(draw: Draw, items: Sequence[T], cost: Callable[[Sequence[T]], float], rounds: int = 6000) -> list[T]:
    """The items in an order whose cost is as low as swapping two at a time makes it."""
    order = draw.shuffled(items)
    best = cost(order)
    for _ in range(rounds):
        if best == 0:
            break
        a, b = draw.whole(0, len(order) - 1), draw.whole(0, len(order) - 1)
        order[a], order[b] = order[b], order[a]
        now = cost(order)
        if now <= best:
            best = now
        else:
            order[a], order[b] = order[b], order[a]
    return order


def middle(values: Sequence[int]) -> float:
    """The median."""
    ordered, half = sorted(values), len(values) // 2
    return float(ordered[half]) if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
