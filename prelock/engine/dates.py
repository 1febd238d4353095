"""Dates as hospitals write them. Year first, or nothing: `03/04/2024` has two readings and gets neither."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

YEAR = re.compile(r"([12][0-9]{3})(?:\s*年)?\Z")
MONTH = re.compile(r"([12][0-9]{3})(?:[-/.]|\s*年\s*)([0-9]{1,2})(?:\s*月)?\Z")
DAY = re.compile(
    r"([12][0-9]{3})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?)\Z"
)
COMPACT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})\Z")
CLOCK = re.compile(
    r"(?P<h>[0-9]{1,2})(?::|时|時|点|點)(?P<m>[0-9]{1,2})(?:[:分](?P<s>[0-9]{1,2})(?:[.,](?P<f>[0-9]{1,9}))?)?[分秒]?"
    r"(?:\s*(?P<half>[AaPp]\.?[Mm]\.?))?(?:\s*(?:Z|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?))?\Z"
)
SPLIT = re.compile(r"(?P<day>.*[0-9日号])(?:[Tt]|\s+)(?P<clock>[0-9]{1,2}(?::|时|時|点|點).*)\Z", re.DOTALL)
TWO_READINGS = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.][0-9]{2,4}\Z")
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
EXCEL_DAMAGE = re.compile(
    rf"(?:[0-9]{{1,2}}[- ](?:{MONTHS})|(?:{MONTHS})[- ][0-9]{{2,4}}|[0-9]{{1,2}}月[0-9]{{1,2}}日)\Z",
    re.ASCII | re.IGNORECASE,
)
LONGEST = 40

AMBIGUOUS = "has two readings as a date; write year-month-day"
NO_DATE = "is not a date; write year-month-day"
OTHER_ORDER = "does not begin with its year; write year-month-day"
IMPOSSIBLE = "is a day that does not exist"
DAMAGED = "lost its year or was turned into a date by a spreadsheet"
NO_TIME = "has no time of day that exists"


@dataclass(frozen=True)
class Days:
    """The days that a date may be: one, or all of a month or year."""

    low: date
    high: date


@dataclass(frozen=True)
class Moments:
    """The moments that a date and time may be; `timed` is False where no time of day was written."""

    low: datetime
    high: datetime
    timed: bool


def read_date(clean: str) -> Days | str:
    """The days that `clean` (NFKC, trimmed) writes, a time of day being left out; or what is wrong with it.

    A zone is no reason to move the day: the date is the one on the wall clock where it was written.
    """
    if len(clean) > LONGEST:
        return NO_DATE
    parts = SPLIT.match(clean)
    if parts is None:
        return _days(clean)
    if _clock(parts["clock"]) is None:
        return NO_TIME
    days = _days(parts["day"].strip())
    return NO_DATE if isinstance(days, Days) and days.low != days.high else days


def made_a_date(clean: str) -> bool:
    """Whether a spreadsheet may have made the text of another: `6-Apr` or `2024-04-06` of `4 - 6`."""
    full = DAY.match(clean)
    return EXCEL_DAMAGE.match(clean) is not None or (full is not None and full[2] == "-")


def read_moment(clean: str) -> Moments | str:
    """The moments that `clean` writes, by its own wall clock; or what is wrong with it."""
    days = read_date(clean)
    if isinstance(days, str):
        return days
    parts = SPLIT.match(clean)
    clock = _clock(parts["clock"]) if parts else None
    hour, minute, second, micro = clock or (0, 0, 0, 0)
    low = datetime(days.low.year, days.low.month, days.low.day, hour, minute, second, micro)
    high = datetime(days.high.year, days.high.month, days.high.day, hour, minute, second, micro)
    return Moments(low, high, clock is not None)


def _days(text: str) -> Days | str:
    full = DAY.match(text) or COMPACT.match(text)
    if full:
        year, month, day = (int(part) for part in full.groups() if part and part not in "-/.")
        return _one(year, month, day)
    month_only = MONTH.match(text)
    if month_only:
        year, month = int(month_only[1]), int(month_only[2])
        return Days(date(year, month, 1), _last(year, month)) if 1 <= month <= 12 else IMPOSSIBLE
    year_only = YEAR.match(text)
    if year_only:
        return Days(date(int(year_only[1]), 1, 1), date(int(year_only[1]), 12, 31))
    if EXCEL_DAMAGE.match(text):
        return DAMAGED
    numbers = TWO_READINGS.match(text)
    if numbers is None:
        return NO_DATE
    return AMBIGUOUS if max(int(numbers[1]), int(numbers[2])) <= 12 else OTHER_ORDER


def _one(year: int, month: int, day: int) -> Days | str:
    try:
        found = date(year, month, day)
    except ValueError:
        return IMPOSSIBLE
    return Days(found, found)


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _clock(text: str) -> tuple[int, int, int, int] | None:
    parts = CLOCK.match(text.strip())
    if parts is None:
        return None
    hour, minute, second = int(parts["h"]), int(parts["m"]), int(parts["s"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"].lower().startswith("p") else 0)
    micro = int((parts["f"] or "").ljust(6, "0")[:6])
    return (hour, minute, second, micro) if hour < 24 and minute < 60 and second < 60 else None
