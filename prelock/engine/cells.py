"""What a cell's text means. This is the one definition: SQL may only answer for the spellings it surely agrees on.

Numbers and dates are intervals; a cell that says nothing usable says why by its state. A number is the decimal that was
written, never a rounded one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from prelock.engine.dates import DAMAGED, made_a_date, read_date, read_moment
from prelock.engine.numbers import read_bound, read_number
from prelock.engine.ranges import read_reference_range
from prelock.engine.spellings import BLANKS, Pairs, Spellings, lookup, pairs, spellings, tidy
from prelock.rules.text import BESIDE
from prelock.rules.units import plain
from prelock.study.definition import ColumnKind, ColumnSpec

Plain = bool | Decimal | date | datetime | str
ONGOING = date(9999, 12, 31)
NAMED = (ColumnKind.CODE, ColumnKind.CODES, ColumnKind.YES_NO)


class State(IntEnum):
    """What is known of a cell. The numbers are those of the clean tables' state columns."""

    RECORDED = 0
    MISSING = 1
    NOT_DONE = 2
    NOT_KNOWN = 3
    REFUSED = 4
    UNREADABLE = 5
    NOT_APPLICABLE = 6

    @property
    def label(self) -> str:
        """The state as rules and reports write it."""
        return self.name.lower().replace("_", " ")


STATES = {state.label: state for state in State}


@dataclass(frozen=True)
class Cell:
    """A cell's meaning. Exact: `low == high`. A bound that is None is open to that side, or unknown with the state.

    `timed` is False for a moment of which only the day (or less) was written. `why` tells a data manager what is
    wrong with an unreadable cell, without the value.
    """

    low: Plain | None = None
    high: Plain | None = None
    low_open: bool = False
    high_open: bool = False
    state: State = State.RECORDED
    timed: bool = True
    why: str | None = None

    @property
    def exact(self) -> bool:
        """One value, or none."""
        return self.low == self.high and not (self.low_open or self.high_open)


MISSING = Cell(state=State.MISSING)


def exactly(value: Plain, timed: bool = True) -> Cell:
    """A recorded, exact cell."""
    return Cell(value, value, timed=timed)


def unreadable(why: str) -> Cell:
    """A cell that says something nobody can use."""
    return Cell(state=State.UNREADABLE, why=why)


def read_cell(text: str | None, column: ColumnSpec) -> Cell:
    """What `text` means in `column`: its value as an interval, or the state that says why there is none."""
    clean = tidy(text)
    if not clean:
        return blank(column)
    state = missing_class(column, clean)
    if state is not None:
        return Cell(state=state)
    cell = READERS[column.kind](text or "", clean, column)
    meant_otherwise = cell.state is State.UNREADABLE and column.kind not in (ColumnKind.DATE, ColumnKind.MOMENT)
    return unreadable(DAMAGED) if meant_otherwise and made_a_date(clean) else cell


def blank(column: ColumnSpec) -> Cell:
    """What a blank cell means in `column`."""
    means = column.blank_means
    if means is None:
        return MISSING
    if means == "not applicable":
        return Cell(state=State.NOT_APPLICABLE)
    if means == "ongoing":
        moment = datetime(ONGOING.year, ONGOING.month, ONGOING.day)
        return exactly(moment, timed=False) if column.kind is ColumnKind.MOMENT else exactly(ONGOING)
    if means == "none" and column.kind is ColumnKind.CODES and means not in column.codes:
        return exactly("")
    return READERS[column.kind](means, means, column)


def missing_class(column: ColumnSpec, clean: str) -> State | None:
    """The state that a missing code stands for; codes compare folded, and as numbers where both are numbers."""
    if not column.missing_codes:
        return None
    return lookup(_missing_table(pairs(column.missing_codes)), clean)


def means(text: str, column: ColumnSpec, said: bool = False) -> State | Plain | None:
    """The code, answer or kind of missing value that a text stands for; None where it is none of them.

    `said`: only by spellings that the study declares, not by the language's own words for yes and no.
    """
    state = missing_class(column, tidy(text))
    if state is not None or column.kind not in NAMED or (said and not column.codes):
        return state
    return READERS[column.kind](text, tidy(text), column).low


@lru_cache(maxsize=512)
def _missing_table(listed: Pairs) -> Spellings[State]:
    return spellings([(text, STATES[name]) for name, texts in listed for text in texts])


@lru_cache(maxsize=512)
def _code_table(listed: Pairs) -> Spellings[str]:
    own = [(code, code) for code, _ in listed]
    return spellings(own + [(text, code) for code, texts in listed for text in texts])


