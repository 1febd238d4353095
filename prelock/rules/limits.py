"""Limits written on their own: `at most 5 mg/L`, `17 to 40`, `from LBORNRLO to LBORNRHI`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from prelock.errors import Problem
from prelock.rules.nodes import Convert, Literal, Node
from prelock.rules.read import PlaceOf, context
from prelock.rules.resolve.context import BrokenRuleError, Context
from prelock.rules.resolve.numbers import aligned, number
from prelock.rules.scope import Scope
from prelock.rules.syntax import Syntax
from prelock.rules.text import plain_number
from prelock.rules.types import STUDY, Kind, Type


@dataclass(frozen=True)
class Bounds:
    """From `low` to `high` (None: no bound), as nodes in one unit; `includes` says whether each end belongs."""

    low: Node | None
    high: Node | None
    includes: tuple[bool, bool] = (True, True)


def read_normal(text: str, location: PlaceOf, scope: Scope, unit: str | None, problems: list[Problem]) -> Bounds | None:
    """Normal limits in `unit`: `at most 5 mg/L`, `under 60 µg/g`, `over`, `A to B`, `from COLUMN to COLUMN`.

    `scope` is that of the measure's row. A bound that is a column without a unit keeps none (`type.unit` None): it is
    the record's own limit, in the unit in which the record reports its result.
    """
    return read_bounds(
        text, location, scope, Literal(type=Type(Kind.NUMBER, unit=unit), grain=STUDY, value=None), problems
    )


def read_bounds(text: str, location: PlaceOf, scope: Scope, like: Node, problems: list[Problem]) -> Bounds | None:
    """Limits on a value like `like`, in its unit."""
    from prelock.rules.complaints import syntax_of

    ctx, before = context(text, location, scope, problems), len(problems)
    try:
        tree = syntax_of(ctx, "limits")
        found = _read(ctx, tree, like)
    except BrokenRuleError:
        return None
    return found if len(problems) == before else None


def _read(ctx: Context, tree: Syntax, like: Node) -> Bounds:
    parts = tree.rest()
    ends = ctx.all_of(parts, lambda part: _in_unit(ctx, part, like, parts[-1]))
    if tree.kind == "from_to":
        _upwards(ctx, tree, ends)
        return Bounds(ends[0], ends[1])
    if tree.kind in {"at_least", "over"}:
        return Bounds(ends[0], None, (tree.kind == "at_least", True))
    return Bounds(None, ends[0], (True, tree.kind == "at_most"))


def _in_unit(ctx: Context, part: Syntax, like: Node, last: Syntax) -> Node:
    """An end in the unit wanted; in `5 to 20 mg/L` the first end has the last one's unit."""
    node = number(ctx, part)
    if node.type.unit is None and not isinstance(node, Literal) and isinstance(like, Literal):
        return node
    if node.type.unit is None and isinstance(node, Literal) and part is not last and last.kind == "quantity":
        node = replace(node, type=number(ctx, last).type)
    return aligned(ctx, like, node, Syntax("limit", "the value", part.start, part.end), part)


def constant(node: Node | None) -> Decimal | None:
    """The number that a constant stands for."""
    if isinstance(node, Literal) and isinstance(node.value, Decimal):
        return node.value
    if isinstance(node, Convert):
        inner = constant(node.value)
        return None if inner is None else inner * node.factor
    return None


def _upwards(ctx: Context, tree: Syntax, ends: tuple[Node, ...]) -> None:
    low, high = constant(ends[0]), constant(ends[1])
    if low is not None and high is not None and low > high:
        message = f"{plain_number(low)} to {plain_number(high)} runs downwards"
        raise ctx.broken("range", tree, message, "the lower end comes first")
