"""A typed expression becomes columns of a query: one handler a node, in two literal dicts.

Folds, timepoints and links are worked out beforehand (see `folds` and `plan`) and only read here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from typing import Any

from prelock.engine import listwise, sql
from prelock.engine.arithmetic import by_day, calculate, compare, scaled
from prelock.engine.cases import choose_branch
from prelock.engine.censored import substituted
from prelock.engine.exhaustive import exhaustive
from prelock.engine.named import defined, meaning
from prelock.engine.spans import days, span
from prelock.engine.values import NULL, Value, maybe_either, truth_value
from prelock.engine.view import View
from prelock.rules import nodes as n
from prelock.rules.text import TEXT_TESTS, fold
from prelock.rules.types import NUMBER, TRUTH, Kind


class UnplannedError(RuntimeError):
    """A node reached the compiler before its value was worked out: a defect of prelock's own."""


def value(node: n.Node, view: View) -> Value:
    """The node's value as columns of the view's table."""
    stored = view.read(node)
    if stored is not None:
        return stored
    handler = VALUES.get(type(node))
    if handler is not None:
        return handler(node, view)
    if type(node) in TRUTHS:
        return truth_value(truth(node, view))
    raise UnplannedError(f"{type(node).__name__} was not worked out before it was read")


def truth(node: n.Node, view: View) -> sql.Value:
    """The node's truth: true, false, or null where it is unknown. What is not applicable is false."""
    if not view.has(node):
        handler = TRUTHS.get(type(node))
        if handler is not None:
            return handler(node, view)
    found = value(node, view)
    return found.low if found.na is None else ~found.na & found.low


# ---- values ---------------------------------------------------------------------------------------------------------
DTYPES = {Kind.NUMBER: "float64", Kind.DATE: "date", Kind.MOMENT: "timestamp", Kind.TRUTH: "boolean"}


def _literal(node: n.Literal, view: View) -> Value:
    dtype = DTYPES.get(node.type.kind, "string")
    if node.value is None:
        return Value(sql.null(dtype), na=sql.literal(True))
    plain: Any = float(node.value) if node.type.kind is Kind.NUMBER else node.value  # type: ignore[arg-type]
    return Value(sql.literal(plain, dtype))


def _named(node: n.Variable | n.Met, view: View) -> Value:
    return value(defined(view.study, node), view)


def _arithmetic(node: n.Arithmetic, view: View) -> Value:
    return calculate(node.op, value(node.left, view), value(node.right, view))


def _convert(node: n.Convert, view: View) -> Value:
    return scaled(value(node.value, view), float(node.factor))


def _substitute(node: n.Substitute, view: View) -> Value:
    return substituted(value(node.value, view), node.by)


def _score(node: n.Score, view: View) -> Value:
    inner = value(node.value, view)
    kind = node.value.type
    pairs = [(inner.low == code, float(score)) for code, score in zip(kind.codes, kind.scores, strict=True)]
    return Value(sql.cases(*pairs, else_=sql.null("float64")), unreadable=inner.unreadable, na=inner.na)


def _cases(node: n.Cases, view: View) -> Value:
    """Where the conditions leave nothing out, the last branch applies unless it surely does not."""
    pairs = [(truth(when, view), value(then, view)) for when, then in node.branches]
    if node.otherwise is None and exhaustive([when for when, _ in node.branches]):
        pairs[-1] = (pairs[-1][0].fill_null(True), pairs[-1][1])
    return choose_branch(pairs, None if node.otherwise is None else value(node.otherwise, view))


def _span(node: n.Span, view: View) -> Value:
    return span(node.unit, value(node.start, view), value(node.end, view))


def study_day(column: sql.Value, zero: sql.Value, cdisc: bool) -> sql.Value:
    """Days from `zero`; by CDISC's count the first day is 1 and there is no day 0."""
    day = days(zero, column)
    return day + (day >= 0).cast("int64") if cdisc else day


def _day_of(node: n.DayOf, view: View) -> Value:
    inner, zero = value(node.value, view), day_zero(view)
    cdisc = view.study.cdisc_days
    high = None
    if not (inner.exact and zero.exact):
        high = study_day(inner.top, zero.low, cdisc).cast("float64")
    low = study_day(inner.low, zero.top, cdisc).cast("float64")
    return Value(
        low, high, unreadable=maybe_either(inner.unreadable, zero.unreadable), na=maybe_either(inner.na, zero.na)
    )


def day_zero(view: View) -> Value:
    """The study's day zero, in the view."""
    zero = zero_node(view.study)
    if zero is None:
        return Value(sql.null("date"))
    return value(zero, view)


def zero_node(study: Any) -> n.Node | None:
    """The node of the study's day zero."""
    if study.day_zero is None:
        return None
    definition = study.variables[study.day_zero].node
    return n.Variable(name=study.day_zero, type=definition.type, grain=definition.grain)


def _listwise(node: n.Listwise, view: View) -> Value:
    values = [value(part, view) for part in node.values]
    if node.type.kind is Kind.DATE:
        values = [by_day(part) for part in values]
    return listwise.combine(node.how, values, node.recorded)


def _count_states(node: n.CountStates, view: View) -> Value:
    return listwise.count([truth(part, view) for part in node.conditions])


# ---- truths ---------------------------------------------------------------------------------------------------------
def _compare(node: n.Compare, view: View) -> sql.Value:
    left, right = value(node.left, view), value(node.right, view)
    if node.left.type.kind is Kind.TEXT or node.right.type.kind is Kind.TEXT:
        left, right = _folded(node.left, left, view), _folded(node.right, right, view)
    elif node.left.type.ordered and node.op != "=":
        left, right = _ranked(node.left, left), _ranked(node.right, right)
    return compare(node.op, left, right)


