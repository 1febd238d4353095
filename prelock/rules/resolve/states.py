"""What follows `is`: states, codes, yes and no, limits."""

from __future__ import annotations

from collections.abc import Callable

from prelock.rules.nodes import AtPoint, HasState, IsNormal, Met, Node, OneOf
from prelock.rules.resolve.codes import answer, code, is_one_of
from prelock.rules.resolve.comparisons import compared
from prelock.rules.resolve.conditions import both, negated
from prelock.rules.resolve.context import Context, name_text, nearest
from prelock.rules.resolve.names import named
from prelock.rules.resolve.within import within
from prelock.rules.syntax import Syntax
from prelock.rules.types import PATIENT, TRUTH, Kind


def is_(ctx: Context, part: Syntax) -> Node:
    """`value is [not] …`."""
    subject, negative, state = part.part(0), part.parts[1], part.part(2)
    return negated(stated(ctx, subject, state), negative)


def stated(ctx: Context, subject: Syntax, state: Syntax) -> Node:
    """The test that `subject is state` makes."""
    if state.kind == "is_word" and state.text in {"met", "achieved"}:
        return _met(ctx, subject, state)
    if state.kind == "is_word" and state.text in {"missing", "recorded"}:
        node = _any_value(ctx, subject)
        return HasState(type=TRUTH, grain=node.grain, value=node, state=state.text)
    return STATES[state.kind](ctx, ctx.node(subject), subject, state)


def _any_value(ctx: Context, subject: Syntax) -> Node:
    """Whether a cell holds anything may be asked of raw results too."""
    return named(ctx, subject.part(0)) if subject.kind == "value_name" else ctx.node(subject)


def _met(ctx: Context, subject: Syntax, state: Syntax) -> Node:
    section, known = ("criterion", ctx.scope.criteria) if state.text == "met" else ("endpoint", ctx.scope.endpoints)
    name = name_text(subject.part(0)) if subject.kind == "value_name" else subject.text
    if name not in known:
        other = ctx.scope.endpoints if state.text == "met" else ctx.scope.criteria
        word = "achieved" if state.text == "met" else "met"
        hint = f"say `{name} is {word}`" if name in other else nearest(name, known)
        raise ctx.broken(f"unknown-{section}", subject, f"there is no {section} `{name}`", hint)
    return Met(type=TRUTH, grain=PATIENT, section=section, name=name)


def _word(ctx: Context, node: Node, subject: Syntax, state: Syntax) -> Node:
    """normal, yes, no; also codes that happen to be called so."""
    if node.type.kind is Kind.CODE and state.text in node.type.codes:
        return OneOf(type=TRUTH, grain=node.grain, value=node, values=(state.text,))
    if state.text != "normal":
        return answer(ctx, node, state, subject)
    if not isinstance(node, AtPoint) or node.field:
        hint = "say `MEASURE at TIMEPOINT is normal`"
        raise ctx.broken(
            "no-normal", subject, f"`{subject.text}` is not a measure at a timepoint, so it has no normal limits", hint
        )
    if not ctx.scope.measures[node.measure].has_normal:
        hint = f"add `normal:` to {node.measure} in measures.yaml"
        raise ctx.broken("no-normal", subject, f"measure `{node.measure}` does not say what is normal", hint)
    return IsNormal(type=TRUTH, grain=node.grain, value=node)


def _code(ctx: Context, node: Node, subject: Syntax, state: Syntax) -> Node:
    return is_one_of(ctx, node, (state.part(0),), subject)


def _one_of(ctx: Context, node: Node, subject: Syntax, state: Syntax) -> Node:
    return is_one_of(ctx, node, state.rest(), subject)


def _between(ctx: Context, node: Node, subject: Syntax, state: Syntax) -> Node:
    low = compared(ctx, node, ">=", subject, state.part(0))
    high = compared(ctx, node, "<=", subject, state.part(1))
    return both(low, high)


def _at_least(ctx: Context, node: Node, subject: Syntax, state: Syntax) -> Node:
    return _ranked(ctx, node, subject, state, ">=")


def _at_most(ctx: Context, node: Node, subject: Syntax, state: Syntax) -> Node:
    return _ranked(ctx, node, subject, state, "<=")


def _ranked(ctx: Context, node: Node, subject: Syntax, state: Syntax, op: str) -> Node:
    limit = state.part(0)
    if node.type.kind is not Kind.CODE or (node.type.scores and limit.kind != "value_name"):
        return compared(ctx, node, op, subject, limit)
    if not node.type.ordered:
        hint = "add `ordered: yes` to the column, its codes listed from lowest to highest"
        raise ctx.broken("not-ordered", subject, f"the codes of `{subject.text}` have no order", hint)
    if limit.kind != "value_name":
        raise ctx.broken("wrong-type", limit, f"`{limit.text}` is not a code of `{subject.text}`")
    at = node.type.codes.index(code(ctx, node, limit.part(0), subject))
    values = node.type.codes[at:] if op == ">=" else node.type.codes[: at + 1]
    return OneOf(type=TRUTH, grain=node.grain, value=node, values=values)


STATES: dict[str, Callable[[Context, Node, Syntax, Syntax], Node]] = {
    "is_word": _word,
    "is_code": _code,
    "one_of": _one_of,
    "between": _between,
    "within": within,
    "at_least": _at_least,
    "at_most": _at_most,
}
