"""Aggregates over rows (`earliest`, `highest`, `sum`, `mean`, `only` …): strict, an interval where rows are in doubt.

Over no rows at all the result is missing, for a sum as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from prelock.engine import sql
from prelock.engine.censored import Swapped, swapped
from prelock.engine.compile import value
from prelock.engine.folds.base import Columns, Fold, no_rows, where_columns
from prelock.engine.telling import row_missing
from prelock.engine.values import Value
from prelock.engine.view import View
from prelock.rules import nodes as n
from prelock.rules.types import TRUTH, Kind

NO = sql.literal(False)
OPENS = ("low_open", "high_open")


@dataclass(frozen=True)
class RowsAggregateFold(Fold):
    """Aggregates share their row columns; each `how` reads its own bounds."""

    node: n.RowsAggregate
    opens: tuple[str, ...] = ()

    def held(self, view: View) -> Value:
        """The value of a row."""
        return value(self.node.value, view)

    def bound(self, view: View) -> Fold:
        held = self.held(view)
        return replace(self, opens=tuple(part for part in OPENS if getattr(held, part) is not None))

    def row_columns(self, view: View) -> Columns:
        return self.columns(*where_columns(view, self.node.rows), view)

    def swaps(self, view: View) -> sql.Value | None:
        """A share of its limit stands for the row's value; None where the study says no such thing."""
        inner = self.node.value
        return swapped(value(inner.value, view), inner.by) if isinstance(inner, n.Substitute) else None

    def columns(self, sure: sql.Value, possible: sql.Value, view: View) -> Columns:
        """The row columns from a filter's truth and the row's value."""
        inner, swaps = self.held(view), self.swaps(view)
        counts = sql.literal(True) if inner.na is None else ~inner.na
        none = {} if inner.na is None else {self.name("none"): inner.na & sure}
        unreadable = inner.unreadable if inner.unreadable is not None else NO
        if self.node.recorded:
            recorded = inner.some() | unreadable
            none |= {self.name("blank"): sure & counts & ~recorded} if none else {}
            counts = counts & recorded
        sure, possible = sure & counts, possible & counts
        swapping = {} if swaps is None else {self.name("swapped"): swaps & (sure | possible)}
        return {
            **none,
            **swapping,
            self.name("low"): inner.low,
            self.name("high"): inner.top,
            **{self.name(part): getattr(inner, part) for part in self.opens},
            self.name("sure"): sure,
            self.name("may"): sure | possible,
            self.name("open"): (sure | possible) & (inner.low.isnull() | inner.top.isnull()),
            self.name("bad"): (sure | possible) & (unreadable | ~inner.some()),
            self.name("doubt"): possible | (sure & ~inner.known()),
        }

    def row_text(self, view: View) -> sql.Value:
        return row_missing((self.node.rows.where, self.node.value), view)

    def aggregates(self, rows: sql.Table) -> Columns:
        sure, may = rows[self.name("sure")], rows[self.name("may")]
        return {
            self.name("n"): rows.count(),
            self.name("held"): sure.sum(),
            self.name("could"): may.sum(),
            self.name("bads"): rows[self.name("bad")].sum(),
            self.name("doubts"): rows[self.name("doubt")].sum(),
            **self._nones(rows),
            **self._swaps(rows),
            **BOUNDS[self.node.how](self, rows),
            **self._opens(rows),
        }

    def _opens(self, rows: sql.Table) -> Columns:
        """Whether the bounds belong to the result; of equal ends the closed one reaches further."""
        if not self.opens:
            return {}
        sure, may, how = rows[self.name("sure")], rows[self.name("may")], self.node.how
        ends = {part: rows[self.name(part)] if part in self.opens else NO for part in OPENS}
        low, high = rows[self.name("low")], rows[self.name("high")]
        if how == "median":  # one closed end may be the one in the middle
            return {self.name(f"{part} end"): end.all(where=may) for part, end in ends.items()}
        if how in ("sum", "mean"):  # a row in doubt that adds nothing leaves the bound possible
            adds = {"low_open": sure | (low < 0), "high_open": sure | (high > 0)}
            return {self.name(f"{part} end"): (end & adds[part]).any(where=may) for part, end in ends.items()}
        down = how in ("lowest", "earliest", "first")
        order_low = [low.asc(), ends["low_open"].asc()] if down else [low.desc(), ends["low_open"].desc()]
        order_high = [high.asc(), ends["high_open"].desc()] if down else [high.desc(), ends["high_open"].asc()]
        return {
            self.name("low_open end"): ends["low_open"].first(
                where=(may if down else sure) & low.notnull(), order_by=order_low
            ),
            self.name("high_open end"): ends["high_open"].first(
                where=(sure if down else may) & high.notnull(), order_by=order_high
            ),
        }

    def _open_ends(self, table: sql.Table) -> dict[str, sql.Value]:
        return {part: table[self.name(f"{part} end")].fill_null(False) for part in OPENS} if self.opens else {}

    def _nones(self, rows: sql.Table) -> Columns:
        told = {"nones": self.name("none"), "blanks": self.name("blank")}
        return {self.name(many): rows[one].sum() for many, one in told.items() if one in rows.columns}

    def _swaps(self, rows: sql.Table) -> Columns:
        swapped = self.name("swapped")
        return {self.name("swaps"): rows[swapped].any()} if swapped in rows.columns else {}

    def _na(self, table: sql.Table) -> sql.Value | None:
        """Nothing but cells that do not apply: not even a blank that is left out."""
        nones, blanks = self.name("nones"), self.name("blanks")
        if nones not in table.columns:
            return None
        alone = table[blanks] == 0 if blanks in table.columns else sql.literal(True)
        return ((table[self.name("could")] == 0) & (table[nones] > 0) & alone).fill_null(False)

    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        computed, na = self.node.type.kind is Kind.NUMBER, self._na(table)
        if self.sure_empty and not self.looked:
            found = Value(table[self.name("least")], na=na, computed=computed)
        else:
            found = self._doubtful(table, computed, na)
        swaps = self.name("swaps")
        if swaps not in table.columns:
            return {self.node: found}
        told = Swapped(type=TRUTH, grain=self.node.grain, fold=self.node)
        return {self.node: found, told: Value(table[swaps].fill_null(False))}

    def _doubtful(self, table: sql.Table, computed: bool, na: sql.Value | None) -> Value:
        held, could = table[self.name("held")].fill_null(0), table[self.name("could")].fill_null(0)
        low, high = table[self.name("least")], table[self.name("most")]
        doubtful = (held == 0) & (could > 0)
        if not self.sure_empty:
            doubtful = doubtful | no_rows(table, self.name("n"))
        nothing = sql.null(low.type())
        low = sql.cases((doubtful, nothing), else_=low)
        high = sql.cases((doubtful, nothing), else_=high)
        bad = (table[self.name("bads")].fill_null(0) > 0) | (could > held)
        same = (low == high).fill_null(False)
        unbounded = low.isnull() & high.isnull() & (could > 0)  # values that calculate to nothing are not missing
        unreadable = doubtful | (bad & ~same) | unbounded
        unreadable = unreadable if na is None else unreadable & ~na
        return Value(low, high, **self._open_ends(table), unreadable=unreadable, na=na, computed=computed)


