"""A rule's text to its typed node, with every problem found on the way."""

from __future__ import annotations

from collections.abc import Callable

from prelock.errors import Location, Problem
from prelock.rules.nodes import Node
from prelock.rules.resolve import HANDLERS
from prelock.rules.resolve.conditions import as_condition
from prelock.rules.resolve.context import BrokenRuleError, Context
from prelock.rules.resolve.numbers import as_number
from prelock.rules.scope import Scope
from prelock.rules.syntax import Syntax
from prelock.rules.types import Kind

PlaceOf = Location | Callable[[int, int], Location]


def read_rule(
    text: str,
    location: PlaceOf,
    scope: Scope,
    expects: Kind | tuple[Kind, ...] | None,
    problems: list[Problem],
) -> Node | None:
    """The node that a rule means where `scope` stands, or None when it is broken; its faults go to `problems`.

    `location` is where the text begins (its `length` the width of its first line; beyond that the caret falls back to
    the beginning), or a function from (offset, length) in the text to a place in the file. `expects` names the kinds
    that fit here: TRUTH makes a bare yes/no value a condition, NUMBER reads a scored code as its score.
    """
    from prelock.rules.complaints import syntax_of

    ctx = context(text, location, scope, problems)
    before = len(problems)
    try:
        tree = syntax_of(ctx)
        node = _expected(ctx, ctx.node(tree), tree, (expects,) if isinstance(expects, Kind) else expects)
    except BrokenRuleError:
        return None
    return node if len(problems) == before else None


def context(text: str, location: PlaceOf, scope: Scope, problems: list[Problem]) -> Context:
    """Where the parts of a text are resolved."""
    place = location if callable(location) else _place(text, location)
    return Context(scope, text, place, problems, HANDLERS)


def _expected(ctx: Context, node: Node, tree: Syntax, expects: tuple[Kind, ...] | None) -> Node:
    if not node.grain <= ctx.scope.grain:
        raise ctx.broken("grain", tree, f"`{tree.text}` has more than one value here")
    if expects is None or (node.type.kind in expects and node.type.kind is not Kind.TRUTH):
        return node
    if Kind.TRUTH in expects and (expects == (Kind.TRUTH,) or node.type.kind is Kind.TRUTH):
        return as_condition(ctx, node, tree)
    if Kind.NUMBER in expects and node.type.scores:
        return as_number(ctx, node, tree)
    wanted = " or ".join(str(kind) for kind in expects)
    raise ctx.broken("wrong-type", tree, f"`{tree.text}` is a {node.type}; a {wanted} is needed here")


def _place(text: str, location: Location) -> Callable[[int, int], Location]:
    def place(offset: int, length: int) -> Location:
        width = location.length if location.length > 1 else len(text)
        if "\n" in text[:offset] or offset > width:
            return location
        return location.moved(offset, max(1, min(length, width - offset)))

    return place
