"""Medians, quartiles, means and SDs of the raw tables, by exact fractions, against the printed digits.

Quantiles are of type 7 (linear interpolation), which the printed half-way values of albumin and SES-CD ask for.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import isqrt

import published_figures as paper
import pytest
from plain_cohort import BASELINE, WEEK12, Patient, total
from plain_outcomes import PEOPLE, achieved, both, cdai_fall
from plain_tables import day, number, years

ALL = list(PEOPLE.values())
TESTS = {"crp": "CRP", "esr": "ESR", "fc": "FC", "hb": "HB", "plt": "PLT", "lymphocytes": "LYM", "albumin": "ALB",
         "wbc": "WBC", "rbc": "RBC"}  # fmt: skip


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def median(values: list[Fraction]) -> Fraction:
    return quantile(values, Fraction(1, 2))


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def sd(values: list[Fraction]) -> Fraction:
    variance = sum((v - mean(values)) ** 2 for v in values) / (len(values) - 1)
    return Fraction(isqrt(int(variance * 10**12)), 10**6)


def shown(value: Fraction, printed: str) -> str:
    """The value with as many decimals as the printed figure has."""
    digits = len(printed.partition(".")[2])
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def summary(values: list[Fraction], printed: tuple[int, str, str, str]) -> tuple[int, str, str, str]:
    _, middle, low, high = printed
    first, third = quantile(values, Fraction(1, 4)), quantile(values, Fraction(3, 4))
    return len(values), shown(median(values), middle), shown(first, low), shown(third, high)


def duration(p: Patient) -> Fraction:
    return Fraction((p.first_dose - day(p.row["diagnosis_date"])).days) / Fraction("30.4375")


def age(p: Patient) -> Fraction:
    return Fraction(years(day(p.row["birth_date"]), p.first_dose))


def at(name: str, p: Patient, window: tuple[int, int, int] = BASELINE) -> Fraction:
    value = p.at[name, window]
    if name == "SES-CD":
        return Fraction(total(value))
    if name not in ("CDAI", "weight"):
        low, high = value
        return low if low is not None else high
    return value


def baseline(name: str) -> list[Fraction]:
    if name in ("age", "disease_duration"):
        return [{"age": age, "disease_duration": duration}[name](p) for p in ALL]
    if name == "BMI":
        return [at("weight", p) / (number(p.row["height_cm"]) / 100) ** 2 for p in ALL]
    measure = {"sescd": "SES-CD", "cdai": "CDAI", **TESTS}[name]
    return [at(measure, p) for p in ALL if (measure, BASELINE) in p.at]


@pytest.mark.parametrize("name", paper.QUARTILES)
def test_table_1_quartiles(name: str) -> None:
    assert summary(baseline(name), paper.QUARTILES[name]) == paper.QUARTILES[name]


@pytest.mark.parametrize("name", paper.MEANS)
def test_table_1_means(name: str) -> None:
    values, (_, average, spread) = baseline(name), paper.MEANS[name]
    assert (len(values), shown(mean(values), average), shown(sd(values), spread)) == paper.MEANS[name]


@pytest.mark.parametrize("name", paper.PAIRED_QUARTILES)
def test_quartiles_of_the_pairs(name: str) -> None:
    measure, _, when = name.partition(" ")
    values = [at(measure, p, WEEK12 if when == "week 12" else BASELINE) for p in both(measure)]
    assert summary(values, paper.PAIRED_QUARTILES[name]) == paper.PAIRED_QUARTILES[name]


@pytest.mark.parametrize("name", paper.PAIRED_MEANS)
def test_cdai_of_the_77(name: str) -> None:
    values = [at("CDAI", p, WEEK12 if "week" in name else BASELINE) for p in both("CDAI")]
    n, average, spread = paper.PAIRED_MEANS[name]
    assert (len(values), shown(mean(values), average), shown(sd(values), spread)) == (n, average, spread)


def test_falls() -> None:
    for measure, printed in paper.MEDIAN_FALLS.items():
        falls = [at(measure, p) - at(measure, p, WEEK12) for p in both(measure)]
        assert shown(median(falls), printed) == printed, measure
    assert shown(mean([Fraction(cdai_fall(p)) for p in both("CDAI")]), paper.MEAN_CDAI_FALL) == paper.MEAN_CDAI_FALL


def test_comparisons_of_those_who_achieve_with_those_who_do_not() -> None:
    scoped, seen = both("SES-CD"), both("CDAI")
    groups = {
        "CDAI by endoscopic remission": (scoped, lambda p: achieved("endoscopic_remission", p)),
        "CDAI by fall over 100": (seen, lambda p: cdai_fall(p) > 100),
        "CDAI by clinical remission": (seen, lambda p: achieved("clinical_remission", p)),
    }
    for name, (people, holds) in groups.items():
        for side, (average, spread) in zip((True, False), paper.PREDICTOR_MEANS[name], strict=True):
            values = [at("CDAI", p) for p in people if holds(p) is side]
            assert (shown(mean(values), average), shown(sd(values), spread)) == (average, spread), (name, side)
    medians = {
        "duration by endoscopic response": (scoped, "endoscopic_response", duration),
        "age by clinical remission": (seen, "clinical_remission", age),
        "SES-CD by clinical remission": (
            [p for p in seen if ("SES-CD", BASELINE) in p.at],
            "clinical_remission",
            lambda p: at("SES-CD", p),
        ),
    }
    for name, (people, endpoint, value) in medians.items():
        for side, printed in zip((True, False), paper.PREDICTOR_MEDIANS[name], strict=True):
            assert shown(median([value(p) for p in people if achieved(endpoint, p) is side]), printed) == printed, name