def _least(fold: RowsAggregateFold, rows: sql.Table) -> Columns:
    """The smallest: no row in doubt may lie below `least`; a sure row lies at `most`."""
    low = rows[fold.name("low")].min(where=rows[fold.name("may")])
    unbounded = (rows[fold.name("may")] & rows[fold.name("low")].isnull()).any()
    return {
        fold.name("least"): sql.cases((unbounded, sql.null(low.type())), else_=low),
        fold.name("most"): rows[fold.name("high")].min(where=rows[fold.name("sure")]),
    }


def _greatest(fold: RowsAggregateFold, rows: sql.Table) -> Columns:
    high = rows[fold.name("high")].max(where=rows[fold.name("may")])
    unbounded = (rows[fold.name("may")] & rows[fold.name("high")].isnull()).any()
    return {
        fold.name("least"): rows[fold.name("low")].max(where=rows[fold.name("sure")]),
        fold.name("most"): sql.cases((unbounded, sql.null(high.type())), else_=high),
    }


def _sum(fold: RowsAggregateFold, rows: sql.Table) -> Columns:
    sure, may = rows[fold.name("sure")], rows[fold.name("may")]
    low = sql.cases((sure, rows[fold.name("low")]), else_=sql.least(rows[fold.name("low")], 0.0))
    high = sql.cases((sure, rows[fold.name("high")]), else_=sql.greatest(rows[fold.name("high")], 0.0))
    decided = ~rows[fold.name("open")].any()
    nothing = sql.null("float64")
    return {
        fold.name("least"): sql.cases((decided, low.sum(where=may)), else_=nothing),
        fold.name("most"): sql.cases((decided, high.sum(where=may)), else_=nothing),
    }


def _middle(fold: RowsAggregateFold, rows: sql.Table) -> Columns:
    sure, may = rows[fold.name("sure")], rows[fold.name("may")]
    decided = ~rows[fold.name("open")].any() & (sure.sum() == may.sum())
    nothing = sql.null("float64")

    def of(column: sql.Value) -> sql.Value:
        number = column.cast("float64")
        return number.mean(where=sure) if fold.node.how == "mean" else number.median(where=sure)

    return {
        fold.name("least"): sql.cases((decided, of(rows[fold.name("low")])), else_=nothing),
        fold.name("most"): sql.cases((decided, of(rows[fold.name("high")])), else_=nothing),
    }


BOUNDS = {
    "earliest": _least,
    "lowest": _least,
    "first": _least,
    "latest": _greatest,
    "highest": _greatest,
    "last": _greatest,
    "sum": _sum,
    "mean": _middle,
    "median": _middle,
}

__all__ = ["RowsAggregateFold"]
