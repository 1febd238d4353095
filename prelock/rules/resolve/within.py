"""`is within 7 days of …`: the distance between two values, either way."""

from __future__ import annotations

from prelock.rules.nodes import Arithmetic, Compare, Node, Span
from prelock.rules.resolve.censored import calculated
from prelock.rules.resolve.conditions import both
from prelock.rules.resolve.context import Context
from prelock.rules.resolve.numbers import DATES, aligned, as_number, quantity
from prelock.rules.syntax import Syntax
from prelock.rules.types import TRUTH, Kind, Type


def within(ctx: Context, node: Node, subject: Syntax, state: Syntax) -> Node:
    """`subject is within DISTANCE of OTHER`, both ends included."""
    distance_part, other_part = state.part(0), state.part(1)
    distance, other = quantity(ctx, distance_part), ctx.node(other_part)
    if node.type.kind in DATES and other.type.kind in DATES:
        return _days(ctx, node, other, distance, distance_part)
    left, right = as_number(ctx, node, subject), as_number(ctx, other, other_part)
    right = aligned(ctx, left, right, subject, other_part)
    distance = aligned(ctx, left, distance, subject, distance_part)
    grain = ctx.grain_of(left, right)
    down = Arithmetic(type=calculated(left.type), grain=grain, op="-", left=right, right=distance)
    up = Arithmetic(type=calculated(left.type), grain=grain, op="+", left=right, right=distance)
    low = Compare(type=TRUTH, grain=grain, op=">=", left=left, right=down)
    return both(low, Compare(type=TRUTH, grain=grain, op="<=", left=left, right=up))


def _days(ctx: Context, node: Node, other: Node, distance: Node, part: Syntax) -> Node:
    unit = distance.type.unit
    if unit not in {"days", "weeks", "hours", "months", "years"}:
        raise ctx.broken(
            "unit-clash", part, f"`{part.text}` is no length of time", f"such as `{part.part(0).text} days`"
        )
    grain = ctx.grain_of(node, other)
    if unit == "hours" and not node.type.kind is other.type.kind is Kind.MOMENT:
        raise ctx.broken("unit-clash", part, "hours need a time of day on both sides", "say days")

    def reach(start: Node, end: Node) -> Node:
        time = Span(type=Type(Kind.NUMBER, unit=unit), grain=grain, unit=unit, start=start, end=end)
        return Compare(type=TRUTH, grain=grain, op="<=", left=time, right=distance)

    return both(reach(other, node), reach(node, other))
