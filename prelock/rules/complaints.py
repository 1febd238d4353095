"""What is wrong with a rule that can't be parsed, said to a clinician: found, expected, nearest word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prelock.rules.syntax import Syntax, parse

if TYPE_CHECKING:
    from prelock.rules.resolve.context import Context


def syntax_of(ctx: Context) -> Syntax:
    """The tree of the rule at hand; a syntax problem is recorded and raised as `Broken`."""
    from lark.exceptions import UnexpectedInput

    try:
        return parse(ctx.text)
    except UnexpectedInput as error:
        at = error.pos_in_stream or 0
        ctx.fail("syntax", Syntax("", "", at, at + 1), "this can't be read")
