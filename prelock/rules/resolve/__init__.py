"""Names to nodes, types, units and grain: what each part of a rule means where it stands."""

from __future__ import annotations

from prelock.rules.resolve import folds, logic, names, numbers, points, spans, tests, visits
from prelock.rules.resolve.context import Handler

HANDLERS: dict[str, Handler] = {
    "if_then": logic.if_then,
    "disjunction": logic.disjunction,
    "conjunction": logic.conjunction,
    "negation": logic.negation,
    "paren": logic.paren,
    "cases": logic.cases,
    "compare": tests.compare,
    "is_": tests.is_,
    "matches": tests.matches,
    "starts": tests.starts,
    "has_word": tests.has_word,
    "any_row": folds.any_row,
    "no_row": folds.no_row,
    "some_rows": folds.some_rows,
    "every_row": folds.every_row,
    "count_rows": folds.count_rows,
    "count_different": folds.count_different,
    "aggregate": folds.aggregate,
    "aggregate_by": folds.aggregate_by,
    "pick": folds.pick,
    "listwise": folds.listwise,
    "previous": folds.previous,
    "aggregate_points": points.aggregate_points,
    "at_point": points.at_point,
    "change": points.change,
    "complete": visits.complete,
    "has_visit": visits.has_visit,
    "count_states": visits.count_states,
    "arithmetic": numbers.arithmetic,
    "quantity": numbers.quantity,
    "date": spans.written,
    "span": spans.span,
    "day_of": spans.day_of,
    "value_name": names.value_name,
}
