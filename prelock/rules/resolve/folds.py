"""What reads many rows and gives one value: any, every, number of, aggregates, and the row picked by another column."""

from __future__ import annotations

from decimal import Decimal

from prelock.rules.nodes import (
    AnyRow,
    Compare,
    CountDifferent,
    CountRows,
    EveryRow,
    Listwise,
    Literal,
    Node,
    Not,
    Pick,
    Previous,
    Rows,
    RowsAggregate,
)
from prelock.rules.resolve.conditions import condition
from prelock.rules.resolve.context import Context, name_text
from prelock.rules.resolve.names import named, raw_refused
from prelock.rules.resolve.numbers import DATES, aligned, as_number
from prelock.rules.scope import Relation
from prelock.rules.syntax import Syntax
from prelock.rules.types import NUMBER, PATIENT, STUDY, TRUTH, Grain, Kind

NUMERIC = {"highest", "lowest", "sum", "mean", "median"}
DATED = {"earliest", "latest"}
QUANTIFIERS = {"at least": ">=", "at most": "<=", "exactly": "="}


def rows(ctx: Context, table: Syntax, where: Syntax | None) -> tuple[Rows, Context]:
    """The rows meant by `TABLE where (…)`, and the place inside one of them."""
    relation = ctx.relation(table)
    inside = ctx.at_row(relation.name)
    return Rows(relation.name, condition(inside, where) if where else None), inside


def grain_over(ctx: Context, relation: Relation) -> Grain:
    """A fold has one value a patient; inside a group, over the rows that make it up, one value a group."""
    here = ctx.scope.relations.get(ctx.scope.row or "")
    if here and here.rows_of and (here.rows_of == relation.name or _made_of(here, relation)):
        return here.grain
    return PATIENT


def _made_of(group: Relation, finer: Relation) -> bool:
    return group.rows_of == finer.rows_of and group.grain < finer.grain


def absence_said(ctx: Context, table: Syntax, grain: Grain) -> None:
    """Whoever counts rows must know what no rows at all means."""
    relation = ctx.relation(table)
    if relation.no_rows is None and grain == PATIENT:
        message = f"this rule asks whether `{relation.name}` has rows, and the table does not say what none means"
        hint = f"add `patient without rows: none` (or `unknown`) to `{relation.rows_of or relation.name}`"
        raise ctx.broken("absence", table, message, hint)


def _counted(ctx: Context, part: Syntax) -> tuple[Rows, Grain, Context]:
    table, where = part.part(0), part.parts[1]
    found, inside = rows(ctx, table, where)
    grain = grain_over(ctx, ctx.relation(table))
    absence_said(ctx, table, grain)
    return found, grain, inside


def any_row(ctx: Context, part: Syntax) -> Node:
    """`any TABLE where (…)`."""
    found, grain, _ = _counted(ctx, part.part(0))
    return AnyRow(type=TRUTH, grain=grain, rows=found)


def no_row(ctx: Context, part: Syntax) -> Node:
    """`no TABLE where (…)`."""
    found = any_row(ctx, part)
    return Not(type=TRUTH, grain=found.grain, part=found)


def some_rows(ctx: Context, part: Syntax) -> Node:
    """`at least 2 TABLE where (…)`."""
    word, number = part.part(0), part.part(1)
    if "." in number.text or number.text.startswith("-"):
        raise ctx.broken("wrong-type", number, f"rows are counted in whole numbers, not {number.text}")
    count = count_rows(ctx, part, part.part(2))
    limit = Literal(type=NUMBER, grain=STUDY, value=Decimal(number.text))
    op = QUANTIFIERS[" ".join(word.text.split())]
    return Compare(type=TRUTH, grain=count.grain, op=op, left=count, right=limit)


def every_row(ctx: Context, part: Syntax) -> Node:
    """`every TABLE where (…) has (…)`."""
    found, grain, inside = _counted(ctx, part.part(0))
    return EveryRow(type=TRUTH, grain=grain, rows=found, condition=condition(inside, part.part(1)))


def count_rows(ctx: Context, part: Syntax, over: Syntax | None = None) -> Node:
    """`number of TABLE where (…)`."""
    found, grain, _ = _counted(ctx, over or part.part(0))
    return CountRows(type=NUMBER, grain=grain, rows=found)


def count_different(ctx: Context, part: Syntax) -> Node:
    """`number of different COLUMN in TABLE where (…)`."""
    name, over = part.part(0), part.part(1)
    found, grain, inside = _counted(ctx, over)
    value = raw_refused(inside, named(inside, name), name)
    return CountDifferent(type=NUMBER, grain=grain, value=value, rows=found)


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
        return as_number(ctx, value, name)
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
    if order.type.kind in {Kind.TEXT, Kind.TRUTH} or (order.type.kind is Kind.CODE and not order.type.scores):
        raise ctx.broken(
            "wrong-type", by, f"`{name_text(by)}` is a {order.type}; rows are put in order by a date or a number"
        )
    order = order if order.type.kind in DATES else as_number(inside, order, by)
    grain = grain_over(ctx, ctx.relation(table))
    return Pick(type=value.type, grain=grain, value=value, which=which.text, by=order, rows=found)


def listwise(ctx: Context, part: Syntax) -> Node:
    """`highest of (a, b, c)`."""
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
    return Listwise(
        type=first.type, grain=ctx.grain_of(*same), how=how.text, values=same, recorded=recorded is not None
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
