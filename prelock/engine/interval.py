"""A value as the language sees it: between two bounds, with a state; and the three-valued tables over such values.

`Val` is the one class for cells and for results: numbers are exact fractions (Decimal and int are welcome and read as
such), dates `date`, moments `datetime`, codes and texts `str`, yes/no `bool`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from prelock.engine.cells import Cell
from prelock.engine.cells import State as State
from prelock.rules.text import fold

Scalar = Fraction | Decimal | int | float | date | datetime | str | bool
Truth = bool | None  # None is unknown

# No value was to be had: a timepoint passes over it. A blank or 'not known' hides one, and counts.
PASSED_OVER = (State.NOT_DONE, State.REFUSED, State.NOT_APPLICABLE)
ABSENT = (State.MISSING, State.NOT_DONE, State.NOT_KNOWN, State.REFUSED)


@dataclass(frozen=True)
class Val:
    """A value in [low, high]; an open bound is not itself possible (`<0.5`), a bound that is None is not known.

    State UNREADABLE stands for every 'nobody can tell whether there is a value': a conflict, no date, a doubtful row.
    It may have bounds: the highest of 3 and an unreadable cell is at least 3. `timed` is False for a moment of which
    only the day was written.
    """

    low: Scalar | None = None
    high: Scalar | None = None
    low_open: bool = False
    high_open: bool = False
    state: State = State.RECORDED
    timed: bool = True

    @staticmethod
    def of(value: Scalar | None) -> Val:
        """An exact value; None is a blank."""
        return MISSING if value is None else Val(value, value)

    @staticmethod
    def of_cell(cell: Cell) -> Val:
        """What was read from a cell."""
        return Val(cell.low, cell.high, cell.low_open, cell.high_open, cell.state, cell.timed)

    @property
    def exact(self) -> bool:
        """Known to the point."""
        return self.low is not None and self.low == self.high and not (self.low_open or self.high_open)

    @property
    def bounded(self) -> bool:
        """Something is known of it: at least one bound."""
        return self.low is not None or self.high is not None

    @property
    def truth(self) -> Truth:
        """A yes/no value as a truth: not applicable satisfies nothing, a blank is unknown."""
        if self.state is State.NOT_APPLICABLE:
            return False
        return bool(self.low) if self.exact else None

    @property
    def recorded(self) -> Truth:
        """Is there a value? Unknown where it can't be told; false, too, for 'not applicable'."""
        return RECORDED[self.state]

    @property
    def missing(self) -> Truth:
        """Is a value missing? False for 'not applicable'."""
        return False if self.state is State.NOT_APPLICABLE else kleene_not(self.recorded)


RECORDED: dict[State, Truth] = {
    State.RECORDED: True,
    State.MISSING: False,
    State.NOT_DONE: False,
    State.NOT_KNOWN: False,
    State.REFUSED: False,
    State.UNREADABLE: None,
    State.NOT_APPLICABLE: False,
}

MISSING = Val(state=State.MISSING)
UNREADABLE = Val(state=State.UNREADABLE)
NOT_APPLICABLE = Val(state=State.NOT_APPLICABLE)


def of_truth(truth: Truth) -> Val:
    """A truth as a value; unknown has no bounds, and it can't be told whether it is recorded."""
    return UNREADABLE if truth is None else Val(truth, truth)


# ---- Kleene ---------------------------------------------------------------------------------------------------------
AND: dict[tuple[Truth, Truth], Truth] = {
    (True, True): True,
    (True, None): None,
    (True, False): False,
    (None, True): None,
    (None, None): None,
    (None, False): False,
    (False, True): False,
    (False, None): False,
    (False, False): False,
}
OR: dict[tuple[Truth, Truth], Truth] = {
    (True, True): True,
    (True, None): True,
    (True, False): True,
    (None, True): True,
    (None, None): None,
    (None, False): None,
    (False, True): True,
    (False, None): None,
    (False, False): False,
}
NOT: dict[Truth, Truth] = {True: False, None: None, False: True}


def kleene_and(*truths: Truth) -> Truth:
    """Kleene's and; true of nothing."""
    result: Truth = True
    for truth in truths:
        result = AND[result, truth]
    return result


def kleene_or(*truths: Truth) -> Truth:
    """Kleene's or; false of nothing."""
    result: Truth = False
    for truth in truths:
        result = OR[result, truth]
    return result


