"""Numbers for people: counts with percents, intervals and measures, rounded half-up, never rounded and then summed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")


def percent(count: int, total: int) -> str:
    """`count` of `total` in percent, one decimal; a share above none never shows as 0, nor one below all as 100."""
    if not total:
        return "–"
    if count in (0, total):
        return "0%" if count == 0 else "100%"
    share = _half_up(Decimal(100 * count) / Decimal(total), _TENTH)
    if share < _TENTH:
        return "<0.1%"
    return ">99.9%" if share >= 100 else f"{share}%"


def count_percent(count: int, total: int) -> str:
    """`n (xx.x%)`; zero is `0`."""
    return f"{count:,} ({percent(count, total)})" if count and total else f"{count:,}"


def share_percent(count: int, total: int) -> str:
    """`n/N (xx.x%)`."""
    return f"{count:,}/{total:,} ({percent(count, total)})" if total else f"{count:,}/0"


def interval(low: float | None, high: float | None) -> str:
    """An interval of fractions in percent: `34.5 to 65.5`."""
    if low is None or high is None:
        return ""
    return f"{_half_up(_scaled(low), _TENTH)} to {_half_up(_scaled(high), _TENTH)}"


def measure(value: float | None, decimals: int = 2) -> str:
    """A mean, median or limit, half-up to `decimals`; whole numbers without decimals."""
    if value is None:
        return "–"
    rounded = _half_up(Decimal(repr(value)), Decimal(1).scaleb(-decimals))
    return f"{rounded:,.0f}" if rounded == rounded.to_integral_value() else f"{rounded:,}"


def _scaled(fraction: float) -> Decimal:
    return Decimal(repr(fraction)) * 100


def _half_up(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)
