"""Intervals against published tables, and against the definition worked out in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from prelock.validators.intervals import clopper_pearson, wilson

# Newcombe RG, Stat Med 1998;17:857-872, Table I: (r, n), methods 3 (Wilson) and 5 (Clopper-Pearson).
NEWCOMBE = [
    ((81, 263), (0.2553, 0.3662), (0.2527, 0.3676)),
    ((15, 148), (0.0624, 0.1605), (0.0578, 0.1617)),
    ((0, 20), (0.0, 0.1611), (0.0, 0.1684)),
    ((1, 29), (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("counts", "score", "exact"), NEWCOMBE)
def test_published_intervals(counts: tuple[int, int], score: tuple[float, float], exact: tuple[float, float]) -> None:
    assert wilson(*counts) == pytest.approx(score, abs=5e-5)
    assert clopper_pearson(*counts) == pytest.approx(exact, abs=5e-5)


def test_interval_of_r_s_documentation() -> None:
    # binom.test(682, 682 + 243), R's own example (Mendel's peas)
    assert clopper_pearson(682, 925) == pytest.approx((0.7076683, 0.7654066), abs=5e-8)


@pytest.mark.parametrize(("count", "total"), [(1, 5), (3, 7), (18, 36), (24, 77), (76, 77)])
def test_each_exact_limit_leaves_a_tail_of_two_and_a_half_percent(count: int, total: int) -> None:
    low, high = clopper_pearson(count, total)
    assert float(_tail(Fraction(low), total, range(count, total + 1))) == pytest.approx(0.025, abs=1e-9)
    assert float(_tail(Fraction(high), total, range(count + 1))) == pytest.approx(0.025, abs=1e-9)


def _tail(share: Fraction, total: int, counts: range) -> Fraction:
    return sum((comb(total, k) * share**k * (1 - share) ** (total - k) for k in counts), Fraction(0))


def test_nobody_and_everybody_reach_the_ends() -> None:
    for method in (wilson, clopper_pearson):
        assert method(0, 10)[0] == 0.0
        assert method(10, 10)[1] == 1.0
        assert 0 < method(0, 10)[1] < 1
    assert clopper_pearson(0, 10)[1] == pytest.approx(1 - 0.025 ** (1 / 10))


def test_large_counts_are_quick_and_near_the_normal_interval() -> None:
    low, high = clopper_pearson(510_000, 1_000_000)
    assert (low, high) == pytest.approx((0.51 - 0.00098, 0.51 + 0.00098), abs=2e-6)


@pytest.mark.parametrize("counts", [(0, 0), (3, 2), (-1, 2)])
def test_no_interval_of_an_impossible_count(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="a proportion needs"):
        wilson(*counts)
