"""`number of TABLE where (…)`, and through it `any`, `no`, `every` and `at least N`."""

from __future__ import annotations

from prelock.engine import sql
from prelock.engine.compile import identity, value
from prelock.engine.folds.base import Columns, Fold, no_rows, where_columns
from prelock.engine.telling import row_missing
from prelock.engine.values import Value
from prelock.engine.view import View
from prelock.rules import nodes as n


class CountRowsFold(Fold):
    """An interval from the rows that hold to those that could."""

    node: n.CountRows

    def row_columns(self, view: View) -> Columns:
        sure, possible = where_columns(view, self.node.rows)
        return {self.name("sure"): sure, self.name("doubt"): possible}

    def row_text(self, view: View) -> sql.Value:
        return row_missing((self.node.rows.where,), view)

    def aggregates(self, rows: sql.Table) -> Columns:
        return {
            self.name("n"): rows.count(),
            self.name("held"): rows[self.name("sure")].sum(),
            self.name("doubts"): rows[self.name("doubt")].sum(),
        }

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        held = table[self.name("held")].fill_null(0).cast("float64")
        if self.sure_empty and not self.looked:
            return {self.node: Value(held)}
        could = held + table[self.name("doubts")].fill_null(0).cast("float64")
        unreadable = None
        if not self.sure_empty:
            unreadable = no_rows(table, self.name("n"))
            could = sql.cases((unreadable, sql.null("float64")), else_=could)
        return {self.node: Value(held, could, unreadable=unreadable)}


class CountDifferentFold(Fold):
    """The number of different recorded values, an interval where rows or values are in doubt."""

    node: n.CountDifferent

    def row_columns(self, view: View) -> Columns:
        sure, possible = where_columns(view, self.node.rows)
        inner = value(self.node.value, view)
        blank = ~inner.known() & ~(inner.na if inner.na is not None else sql.literal(False))
        return {
            self.name("value"): identity(self.node.value, inner, view).low,
            self.name("sure"): sure & inner.known(),
            self.name("may"): (sure | possible) & inner.known(),
            self.name("blank"): (sure | possible) & blank,
            self.name("doubt"): possible | (sure & blank),
        }

    def row_text(self, view: View) -> sql.Value:
        return row_missing((self.node.rows.where, self.node.value), view)

    def aggregates(self, rows: sql.Table) -> Columns:
        held = rows[self.name("value")]
        return {
            self.name("n"): rows.count(),
            self.name("low"): held.nunique(where=rows[self.name("sure")]),
            self.name("high"): held.nunique(where=rows[self.name("may")]),
            self.name("blanks"): rows[self.name("blank")].sum(),
            self.name("doubts"): rows[self.name("doubt")].sum(),
        }

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        low = table[self.name("low")].fill_null(0).cast("float64")
        if self.sure_empty and not self.looked:
            return {self.node: Value(low)}
        high = (table[self.name("high")].fill_null(0) + table[self.name("blanks")].fill_null(0)).cast("float64")
        unreadable = None
        if not self.sure_empty:
            unreadable = no_rows(table, self.name("n"))
            high = sql.cases((unreadable, sql.null("float64")), else_=high)
        return {self.node: Value(low, high, unreadable=unreadable)}
