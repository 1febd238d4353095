"""Folding and number writing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prelock.rules.text import fold, plain_number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Male", "ＭＡＬＥ"),
        (" drug  withdrawn ", "Drug Withdrawn"),
        ("straße", "STRASSE"),
        ("a\u3000b", "a b"),
        ("①", "1"),
        ("µg", "μg"),
    ],
)
def test_texts_that_are_one(one, other):
    assert fold(one) == fold(other)


def test_texts_that_differ():
    assert fold("ALT") != fold("AL T")
    assert fold("男") != fold("女")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("4.70"), "4.7"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1e-10, "0"),
        (-0.0, "0"),
        (5e-10, "0.000000001"),
        (2.0, "2"),
        (123456789012.5, "123456789012.5"),
        (1e16, "10000000000000000"),
        (7, "7"),
    ],
)
def test_numbers_are_written_plainly(value, text):
    assert plain_number(value) == text
