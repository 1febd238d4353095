"""Evidence and missing cells of many rules at once: the parts that rules share are worked out once and stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.engine.telling import joined, leaves
from prelock.rules.nodes import Node
from prelock.rules.words import words

Chain = tuple[Node, ...]


class Told:
    """Truths of rules with the texts that go with them, as columns of `table` (one row a patient, `patient`)."""

    def __init__(self, evaluation: Evaluation, rules: Iterable[Node]) -> None:
        self._evaluation = evaluation
        self._names: dict[tuple[str, Any], str] = {}
        self._columns: dict[str, sql.Value] = {}
        self._parts = {rule: _parts(rule) for rule in rules}
        for rule, parts in self._parts.items():
            self._add("truth", rule, evaluation.truth(rule))
            for leaf, chains in parts.items():
                self._add_leaf(leaf, chains)
        self.table = evaluation.session.materialise(evaluation.patients.select("patient", **self._columns))

    def _add(self, kind: str, node: Node, value: sql.Value) -> None:
        if (kind, node) not in self._names:
            self._names[kind, node] = f"{kind}|{len(self._names)}"
            self._columns[self._names[kind, node]] = value

    def _add_leaf(self, leaf: Node, chains: list[Chain]) -> None:
        if ("evidence", leaf) not in self._names:
            self._add("evidence", leaf, self._evaluation.evidence(leaf))
            self._add("missing", leaf, self._evaluation.missing(leaf))
        for node in {node: None for chain in chains for node in chain}:
            if ("truth", node) not in self._names:
                self._add("truth", node, self._evaluation.truth(node))

    def _read(self, kind: str, node: Node) -> Any:
        return self.table[self._names[kind, node]]

    def truth(self, rule: Node) -> sql.Value:
        """True, false, or null where it is unknown."""
        found: sql.Value = self._read("truth", rule)
        return found

    def evidence(self, rule: Node) -> sql.Value:
        """Every part that the rule rests on, with its value and place."""
        return joined([self._read("evidence", leaf) for leaf in self._parts[rule]])

    def missing(self, rule: Node) -> sql.Value:
        """The cells that would settle the rule; empty where it is decided."""
        told = joined([self._open(leaf, chains) for leaf, chains in self._parts[rule].items()])
        named = sql.cases((told == "", words(rule)), else_=told)
        return sql.cases((self.truth(rule).isnull(), named), else_="")

    def _open(self, leaf: Node, chains: list[Chain]) -> sql.Value:
        """The leaf's cells, where every logical part above it is open too."""
        matters = [sql.and_(*(self._read("truth", node).isnull() for node in chain)) for chain in chains]
        return sql.cases((sql.or_(*matters), self._read("missing", leaf)), else_="")


def _parts(rule: Node) -> dict[Node, list[Chain]]:
    """The told parts of a rule, each with the chains of logical parts above it."""
    found: dict[Node, list[Chain]] = {}
    for leaf, above in leaves(rule):
        found.setdefault(leaf, []).append(above)
    return found
