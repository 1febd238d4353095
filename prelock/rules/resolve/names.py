"""What a bare or dotted name means where a rule stands, and what to say when it means nothing there."""

from __future__ import annotations

from typing import NoReturn

from prelock.rules.nodes import Column, Linked, Node, Variable
from prelock.rules.resolve.context import Broken, Context, each, listing, name_text, nearest
from prelock.rules.scope import Relation
from prelock.rules.syntax import Syntax
from prelock.rules.types import PATIENT, TRUTH, Kind, Type


def value_name(ctx: Context, part: Syntax) -> Node:
    """A name that stands for a value."""
    name = part.part(0)
    return raw_refused(ctx, named(ctx, name), name)


def named(ctx: Context, name: Syntax) -> Node:
    """The node that a name stands for; a raw result column is let through."""
    text = name_text(name)
    found = _own_column(ctx, text) or _patient_value(ctx, text) or _one_row_column(ctx, name, text)
    return found or _dotted(ctx, name, text) or _unknown(ctx, name, text)


def raw_refused(ctx: Context, node: Node, name: Syntax) -> Node:
    """The node, unless it is a raw result column, which only measures read."""
    if node.type.kind is not Kind.RESULT:
        return node
    relation = node.relation if isinstance(node, Column) else ctx.scope.row
    readers = [key for key, item in ctx.scope.measures.items() if item.relation == relation]
    hint = f"read it through a measure, such as `{readers[0]} at …`" if readers else "declare a measure that reads it"
    if len(readers) > 1:
        hint += f"; measures of it: {', '.join(readers[:12])}"
    ctx.fail("raw-result", name, f"`{name_text(name)}` holds raw results of many kinds, not one kind of value", hint)


def _own_column(ctx: Context, text: str) -> Node | None:
    row = ctx.scope.row
    return _column(ctx.scope.relations[row], text) if row else None


def _column(relation: Relation, text: str) -> Node | None:
    found = relation.columns.get(text)
    return None if found is None else Column(type=found, grain=relation.grain, relation=relation.name, name=text)


def _patient_value(ctx: Context, text: str) -> Node | None:
    scope = ctx.scope
    if text in scope.facts:
        return scope.facts[text]
    if text in scope.variables:
        return Variable(type=_known(scope.variables[text]), grain=PATIENT, name=text)
    if text in scope.populations or text == "eligible":
        return Variable(type=TRUTH, grain=PATIENT, name=text)
    return None


def _known(type_: Type | None) -> Type:
    """A variable's type; one that is itself broken has had its problem recorded, so its readers say nothing."""
    if type_ is None:
        raise Broken
    return type_


def _one_row_column(ctx: Context, name: Syntax, text: str) -> Node | None:
    found = [node for item in ctx.scope.relations.values() if item.one_row and (node := _column(item, text))]
    if len(found) > 1 and isinstance(found[0], Column):
        ways = [f"{node.relation}.{text}" for node in found if isinstance(node, Column)]
        ctx.fail("ambiguous-name", name, f"`{text}` is a column of {len(ways)} tables", f"say {' or '.join(ways)}")
    return found[0] if found else None


def _dotted(ctx: Context, name: Syntax, text: str) -> Node | None:
    for at in (i for i, char in enumerate(text) if char == "."):
        head, tail = text[:at], text[at + 1 :]
        own = ctx.scope.relations.get(ctx.scope.row or "")
        if own and head in own.links:
            return _linked(ctx, name, own, head, tail)
        if head in ctx.scope.relations:
            return _reached(ctx, name, ctx.scope.relations[head], tail)
    return None


def _linked(ctx: Context, name: Syntax, own: Relation, link: str, tail: str) -> Node:
    target = ctx.scope.relations[own.links[link]]
    if tail not in target.columns:
        _no_column(ctx, name, target, tail)
    return Linked(type=target.columns[tail], grain=own.grain, relation=own.name, link=link, name=tail)


def _reached(ctx: Context, name: Syntax, relation: Relation, tail: str) -> Node:
    node = _column(relation, tail)
    if node is None:
        _no_column(ctx, name, relation, tail)
    if not relation.one_row and not relation.grain <= ctx.scope.grain:
        _too_fine(ctx, name, relation.name)
    return node


def _no_column(ctx: Context, name: Syntax, relation: Relation, tail: str) -> NoReturn:
    hint = nearest(tail, relation.columns) or listing("columns", relation.columns)
    ctx.fail("unknown-name", name, f"`{relation.name}` has no column `{tail}`", hint)


def _too_fine(ctx: Context, name: Syntax, relation: str) -> NoReturn:
    text, scope = name_text(name), ctx.scope
    message = f"`{text}` has one value for each {each(scope, relation)}; "
    message += f"this rule has one value for each {each(scope, scope.row)}"
    ctx.fail("grain", name, message, "say any, every, highest, number of …, or name a timepoint")


def _unknown(ctx: Context, name: Syntax, text: str) -> NoReturn:
    scope = ctx.scope
    if text in scope.measures or text.rpartition(".")[0] in scope.measures:
        point = next(iter(scope.points), "baseline")
        message = f"`{text}` is measured at more than one time; name a timepoint"
        ctx.fail("needs-timepoint", name, message, f"such as `{text} at {point}`")
    if text in scope.criteria or text in scope.endpoints:
        word = "is met" if text in scope.criteria else "is achieved"
        ctx.fail("needs-state", name, f"`{text}` is a rule with an outcome of its own", f"say `{text} {word}`")
    if text in scope.points:
        ctx.fail("unknown-name", name, f"`{text}` is a timepoint, not a value", f"say which value: `… at {text}`")
    finer = [item.name for item in scope.relations.values() if text in item.columns]
    if len(finer) == 1:
        _too_fine(ctx, name, finer[0])
    hint = _minus_hint(ctx, text) or nearest(text, _reachable(ctx)) or nearest(text, scope.measures)
    if not hint and finer:
        hint = f"tables with that column: {', '.join(finer)}; say any, every, highest or number of … in one of them"
    ctx.fail("unknown-name", name, f"`{text}` is not a name this rule can use", hint or _what_exists(ctx))


def _minus_hint(ctx: Context, text: str) -> str | None:
    known = set(_reachable(ctx))
    for at in (i for i, char in enumerate(text) if char == "-"):
        left, right = text[:at], text[at + 1 :]
        if left in known and (right in known or right.isdigit()):
            return f"a hyphen belongs to the name; for minus, put blanks around it: `{left} - {right}`"
    return None


def _reachable(ctx: Context) -> list[str]:
    scope = ctx.scope
    own = list(scope.relations[scope.row].columns) if scope.row else []
    rows = [name for item in scope.relations.values() if item.one_row for name in item.columns]
    dotted = [f"{item.name}.{name}" for item in scope.relations.values() for name in item.columns]
    return [*own, *scope.facts, *scope.variables, *scope.populations, *rows, *dotted]


def _what_exists(ctx: Context) -> str | None:
    scope = ctx.scope
    if scope.row:
        return listing(f"columns of {scope.row}", scope.relations[scope.row].columns)
    return listing("variables", scope.variables)
