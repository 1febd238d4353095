"""Which category an adverse event belongs to, by the words of its term. Decided once for each distinct term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from prelock.rules.text import TEXT_TESTS, fold
from prelock.study.definition import Category


class Placed(NamedTuple):
    """A term with the first category that it fits ('' if none) and all that it fits."""

    term: str
    category: str
    fits: tuple[str, ...]


def fits(term: str, category: Category) -> bool:
    """The term equals one of the texts, matches one of the patterns, or has one of the words; all after folding."""
    matches, word = TEXT_TESTS["matches"], TEXT_TESTS["word"]
    return (
        fold(term) in {fold(text) for text in category.texts}
        or any(matches(term, pattern) for pattern in category.patterns)
        or any(word(term, wanted) for wanted in category.words)
    )


def place(terms: Iterable[str], categories: Sequence[Category]) -> list[Placed]:
    """Each term with its category: the first that fits, in the order of the study."""
    placed = []
    for term in terms:
        found = tuple(category.name for category in categories if fits(term, category))
        placed.append(Placed(term, found[0] if found else "", found))
    return placed