def _text(text: str, clean: str, column: ColumnSpec) -> Cell:
    return exactly(text.strip(BLANKS))


def _unit(text: str, clean: str, column: ColumnSpec) -> Cell:
    """A unit as written, or the unit of which the study says that this is a spelling."""
    meant = _unit_table(pairs(column.codes)).get(plain(clean)) if column.codes else None
    return _text(text, clean, column) if meant is None else exactly(meant)


@lru_cache(maxsize=512)
def _unit_table(listed: Pairs) -> Mapping[str, str]:
    return {plain(text): unit for unit, texts in listed for text in (unit, *texts)}


def _code(text: str, clean: str, column: ColumnSpec) -> Cell:
    code = lookup(_code_table(pairs(column.codes)), clean)
    return unreadable("is none of the declared codes") if code is None else exactly(code)


def _codes(text: str, clean: str, column: ColumnSpec) -> Cell:
    """Several answers, in the order in which they are declared, each once."""
    table = _code_table(pairs(column.codes))
    found = {lookup(table, part.strip(BLANKS)) for part in re.split(column.separator, clean) if part.strip(BLANKS)}
    if None in found or not found:
        return unreadable("holds an answer that is none of the declared codes")
    return exactly(BESIDE.join(code for code in column.codes if code in found))


YES_NO: Mapping[str, tuple[str, ...]] = {"yes": ("y", "true", "1", "是"), "no": ("n", "false", "0", "否")}


def _yes_no(text: str, clean: str, column: ColumnSpec) -> Cell:
    declared = column.codes or YES_NO
    words = tuple((name, (*declared.get(name, ()), word)) for name, word in (("yes", "true"), ("no", "false")))
    answer = lookup(_code_table(words), clean)
    return unreadable("is neither yes nor no") if answer is None else exactly(answer == "yes")


def _number(text: str, clean: str, column: ColumnSpec) -> Cell:
    number = read_number(_without_percent(clean, column), column.decimal)
    return _no_number(clean, "is not a number") if number is None else exactly(number)


def _whole(text: str, clean: str, column: ColumnSpec) -> Cell:
    number = read_number(_without_percent(clean, column), column.decimal)
    if number is None or number != number.to_integral_value():
        return _no_number(clean, "is not a whole number")
    return exactly(number)


def _without_percent(clean: str, column: ColumnSpec) -> str:
    """`5 %` is 5 in a column whose unit is %."""
    return clean.removesuffix("%").rstrip(BLANKS) if column.type.unit == "%" else clean


def _no_number(clean: str, why: str) -> Cell:
    percent = clean.endswith("%") and read_number(clean[:-1].rstrip(BLANKS), "point") is not None
    return unreadable(PERCENTAGE if percent else why)


PERCENTAGE = "is a percentage, and the unit declared for the column is not %"


def _result(text: str, clean: str, column: ColumnSpec) -> Cell:
    if column.codes:
        code = lookup(_code_table(pairs(column.codes)), clean)
        if code is not None:
            return exactly(code)
    bound = read_bound(clean, column.decimal)
    if bound is None:
        return _no_number(clean, "is not a result: a number, or a number with < or >")
    return Cell(bound.low, bound.high, bound.low_open, bound.high_open)


def _reference_range(text: str, clean: str, column: ColumnSpec) -> Cell:
    read = read_reference_range(clean, column.decimal)
    return unreadable(read) if isinstance(read, str) else Cell(read.low, read.high, read.low_open, read.high_open)


def _date(text: str, clean: str, column: ColumnSpec) -> Cell:
    read = read_date(clean)
    return unreadable(read) if isinstance(read, str) else Cell(read.low, read.high)


def _moment(text: str, clean: str, column: ColumnSpec) -> Cell:
    read = read_moment(clean)
    return unreadable(read) if isinstance(read, str) else Cell(read.low, read.high, timed=read.timed)


READERS: Mapping[ColumnKind, Callable[[str, str, ColumnSpec], Cell]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.UNIT: _unit,
    ColumnKind.CODE: _code,
    ColumnKind.CODES: _codes,
    ColumnKind.YES_NO: _yes_no,
    ColumnKind.NUMBER: _number,
    ColumnKind.WHOLE: _whole,
    ColumnKind.RESULT: _result,
    ColumnKind.RANGE: _reference_range,
    ColumnKind.DATE: _date,
    ColumnKind.MOMENT: _moment,
}
