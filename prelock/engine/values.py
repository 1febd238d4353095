"""A value inside the engine: columns of a table that together say what is known of it.

Numbers and dates are intervals (`engine.reference` defines them). Most columns are exact, so every part but `low` is
optional: it stands only where the data made it necessary, and exact data pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prelock.engine import sql

NULL = sql.null()


@dataclass(frozen=True)
class Value:
    """Columns of one value. `high` None: exact (equal to `low`). `unreadable`, `na`: never null, None: never so.

    `computed` marks numbers that arithmetic made, which compare after rounding to nine decimals. `timed` says of a
    moment whether a time of day was written (None: it is not known to matter).
    """

    low: sql.Value
    high: sql.Value | None = None
    low_open: sql.Value | None = None
    high_open: sql.Value | None = None
    unreadable: sql.Value | None = None
    na: sql.Value | None = None
    computed: bool = False
    timed: sql.Value | None = None

    @staticmethod
    def of(parts: Mapping[str, sql.Value], computed: bool = False) -> Value:
        """The value of its parts by name."""
        held: dict[str, Any] = dict(parts)
        return Value(**held, computed=computed)

    @property
    def exact(self) -> bool:
        """No part of the data makes this value an interval."""
        return self.high is None

    @property
    def top(self) -> sql.Value:
        """The upper bound, null where there is none."""
        return self.low if self.high is None else self.high

    def known(self) -> sql.Value:
        """One certain value: the bounds agree and none is open. Never null."""
        if self.high is None:
            return self.low.notnull()
        same = (self.low == self.high).fill_null(False)
        return same & ~either(self.low_open, self.high_open)

    def some(self) -> sql.Value:
        """At least one bound is known. Never null."""
        return self.low.notnull() if self.high is None else self.low.notnull() | self.high.notnull()

    def recorded(self) -> sql.Value:
        """True recorded, False missing or not applicable, null where nobody can tell."""
        truth = self.some()
        if self.unreadable is not None:
            truth = sql.cases((self.unreadable, sql.null("boolean")), else_=truth)
        return truth if self.na is None else ~self.na & truth

    def missing(self) -> sql.Value:
        """True missing, False recorded or not applicable, null where nobody can tell."""
        truth = ~self.some()
        if self.unreadable is not None:
            truth = sql.cases((self.unreadable, sql.null("boolean")), else_=truth)
        return truth if self.na is None else ~self.na & truth


PARTS = ("low", "high", "low_open", "high_open", "unreadable", "na", "timed")


@dataclass(frozen=True)
class Stored:
    """Where a value's parts lie in a table: part name → column name."""

    columns: Mapping[str, str]
    computed: bool = False

    def read(self, table: sql.Table) -> Value:
        """The value as columns of `table`."""
        parts = {part: table[column] for part, column in self.columns.items()}
        return Value(computed=self.computed, **parts)


def store(name: str, value: Value) -> tuple[dict[str, sql.Value], Stored]:
    """Columns that hold `value` under `name`, and where they will lie."""
    columns: dict[str, sql.Value] = {}
    places: dict[str, str] = {}
    for part in PARTS:
        column = getattr(value, part)
        if column is not None:
            places[part] = name if part == "low" else f"{name}|{part}"
            columns[places[part]] = column
    return columns, Stored(places, value.computed)


def either(*flags: sql.Value | None) -> sql.Value:
    """Or over flags that are never null, None being False."""
    there = [flag for flag in flags if flag is not None]
    if not there:
        return sql.literal(False)
    result = there[0]
    for flag in there[1:]:
        result = result | flag
    return result


def maybe_either(*flags: sql.Value | None) -> sql.Value | None:
    """As `either`, but None where there is no flag at all."""
    return either(*flags) if any(flag is not None for flag in flags) else None


def truth_value(truth: sql.Value) -> Value:
    """A truth as a value: unknown is unreadable, never missing."""
    return Value(low=truth, unreadable=truth.isnull())


def unless(found: Value, fault: sql.Value) -> Value:
    """The value, unreadable where `fault`."""
    low = sql.cases((fault, sql.null(found.low.type())), else_=found.low)
    high = None if found.high is None else sql.cases((fault, sql.null(found.high.type())), else_=found.high)
    doubt = either(found.unreadable, fault)
    na = None if found.na is None else found.na & ~fault
    return Value(low, high, found.low_open, found.high_open, doubt, na, found.computed, found.timed)
