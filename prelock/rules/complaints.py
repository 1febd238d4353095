"""What is wrong with a rule that can't be parsed, said to a clinician: what was found and what was expected."""

from __future__ import annotations

from lark.exceptions import UnexpectedInput

from prelock.rules.resolve.context import BrokenRuleError, Context
from prelock.rules.slips import Stop, offset_of, slip
from prelock.rules.syntax import Syntax, acceptable, parse

SIGNS = frozenset({"PLUS", "MINUS", "STAR", "SLASH", "CARET", "UNIT", "TAIL"})
EXPECTED: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"NUMBER", "NAME", "LPAR"}), "a value"),
    (frozenset({"COMPARE", "IS"}), "a comparison (`=`, `<`, `is …`)"),
    (frozenset({"AND", "OR"}), "`and`, `or`"),
    (frozenset({"STATE"}), "a code, `missing`, `recorded`, `between` …"),
)
SINGLE = {
    "LPAR": "an opening bracket",
    "RPAR": "a closing bracket",
    "COMMA": "a comma",
    "NAME": "a name",
    "NUMBER": "a number",
    "QUOTED": "a text in double quotes",
    "REGEX": "a pattern between slashes",
    "COMPARE": "a comparison",
    "AGGREGATE": "earliest, latest, highest, lowest …",
    "$END": "the end of the rule",
}


def syntax_of(ctx: Context) -> Syntax:
    """The tree of the text at hand; a syntax problem is recorded and raised as `BrokenRuleError`."""
    try:
        return parse(ctx.text)
    except UnexpectedInput as error:
        raise _complaint(ctx, error) from None


def _complaint(ctx: Context, error: UnexpectedInput) -> BrokenRuleError:
    stop = Stop(ctx.text, offset_of(error, ctx.text))
    part, message, hint = slip(stop) or (stop.here, _plain(stop), None)
    return ctx.broken("rule-syntax", part, message, hint)


def _plain(stop: Stop) -> str:
    if not stop.text.strip():
        return "the rule is empty"
    last, here = stop.before(stop.here), stop.here
    start = f"after `{last.text}` I expected" if last else "a rule begins with"
    found = f", and found `{here.text}`" if here.text else ", and the rule ends"
    return f"{start} {_expected(stop)}{found}"


def _expected(stop: Stop) -> str:
    names = acceptable(stop.text[: stop.at])
    said = [phrase for group, phrase in EXPECTED if group <= names]
    if not said:
        said = [SINGLE.get(name, f"`{name.lower()}`") for name in sorted(names - SIGNS)[:4]]
    elif "RPAR" in names:
        said.append("a closing bracket")
    return " or ".join(dict.fromkeys(said)) or "something else"