def kleene_not(truth: Truth) -> Truth:
    """Kleene's not."""
    return NOT[truth]


# ---- bounds that compare --------------------------------------------------------------------------------------------
def rounded(number: Scalar) -> Fraction:
    """A number rounded half-up (away from zero) to 9 decimals, as every comparison sees it."""
    exact = Fraction(number)  # type: ignore[arg-type]
    whole = (abs(exact) * 10**9 * 2 + 1) // 2
    return Fraction(whole if exact >= 0 else -whole, 10**9)


def is_number(value: Scalar | None) -> bool:
    """A number, and not a truth."""
    return isinstance(value, Fraction | Decimal | int | float) and not isinstance(value, bool)


def by_day(value: Val) -> Val:
    """A moment as its calendar day; other values as they are."""
    return replace(value, low=_day(value.low), high=_day(value.high))


def _day(bound: Scalar | None) -> Scalar | None:
    return bound.date() if isinstance(bound, datetime) else bound


def comparable(left: Val, right: Val) -> tuple[Val, Val]:
    """Two values brought to bounds that Python can compare: rounded, folded, and by day where one has no time."""
    if not all(_is_moment(v) and v.timed for v in (left, right)):
        left, right = by_day(left), by_day(right)
    return _ranked(left), _ranked(right)


def _is_moment(value: Val) -> bool:
    return isinstance(value.low, datetime) or isinstance(value.high, datetime)


def _ranked(value: Val) -> Val:
    return replace(value, low=_rank(value.low), high=_rank(value.high))


def _rank(bound: Scalar | None) -> Scalar | None:
    if isinstance(bound, str):
        return fold(bound)
    return rounded(bound) if bound is not None and is_number(bound) else bound


# ---- comparison -----------------------------------------------------------------------------------------------------
def compare(op: str, left: Val, right: Val) -> Truth:
    """`left op right` for one of = < <= > >=: true or false where it is sure, else unknown.

    Nothing compares with 'not applicable': false. A side without bounds (blank, unreadable) makes it unknown.
    """
    if State.NOT_APPLICABLE in (left.state, right.state):
        return False
    return COMPARISONS[op](*comparable(left, right))


def _below(left: Val, right: Val) -> bool:
    """Every possible `left` is smaller than every possible `right`."""
    if left.high is None or right.low is None:
        return False
    open_ = left.high_open or right.low_open
    return left.high < right.low or (left.high == right.low and open_)  # type: ignore[operator]


def _not_above(left: Val, right: Val) -> bool:
    """No possible `left` is greater than any possible `right`."""
    return left.high is not None and right.low is not None and left.high <= right.low  # type: ignore[operator]


def _less(left: Val, right: Val) -> Truth:
    if _below(left, right):
        return True
    return False if _not_above(right, left) else None


def _at_most(left: Val, right: Val) -> Truth:
    if _not_above(left, right):
        return True
    return False if _below(right, left) else None


def _equal(left: Val, right: Val) -> Truth:
    if _below(left, right) or _below(right, left):
        return False
    return True if left.exact and right.exact else None


COMPARISONS: dict[str, Callable[[Val, Val], Truth]] = {
    "=": _equal,
    "<": _less,
    "<=": _at_most,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: _at_most(right, left),
}


def within(value: Val, limits: Val) -> Truth:
    """The value lies in a reference range, of which an end without a limit is met by all."""
    if State.NOT_APPLICABLE in (value.state, limits.state):
        return False
    if limits.state is not State.RECORDED:
        return None
    above = limits.low is None or compare(">" if limits.low_open else ">=", value, Val.of(limits.low))
    below = limits.high is None or compare("<" if limits.high_open else "<=", value, Val.of(limits.high))
    return kleene_and(above, below)


def same(left: Val, right: Val) -> bool:
    """The same value was recorded on both sides: the same bounds, not merely bounds that overlap; or none on either.

    A day alone and a moment of that day are two values, though neither comes before the other.
    """
    if left.state in ABSENT and right.state in ABSENT:
        return True
    if left.state is not right.state:
        return False
    one, other = (_ranked(replace(v, low=_moment(v.low), high=_moment(v.high), timed=True)) for v in (left, right))
    return one == other


def _moment(bound: Scalar | None) -> Scalar | None:
    is_day = isinstance(bound, date) and not isinstance(bound, datetime)
    return datetime(bound.year, bound.month, bound.day) if is_day else bound  # type: ignore[union-attr]
