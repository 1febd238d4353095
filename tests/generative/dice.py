"""Random choices drawn by Hypothesis, so that it can replay a study and simplify it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import hypothesis.strategies as st

T = TypeVar("T")


class Dice:
    """Choices among few things, each drawn by `draw`."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self._draw(st.integers(low, high)))

    def one(self, things: Sequence[T]) -> T:
        """One of the things."""
        return things[self.whole(0, len(things) - 1)]

    def some(self, things: Sequence[T], least: int = 0) -> list[T]:
        """Some of the things, in their order."""
        kept = [thing for thing in things if self.chance(50)]
        return kept if len(kept) >= least else list(things[:least])

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The things in another order."""
        left, found = list(things), []
        while left:
            found.append(left.pop(self.whole(0, len(left) - 1)))
        return found

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred."""
        return self.whole(1, 100) > 100 - percent
