"""Where arithmetic meets censored results: what the study says that they count as is put around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prelock.rules.nodes import Cases, Literal, Node, Substitute
from prelock.rules.types import Substitution, Type

# The aggregates that calculate; the others only put values in order, which limits can be as well.
CALCULATING = ("sum", "mean", "median")


def counted(node: Node) -> Node:
    """The node as an operand of arithmetic: each branch of a choice by its own rule."""
    if isinstance(node, Cases):
        branches = tuple((when, counted(then)) for when, then in node.branches)
        otherwise = None if node.otherwise is None else counted(node.otherwise)
        return replace(node, type=calculated(node.type), branches=branches, otherwise=otherwise)
    if node.type.censored is None:
        return node
    return Substitute(type=calculated(node.type), grain=node.grain, value=node, by=node.type.censored)


def calculated(kind: Type) -> Type:
    """The type of what is no longer censored."""
    return replace(kind, censored=None) if kind.censored else kind


def shared(nodes: Sequence[Node]) -> Substitution | None:
    """What a censored one of several values counts as, where one rule holds for all; a constant is not censored."""
    rules = {node.type.censored for node in nodes if not isinstance(node, Literal)}
    return rules.pop() if len(rules) == 1 else None
