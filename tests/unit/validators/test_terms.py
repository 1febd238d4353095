"""Which category a term belongs to."""

from __future__ import annotations

import pytest

from prelock.errors import Location
from prelock.study.definition import Category
from prelock.validators.terms import fits, place

HERE = Location("adverse_events.yaml", 1, 1)


def category(
    name: str, *, texts: tuple[str, ...] = (), patterns: tuple[str, ...] = (), words: tuple[str, ...] = ()
) -> Category:
    return Category(name, texts, patterns, words, None, HERE)


@pytest.mark.parametrize("term", ["Lymphopenia", " lymphopenia ", "ＬＹＭＰＨＯＰＥＮＩＡ", "LYMPHOPENIA\u3000"])
def test_a_text_fits_after_folding(term: str) -> None:
    assert fits(term, category("c", texts=("lymphopenia",)))


def test_a_text_fits_as_a_whole_only() -> None:
    assert not fits("severe lymphopenia", category("c", texts=("lymphopenia",)))


def test_a_pattern_is_found_anywhere_in_the_folded_term() -> None:
    assert fits("Elevated TRANSAMINASES", category("c", patterns=("transaminase",)))


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("ALT increased", True),
        ("raised alt.", True),
        ("谷丙ALT升高", True),
        ("salt", False),
        ("ALTs", False),
        ("ALT2", False),
    ],
)
def test_a_word_stands_alone_in_its_own_script(term: str, found: bool) -> None:
    assert fits(term, category("c", words=("ALT",))) is found


def test_the_first_category_that_fits_counts_and_all_are_told() -> None:
    categories = [
        category("A", patterns=("zoster",)),
        category("B", patterns=("herpes",)),
        category("C", texts=("acne",)),
    ]
    placed = place(["Herpes zoster", "acne", "headache"], categories)
    assert [(p.category, p.fits) for p in placed] == [("A", ("A", "B")), ("C", ("C",)), ("", ())]
