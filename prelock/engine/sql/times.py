"""What can be asked of a date, or of a date and time."""

from __future__ import annotations

from typing import Self

from prelock.engine.sql import types as t
from prelock.engine.sql.node import Node


class Times(Node):
    """The part of an expression's methods that concerns time."""

    __slots__ = ()

    def _part(self, part: str) -> Self:
        return self.made(f"EXTRACT({part} FROM {{0}})", (self,), t.INT)

    def year(self) -> Self:
        """The year."""
        return self._part("year")

    def month(self) -> Self:
        """The month, from 1."""
        return self._part("month")

    def day(self) -> Self:
        """The day of the month, from 1."""
        return self._part("day")

    def hour(self) -> Self:
        """The hour."""
        return self._part("hour")

    def minute(self) -> Self:
        """The minute."""
        return self._part("minute")

    def second(self) -> Self:
        """The whole second."""
        return self._part("second")

    def date(self) -> Self:
        """The day of a date and time."""
        return self.made("CAST({0} AS DATE)", (self,), t.DATE, self.sure)

    def delta(self, other: Node, unit: str) -> Self:
        """How many borders between `unit`s lie from `other` to here."""
        return self.made(f"DATE_DIFF('{unit}', {{1}}, {{0}})", (self, other), t.INT)

    def days_later(self, days: Node) -> Self:
        """A date and time, `days` later."""
        return self.made("({0} + TO_DAYS({1}))", (self, days), t.MOMENT)

    def epoch_seconds(self) -> Self:
        """Seconds since 1970, with their fractions."""
        return self.made("EPOCH({0})", (self,), t.FLOAT)

    def strftime(self, form: str) -> Self:
        """The date and time as text."""
        return self.made("STRFTIME({0}, {1})", (self, self.of(form)), t.STRING)