def _ranked(node: n.Node, inner: Value) -> Value:
    pairs = [(inner.low == code, i) for i, code in enumerate(node.type.codes)]
    return Value(sql.cases(*pairs, else_=sql.null("int64")), unreadable=inner.unreadable, na=inner.na)


def _folded(node: n.Node, inner: Value, view: View) -> Value:
    if isinstance(node, n.Literal):
        return Value(sql.literal(fold(str(node.value))))
    changed = {t: fold(t) for t in _texts(node, view) if fold(t) != t}
    low = inner.low.substitute(changed) if changed else inner.low
    return Value(low, unreadable=inner.unreadable, na=inner.na)


def identity(node: n.Node, inner: Value, view: View) -> Value:
    """The value as it is told apart from others: a text without regard to case, width and outer blanks."""
    if node.type.kind is not Kind.TEXT:
        return inner
    return replace(inner, low=_folded(node, inner, view).low)


def _texts(node: n.Node, view: View) -> Sequence[str]:
    """Every text that a node can hold: those of the columns it takes its value from, and its own constants."""
    match node:
        case n.Literal():
            return [node.value] if isinstance(node.value, str) else []
        case n.Column():
            return _texts_of_column(node, view)
        case n.Linked():
            links = view.study.tables[node.relation].links
            return view.texts(node.relation if node.link == n.OTHER else links[node.link].target, node.name)
        case n.Variable() | n.AtPoint():
            return _texts(meaning(view.study, node), view)
        case n.Pick() | n.RowsAggregate() | n.Previous():
            return _texts(node.value, view)
        case n.Cases():
            values = [then for _, then in node.branches] + ([node.otherwise] if node.otherwise else [])
            return list(dict.fromkeys(text for then in values for text in _texts(then, view)))
    raise UnplannedError(f"the texts of {type(node).__name__} are not known")


def _texts_of_column(node: n.Column, view: View) -> Sequence[str]:
    group = view.study.groups.get(node.relation)
    if group is None:
        return view.texts(node.relation, node.name)
    made = group.fields.get(node.name)
    return view.texts(group.table, node.name) if made is None else _texts(made, view)


def _one_of(node: n.OneOf, view: View) -> sql.Value:
    inner = value(node.value, view)
    if node.value.type.kind is Kind.TEXT:
        wanted = {fold(v) for v in node.values}
        return _among(inner, [t for t in _texts(node.value, view) if fold(t) in wanted])
    return _among(inner, list(node.values))


def _among(inner: Value, texts: list[str]) -> sql.Value:
    held = inner.low.isin(texts) if texts else sql.cases((inner.low.notnull(), False), else_=sql.null("boolean"))
    return held if inner.na is None else ~inner.na & held


def _text_test(node: n.TextTest, view: View) -> sql.Value:
    inner = value(node.value, view)
    test = TEXT_TESTS[node.how]
    return _among(inner, [t for t in _texts(node.value, view) if test(t, node.pattern)])


def _has_state(node: n.HasState, view: View) -> sql.Value:
    inner = value(node.value, view)
    return inner.recorded() if node.state == "recorded" else inner.missing()


def _is_answer(node: n.IsAnswer, view: View) -> sql.Value:
    inner = value(node.value, view)
    held = inner.low if node.answer else ~inner.low
    return held if inner.na is None else ~inner.na & held


def _any_row(node: n.AnyRow, view: View) -> sql.Value:
    rows = value(counted(node.rows, node), view)
    return sql.cases((rows.low > 0, True), (rows.top == 0, False), else_=sql.null("boolean"))


def counted(rows: n.Rows, like: n.Node) -> n.CountRows:
    """The count that answers whether there is any row."""
    return n.CountRows(rows=rows, type=NUMBER, grain=like.grain)


def exceptions(node: n.EveryRow) -> n.AnyRow:
    """`every X has (c)` fails where there is any X without c."""
    broken: n.Node = n.Not(part=node.condition, type=TRUTH, grain=node.condition.grain)
    if node.rows.where is not None:
        broken = n.And(parts=(node.rows.where, broken), type=TRUTH, grain=node.condition.grain)
    return n.AnyRow(rows=n.Rows(node.rows.relation, broken), type=TRUTH, grain=node.grain)


def _every_row(node: n.EveryRow, view: View) -> sql.Value:
    return ~truth(exceptions(node), view)


def _met(node: n.Met, view: View) -> sql.Value:
    return truth(defined(view.study, node), view)


def _and(node: n.And, view: View) -> sql.Value:
    return reduce(and_, (truth(part, view) for part in node.parts))


def _or(node: n.Or, view: View) -> sql.Value:
    return reduce(or_, (truth(part, view) for part in node.parts))


def _not(node: n.Not, view: View) -> sql.Value:
    return ~truth(node.part, view)


VALUES: dict[type, Callable[[Any, View], Value]] = {
    n.Literal: _literal,
    n.Variable: _named,
    n.Arithmetic: _arithmetic,
    n.Convert: _convert,
    n.Substitute: _substitute,
    n.Score: _score,
    n.Cases: _cases,
    n.Span: _span,
    n.DayOf: _day_of,
    n.Listwise: _listwise,
    n.CountStates: _count_states,
}

TRUTHS: dict[type, Callable[[Any, View], sql.Value]] = {
    n.Compare: _compare,
    n.OneOf: _one_of,
    n.TextTest: _text_test,
    n.HasState: _has_state,
    n.IsAnswer: _is_answer,
    n.Met: _met,
    n.And: _and,
    n.Or: _or,
    n.Not: _not,
    n.AnyRow: _any_row,
    n.EveryRow: _every_row,
}

__all__ = ["NULL", "UnplannedError", "study_day", "truth", "value"]
