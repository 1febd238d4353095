"""Numbers as hospitals write them: plain decimals, thousands in groups, full-width digits, results below a limit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?\Z")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?P<rest>\.[0-9]+)?\Z")
DECIMAL_COMMA = re.compile(r"[+-]?(?:[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})|0,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+)\Z")
SET_OFF = re.compile(r"[+-]?[1-9][0-9]{0,2}(?P<by>[,. '\u2019])[0-9]{3}(?:(?P=by)[0-9]{3})*\Z")
BOUND = re.compile(r"(?P<sign><=|>=|=<|=>|≤|≥|⩽|⩾|≦|≧|<|>)\s*(?P<number>.+)\Z")
LONGEST = 40  # characters; longer is no measurement, and would cost time to read


@dataclass(frozen=True)
class Bound:
    """An interval: a bound that is None is unbounded, an open one is not reached."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False


def read_number(clean: str, decimal: str | None = None) -> Decimal | None:
    """The number that `clean` (NFKC, trimmed) writes, exactly; None if it writes none or could be read in two ways.

    `1,234` could be a thousand or a decimal comma: it is read as neither, unless `decimal` (comma, point) says which.
    `1,234,567`, `1,234.5`, `12,5` have one reading.
    """
    if len(clean) > LONGEST:
        return None
    clean = clean.replace("\u2212", "-")
    if decimal is not None:
        return _declared(clean, *((",", ".") if decimal == "comma" else (".", ",")))
    if PLAIN.match(clean):
        return Decimal(clean)
    grouped = GROUPED.match(clean)
    if grouped:
        return Decimal(clean.replace(",", "")) if grouped["rest"] or clean.count(",") > 1 else None
    if DECIMAL_COMMA.match(clean):
        return Decimal(clean.replace(".", "").replace(",", "."))
    return None


def _declared(clean: str, point: str, other: str) -> Decimal | None:
    """A number whose decimal sign is `point`; thousands may be set off by `other`, a blank or an apostrophe."""
    whole, _, rest = clean.partition(point)
    grouped = SET_OFF.match(whole)
    if grouped and grouped["by"] in (other, " ", "'", "\u2019"):
        whole = whole.replace(grouped["by"], "")
    if other in whole:
        return None
    plain = f"{whole}.{rest}" if point in clean else whole
    return Decimal(plain) if PLAIN.match(plain) else None


def read_bound(clean: str, decimal: str | None = None) -> Bound | None:
    """The result that `clean` writes: a number, or one below or above a limit (`<0.5`, `≥ 1800`); else None."""
    censored = BOUND.match(clean)
    if censored is None:
        number = read_number(clean, decimal)
        return None if number is None else Bound(number, number)
    limit = read_number(censored["number"].strip(), decimal)
    if limit is None:
        return None
    strict = censored["sign"] in "<>"
    if censored["sign"] in ("<", "<=", "=<", "≤", "⩽", "≦"):
        return Bound(None, limit, high_open=strict)
    return Bound(limit, None, low_open=strict)


def numeric_key(clean: str) -> Decimal | None:
    """The number by which a key or code compares (`3` is `3.0`); None for text. Only plain decimals are numbers."""
    if len(clean) > LONGEST or not PLAIN.match(clean) or "e" in clean.casefold():
        return None
    return Decimal(clean).normalize()
