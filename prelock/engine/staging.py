"""Long formulas worked out in stages: a part that is read many times becomes a column of its own.

A value may be an interval, so each part of a formula is written several times in the query; without stages a formula of
ten terms grows to thousands.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from prelock.engine import sql
from prelock.engine.compile import value
from prelock.engine.values import Stored, store
from prelock.engine.view import View, slot
from prelock.rules import nodes as n

PARTS = (n.Arithmetic, n.Cases, n.Span, n.Listwise, n.Score)
LIMITS: dict[type, int] = {n.Cases: 3}  # conditions stand in every branch
LIMIT = 8


def staged(view: View, roots: Iterable[n.Node]) -> View:
    """The view with the heavy parts of `roots` worked out, innermost first."""
    seen = _Weights(view)
    for root in roots:
        seen.of(root)
    for layer in sorted(seen.layers):
        columns: dict[str, sql.Value] = {}
        stored: dict[Hashable, Stored] = dict(view.stored)
        for node in seen.layers[layer]:
            made, stored[slot(node)] = store(f"stage{len(stored)}", value(node, view))
            columns |= made
        view = View(view.study, view.relation, view.table.mutate(**columns), view.texts, stored, view.whys)
    return view


class _Weights:
    """How much text a node would make, and the layer in which the heavy ones are worked out."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.layers: dict[int, list[n.Node]] = {}
        self._known: dict[Hashable, tuple[int, int]] = {}

    def of(self, node: n.Node) -> tuple[int, int]:
        """(weight, layer of the heaviest part inside)."""
        key = slot(node)
        if key not in self._known:
            self._known[key] = self._weigh(node)
        return self._known[key]

    def _weigh(self, node: n.Node) -> tuple[int, int]:
        if self.view.has(node) or isinstance(node, (n.Variable, n.Met, *n.FOLDS)):
            return 1, 0
        inside = [self.of(child) for child in node.children()]
        weight, layer = 1 + sum(w for w, _ in inside), max([0, *(layer for _, layer in inside)])
        if isinstance(node, PARTS) and weight > LIMITS.get(type(node), LIMIT):
            self.layers.setdefault(layer + 1, []).append(node)
            return 1, layer + 1
        return weight, layer
