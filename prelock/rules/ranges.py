"""Plain ranges and facts in a study's text: `-28 to 0`, `100 to 230 cm`, `8 mg/L`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prelock.errors import Location, Problem
from prelock.rules import units
from prelock.rules.nodes import Literal
from prelock.rules.types import DATE, STUDY, TEXT, Kind, Type

NUMBER_TEXT = r"[-−]?\d+(?:\.\d+)?"
RANGE = re.compile(rf"\s*({NUMBER_TEXT})\s*([^\d\s-]\S*?)?\s+to\s+({NUMBER_TEXT})\s*([^\d\s-].*?)?\s*")
QUANTITY = re.compile(rf"\s*({NUMBER_TEXT})\s*([^\d\s-].*?)?\s*")


@dataclass(frozen=True)
class NumberRange:
    """From `low` to `high`, both ends included; `unit` is canonical, None if none was written."""

    low: Decimal
    high: Decimal
    unit: str | None


def read_range(text: str, location: Location, problems: list[Problem]) -> NumberRange | None:
    """A range of plain numbers, `-28 to 0` or `100 to 230 cm`, both ends included."""
    match = RANGE.fullmatch(text)
    if match is None:
        hint = "write two numbers with `to`, lower first, such as `100 to 230`"
        problems.append(Problem("range", f"`{text}` is not a range", location, hint))
        return None
    low, high = _number(match[1]), _number(match[3])
    written = [item for item in (match[2], match[4]) if item]
    found = {units.canonical(item) for item in written}
    if None in found or len(found) > 1:
        problems.append(Problem("unknown-unit", f"`{' and '.join(written)}` is not one known unit", location))
        return None
    if low > high:
        problems.append(Problem("range", f"`{text}` runs downwards", location, "the lower end comes first"))
        return None
    return NumberRange(low, high, found.pop() if found else None)


def read_fact(text: str) -> Literal:
    """A study fact: a number (with its unit, if it is known here), a date, or else a text."""
    match = QUANTITY.fullmatch(text)
    unit = units.canonical(match[2]) if match and match[2] else None
    if match and (unit or not match[2]):
        return Literal(type=Type(Kind.NUMBER, unit=unit), grain=STUDY, value=_number(match[1]))
    try:
        return Literal(type=DATE, grain=STUDY, value=date.fromisoformat(text.strip()))
    except ValueError:
        return Literal(type=TEXT, grain=STUDY, value=text.strip())


def _number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))
