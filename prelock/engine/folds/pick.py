"""`X of latest TABLE by Y`: the value in the row with the highest or lowest Y."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from prelock.engine.compile import value
from prelock.engine.folds.base import Columns, Fold, no_rows, where_columns
from prelock.engine.folds.chooser import Chooser
from prelock.engine.telling import row_missing
from prelock.engine.values import Value
from prelock.engine.view import View
from prelock.rules import nodes as n

HIGHEST = ("latest", "last", "highest")


@dataclass(frozen=True)
class PickFold(Fold):
    """Rows whose filter or whose Y is not known for certain are in doubt; a blank value among the best counts."""

    node: n.Pick

    @property
    def chooser(self) -> Chooser:
        """The choice by Y."""
        return Chooser(self.id, interval=False)

    def row_columns(self, view: View) -> Columns:
        sure, possible = where_columns(view, self.node.rows)
        by, held = value(self.node.by, view), value(self.node.value, view)
        certain = by.known()
        # A row in doubt is as far ahead as its Y could be.
        reach = by.top if self.node.which in HIGHEST else by.low
        key = _ordered(reach, self.node.which in HIGHEST)
        low = ibis.cases((held.known(), held.low), else_=ibis.null(held.low.type()))
        return {
            self.name("n"): ibis.literal(1),
            self.name("bad"): (sure | possible) & (held.unreadable if held.unreadable is not None else ibis.literal(False)),
            **self.chooser.row_columns(sure & certain, possible | (sure & ~certain), key, Value(low)),
        }

    def row_text(self, view: View) -> ir.StringValue:
        return row_missing((self.node.rows.where, self.node.by), view)

    def aggregates(self, rows: ir.Table) -> Columns:
        bad = self.chooser.first(rows, self.name("bad"), last=True)
        return {self.name("n"): rows.count(), self.name("bads"): bad, **self.chooser.aggregates(rows)}

    def flag(self, table: ir.Table) -> ir.BooleanValue:
        return self.chooser.flag(table)

    def details(self, rows: ir.Table) -> Columns:
        threat, at_best = self.chooser.involved(rows)
        row = ibis.literal(f"{self.relation} row ") + rows["row"].cast("string")
        told = rows[self.name("text")]
        text = ibis.cases((told == "", row), else_=told)
        cells = text.group_concat(
            sep="; ", where=threat | (at_best & self.chooser.differ(rows)), order_by=[rows["row"]]
        )
        return {self.name("threat"): threat.any(), self.name("cells"): cells}

    def finish(self, table: ir.Table) -> dict[n.Node, Value]:
        choice = self.chooser.choice(table)
        unreadable = choice.doubtful | choice.conflict | table[self.name("bads")].fill_null(False)
        if not self.sure_empty:
            unreadable = unreadable | no_rows(table, self.name("n"))
        low = ibis.cases((unreadable | choice.nothing, ibis.null(choice.low.type())), else_=choice.low)
        return {self.node: Value(low, unreadable=unreadable)}


def _ordered(column: ir.Value, descending: bool) -> ir.Value:
    """A number whose smallest is the best."""
    kind = column.type()
    if kind.is_date():
        number = column.delta(ibis.date("1970-01-01"), unit="day").cast("float64")
    elif kind.is_timestamp():
        number = column.epoch_seconds().cast("float64")
    else:
        number = column.cast("float64")
    return -number if descending else number
