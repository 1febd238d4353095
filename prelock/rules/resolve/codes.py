"""Words after `is`: codes declared for the column, texts in quotes, yes and no."""

from __future__ import annotations

from prelock.rules.nodes import IsAnswer, Node, OneOf
from prelock.rules.resolve.context import BrokenRuleError, Context, listing, name_text, nearest
from prelock.rules.syntax import Syntax
from prelock.rules.text import fold
from prelock.rules.types import TRUTH, Kind


def is_one_of(ctx: Context, node: Node, words: tuple[Syntax, ...], part: Syntax) -> Node:
    """The value is one of the codes or texts written."""
    if node.type.kind is Kind.TRUTH:
        raise ctx.broken("unknown-code", words[0], f"`{part.text}` is a yes/no value", "say `is yes` or `is no`")
    if node.type.kind not in {Kind.CODE, Kind.TEXT}:
        raise _no_codes(ctx, node, words[0], part)
    values = codes_of(ctx, node, words, part)
    return OneOf(type=TRUTH, grain=node.grain, value=node, values=values)


def codes_of(ctx: Context, node: Node, words: tuple[Syntax, ...], part: Syntax) -> tuple[str, ...]:
    """The canonical codes (or texts) that the words mean; each wrong one has its own problem."""
    found: list[str] = []

    def one(word: Syntax) -> Node:
        found.append(code(ctx, node, word, part))
        return node

    ctx.all_of(words, one)
    return tuple(dict.fromkeys(found))


def code(ctx: Context, node: Node, word: Syntax, part: Syntax) -> str:
    """The code that a word means for the value."""
    text = name_text(word)
    if node.type.kind is Kind.TEXT:
        if not word.text.startswith('"') and word.part(0).kind == "NAME":
            raise ctx.broken(
                "unquoted-text", word, f"`{part.text}` is free text, which has no codes", f'say `is "{text}"`'
            )
        return text
    for known in node.type.codes:
        if fold(known) == fold(text):
            return known
    hint = nearest(text, node.type.codes) or listing("its codes", node.type.codes)
    raise ctx.broken("unknown-code", word, f"`{text}` is not a code of `{part.text}`", hint)


def _no_codes(ctx: Context, node: Node, word: Syntax, part: Syntax) -> BrokenRuleError:
    text = name_text(word)
    if node.type.kind is Kind.CODES:
        hint = f"say `{part.text} includes {text}`"
        return ctx.broken("wrong-type", word, f"`{part.text}` may hold several codes at once", hint)
    is_number = node.type.kind is Kind.NUMBER and word.part(0).kind == "NUMBER"
    hint = f"say `{part.text} = {text}`" if is_number else "after `is` comes a code, missing, recorded, between …"
    return ctx.broken("wrong-type", word, f"`{part.text}` is a {node.type}, which has no codes", hint)


def answer(ctx: Context, node: Node, word: Syntax, part: Syntax) -> Node:
    """`is yes` or `is no`."""
    if node.type.kind is Kind.TRUTH:
        return IsAnswer(type=TRUTH, grain=node.grain, value=node, answer=word.text == "yes")
    raise ctx.broken(
        "wrong-type", word, f"`{part.text}` is a {node.type}, not a yes/no value", listing("its codes", node.type.codes)
    )
