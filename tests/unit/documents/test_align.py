"""The place of each character of a text, however YAML wraps or escapes it."""

from __future__ import annotations

import pytest

from prelock.documents.align import place
from prelock.documents.compose import compose
from prelock.documents.tree import Mapping, Scalar, Source


def scalar(text: str) -> Scalar:
    root, _ = compose(Source("f.yaml", text, tuple(text.splitlines())), [])
    assert isinstance(root, Mapping)
    found = root.entries[0].value
    assert isinstance(found, Scalar)
    return found


@pytest.mark.parametrize(
    ("text", "word", "line", "column"),
    [
        ("a: x is femal\n", "femal", 1, 9),
        ("a: 'x is femal'\n", "femal", 1, 10),
        ("a: 'it''s femal'\n", "femal", 1, 11),
        ('a: "x\\tis \\"femal\\""\n', "femal", 1, 13),
        ("a: >-\n  x is male\n  or femal\n", "femal", 3, 6),
        ("a: |\n  x is male\n\n  or femal\n", "femal", 4, 6),
        ("a: x is male\n   or femal\n", "femal", 2, 7),
        ("a: 'x is male\n\n   or femal'\n", "femal", 3, 7),
        ("a: >\n    x is male\n\n\n    or\n    femal\n", "femal", 6, 5),
        ("a: 性别 is femal\n", "femal", 1, 10),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, word: str, line: int, column: int) -> None:
    found = scalar(text)
    where = place(found, found.text.index(word), len(word))
    assert (where.line, where.column, where.length) == (line, column, len(word))


def test_the_end_of_a_text_is_on_its_last_line() -> None:
    found = scalar("a: >-\n  x is\n  male and\nb: 2\n")
    where = place(found, len(found.text))
    assert (where.line, where.column) == (3, 11)


def test_a_caret_does_not_leave_its_line() -> None:
    found = scalar("a: >-\n  x is\n  male\n")
    assert place(found, 0, 99).length == 4
