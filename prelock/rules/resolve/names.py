"""What a bare or dotted name means where a rule stands."""

from __future__ import annotations

from prelock.rules.nodes import Column, Linked, Node, Variable
from prelock.rules.resolve.context import Context, name_text
from prelock.rules.resolve.unknown import no_column, too_fine, unknown
from prelock.rules.scope import Relation
from prelock.rules.syntax import Syntax
from prelock.rules.types import PATIENT, TRUTH, Kind


def value_name(ctx: Context, part: Syntax) -> Node:
    """A name that stands for a value."""
    name = part.part(0)
    return raw_refused(ctx, named(ctx, name), name)


def named(ctx: Context, name: Syntax) -> Node:
    """The node that a name stands for; a raw result column is let through."""
    text = name_text(name)
    found = _own_column(ctx, text) or _patient_value(ctx, text) or _one_row_column(ctx, name, text)
    found = found or _dotted(ctx, name, text)
    if found is None:
        raise unknown(ctx, name, text)
    return found


def raw_refused(ctx: Context, node: Node, name: Syntax) -> Node:
    """The node, unless it is a raw result column or a reference range, which only measures read."""
    if node.type.kind is Kind.RANGE:
        message = f"`{name_text(name)}` holds two limits, not one value"
        hint = f"say `normal: within {name_text(name)}` in the measure of these results, and ask whether it `is normal`"
        raise ctx.broken("raw-range", name, message, hint)
    if node.type.kind is not Kind.RESULT:
        return node
    relation = node.relation if isinstance(node, Column) else ctx.scope.row
    readers = [key for key, item in ctx.scope.measures.items() if item.relation == relation]
    hint = f"read it through a measure, such as `{readers[0]} at …`" if readers else "declare a measure that reads it"
    if len(readers) > 1:
        hint += f"; measures of it: {', '.join(readers[:12])}"
    raise ctx.broken(
        "raw-result", name, f"`{name_text(name)}` holds raw results of many kinds, not one kind of value", hint
    )


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
        return Variable(type=scope.variables[text], grain=PATIENT, name=text)
    if text in scope.populations or text == "eligible":
        return Variable(type=TRUTH, grain=PATIENT, name=text)
    return None


def _one_row_column(ctx: Context, name: Syntax, text: str) -> Node | None:
    found = [node for item in ctx.scope.relations.values() if item.one_row and (node := _column(item, text))]
    if len(found) > 1 and isinstance(found[0], Column):
        ways = [f"{node.relation}.{text}" for node in found if isinstance(node, Column)]
        raise ctx.broken(
            "ambiguous-name", name, f"`{text}` is a column of {len(ways)} tables", f"say {' or '.join(ways)}"
        )
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
    target = ctx.scope.relations.get(own.links[link])
    if target is None:
        message = f"the link `{link}` leads to `{own.links[link]}`, which is no table"
        raise ctx.broken("unknown-name", name, message, f"Mend the link of `{own.name}`, and this is mended too")
    if tail not in target.columns:
        raise no_column(ctx, name, target, tail)
    return Linked(type=target.columns[tail], grain=own.grain, relation=own.name, link=link, name=tail)


def _reached(ctx: Context, name: Syntax, relation: Relation, tail: str) -> Node:
    node = _column(relation, tail)
    if node is None:
        raise no_column(ctx, name, relation, tail)
    if not relation.one_row and not relation.grain <= ctx.scope.grain:
        raise too_fine(ctx, name, relation.name)
    return node
