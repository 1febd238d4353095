"""`first CRP from baseline to week 12`, and `last`: the value of the earliest or latest day between two timepoints."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prelock.engine import sql
from prelock.engine.folds.at_point import bounds, kept
from prelock.engine.folds.base import Columns, Fold, no_rows
from prelock.engine.folds.chooser import Chooser
from prelock.engine.folds.points import between
from prelock.engine.measures import MeasureRow
from prelock.engine.values import Value, either
from prelock.engine.view import View
from prelock.rules import nodes as n
from prelock.study.definition import Measure

EARLIEST = ("first", "earliest")


@dataclass(frozen=True)
class DatedFold(Fold):
    """A blank on the deciding day is unknown, unless blanks are skipped on purpose (`recorded`)."""

    node: n.PointsAggregate
    parts: tuple[str, ...] = ("low",)

    def bound(self, view: View) -> Fold:
        return replace(self, parts=bounds(MeasureRow(self.measure(), view).value))

    @property
    def chooser(self) -> Chooser:
        """The choice by day."""
        return Chooser(self.id, self.parts, self.looked)

    def measure(self) -> Measure:
        return self.study.measures[self.node.measure]

    def row_columns(self, view: View) -> Columns:
        row = MeasureRow(self.measure(), view)
        inside = row.where & between(self.study, self.node, row)
        held = row.value
        counted = ~row.skipped
        if self.node.recorded:
            counted = counted & (held.some() | either(held.unreadable))
        sure = inside.fill_null(False) & counted
        doubt = inside.fill_null(True) & counted & ~(sure & row.day.known())
        first, last = row.day.low, row.day.top
        key, reach = (last, first) if self.node.how in EARLIEST else (-first, -last)
        return self.chooser.row_columns(sure, doubt, key, reach, held)

    def row_text(self, view: View) -> sql.Value:
        return MeasureRow(self.measure(), view).told()

    def aggregates(self, rows: sql.Table) -> Columns:
        return {self.name("n"): rows.count(), **self.chooser.aggregates(rows)}

    def flag(self, table: sql.Table) -> sql.Value:
        return self.chooser.flag(table)

    def in_question(self, rows: sql.Table) -> sql.Value:
        return rows[self.name("sure")] | rows[self.name("doubt")]

    def details(self, rows: sql.Table) -> Columns:
        threat, _, at_best = self.chooser.involved(rows)
        which = threat | (at_best & self.chooser.differ(rows))
        return {self.name("threat"): threat.any(), self.name("cells"): self.texts(rows, which)}

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        choice = self.chooser.choice(table)
        blank = ~choice.nothing & ~choice.held.some()
        unreadable = choice.doubtful | choice.conflict | blank if self.looked else blank
        if not self.sure_empty:
            unreadable = unreadable | no_rows(table, self.name("n"))
        return {self.node: kept(choice.held, unreadable)}
