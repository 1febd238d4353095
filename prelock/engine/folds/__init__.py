"""The folds: each kind a file, found here by the node it answers."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine.compile import counted, exceptions
from prelock.engine.folds.aggregates import RowsAggregateFold
from prelock.engine.folds.at_point import AtPointFold
from prelock.engine.folds.base import Fold
from prelock.engine.folds.counts import CountDifferentFold, CountRowsFold
from prelock.engine.folds.dated import DatedFold
from prelock.engine.folds.only import OnlyFold
from prelock.engine.folds.pick import PickFold
from prelock.engine.folds.points import PointsAggregateFold
from prelock.rules import nodes as n

FOLDS: dict[type, type[Fold]] = {
    n.CountRows: CountRowsFold,
    n.CountDifferent: CountDifferentFold,
    n.RowsAggregate: RowsAggregateFold,
    n.PointsAggregate: PointsAggregateFold,
    n.Pick: PickFold,
    n.AtPoint: AtPointFold,
}
DATED = ("first", "earliest", "last", "latest")


def fold_of(node: n.Node) -> type[Fold]:
    """The fold that answers a node; over a span of time, `first` and `last` go by day and not by value."""
    if isinstance(node, n.PointsAggregate) and node.how in DATED:
        return DatedFold
    if isinstance(node, n.RowsAggregate) and node.how == "only":
        return OnlyFold
    return FOLDS[type(node)]


def lowered(node: n.Node) -> n.Node:
    """The node whose fold answers this one: `any` and `every` are counts."""
    if isinstance(node, n.AnyRow):
        return counted(node.rows, node)
    if isinstance(node, n.EveryRow):
        return counted(exceptions(node).rows, node)
    return node


def collect(node: n.Node) -> Iterator[n.Node]:
    """The folds in an expression at its own grain; those inside their rows are of another grain."""
    found = lowered(node)
    if type(found) in FOLDS:
        yield found
        return
    for child in node.children():
        yield from collect(child)


__all__ = ["FOLDS", "Fold", "collect", "fold_of", "lowered"]
