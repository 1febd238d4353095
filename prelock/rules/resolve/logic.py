"""and, or, not, if … then, brackets and cases."""

from __future__ import annotations

from dataclasses import replace

from prelock.rules.nodes import And, Cases, Node, Not, Or
from prelock.rules.resolve.censored import shared
from prelock.rules.resolve.conditions import both, condition, negated
from prelock.rules.resolve.context import Context
from prelock.rules.resolve.numbers import aligned
from prelock.rules.syntax import Syntax
from prelock.rules.types import TRUTH, Kind, Type


def conjunction(ctx: Context, part: Syntax) -> Node:
    """`a and b and c`."""
    parts = ctx.all_of(part.rest(), lambda item: condition(ctx, item))
    return And(type=TRUTH, grain=ctx.grain_of(*parts), parts=parts)


def disjunction(ctx: Context, part: Syntax) -> Node:
    """`a or b or c`; an `and` among them needs its brackets."""
    for item in part.rest():
        if item.kind == "conjunction":
            message = "`and` and `or` side by side can be read in two ways"
            ctx.note("mixed-and-or", item, message, f"put brackets around what belongs together: ({item.text})")
    parts = ctx.all_of(part.rest(), lambda item: condition(ctx, item))
    return Or(type=TRUTH, grain=ctx.grain_of(*parts), parts=parts)


def negation(ctx: Context, part: Syntax) -> Node:
    """`not a`."""
    found = condition(ctx, part.part(0))
    return Not(type=TRUTH, grain=found.grain, part=found)


def if_then(ctx: Context, part: Syntax) -> Node:
    """`if a then b`: not a, or b."""
    when, then = ctx.all_of(part.rest(), lambda item: condition(ctx, item))
    return _either(negated(when, True), then)


def exactly_when(ctx: Context, part: Syntax) -> Node:
    """`a exactly when b`: both hold, or neither does."""
    one, other = ctx.all_of(part.rest(), lambda item: condition(ctx, item))
    return both(_either(negated(one, True), other), _either(negated(other, True), one))


def _either(one: Node, other: Node) -> Node:
    return Or(type=TRUTH, grain=one.grain | other.grain, parts=(one, other))


def paren(ctx: Context, part: Syntax) -> Node:
    """What stands in the brackets."""
    return ctx.node(part.part(0))


def cases(ctx: Context, part: Syntax) -> Node:
    """`(a if x, b if y otherwise c)`: all of one kind, in the first one's unit."""
    branches = [item for item in part.rest() if item.kind == "case"]
    last = part.rest()[-1]
    values = [item.part(0) for item in branches] + ([] if last.kind == "case" else [last])
    nodes = ctx.all_of(values, ctx.node)
    when = ctx.all_of(branches, lambda item: condition(ctx, item.part(1)))
    first = nodes[0]
    same = ctx.all_of(values, lambda item: _like(ctx, first, values[0], nodes[values.index(item)], item))
    grain = ctx.grain_of(*same, *when)
    otherwise = same[-1] if len(values) > len(branches) else None
    type_ = _joined(same)
    pairs = tuple((test, value) for test, value in zip(when, same, strict=False))
    return Cases(type=type_, grain=grain, branches=pairs, otherwise=otherwise)


def _like(ctx: Context, first: Node, first_part: Syntax, node: Node, part: Syntax) -> Node:
    if node.type.kind is not first.type.kind:
        message = f"`{first_part.text}` is a {first.type} and `{part.text}` a {node.type}; all cases give one kind"
        raise ctx.broken("wrong-type", part, message)
    return aligned(ctx, first, node, first_part, part) if node.type.kind is Kind.NUMBER else node


def _joined(nodes: tuple[Node, ...]) -> Type:
    """The type of all of them: codes are pooled."""
    first = nodes[0].type
    if first.kind is not Kind.CODE or all(node.type.codes == first.codes for node in nodes):
        return replace(first, censored=shared(nodes))
    return Type(Kind.CODE, codes=tuple(dict.fromkeys(code for node in nodes for code in node.type.codes)))
