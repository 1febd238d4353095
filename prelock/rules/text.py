"""Text as rules see it: one folding for every comparison, one spelling for every number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

_PLACES = Decimal("1e-9")


def fold(text: str) -> str:
    """The form in which texts and codes compare: NFKC, trimmed, inner whitespace runs as one space, case folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def plain_number(value: Decimal | float | int) -> str:
    """A number as people write it: at most 9 decimals (half-up), no trailing zeros, no exponent.

    A float is read by its shortest decimal spelling, so 0.1 is `0.1`.
    """
    number = value if isinstance(value, Decimal) else Decimal(value if isinstance(value, int) else repr(float(value)))
    if not number.is_finite():
        return str(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -9:
        number = number.quantize(_PLACES, rounding=ROUND_HALF_UP)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def has_word(text: str, word: str) -> bool:
    """`word` stands in `text` as a word: no letter or digit beside it but those of scripts written without spaces.

    `ALT` is a word of `谷丙ALT升高` and of `ALT-high`, not of `salt` or `altération`.
    """
    letter = "[^\\W_\u2e80-\U0010ffff]"
    return re.search(rf"(?<!{letter}){re.escape(fold(word))}(?!{letter})", fold(text)) is not None


def matches(text: str, pattern: str) -> bool:
    """The pattern is found somewhere in the folded text, in either case."""
    return re.search(pattern, fold(text), re.IGNORECASE) is not None


def starts_with(text: str, beginning: str) -> bool:
    """The folded text starts with the folded beginning."""
    return fold(text).startswith(fold(beginning))


# How a text is tested: the same function for every engine, over distinct texts.
# How the codes of one cell are written side by side.
BESIDE = "; "


def includes(text: str, code: str) -> bool:
    """The code is among those written side by side."""
    return code in text.split(BESIDE)


TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "matches": matches,
    "starts": starts_with,
    "word": has_word,
    "includes": includes,
}
