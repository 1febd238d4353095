"""Tests of one value: comparisons, what follows `is`, patterns, words."""

from __future__ import annotations

from collections.abc import Callable

from prelock.rules import patterns
from prelock.rules.nodes import AtPoint, Compare, HasState, IsNormal, Met, Node, OneOf, TextTest
from prelock.rules.resolve.codes import answer, code, is_one_of
from prelock.rules.resolve.conditions import both, negated
from prelock.rules.resolve.context import BrokenRuleError, Context, name_text, nearest
from prelock.rules.resolve.names import named
from prelock.rules.resolve.numbers import DATES, aligned, as_number
from prelock.rules.resolve.within import within
from prelock.rules.syntax import Syntax
from prelock.rules.types import PATIENT, TRUTH, Kind

SIGNS = {"≤": "<=", "≥": ">="}


def compare(ctx: Context, part: Syntax) -> Node:
    """`a <= b`."""
    left_part, sign, right_part = part.part(0), part.part(1), part.part(2)
    left = ctx.node(left_part)
    return compared(ctx, left, SIGNS.get(sign.text, sign.text), left_part, right_part)


def compared(ctx: Context, left: Node, op: str, left_part: Syntax, right_part: Syntax) -> Node:
    """`left op right`, both of one kind, the right side in the left side's unit."""
    right = _right_side(ctx, left, left_part, right_part)
    kinds = (left.type.kind, right.type.kind)
    if not all(kind in DATES for kind in kinds):
        if Kind.NUMBER in kinds or left.type.scores or right.type.scores:
            left, right = as_number(ctx, left, left_part), as_number(ctx, right, right_part)
            right = aligned(ctx, left, right, left_part, right_part)
        else:
            _same_words(ctx, left, op, right, left_part, right_part)
    return Compare(type=TRUTH, grain=ctx.grain_of(left, right), op=op, left=left, right=right)


def _right_side(ctx: Context, left: Node, left_part: Syntax, right_part: Syntax) -> Node:
    """After = stands a name; a code written there gets told how to say it."""
    word = name_text(right_part.part(0)) if right_part.kind == "value_name" else ""
    if left.type.kind in {Kind.CODE, Kind.TEXT} and word and _means_nothing(ctx, right_part):
        shown = f'"{word}"' if left.type.kind is Kind.TEXT or '"' in right_part.text else word
        hint = f"say `{left_part.text} is {shown}`" if word in left.type.codes or left.type.kind is Kind.TEXT else None
        hint = hint or nearest(word, left.type.codes)
        raise ctx.broken(
            "unknown-name", right_part, f"after a sign comes a name or a number, and `{word}` is neither", hint
        )
    return ctx.node(right_part)


def _means_nothing(ctx: Context, part: Syntax) -> bool:
    count = len(ctx.problems)
    try:
        named(ctx, part.part(0))
    except BrokenRuleError:
        del ctx.problems[count:]
        return True
    return False


def _same_words(ctx: Context, left: Node, op: str, right: Node, left_part: Syntax, right_part: Syntax) -> None:
    texts = {Kind.CODE, Kind.TEXT}
    if left.type.kind in texts and right.type.kind in texts:
        if op == "=":
            return
        raise ctx.broken(
            "wrong-type", left_part, f"{op} needs numbers or dates", "for an order of codes say `is at least CODE`"
        )
    if left.type.kind is Kind.TRUTH or right.type.kind is Kind.TRUTH:
        at = left_part if left.type.kind is Kind.TRUTH else right_part
        raise ctx.broken("wrong-type", at, f"`{at.text}` is a yes/no value", f"say `{at.text} is yes` or `is no`")
    message = f"`{left_part.text}` is a {left.type} and `{right_part.text}` a {right.type}; they can't be compared"
    raise ctx.broken("wrong-type", right_part, message)


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


def matches(ctx: Context, part: Syntax) -> Node:
    """`text matches /pattern/`."""
    pattern = part.part(1)
    source = pattern.text[1:-1]
    trouble = patterns.trouble(source)
    if trouble:
        raise ctx.broken("pattern", pattern, trouble)
    return _text_test(ctx, "matches", part.part(0), source)


def starts(ctx: Context, part: Syntax) -> Node:
    """`text starts with "…"`."""
    return _text_test(ctx, "starts", part.part(0), name_text(part.part(1)))


def has_word(ctx: Context, part: Syntax) -> Node:
    """`text has the word "…"`."""
    return _text_test(ctx, "word", part.part(0), name_text(part.part(1)))


def _text_test(ctx: Context, how: str, subject: Syntax, pattern: str) -> Node:
    node = ctx.node(subject)
    if node.type.kind not in {Kind.TEXT, Kind.CODE}:
        raise ctx.broken("wrong-type", subject, f"`{subject.text}` is a {node.type}, and a text is needed here")
    return TextTest(type=TRUTH, grain=node.grain, how=how, value=node, pattern=pattern)
