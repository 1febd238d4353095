"""What to say about a name that means nothing where it stands."""

from __future__ import annotations

from prelock.rules.resolve.context import BrokenRuleError, Context, each, listing, name_text, nearest
from prelock.rules.scope import Relation
from prelock.rules.syntax import Syntax


def no_column(ctx: Context, name: Syntax, relation: Relation, tail: str) -> BrokenRuleError:
    """A column that the table or group does not have."""
    hint = nearest(tail, relation.columns) or listing("columns", relation.columns)
    return ctx.broken("unknown-name", name, f"`{relation.name}` has no column `{tail}`", hint)


def too_fine(ctx: Context, name: Syntax, relation: str) -> BrokenRuleError:
    """A name with many values where the rule has one."""
    text, scope = name_text(name), ctx.scope
    message = f"`{text}` has one value for each {each(scope, relation)}; "
    message += f"this rule has one value for each {each(scope, scope.row)}"
    return ctx.broken("grain", name, message, "say any, every, highest, number of …, or name a timepoint")


def unknown(ctx: Context, name: Syntax, text: str) -> BrokenRuleError:
    """A name that nothing in reach has: what it may have been meant for."""
    special = _something_else(ctx, name, text)
    if special:
        return special
    finer = [item.name for item in ctx.scope.relations.values() if text in item.columns]
    if len(finer) == 1:
        return too_fine(ctx, name, finer[0])
    hint = _minus_hint(ctx, text) or nearest(text, _reachable(ctx)) or nearest(text, ctx.scope.measures)
    if finer:
        hint = f"tables with that column: {', '.join(finer)}; say any, every, highest or number of … in one of them"
    hint = hint or nearest(text, _dotted(ctx)) or _what_exists(ctx)
    return ctx.broken("unknown-name", name, f"`{text}` is not a name this rule can use", hint)


def _something_else(ctx: Context, name: Syntax, text: str) -> BrokenRuleError | None:
    scope = ctx.scope
    if text in scope.measures or text.rpartition(".")[0] in scope.measures:
        point = next(iter(scope.points), "baseline")
        message = f"`{text}` is measured at more than one time; name a timepoint"
        return ctx.broken("needs-timepoint", name, message, f"such as `{text} at {point}`")
    if text in scope.criteria or text in scope.endpoints:
        word = "is met" if text in scope.criteria else "is achieved"
        return ctx.broken("needs-state", name, f"`{text}` is a rule with an outcome of its own", f"say `{text} {word}`")
    if text in scope.points:
        message = f"`{text}` is a timepoint, not a value"
        return ctx.broken("unknown-name", name, message, f"say which value: `… at {text}`")
    if text in scope.relations:
        message = f"`{text}` is a table, not a value"
        return ctx.broken("unknown-name", name, message, f"say `any {text} where (…)` or `number of {text}`")
    return None


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
    return [*own, *scope.facts, *scope.variables, *scope.populations, *rows]


def _dotted(ctx: Context) -> list[str]:
    return [f"{item.name}.{name}" for item in ctx.scope.relations.values() for name in item.columns]


def _what_exists(ctx: Context) -> str | None:
    scope = ctx.scope
    if scope.row:
        return listing(f"columns of {scope.row}", scope.relations[scope.row].columns)
    return listing("variables", scope.variables)
