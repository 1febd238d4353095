"""Tests of a text: patterns, beginnings, whole words."""

from __future__ import annotations

from prelock.rules import patterns
from prelock.rules.nodes import Node, TextTest
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


def _text_test(ctx: Context, how: str, subject: Syntax, pattern: str) -> Node:
    node = ctx.node(subject)
    if node.type.kind not in {Kind.TEXT, Kind.CODE}:
        raise ctx.broken("wrong-type", subject, f"`{subject.text}` is a {node.type}, and a text is needed here")
    return TextTest(type=TRUTH, grain=node.grain, how=how, value=node, pattern=pattern)
