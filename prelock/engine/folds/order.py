"""Values as numbers by which rows are put in order."""

from __future__ import annotations

from prelock.engine import sql
from prelock.engine.values import Value
from prelock.rules.types import Kind, Type


def ranked(kind: Type, value: Value) -> Value:
    """A code as its place in the order, else as its score; other values as they are."""
    if kind.kind is not Kind.CODE:
        return value
    numbers = tuple(map(float, kind.scores if kind.scores and not kind.ordered else range(len(kind.codes))))
    places = [(value.low == code, number) for number, code in zip(numbers, kind.codes, strict=True)]
    return Value(sql.cases(*places, else_=sql.null("float64")), unreadable=value.unreadable, na=value.na)


def ordered(column: sql.Value, descending: bool) -> sql.Value:
    """A number whose smallest is the best."""
    kind = column.type()
    if kind.is_date():
        number = column.delta(sql.day("1970-01-01"), unit="day").cast("float64")
    elif kind.is_timestamp():
        number = column.epoch_seconds().cast("float64")
    else:
        number = column.cast("float64")
    return -number if descending else number
