"""Tests of a text: patterns, beginnings, whole words."""

from __future__ import annotations

from prelock.rules import patterns
from prelock.rules.nodes import Node, Or, TextTest
from prelock.rules.resolve.codes import codes_of
from prelock.rules.resolve.context import Context, name_text
from prelock.rules.syntax import Syntax
from prelock.rules.types import TRUTH, Kind


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


def includes(ctx: Context, part: Syntax) -> Node:
    """`answers includes 8`, `answers includes one of (8, 9)`: among the codes of one cell."""
    subject, wanted = part.part(0), part.part(1)
    node = ctx.node(subject)
    if node.type.kind is not Kind.CODES:
        hint = f"say `{subject.text} is …`" if node.type.kind is Kind.CODE else "declare it as `type: several codes`"
        raise ctx.broken("wrong-type", subject, f"`{subject.text}` is a {node.type}, which holds one answer", hint)
    codes = codes_of(ctx, node, wanted.rest() if wanted.kind == "one_of" else (wanted,), subject)
    tests = tuple(TextTest(type=TRUTH, grain=node.grain, how="includes", value=node, pattern=code) for code in codes)
    return tests[0] if len(tests) == 1 else Or(type=TRUTH, grain=node.grain, parts=tests)


def _text_test(ctx: Context, how: str, subject: Syntax, pattern: str) -> Node:
    node = ctx.node(subject)
    if node.type.kind not in {Kind.TEXT, Kind.CODE}:
        raise ctx.broken("wrong-type", subject, f"`{subject.text}` is a {node.type}, and a text is needed here")
    return TextTest(type=TRUTH, grain=node.grain, how=how, value=node, pattern=pattern)
