"""Values with bounds, and Kleene's tables."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from prelock.engine.cells import Cell
from prelock.engine.interval import (
    AND,
    MISSING,
    NOT,
    NOT_APPLICABLE,
    OR,
    UNREADABLE,
    State,
    Val,
    compare,
    kleene_and,
    kleene_not,
    kleene_or,
    of_truth,
    rounded,
    same,
)

TRUTHS = (True, False, None)


def closed(low: str | None, high: str | None) -> Val:
    return Val(low and Decimal(low), high and Decimal(high))


BELOW_HALF = Val(None, Decimal("0.5"), high_open=True)
ABOVE_1800 = Val(Decimal(1800), None, low_open=True)


@pytest.mark.parametrize("left", TRUTHS)
@pytest.mark.parametrize("right", TRUTHS)
def test_kleene_tables_hold_what_every_way_of_filling_the_unknowns_agrees_on(left, right) -> None:
    lefts, rights = ({True, False} if side is None else {side} for side in (left, right))
    ands = {a and b for a in lefts for b in rights}
    ors = {a or b for a in lefts for b in rights}
    assert AND[left, right] == (ands.pop() if len(ands) == 1 else None)
    assert OR[left, right] == (ors.pop() if len(ors) == 1 else None)


def test_not_keeps_the_unknown() -> None:
    assert NOT == {True: False, False: True, None: None}
    assert kleene_not(None) is None


def test_over_nothing() -> None:
    assert kleene_and() is True
    assert kleene_or() is False


def test_over_many() -> None:
    assert kleene_and(True, None, False) is False
    assert kleene_or(False, None, True) is True
    assert kleene_and(True, None) is None


@pytest.mark.parametrize(
    ("op", "left", "right", "expected"),
    [
        ("=", closed("1", "1"), closed("1.0", "1.0"), True),
        ("=", closed("1", "2"), closed("1", "2"), None),
        ("=", closed("1", "2"), closed("3", "4"), False),
        ("<", closed("1", "2"), closed("2", "3"), None),
        ("<=", closed("1", "2"), closed("2", "3"), True),
        (">", closed("1", "2"), closed("2", "3"), False),
        (">=", closed("3", "4"), closed("1", "3"), True),
        ("<", BELOW_HALF, closed("0.5", "0.5"), True),
        (">=", BELOW_HALF, closed("0.5", "0.5"), False),
        ("<=", BELOW_HALF, closed("0.4", "0.4"), None),
        ("=", BELOW_HALF, closed("0.5", "0.5"), False),
        ("<", ABOVE_1800, closed("60", "60"), False),
        (">", ABOVE_1800, closed("1800", "1800"), True),
        ("<", ABOVE_1800, closed("5000", "5000"), None),
        ("<", BELOW_HALF, ABOVE_1800, True),
        ("=", MISSING, closed("1", "1"), None),
        ("<", closed("1", "1"), UNREADABLE, None),
        ("=", NOT_APPLICABLE, closed("1", "1"), False),
        (">=", UNREADABLE, NOT_APPLICABLE, False),
    ],
)
def test_compare(op: str, left: Val, right: Val, expected: bool | None) -> None:
    assert compare(op, left, right) is expected


@pytest.mark.parametrize(("op", "mirrored"), [("<", ">"), ("<=", ">="), ("=", "=")])
def test_compare_reads_the_same_from_the_other_side(op: str, mirrored: str) -> None:
    values = [closed("1", "2"), closed("2", "2"), BELOW_HALF, ABOVE_1800, MISSING]
    for one in values:
        for other in values:
            assert compare(op, one, other) is compare(mirrored, other, one)


def test_dates_moments_and_moments_without_a_time() -> None:
    day = Val.of(date(2024, 3, 1))
    morning, noon = Val.of(datetime(2024, 3, 1, 8)), Val.of(datetime(2024, 3, 1, 12))
    untimed = Val(datetime(2024, 3, 1), datetime(2024, 3, 1), timed=False)
    assert compare("=", day, noon) is True
    assert compare("<", morning, noon) is True
    assert compare("<", untimed, noon) is False
    assert compare("=", untimed, noon) is True


def test_text_is_folded() -> None:
    assert compare("=", Val.of("ＡＬＴ  raised"), Val.of("alt raised")) is True
    assert compare("=", Val.of("ALT"), Val.of("AST")) is False


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0.0000000005", "0.000000001"),
        ("-0.0000000005", "-0.000000001"),
        ("0.00000000049", "0"),
        ("4.7", "4.7"),
    ],
)
def test_rounding_is_half_up_to_nine_decimals(number: str, expected: str) -> None:
    assert rounded(Decimal(number)) == Fraction(expected)


def test_a_float_and_the_decimal_it_stands_for_compare_equal() -> None:
    assert compare("=", Val.of(0.1 + 0.2), Val.of(Decimal("0.3"))) is True


@pytest.mark.parametrize("state", State)
def test_recorded_and_missing(state: State) -> None:
    value = Val.of(1) if state is State.RECORDED else Val(state=state)
    expected = {State.RECORDED: (True, False), State.UNREADABLE: (None, None), State.NOT_APPLICABLE: (False, False)}
    assert (value.recorded, value.missing) == expected.get(state, (False, True))


def test_truths_as_values() -> None:
    assert [of_truth(truth).truth for truth in TRUTHS] == [True, False, None]
    assert NOT_APPLICABLE.truth is False
    assert MISSING.truth is None


def test_same_is_not_equal_bounds_by_chance() -> None:
    assert same(Val.of(Decimal("4")), Val.of(Decimal("4.0")))
    assert same(closed("1", "2"), closed("1", "2"))
    assert not same(closed("1", "2"), closed("1", "3"))
    assert not same(Val(Decimal(1), Decimal(1), high_open=True), Val.of(1))
    assert not same(MISSING, UNREADABLE)


def test_a_cell_becomes_a_value() -> None:
    cell = Cell(Decimal(1), None, low_open=True)
    assert Val.of_cell(cell) == Val(Decimal(1), None, low_open=True)
    assert Val.of_cell(Cell(state=State.NOT_DONE)).missing is True
