"""`X of latest TABLE by Y`: the value in the row with the highest or lowest Y."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prelock.engine import sql
from prelock.engine.compile import identity, value
from prelock.engine.folds.base import Columns, Fold, no_rows, where_columns
from prelock.engine.folds.chooser import Chooser
from prelock.engine.folds.order import ordered, ranked
from prelock.engine.telling import row_missing
from prelock.engine.values import Value, either
from prelock.engine.view import RECORD, View
from prelock.rules import nodes as n
from prelock.rules.types import Kind

HIGHEST = ("latest", "last", "highest")
ENDS, FLAGS = ("low", "high"), ("low_open", "high_open", "unreadable", "na")
COMPARED = (*ENDS, *FLAGS)


@dataclass(frozen=True)
class PickFold(Fold):
    """Rows that a sure row does not surely beat may be the one; decided where all of them say the same."""

    node: n.Pick
    parts: tuple[str, ...] = ("low",)

    def bound(self, view: View) -> Fold:
        held = value(self.node.value, view)
        return replace(self, parts=tuple(part for part in COMPARED if getattr(held, part) is not None))

    @property
    def chooser(self) -> Chooser:
        """The choice by Y."""
        return Chooser(self.id, self.parts, looked=False, carried=(self.name("shown"), self.name("timed")))

    def row_columns(self, view: View) -> Columns:
        sure, possible = where_columns(view, self.node.rows)
        by, held = ranked(self.node.by.type, value(self.node.by, view)), value(self.node.value, view)
        highest = self.node.which in HIGHEST
        first, last = _day_long(by)
        ends = (first, last) if highest else (last, first)
        key, reach = (ordered(end, highest) for end in ends)
        certain = by.known() if by.timed is None else by.known() & by.timed.fill_null(False)
        doubt = possible | (sure & ~certain)
        return {
            self.name("held"): sure,
            self.name("shown"): held.low,
            self.name("timed"): sql.literal(True) if held.timed is None else held.timed,
            **self.chooser.row_columns(sure & key.notnull(), doubt, key, reach, identity(self.node.value, held, view)),
        }

    def row_text(self, view: View) -> sql.Value:
        return row_missing((self.node.rows.where, self.node.by), view)

    def aggregates(self, rows: sql.Table) -> Columns:
        return {
            self.name("n"): rows.count(),
            self.name("held"): rows[self.name("held")].any(),
            **self.chooser.aggregates(rows),
        }

    def flag(self, table: sql.Table) -> sql.Value:
        return self.chooser.flag(table)

    def details(self, rows: sql.Table) -> Columns:
        may_be = self._may_be(rows)
        text = rows[self.name("text")].nullif("").fill_null(rows[RECORD])
        columns = {
            self.name("all"): may_be.sum(),
            self.name("any shown"): rows[self.name("shown")].min(where=may_be),
            self.name("any timed"): rows[self.name("timed")].any(where=may_be),
            self.name("cells"): text.group_concat(sep="; ", where=may_be, order_by=[rows[RECORD], rows["row"]]),
        }
        for part in self.parts:
            held = rows[self.name(part)]
            apart = held.nunique(where=may_be) > 1
            mixed = held.isnull().any(where=may_be) & held.notnull().any(where=may_be)
            columns[self.name(f"{part} apart")] = apart | mixed.fill_null(False)
            columns[self.name(f"any {part}")] = held.max(where=may_be) if part in ENDS else held.any(where=may_be)
        return columns

    def _may_be(self, rows: sql.Table) -> sql.Value:
        best, key, reach = (rows[self.name(part)] for part in ("best", "key", "reach"))
        ahead = reach.isnull() | best.isnull() | (reach <= best).fill_null(True)
        at_best = rows[self.name("sure")] & (key == best).fill_null(False)
        return (rows[self.name("doubt")] & ahead) | at_best

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        held = {part: table[self.name(part) + "|chosen"] for part in (*self.parts, "timed")}
        held["low"] = table[self.name("shown") + "|chosen"]
        doubt = sql.literal(False)
        if self.looked:
            looked = table[self.name("all")].fill_null(0) > 0
            for part in held:
                seen = table[self.name("any shown" if part == "low" else f"any {part}")]
                held[part] = sql.cases((looked, seen), else_=held[part])
            apart = either(*(table[self.name(f"{part} apart")].fill_null(False) for part in self.parts))
            doubt = looked & (apart | ~table[self.name("held")].fill_null(False))
        if not self.sure_empty:
            doubt = doubt | no_rows(table, self.name("n"))
        for part in ENDS:
            if part in held:
                held[part] = sql.cases((doubt, sql.null(held[part].type())), else_=held[part])
        flags = {part: held.pop(part).fill_null(False) for part in (*FLAGS, "timed") if part in held}
        flags["unreadable"] = doubt | flags["unreadable"] if "unreadable" in flags else doubt
        if "na" in flags:
            flags["na"] = flags["na"] & ~doubt
        if not held["low"].type().is_timestamp():
            del flags["timed"]
        found = Value.of({**held, **flags})
        return {self.node: replace(found, computed=self.node.type.kind is Kind.NUMBER)}


def _day_long(by: Value) -> tuple[sql.Value, sql.Value]:
    """The bounds of a value; a moment without a time of day may be any of its day."""
    if by.timed is None:
        return by.low, by.top
    timed = by.timed.fill_null(False)
    first, last = by.low.date().cast("timestamp"), by.top.date().cast("timestamp").days_later(sql.literal(1))
    return (
        sql.cases((timed, by.low), else_=first).epoch_seconds(),
        sql.cases((timed, by.top.epoch_seconds()), else_=last.epoch_seconds() - 0.5),
    )
