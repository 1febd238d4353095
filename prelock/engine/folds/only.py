"""`only X in TABLE`: one distinct recorded value; unknown with a second, even in doubt, or an unreadable cell."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prelock.engine import sql
from prelock.engine.compile import identity, value
from prelock.engine.folds.at_point import bounds
from prelock.engine.folds.base import Columns, Fold, no_rows, where_columns
from prelock.engine.telling import row_missing
from prelock.engine.values import Value, either
from prelock.engine.view import RECORD, View
from prelock.rules import nodes as n
from prelock.rules.words import words

NO = sql.literal(False)


@dataclass(frozen=True)
class OnlyFold(Fold):
    """Blanks are passed over; `parts` are those of the value in which rows may differ."""

    node: n.RowsAggregate
    parts: tuple[str, ...] = ("low",)

    def bound(self, view: View) -> Fold:
        return replace(self, parts=bounds(value(self.node.value, view)))

    def row_columns(self, view: View) -> Columns:
        sure, possible = where_columns(view, self.node.rows)
        held = value(self.node.value, view)
        alike, unreadable = identity(self.node.value, held, view), either(held.unreadable)
        counts = (held.some() | unreadable) & ~either(held.na)
        timed = sql.literal(True) if held.timed is None else held.timed
        columns = {self.name(part): getattr(alike, part) for part in self.parts}
        return columns | {
            self.name("shown"): held.low,
            self.name("timed"): timed,
            self.name("none"): either(held.na) & sure,
            self.name("sure"): sure & counts,
            self.name("may"): (sure | possible) & counts,
            self.name("bad"): (sure | possible) & unreadable & counts,
            self.name("doubt"): (possible & counts) | (sure & counts & ~held.known()),
            self.name("waits"): sure & ~counts & ~either(held.na),
        }

    def row_text(self, view: View) -> sql.Value:
        return row_missing((self.node.rows.where, self.node.value), view)

    def aggregates(self, rows: sql.Table) -> Columns:
        sure, may = rows[self.name("sure")], rows[self.name("may")]
        return self._ends(rows, may) | {
            self.name("n"): rows.count(),
            self.name("held"): sure.sum(),
            self.name("could"): may.sum(),
            self.name("bads"): rows[self.name("bad")].sum(),
            self.name("nones"): rows[self.name("none")].sum(),
            self.name("blanks"): rows[self.name("waits")].sum(),
            self.name("doubts"): rows[self.name("doubt")].sum(),
            self.name("apart"): either(*(self._apart(rows[self.name(part)], may) for part in self.parts)),
        }

    def _ends(self, rows: sql.Table, may: sql.Value) -> Columns:
        found = {self.name("one low"): rows[self.name("shown")].min(where=may)}
        found[self.name("one timed")] = rows[self.name("timed")].any(where=may)
        for part in self.parts[1:]:
            held = rows[self.name(part)]
            found[self.name(f"one {part}")] = held.min(where=may) if part == "high" else held.any(where=may)
        return found

    @staticmethod
    def _apart(column: sql.Value, may: sql.Value) -> sql.Value:
        mixed = column.isnull().any(where=may) & column.notnull().any(where=may)
        return (column.nunique(where=may) > 1) | mixed.fill_null(False)

    def flag(self, table: sql.Table) -> sql.Value:
        return super().flag(table) | table[self.name("apart")].fill_null(False)

    def details(self, rows: sql.Table) -> Columns:
        told = rows[self.name("text")].nullif("").fill_null(rows[RECORD] + f": {words(self.node.value)}")
        which = rows[self.name("doubt")] | (rows[self.name("may")] & rows[self.name("apart")].fill_null(False))
        return {self.name("cells"): told.group_concat(sep="; ", where=which, order_by=[rows[RECORD], rows["row"]])}

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        count = {part: table[self.name(part)].fill_null(0) for part in ("held", "could", "bads", "nones", "blanks")}
        doubt = (count["bads"] > 0) | table[self.name("apart")].fill_null(False)
        doubt = doubt | ((count["held"] == 0) & (count["could"] > 0))
        if not self.sure_empty:
            doubt = doubt | no_rows(table, self.name("n"))
        parts = {part: table[self.name(f"one {part}")] for part in self.parts}
        for part, held in parts.items():
            nothing = NO if part.endswith("open") else sql.null(held.type())
            parts[part] = sql.cases((doubt, nothing), else_=held)
        opens: dict[str, sql.Value] = {
            part: parts.pop(part).fill_null(False) for part in ("low_open", "high_open") if part in parts
        }
        na = ~doubt & (count["could"] == 0) & (count["nones"] > 0) & (count["blanks"] == 0)
        if parts["low"].type().is_timestamp():
            parts["timed"] = table[self.name("one timed")].fill_null(False)
        return {self.node: Value.of({**parts, **opens, "unreadable": doubt, "na": na})}
