"""One value out of several: aggregates of rows or of a list, the row picked by another column, the previous row."""

from __future__ import annotations

from dataclasses import replace

from prelock.rules.nodes import Listwise, Node, Pick, Previous, RowsAggregate
from prelock.rules.resolve.censored import CALCULATING, counted, shared
from prelock.rules.resolve.context import Context, name_text
from prelock.rules.resolve.folds import grain_over, rows
from prelock.rules.resolve.names import named, raw_refused
from prelock.rules.resolve.numbers import DATES, aligned, as_number
from prelock.rules.syntax import Syntax
from prelock.rules.types import DATE, Kind

NUMERIC = {"highest", "lowest", "sum", "mean", "median"}
DATED = {"earliest", "latest"}


def aggregate(ctx: Context, part: Syntax) -> Node:
    """`highest COLUMN in TABLE where (…)`."""
    how, recorded, name, over = part.part(0), part.parts[1], part.part(2), part.part(3)
    if how.text in {"first", "last"}:
        hint = f"say `{how.text} {name_text(name)} by DATE in {over.text}`: rows have no order of their own"
        raise ctx.broken("needs-by", how, f"`{how.text}` does not say by what", hint)
    _not_a_measure(ctx, name, how)
    found, inside = rows(ctx, over.part(0), over.parts[1])
    value = _fitting(inside, how, raw_refused(inside, named(inside, name), name), name)
    grain = grain_over(ctx, ctx.relation(over.part(0)))
    return RowsAggregate(
        type=value.type, grain=grain, how=how.text, value=value, rows=found, recorded=recorded is not None
    )


def _not_a_measure(ctx: Context, name: Syntax, how: Syntax) -> None:
    text = name_text(name)
    if text in ctx.scope.measures:
        hint = f"say `{how.text} {text} from … to …`, naming two timepoints"
        raise ctx.broken("needs-timepoint", name, f"`{text}` is a measure, not a column of the table", hint)


def _fitting(ctx: Context, how: Syntax, value: Node, name: Syntax) -> Node:
    if how.text in NUMERIC:
        if value.type.kind in DATES and how.text in {"highest", "lowest"}:
            hint = f"say {'latest' if how.text == 'highest' else 'earliest'}"
            raise ctx.broken("wrong-type", how, f"`{name.text}` is a {value.type}", hint)
        number = as_number(ctx, value, name)
        return counted(number) if how.text in CALCULATING else number
    if how.text in DATED and value.type.kind not in DATES:
        hint = "say highest or lowest" if value.type.kind is Kind.NUMBER else "say `X of latest TABLE by DATE`"
        raise ctx.broken("wrong-type", how, f"`{how.text}` needs a date, and `{name.text}` is a {value.type}", hint)
    return value


def aggregate_by(ctx: Context, part: Syntax) -> Node:
    """`first COLUMN by DATE in TABLE where (…)`."""
    which, name, by, over = part.part(0), part.part(2), part.part(3), part.part(4)
    recorded = part.parts[1]
    if recorded:
        raise ctx.broken("wrong-type", recorded, "`recorded` does not go with `by`", "say `where (… is recorded)`")
    return _picked(ctx, name, which, by, over.part(0), over.parts[1])


def pick(ctx: Context, part: Syntax) -> Node:
    """`COLUMN of latest TABLE by DATE where (…)`."""
    return _picked(ctx, part.part(0), part.part(1), part.part(3), part.part(2), part.parts[4])


def _picked(ctx: Context, name: Syntax, which: Syntax, by: Syntax, table: Syntax, where: Syntax | None) -> Node:
    if which.text not in {"earliest", "latest", "first", "last", "highest", "lowest"}:
        raise ctx.broken("wrong-type", which, f"`{which.text}` picks no row", "say latest, earliest, highest or lowest")
    found, inside = rows(ctx, table, where)
    value = raw_refused(inside, named(inside, name), name)
    order = raw_refused(inside, named(inside, by), by)
    if order.type.kind in {Kind.TEXT, Kind.TRUTH, Kind.CODES} or (
        order.type.kind is Kind.CODE and not order.type.scores
    ):
        raise ctx.broken(
            "wrong-type", by, f"`{name_text(by)}` is a {order.type}; rows are put in order by a date or a number"
        )
    order = order if order.type.kind in DATES else as_number(inside, order, by)
    grain = grain_over(ctx, ctx.relation(table))
    return Pick(type=value.type, grain=grain, value=value, which=which.text, by=order, rows=found)


def listwise(ctx: Context, part: Syntax) -> Node:
    """`highest of (a, b, c)`; a date and time beside a date counts as its day."""
    how, recorded, parts = part.part(0), part.parts[1], part.rest(2)
    if how.text in {"first", "last", "only"}:
        raise ctx.broken(
            "wrong-type",
            how,
            f"`{how.text} of (…)` has no meaning",
            "say earliest, latest, highest, lowest, sum or mean",
        )
    values = ctx.all_of(parts, ctx.node)
    fitting = ctx.all_of(parts, lambda item: _fitting(ctx, how, values[parts.index(item)], item))
    first = fitting[0]
    same = tuple(aligned(ctx, first, value, parts[0], item) for value, item in zip(fitting, parts, strict=True))
    by_day = len({value.type.kind for value in same} & set(DATES)) == 2
    return Listwise(
        type=DATE if by_day else replace(first.type, censored=shared(same)),
        grain=ctx.grain_of(*same),
        how=how.text,
        values=same,
        recorded=recorded is not None,
    )


def previous(ctx: Context, part: Syntax) -> Node:
    """`previous COLUMN by ORDER`: of the same patient's rows."""
    name, by = part.part(0), part.part(1)
    row = ctx.scope.row
    if row is None:
        raise ctx.broken("grain", part, "`previous` needs a row at hand; this rule has one value for each patient")
    value, order = raw_refused(ctx, named(ctx, name), name), named(ctx, by)
    if order.type.kind not in DATES:
        order = as_number(ctx, order, by)
    return Previous(type=value.type, grain=ctx.scope.grain, value=value, by=order, relation=row)
