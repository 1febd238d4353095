"""What a rule says of a patient of whom nothing is recorded: every cell blank, every table without rows.

True, False or None (unknown). Values are not computed: all are missing, but for constants and counts of absent rows.
"""

from __future__ import annotations

from decimal import Decimal

from prelock.rules.nodes import (
    And,
    AnyRow,
    Compare,
    Convert,
    CountDifferent,
    CountRows,
    CountStates,
    EveryRow,
    HasState,
    Literal,
    Met,
    Node,
    Not,
    Or,
    Variable,
)
from prelock.rules.types import Kind
from prelock.study.building import Building


def truth_without_data(b: Building, node: Node) -> bool | None:
    """The truth of a rule over nothing."""
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, bool) else None
    if isinstance(node, Not):
        part = truth_without_data(b, node.part)
        return None if part is None else not part
    if isinstance(node, And | Or):
        return _joined([truth_without_data(b, part) for part in node.parts], isinstance(node, Or))
    if isinstance(node, AnyRow | EveryRow):
        said = _no_rows(b, node.rows.relation)
        return None if said != "none" else isinstance(node, EveryRow)
    if isinstance(node, HasState):
        return (node.state == "missing") if _is_blank(b, node.value) else None
    if isinstance(node, Compare):
        return _compared(b, node)
    return _meant(b, node)


def _meant(b: Building, node: Node) -> bool | None:
    """The truth behind a name."""
    if isinstance(node, Variable) and node.name in b.populations:
        return truth_without_data(b, b.populations[node.name].node)
    if isinstance(node, Variable) and node.type.kind is Kind.TRUTH and ("variable", node.name) in b.resolver:
        found = b.resolver.find(("variable", node.name))
        return truth_without_data(b, found) if found is not None else None
    if isinstance(node, Met) and node.section == "criterion":
        rules = [c.rule for c in b.criteria if c.name == node.name]
        return truth_without_data(b, rules[0]) if rules else None
    return None


def _joined(truths: list[bool | None], one_is_enough: bool) -> bool | None:
    if one_is_enough in truths:
        return one_is_enough
    return None if None in truths else not one_is_enough


def _no_rows(b: Building, relation: str) -> str | None:
    table = b.groups[relation].table if relation in b.groups else relation
    return b.tables[table].no_rows


def _is_blank(b: Building, node: Node) -> bool:
    """Whether the value is missing when nothing is recorded: not so for counts and constants."""
    return _number(b, node) is None and not isinstance(node, Literal)


def _compared(b: Building, node: Compare) -> bool | None:
    left, right = _number(b, node.left), _number(b, node.right)
    if left is None or right is None:
        return None
    return {"=": left == right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[node.op]


def _number(b: Building, node: Node) -> Decimal | None:
    """A number that is known without data."""
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, Decimal) else None
    if isinstance(node, Convert):
        value = _number(b, node.value)
        return None if value is None else value * node.factor
    if isinstance(node, CountRows | CountDifferent):
        return Decimal(0) if _no_rows(b, node.rows.relation) == "none" else None
    if isinstance(node, CountStates):
        truths = [truth_without_data(b, part) for part in node.conditions]
        return None if None in truths else Decimal(sum(t is True for t in truths))
    if isinstance(node, Variable) and ("variable", node.name) in b.resolver:
        found = b.resolver.find(("variable", node.name))
        return _number(b, found) if found is not None else None
    return None
