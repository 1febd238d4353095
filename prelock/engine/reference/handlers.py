"""One handler a node: what each of them means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prelock.engine.reference.cases import cases
from prelock.engine.reference.folds import (
    any_row,
    count_different,
    count_rows,
    count_states,
    every_row,
    listwise,
    rows_aggregate,
)
from prelock.engine.reference.leaves import column, linked, literal, met, variable
from prelock.engine.reference.normal import is_normal
from prelock.engine.reference.numbers import arithmetic, convert, score, substitute
from prelock.engine.reference.pick import pick, previous
from prelock.engine.reference.points import at_point
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.spans import day_of, span
from prelock.engine.reference.spread import points_aggregate
from prelock.engine.reference.trace import Part
from prelock.engine.reference.truths import both, comparison, either, has_state, is_answer, negation, one_of, text_test
from prelock.rules import nodes as n

HANDLERS: dict[type[n.Node], Callable[[Run, Any, Here], Part]] = {
    n.Literal: literal,
    n.Column: column,
    n.Linked: linked,
    n.Variable: variable,
    n.AtPoint: at_point,
    n.Arithmetic: arithmetic,
    n.Convert: convert,
    n.Substitute: substitute,
    n.Score: score,
    n.Cases: cases,
    n.Span: span,
    n.DayOf: day_of,
    n.RowsAggregate: rows_aggregate,
    n.PointsAggregate: points_aggregate,
    n.Listwise: listwise,
    n.Pick: pick,
    n.CountRows: count_rows,
    n.CountDifferent: count_different,
    n.CountStates: count_states,
    n.Previous: previous,
    n.Compare: comparison,
    n.OneOf: one_of,
    n.TextTest: text_test,
    n.HasState: has_state,
    n.IsAnswer: is_answer,
    n.IsNormal: is_normal,
    n.Met: met,
    n.And: both,
    n.Or: either,
    n.Not: negation,
    n.AnyRow: any_row,
    n.EveryRow: every_row,
}
