"""Where a measure can be read: a timepoint that takes the lowest or highest value needs values that have an order."""

from __future__ import annotations

from prelock.rules.types import Kind, Type
from prelock.study.definition import Measure, Timepoint

BY_VALUE = ("lowest", "highest")


def has_order(kind: Type) -> bool:
    """Of two such values one can be the higher: numbers, dates, and codes that are ordered or scored."""
    return kind.kind in (Kind.NUMBER, Kind.DATE, Kind.MOMENT) or kind.ordered or bool(kind.scores)


def readable(measure: Measure, point: Timepoint) -> bool:
    """The timepoint's way of choosing suits the measure."""
    return point.choose not in BY_VALUE or has_order(measure.type)
