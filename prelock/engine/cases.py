"""Cases: the first branch that holds; where a condition is unknown, what the branches that could apply agree on."""

from __future__ import annotations

from collections.abc import Sequence

from prelock.engine import sql
from prelock.engine.values import Value, either

Branches = Sequence[tuple[sql.Value, Value]]


Truths = Sequence[tuple[sql.Value, sql.Value]]


def choose_truth(branches: Truths, otherwise: sql.Value | None) -> sql.Value:
    """A Kleene truth: unknown conditions matter only where the branches differ."""
    result = sql.null("boolean") if otherwise is None else otherwise
    for when, then in reversed(branches):
        agreed = sql.cases((then == result, then), else_=sql.null("boolean"))
        result = sql.cases((when, then), (~when, result), else_=agreed)
    return result


def choose_branch(branches: Branches, otherwise: Value | None) -> Value:
    """A value: an interval over the branches that could apply for numbers and dates, else their common value."""
    last = branches[-1][1]
    result = otherwise or Value(sql.null(last.low.type()), unreadable=sql.literal(True))
    kind = last.low.type()
    spread = kind.is_numeric() or kind.is_date() or kind.is_timestamp()
    for when, then in reversed(branches):
        result = _spread(when, then, result) if spread else _agreed(when, then, result)
    return result


def _pick(when: sql.Value, then: sql.Value, other: sql.Value, doubt: sql.Value) -> sql.Value:
    return sql.cases((when, then), (~when, other), else_=doubt)


def _spread(when: sql.Value, then: Value, other: Value) -> Value:
    nothing = sql.null(then.low.type())
    low_known = then.low.notnull() & other.low.notnull()
    high_known = then.top.notnull() & other.top.notnull()
    low = _pick(when, then.low, other.low, sql.cases((low_known, sql.least(then.low, other.low)), else_=nothing))
    high = _pick(when, then.top, other.top, sql.cases((high_known, sql.greatest(then.top, other.top)), else_=nothing))
    low_open = _open(when, (then.low, then.low_open), (other.low, other.low_open), low)
    high_open = _open(when, (then.top, then.high_open), (other.top, other.high_open), high)
    alike = ((then.low == other.low) & (then.top == other.top)).fill_null(False)
    doubt = when.isnull() & ~alike & ~_both_missing(then, other)
    unreadable = either(_flag(when, then, other, "unreadable"), doubt)
    computed = then.computed or other.computed
    timed = None if then.timed is None and other.timed is None else _pick(when, _clock(then), _clock(other), ANY_TIME)
    return Value(low, high, low_open, high_open, unreadable, _flag(when, then, other, "na"), computed, timed)


def _agreed(when: sql.Value, then: Value, other: Value) -> Value:
    same = (then.low == other.low).fill_null(False)
    low = _pick(when, then.low, other.low, sql.cases((same, then.low), else_=sql.null(then.low.type())))
    doubt = when.isnull() & ~same & ~_both_missing(then, other)
    unreadable = either(_flag(when, then, other, "unreadable"), doubt)
    return Value(low, unreadable=unreadable, na=_flag(when, then, other, "na"))


def _both_missing(then: Value, other: Value) -> sql.Value:
    """Whichever applies, there is surely no value."""
    flags = either(then.unreadable, other.unreadable, then.na, other.na)
    return ~then.some() & ~other.some() & ~flags


End = tuple[sql.Value, sql.Value | None]


def _open(when: sql.Value, then: End, other: End, end: sql.Value) -> sql.Value | None:
    """The end is left out by the branch that applies; by every branch that reaches it where nobody can tell."""
    if then[1] is None and other[1] is None:
        return None
    flags = either(then[1]), either(other[1])
    holds = (((bound == end).fill_null(False)) & ~flag for (bound, _), flag in zip((then, other), flags, strict=True))
    return _pick(when, *flags, end.notnull() & ~either(*holds))


ANY_TIME = sql.literal(True)


def _clock(value: Value) -> sql.Value:
    return ANY_TIME if value.timed is None else value.timed


def _flag(when: sql.Value, then: Value, other: Value, part: str) -> sql.Value | None:
    """A flag of the branch that applies; of either where nobody can tell (both, for not applicable)."""
    a, b = getattr(then, part), getattr(other, part)
    if a is None and b is None:
        return None
    a = sql.literal(False) if a is None else a
    b = sql.literal(False) if b is None else b
    return _pick(when, a, b, a & b if part == "na" else a | b)
