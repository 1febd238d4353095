"""95 % confidence intervals of a proportion, as fractions: Wilson's score and Clopper and Pearson's exact interval.

Sources: Wilson EB, J Am Stat Assoc 1927;22:209–212; Clopper CJ, Pearson ES, Biometrika 1934;26:404–413.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

LEVEL = 0.95
_DIGITS = 12  # what is left after the last digits in which platforms' math libraries may differ


def wilson(count: int, total: int) -> tuple[float, float]:
    """Wilson's score interval without continuity correction."""
    _check(count, total)
    z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
    share = count / total
    centre = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if count == 0 else (centre - spread) / scale
    high = 1.0 if count == total else (centre + spread) / scale
    return round(low, _DIGITS), round(high, _DIGITS)


def clopper_pearson(count: int, total: int) -> tuple[float, float]:
    """The exact interval: the shares at which `count` or more, and `count` or fewer, have probability 2.5 %."""
    _check(count, total)
    tail = (1 - LEVEL) / 2
    low = 0.0 if count == 0 else _beta_quantile(tail, count, total - count + 1)
    high = 1.0 if count == total else _beta_quantile(1 - tail, count + 1, total - count)
    return round(low, _DIGITS), round(high, _DIGITS)


Method = Callable[[int, int], tuple[float, float]]
METHODS: Mapping[str, Method] = {"wilson": wilson, "clopper-pearson": clopper_pearson}


def _check(count: int, total: int) -> None:
    if not 0 <= count <= total or total == 0:
        raise ValueError("a proportion needs a count between 0 and a total above 0")


def _beta_quantile(probability: float, a: float, b: float) -> float:
    """The point at which the Beta(a, b) distribution function reaches `probability`, by bisection."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if _beta_cdf(middle, a, b) < probability:
            low = middle
        else:
            high = middle


def _beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b); the fraction converges fast below the mean only."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's method."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 100_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            c, d = 1 + term / c, 1 / (1 + term * d)
            value *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return value
