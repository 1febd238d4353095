"""`highest CRP from baseline to week 12`: an aggregate over all rows of a measure between two timepoints."""

from __future__ import annotations

from dataclasses import dataclass

from prelock.engine import sql
from prelock.engine.censored import substituted, swapped
from prelock.engine.folds.aggregates import RowsAggregateFold
from prelock.engine.folds.at_point import within
from prelock.engine.folds.base import Columns
from prelock.engine.measures import MeasureRow
from prelock.engine.values import Value
from prelock.engine.view import View
from prelock.rules import nodes as n
from prelock.study.definition import Measure, StudyDefinition, Timepoint


@dataclass(frozen=True)
class PointsAggregateFold(RowsAggregateFold):
    """From the first day of `start`'s window to the last day of `end`'s; a row marked not done is skipped."""

    node: n.PointsAggregate  # type: ignore[assignment]

    def measure(self) -> Measure:
        return self.study.measures[self.node.measure]

    def held(self, view: View) -> Value:
        found = MeasureRow(self.measure(), view).value
        return found if self.node.by is None else substituted(found, self.node.by)

    def swaps(self, view: View) -> sql.Value | None:
        return None if self.node.by is None else swapped(MeasureRow(self.measure(), view).value, self.node.by)

    def row_columns(self, view: View) -> Columns:
        row = MeasureRow(self.measure(), view)
        inside = row.where & between(self.study, self.node, row)
        counted = ~row.skipped
        return self.columns(inside.fill_null(False) & counted, inside.isnull() & counted, view)

    def row_text(self, view: View) -> sql.Value:
        return MeasureRow(self.measure(), view).told()


def between(study: StudyDefinition, node: n.PointsAggregate, row: MeasureRow) -> sql.Value:
    """The row's day lies between the two timepoints."""
    first, last = study.timepoints[node.start], study.timepoints[node.end]
    return within(row.day, _days(first)[0], _days(last)[1])


def _days(point: Timepoint) -> tuple[int, int]:
    day = point.day or 0
    return point.window or (day, day)
