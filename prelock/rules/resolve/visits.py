"""`complete(baseline)`, `has visit w12` and counts of states over a list."""

from __future__ import annotations

from prelock.rules.nodes import And, AnyRow, Column, CountStates, HasState, Literal, Node, OneOf, Rows
from prelock.rules.resolve.codes import code
from prelock.rules.resolve.conditions import negated
from prelock.rules.resolve.context import Context, listing
from prelock.rules.resolve.folds import absence_said
from prelock.rules.resolve.points import point
from prelock.rules.resolve.states import stated
from prelock.rules.syntax import Syntax
from prelock.rules.types import NUMBER, PATIENT, STUDY, TRUTH


def complete(ctx: Context, part: Syntax) -> Node:
    """Every required item of the timepoint is recorded."""
    name = point(ctx, part.part(0))
    if name not in ctx.scope.complete:
        hint = listing("timepoints with required items", ctx.scope.complete)
        message = f"completeness.yaml requires nothing at `{name}`"
        raise ctx.broken("nothing-required", part.part(0), message, hint or "add `require: […]` there")
    items = ctx.scope.complete[name]
    parts = tuple(HasState(type=TRUTH, grain=item.grain, value=item, state="recorded") for item in items)
    return And(type=TRUTH, grain=PATIENT, parts=parts) if parts else Literal(type=TRUTH, grain=STUDY, value=True)


def has_visit(ctx: Context, part: Syntax) -> Node:
    """The visit table has a row of that visit."""
    if ctx.scope.visit is None:
        raise ctx.broken(
            "no-visits", part, "the study does not say where visits are", "add `visit: TABLE.COLUMN` to study.yaml"
        )
    table, column = ctx.scope.visit
    relation = ctx.scope.relations[table]
    absence_said(ctx, part, relation)
    value = Column(type=relation.columns[column], grain=relation.grain, relation=table, name=column)
    word = part.part(0)
    inside = ctx.at_row(table)
    same = OneOf(type=TRUTH, grain=relation.grain, value=value, values=(code(inside, value, word, word),))
    return AnyRow(type=TRUTH, grain=PATIENT, rows=Rows(table, same))


def count_states(ctx: Context, part: Syntax) -> Node:
    """`number of (a, b) that are missing`."""
    *values, state = part.rest()
    negative = [item for item in values if item.kind == "NOT"]
    subjects = [item for item in values if item.kind != "NOT"]
    tests = ctx.all_of(subjects, lambda item: negated(stated(ctx, item, state), negative))
    return CountStates(type=NUMBER, grain=ctx.grain_of(*tests), conditions=tests)
