"""Text as rules see it: one folding for every comparison, one spelling for every number."""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

_PLACES = Decimal("1e-9")


def fold(text: str) -> str:
    """The form in which texts and codes compare: NFKC, trimmed, inner whitespace runs as one space, case folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def plain_number(value: Decimal | float | int) -> str:
    """A number as people write it: at most 9 decimals (half-up), no trailing zeros, no exponent.

    A float is read by its shortest decimal spelling, so 0.1 is `0.1`.
    """
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -9:
        number = number.quantize(_PLACES, rounding=ROUND_HALF_UP)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
