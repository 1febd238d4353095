"""`X of latest TABLE by Y`: the value in the row with the highest or lowest Y."""

from __future__ import annotations

from dataclasses import dataclass

from prelock.engine import sql
from prelock.engine.compile import value
from prelock.engine.folds.base import Columns, Fold, no_rows, where_columns
from prelock.engine.folds.chooser import Chooser
from prelock.engine.telling import row_missing
from prelock.engine.values import Value, either
from prelock.engine.view import RECORD, View
from prelock.rules import nodes as n
from prelock.rules.types import Kind

HIGHEST = ("latest", "last", "highest")


@dataclass(frozen=True)
class PickFold(Fold):
    """Rows that a sure row does not surely beat may be the one; decided where all of them say the same."""

    node: n.Pick

    @property
    def chooser(self) -> Chooser:
        """The choice by Y."""
        return Chooser(self.id, interval=False, looked=False, extras=(self.name("bad"),))

    def row_columns(self, view: View) -> Columns:
        sure, possible = where_columns(view, self.node.rows)
        by, held = _ranked(self.node.by, value(self.node.by, view)), value(self.node.value, view)
        highest = self.node.which in HIGHEST
        ends = (by.low, by.top) if highest else (by.top, by.low)
        key, reach = (_ordered(end, highest) for end in ends)
        low = sql.cases((held.known(), held.low), else_=sql.null(held.low.type()))
        return {
            self.name("held"): sure,
            self.name("bad"): (sure | possible) & either(held.unreadable),
            **self.chooser.row_columns(sure & key.notnull(), possible | (sure & ~by.known()), key, reach, Value(low)),
        }

    def row_text(self, view: View) -> sql.Value:
        return row_missing((self.node.rows.where, self.node.by), view)

    def aggregates(self, rows: sql.Table) -> Columns:
        held = rows[self.name("held")].any()
        return {self.name("n"): rows.count(), self.name("any"): held, **self.chooser.aggregates(rows)}

    def unpacked(self, table: sql.Table) -> Columns:
        return self.chooser.unpacked(table)

    def flag(self, table: sql.Table) -> sql.Value:
        return self.chooser.flag(table)

    def details(self, rows: sql.Table) -> Columns:
        may_be = self._may_be(rows)
        text = rows[self.name("text")].nullif("").fill_null(rows[RECORD])
        held = rows[self.name("low")]
        return {
            self.name("least"): held.min(where=may_be),
            self.name("most"): held.max(where=may_be),
            self.name("blank"): held.isnull().sum(where=may_be),
            self.name("all"): may_be.sum(),
            self.name("worst"): rows[self.name("bad")].sum(where=may_be),
            self.name("cells"): text.group_concat(sep="; ", where=may_be, order_by=[rows[RECORD], rows["row"]]),
        }

    def _may_be(self, rows: sql.Table) -> sql.Value:
        best, key, reach = (rows[self.name(part)] for part in ("best", "key", "reach"))
        ahead = reach.isnull() | best.isnull() | (reach <= best).fill_null(True)
        at_best = rows[self.name("sure")] & (key == best).fill_null(False)
        return (rows[self.name("doubt")] & ahead) | at_best

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        choice = self.chooser.choice(table)
        low, unreadable = choice.low, table[self.name("bad") + "|other"].fill_null(False)
        if self.looked:
            looked = table[self.name("all")].fill_null(0) > 0
            agreed = (table[self.name("least")] == table[self.name("most")]).fill_null(False)
            blank, every = table[self.name("blank")].fill_null(0), table[self.name("all")].fill_null(0)
            told = (agreed & (blank == 0)) | ((blank == every) & (table[self.name("worst")].fill_null(0) == 0))
            doubt = ~told | ~table[self.name("any")].fill_null(False)
            low = sql.cases((looked, table[self.name("least")]), else_=low)
            unreadable = sql.cases((looked, doubt), else_=unreadable)
        if not self.sure_empty:
            unreadable = unreadable | no_rows(table, self.name("n"))
        low = sql.cases((unreadable, sql.null(low.type())), else_=low)
        return {self.node: Value(low, unreadable=unreadable)}


def _ranked(node: n.Node, by: Value) -> Value:
    """An ordered code as its place in the order."""
    if node.type.kind is not Kind.CODE:
        return by
    places = [(by.low == code, float(place)) for place, code in enumerate(node.type.codes)]
    return Value(sql.cases(*places, else_=sql.null("float64")), unreadable=by.unreadable, na=by.na)


def _ordered(column: sql.Value, descending: bool) -> sql.Value:
    """A number whose smallest is the best."""
    kind = column.type()
    if kind.is_date():
        number = column.delta(sql.day("1970-01-01"), unit="day").cast("float64")
    elif kind.is_timestamp():
        number = column.epoch_seconds()
    else:
        number = column.cast("float64")
    return -number if descending else number
