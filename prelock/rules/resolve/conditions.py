"""A part that must hold or not: rules as they are, yes/no values as `is yes`."""

from __future__ import annotations

from prelock.rules.nodes import (
    And,
    AnyRow,
    Cases,
    Compare,
    EveryRow,
    HasState,
    IsAnswer,
    IsNormal,
    Literal,
    Met,
    Node,
    Not,
    OneOf,
    Or,
    TextTest,
    Variable,
)
from prelock.rules.resolve.context import Context
from prelock.rules.syntax import Syntax
from prelock.rules.types import TRUTH, Kind

CONDITIONS = (
    And,
    AnyRow,
    Cases,
    Compare,
    EveryRow,
    HasState,
    IsAnswer,
    IsNormal,
    Literal,
    Met,
    Not,
    OneOf,
    Or,
    TextTest,
)


def condition(ctx: Context, part: Syntax) -> Node:
    """The condition that a part states."""
    return as_condition(ctx, ctx.node(part), part)


def as_condition(ctx: Context, node: Node, part: Syntax) -> Node:
    """The node as a condition: a bare yes/no value holds where it is yes."""
    if node.type.kind is not Kind.TRUTH:
        hint = "compare it: =, <, <=, >, >=, is …" if node.type.kind is not Kind.CODE else f"say `{part.text} is …`"
        raise ctx.broken(
            "not-a-condition", part, f"`{part.text}` is a {node.type}; a rule must come out true or false", hint
        )
    population = isinstance(node, Variable) and (node.name in ctx.scope.populations or node.name == "eligible")
    if population or isinstance(node, CONDITIONS):
        return node
    return IsAnswer(type=TRUTH, grain=node.grain, value=node, answer=True)


def negated(node: Node, negative: object) -> Node:
    """The node, or its contrary where `not` was written."""
    return Not(type=TRUTH, grain=node.grain, part=node) if negative else node


def both(left: Node, right: Node) -> Node:
    """Two conditions at once."""
    return And(type=TRUTH, grain=left.grain | right.grain, parts=(left, right))
