"""What reads many rows and gives one value: any, every, number of, aggregates, and the row picked by another column."""

from __future__ import annotations

from decimal import Decimal

from prelock.rules.nodes import (
    AnyRow,
    Compare,
    CountDifferent,
    CountRows,
    EveryRow,
    Literal,
    Node,
    Not,
    Rows,
)
from prelock.rules.resolve.conditions import condition
from prelock.rules.resolve.context import Context
from prelock.rules.resolve.names import named, raw_refused
from prelock.rules.scope import Relation
from prelock.rules.syntax import Syntax
from prelock.rules.types import NUMBER, PATIENT, STUDY, TRUTH, Grain

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


def absence_said(ctx: Context, part: Syntax, relation: Relation, grain: Grain = PATIENT) -> None:
    """Whoever counts rows must know what no rows at all means."""
    if relation.no_rows is None and grain == PATIENT:
        message = f"this rule asks whether `{relation.name}` has rows, and the table does not say what none means"
        hint = f"add `patient without rows: none` (or `unknown`) to `{relation.rows_of or relation.name}`"
        raise ctx.broken("absence", part, message, hint)


def _counted(ctx: Context, part: Syntax) -> tuple[Rows, Grain, Context]:
    table, where = part.part(0), part.parts[1]
    found, inside = rows(ctx, table, where)
    relation = ctx.relation(table)
    grain = grain_over(ctx, relation)
    absence_said(ctx, table, relation, grain)
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
