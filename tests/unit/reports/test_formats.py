"""Numbers for people: half-up, zero as 0, a tiny share never as 0.0, and a share below all never as 100."""

from __future__ import annotations

import pytest

from prelock.reports.formats import count_percent, interval, measure, percent, share_percent


@pytest.mark.parametrize(
    ("count", "total", "shown"),
    [
        (0, 94, "0"),
        (94, 94, "94 (100%)"),
        (61, 94, "61 (64.9%)"),
        (1, 94, "1 (1.1%)"),
        (1, 1999, "1 (0.1%)"),
        (1, 2001, "1 (<0.1%)"),
        (1, 2000, "1 (0.1%)"),  # exactly 0.05 %: half-up
        (9999, 10000, "9,999 (>99.9%)"),
        (1, 800, "1 (0.1%)"),  # 0.125 %
        (1, 16, "1 (6.3%)"),  # 6.25 %: half-even would give 6.2
        (0, 0, "0"),
    ],
)
def test_counts_with_percent(count: int, total: int, shown: str) -> None:
    assert count_percent(count, total) == shown


def test_percents_of_nothing_are_no_percents() -> None:
    assert percent(0, 0) == "–"
    assert share_percent(0, 0) == "0/0"
    assert share_percent(0, 36) == "0/36 (0%)"
    assert share_percent(18, 36) == "18/36 (50.0%)"


def test_intervals_are_fractions_shown_in_percent() -> None:
    assert interval(0.344724, 0.655276) == "34.5 to 65.5"
    assert interval(0.0, 1.0) == "0.0 to 100.0"
    assert interval(None, None) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [(44.415, "44.42"), (30.0, "30"), (2.5, "2.50"), (None, "–"), (-97.7, "-97.70"), (1234567.891, "1,234,567.89")],
)
def test_measures_have_two_decimals_or_none(value: float | None, shown: str) -> None:
    assert measure(value) == shown
