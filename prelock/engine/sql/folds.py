"""What many rows are made into: aggregates, windows, orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from prelock.engine.sql import types as t
from prelock.engine.sql.node import Node, listing
from prelock.engine.sql.types import DType


class Folds(Node):
    """The part of an expression's methods that concerns many rows."""

    __slots__ = ()

    def asc(self, nulls_first: bool = False) -> Self:
        """Rising, for an order."""
        return self.made(f"{{0}} ASC NULLS {'FIRST' if nulls_first else 'LAST'}", (self,), self.dtype, folds=True)

    def desc(self, nulls_first: bool = False) -> Self:
        """Falling, for an order."""
        return self.made(f"{{0}} DESC NULLS {'FIRST' if nulls_first else 'LAST'}", (self,), self.dtype, folds=True)

    def over(self, window: Window) -> Self:
        """Worked out over the row's window."""
        args: tuple[Node, ...] = (self, *window.by, *window.order)
        first = listing("PARTITION BY ", "", len(window.by), 1) if window.by else ""
        then = listing(" ORDER BY ", "", len(window.order), 1 + len(window.by)) if window.order else ""
        return self.made(f"{{0}} OVER ({first}{then})", args, self.dtype, self.sure, folds=False)

    def lag(self) -> Self:
        """The value in the row before, within a window."""
        return self.made("LAG({0})", (self,), self.dtype, folds=True)

    # ---- aggregates -------------------------------------------------------------------------------------------------
    def _fold(self, form: str, dtype: DType, where: Node | None, args: Sequence[Node] = (), sure: bool = False) -> Self:
        if where is None:
            return self.made(form, (self, *args), dtype, sure, folds=True)
        place = 1 + len(args)
        return self.made(f"{form} FILTER (WHERE {{{place}}})", (self, *args, where), dtype, sure, folds=True)

    def min(self, where: Node | None = None) -> Self:
        """The smallest."""
        return self._fold("MIN({0})", self.dtype, where)

    def max(self, where: Node | None = None) -> Self:
        """The largest."""
        return self._fold("MAX({0})", self.dtype, where)

    def sum(self, where: Node | None = None) -> Self:
        """The sum, null of nothing; of truths, how many are true, 0 of nothing."""
        if self.dtype == t.BOOLEAN:
            form = "{0}" if where is None else "({0} AND {1})"
            args: tuple[Node, ...] = (self,) if where is None else (self, where)
            return self.made(f"COUNT(CASE WHEN {form} THEN TRUE END)", args, t.INT, True, folds=True)
        return self._fold("SUM({0})", self.dtype, where)

    def mean(self, where: Node | None = None) -> Self:
        """The mean."""
        return self._fold("AVG({0})", t.FLOAT, where)

    def median(self, where: Node | None = None) -> Self:
        """The median."""
        return self._fold("MEDIAN({0})", t.FLOAT, where)

    def std(self, where: Node | None = None) -> Self:
        """The sample's standard deviation."""
        return self._fold("STDDEV_SAMP({0})", t.FLOAT, where)

    def quantile(self, share: float, where: Node | None = None) -> Self:
        """The quantile, linear between neighbours (type 7)."""
        return self._fold(f"QUANTILE_CONT({{0}}, {share!r})", t.FLOAT, where)

    def any(self, where: Node | None = None) -> Self:
        """Some row is true; null of nothing."""
        return self._fold("BOOL_OR({0})", t.BOOLEAN, where)

    def all(self, where: Node | None = None) -> Self:
        """Every row is true; null of nothing."""
        return self._fold("BOOL_AND({0})", t.BOOLEAN, where)

    def count(self, where: Node | None = None) -> Self:
        """How many are not null."""
        return self._fold("COUNT({0})", t.INT, where, sure=True)

    def nunique(self, where: Node | None = None) -> Self:
        """How many different ones."""
        return self._fold("COUNT(DISTINCT {0})", t.INT, where, sure=True)

    def argmin(self, by: Node) -> Self:
        """The value in the row with the smallest `by`."""
        return self.made("ARG_MIN({0}, {1})", (self, by), self.dtype, folds=True)

    def nearest(self, place: int, by: Node, where: Node) -> Self:
        """The value in the row with the smallest `by` (place 1), or in the next (2), null where there is none."""
        form = f"(ARG_MIN({{0}}, {{1}}, 2) FILTER (WHERE {{2}}))[{place}]"
        return self.made(form, (self, by, where), self.dtype, folds=True)

    def collect(self) -> Self:
        """All values as a list."""
        return self._fold("LIST({0})", t.ARRAY, None)

    def first(self, where: Node | None = None, order_by: Sequence[Node] = ()) -> Self:
        """The value of the first row in an order, null or not."""
        ordered = [_ordered(one) for one in order_by]
        form = listing("FIRST({0} ORDER BY ", ")", len(ordered), 1) if ordered else "FIRST({0})"
        return self._fold(form, self.dtype, where, ordered)

    def group_concat(self, sep: str, where: Node | None = None, order_by: Sequence[Node] = ()) -> Self:
        """The texts one after another; null of nothing."""
        ordered = [_ordered(one) for one in order_by]
        sorting = listing(" ORDER BY ", "", len(ordered), 2) if ordered else ""
        form = "STRING_AGG({0}, {1}" + sorting + ")"
        return self._fold(form, t.STRING, where, [self.of(sep), *ordered])


class Window:
    """The rows that stand beside a row: those of the same `by`, in an order."""

    def __init__(self, by: Sequence[Node], order: Sequence[Node]) -> None:
        self.by, self.order = tuple(by), tuple(_ordered(one) for one in order)


def _ordered(value: Node) -> Node:
    if " NULLS " in value.form[-12:]:
        return value
    return value.made("{0} ASC NULLS LAST", (value,), value.dtype, folds=True)
