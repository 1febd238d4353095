"""Chance from one seed. Only `Random.random` is used, whose sequence Python promises never to change, and only
operations that round the same everywhere, so that the files are the same byte for byte on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of chance."""

    def __init__(self, seed: int) -> None:
        self.unit = random.Random(seed).random

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.unit() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.unit() < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.whole(0, len(items) - 1)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        left = list(items)
        for last in range(len(left) - 1, 0, -1):
            other = self.whole(0, last)
            left[last], left[other] = left[other], left[last]
        return left

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """`count` of the items, each at most once."""
        return self.shuffled(items)[:count]

    def bell(self, mean: float, sd: float) -> float:
        """About normal: the sum of twelve uniform numbers needs no library function."""
        return mean + sd * (sum(self.unit() for _ in range(12)) - 6)
