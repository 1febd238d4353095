"""Two values compared by =, <, <=, >, >=."""

from __future__ import annotations

from prelock.rules.nodes import Compare, Node
from prelock.rules.resolve.context import BrokenRuleError, Context, name_text, nearest
from prelock.rules.resolve.names import named
from prelock.rules.resolve.numbers import DATES, aligned, as_number
from prelock.rules.syntax import Syntax
from prelock.rules.types import TRUTH, Kind

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
    if left.type.kind is Kind.TRUTH and word in {"yes", "no"}:
        message = f"`{left_part.text}` is a yes/no value"
        raise ctx.broken("wrong-type", right_part, message, f"say `{left_part.text} is {word}`")
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
