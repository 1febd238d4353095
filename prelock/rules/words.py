"""A rule read back in plain words from its nodes: the language itself, so that what it says can be read again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from prelock.rules import nodes as n
from prelock.rules.text import plain_number
from prelock.rules.types import PATIENT, Kind

PLAIN_NAME = re.compile(r"(?![\d.-])(?:[-.]?[\w\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e])+")
# How tightly a form holds together: what is looser than its place needs brackets.
IF, OR, AND, NOT, TEST, SUM, PRODUCT, POWER, FACTOR = range(9)
SIGNS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}


def words(node: n.Node, row: str | None = None) -> str:
    """The node in the words of the rule language, such as `SES-CD at week 12 <= 4`.

    Deterministic; equal nodes read the same. `row` is the relation whose columns are named bare; without it, that of
    the first row-level column.
    """
    return _Writer(row or _row_of(node)).text(node)


def _row_of(node: n.Node) -> str | None:
    if node.grain <= PATIENT:
        return None
    return next(
        (part.relation for part in n.walk(node) if isinstance(part, n.Column) and part.grain == node.grain), None
    )


def quoted(name: str) -> str:
    """A name as rules write it: in quotes where its characters ask for them."""
    return name if PLAIN_NAME.fullmatch(name) else f'"{name}"'


@dataclass(frozen=True)
class _Writer:
    """Writes nodes as seen from a row of `row`, or from the patient."""

    row: str | None

    def text(self, node: n.Node, place: int = IF) -> str:
        """The node's words, in brackets if it is looser than its place."""
        node = _said_of(node)
        found, tightness = _special(self, node) or WRITERS[type(node)](self, node)
        return f"({found})" if tightness < place else found

    def rows(self, rows: n.Rows) -> str:
        """`TABLE where (…)`."""
        table = quoted(rows.relation)
        return table if rows.where is None else f"{table} where ({self.inside(rows.relation, rows.where)})"

    def inside(self, relation: str, node: n.Node) -> str:
        """A node as seen from a row of `relation`."""
        return replace(self, row=relation).text(node)

    def join(self, nodes: tuple[n.Node, ...]) -> str:
        """Values side by side."""
        return ", ".join(self.text(node) for node in nodes)


Said = tuple[str, int]


def _said_of(node: n.Node) -> n.Node:
    """The node that is written, without what is done to its value unsaid."""
    while isinstance(node, n.Convert | n.Score | n.Substitute):
        node = node.value
    return node


def _special(w: _Writer, node: n.Node) -> Said | None:
    """Shorthand that was spelled out on reading, folded up again."""
    if isinstance(node, n.And) and len(node.parts) == 2:
        return _exactly_when(w, *node.parts) or _between(w, *node.parts)
    if isinstance(node, n.Or) and len(node.parts) == 2 and isinstance(node.parts[0], n.Not):
        return f"if {w.text(node.parts[0].part, OR)} then {w.text(node.parts[1], OR)}", IF
    if isinstance(node, n.Arithmetic):
        return _change(w, node) or _percent_change(w, node)
    return _negative(w, node.part) if isinstance(node, n.Not) else None


def _exactly_when(w: _Writer, one: n.Node, other: n.Node) -> Said | None:
    if not (isinstance(one, n.Or) and isinstance(other, n.Or) and len(one.parts) == len(other.parts) == 2):
        return None
    (first, right), (second, left) = one.parts, other.parts
    if not (isinstance(first, n.Not) and isinstance(second, n.Not)) or (first.part, second.part) != (left, right):
        return None
    return f"{w.text(left, OR)} exactly when {w.text(right, OR)}", IF


def _between(w: _Writer, low: n.Node, high: n.Node, verb: str = "is") -> Said | None:
    if not isinstance(low, n.Compare) or not isinstance(high, n.Compare):
        return None
    if (low.op, high.op) == (">=", "<=") and low.left == high.left:
        limits = f"{w.text(low.right, SUM)} and {w.text(high.right, SUM)}"
        return f"{w.text(low.left, SUM)} {verb} between {limits}", TEST
    one, other = low.left, high.left
    if not isinstance(one, n.Span) or not isinstance(other, n.Span) or low.right != high.right:
        return None
    if one.start != other.end or one.end != other.start or (low.op, high.op) != ("<=", "<="):
        return None
    return f"{w.text(one.end, SUM)} {verb} within {w.text(low.right)} of {w.text(one.start, SUM)}", TEST


def _change(w: _Writer, node: n.Arithmetic) -> Said | None:
    left, right = _unlimited(node.left), _unlimited(node.right)
    if node.op != "-" or not isinstance(left, n.AtPoint) or not isinstance(right, n.AtPoint):
        return None
    if (left.measure, left.field) != (right.measure, right.field):
        return None
    if right.point == "baseline":
        return f"rise in {_measured(left)} from {_point(right.point)} to {_point(left.point)}", FACTOR
    return f"fall in {_measured(left)} from {_point(left.point)} to {_point(right.point)}", FACTOR


def _percent_change(w: _Writer, node: n.Arithmetic) -> Said | None:
    ratio, hundred = node.left, node.right
    if node.op != "*" or not isinstance(ratio, n.Arithmetic) or not isinstance(hundred, n.Literal):
        return None
    difference, start = ratio.left, ratio.right
    if (ratio.op, hundred.value, node.type.unit) != ("/", Decimal(100), "%") or not isinstance(
        difference, n.Arithmetic
    ):
        return None
    start_at, left, right = _at(start), _at(difference.left), _at(difference.right)
    if start_at is None or left is None or right is None:
        return None
    kind, end = ("fall", right) if left == start_at else ("change", left)
    return f"percent {kind} in {_measured(start_at)} from {_point(start_at.point)} to {_point(end.point)}", FACTOR


def _unlimited(node: n.Node) -> n.Node:
    return node.value if isinstance(node, n.Substitute) else node


def _at(node: n.Node) -> n.AtPoint | None:
    found = node.value if isinstance(node, n.Score | n.Substitute) else node
    return found if isinstance(found, n.AtPoint) else None


def _negative(w: _Writer, part: n.Node) -> Said | None:
    if isinstance(part, n.AnyRow):
        return f"no {w.rows(part.rows)}", TEST
    if isinstance(part, n.And) and len(part.parts) == 2:
        return _between(w, *part.parts, "is not")
    if type(part) in STATES:
        return _stated(w, part, "is not")
    return None


def _stated(w: _Writer, node: n.Node, verb: str = "is") -> Said:
    subject, state = STATES[type(node)](w, node)
    return f"{subject} {verb} {state}", TEST


def _literal(w: _Writer, node: n.Literal) -> Said:
    value = node.value
    if isinstance(value, bool):
        return "yes" if value else "no", FACTOR
    if isinstance(value, Decimal):
        number = plain_number(value)
        return f"{number} {node.type.unit}" if node.type.unit else number, FACTOR
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes"), FACTOR
    if value is None:
        return "not applicable", FACTOR
    return (quoted(value) if isinstance(value, str) else value.isoformat()), FACTOR


def _column(w: _Writer, node: n.Column) -> Said:
    bare = node.relation == w.row or node.grain <= PATIENT
    return quoted(node.name) if bare else f"{quoted(node.relation)}.{quoted(node.name)}", FACTOR


def _measured(node: n.AtPoint) -> str:
    return quoted(node.measure) + (f".{quoted(node.field)}" if node.field else "")


def _point(name: str) -> str:
    head, _, number = name.rpartition(" ")
    return f"{quoted(head)} {number}" if head and number.lstrip("-").isdigit() else quoted(name)


def _arithmetic(w: _Writer, node: n.Arithmetic) -> Said:
    place = SIGNS[node.op]
    left = w.text(node.left, place if place != POWER else FACTOR)
    return f"{left} {node.op} {w.text(node.right, place + 1)}", place


def _cases(w: _Writer, node: n.Cases) -> Said:
    said = ", ".join(f"{w.text(value, OR)} if {w.text(test, OR)}" for test, value in node.branches)
    return f"({said}{f' otherwise {w.text(node.otherwise, OR)}' if node.otherwise else ''})", FACTOR


def _span(w: _Writer, node: n.Span) -> Said:
    return f"{node.unit} from {w.text(node.start, FACTOR)} to {w.text(node.end, FACTOR)}", FACTOR


def _aggregate(w: _Writer, node: n.RowsAggregate) -> Said:
    recorded = " recorded" if node.recorded else ""
    return f"{node.how}{recorded} {w.inside(node.rows.relation, node.value)} in {w.rows(node.rows)}", FACTOR


def _points(w: _Writer, node: n.PointsAggregate) -> Said:
    recorded = " recorded" if node.recorded else ""
    span = f"from {_point(node.start)} to {_point(node.end)}"
    return f"{node.how}{recorded} {quoted(node.measure)} {span}", FACTOR


def _listwise(w: _Writer, node: n.Listwise) -> Said:
    return f"{node.how}{' recorded' if node.recorded else ''} of ({w.join(node.values)})", FACTOR


def _pick(w: _Writer, node: n.Pick) -> Said:
    inside = replace(w, row=node.rows.relation)
    table, _, where = w.rows(node.rows).partition(" where ")
    by = f"{inside.text(node.value)} of {node.which} {table} by {inside.text(node.by)}"
    return by + (f" where {where}" if where else ""), FACTOR


def _count_different(w: _Writer, node: n.CountDifferent) -> Said:
    return f"number of different {w.inside(node.rows.relation, node.value)} in {w.rows(node.rows)}", FACTOR


def _count_states(w: _Writer, node: n.CountStates) -> Said:
    negative = isinstance(node.conditions[0], n.Not)
    uniform = all(isinstance(part, n.Not) is negative for part in node.conditions)
    parts = [part.part if isinstance(part, n.Not) else part for part in node.conditions]
    said = [STATES[type(part)](w, part) if type(part) in STATES else ("", "") for part in parts]
    states = {state for _, state in said}
    if uniform and len(states) == 1 and all(subject for subject, _ in said):
        subjects = ", ".join(subject for subject, _ in said)
        return f"number of ({subjects}) that are {'not ' if negative else ''}{states.pop()}", FACTOR
    return f"number of ({w.join(node.conditions)}) that are yes", FACTOR


def _previous(w: _Writer, node: n.Previous) -> Said:
    return f"previous {w.text(node.value)} by {w.text(node.by)}", FACTOR


def _compare(w: _Writer, node: n.Compare) -> Said:
    return f"{w.text(node.left, SUM)} {node.op} {w.text(node.right, SUM)}", TEST


def _one_of(w: _Writer, node: n.OneOf) -> tuple[str, str]:
    is_text = node.value.type.kind is Kind.TEXT
    values = [f'"{value}"' if is_text else _code(value) for value in node.values]
    return w.text(node.value, SUM), values[0] if len(values) == 1 else f"one of ({', '.join(values)})"


def _code(value: str) -> str:
    return value if re.fullmatch(r"\d+", value) else quoted(value)


def _text_test(w: _Writer, node: n.TextTest) -> Said:
    if node.how == "includes":
        return f"{w.text(node.value, SUM)} includes {_code(node.pattern)}", TEST
    how = {"matches": "matches /%s/", "starts": 'starts with "%s"', "word": 'has the word "%s"'}[node.how]
    return f"{w.text(node.value, SUM)} {how.replace('%s', node.pattern)}", TEST


def _every(w: _Writer, node: n.EveryRow) -> Said:
    return f"every {w.rows(node.rows)} has ({w.inside(node.rows.relation, node.condition)})", TEST


def _and(w: _Writer, node: n.And) -> Said:
    return " and ".join(w.text(part, NOT) for part in node.parts), AND


def _or(w: _Writer, node: n.Or) -> Said:
    return " or ".join(w.text(part, NOT) for part in node.parts), OR


# What stands before and after `is` (or `is not`).
STATES: dict[type[n.Node], Callable[[_Writer, Any], tuple[str, str]]] = {
    n.OneOf: _one_of,
    n.HasState: lambda w, node: (w.text(node.value, SUM), node.state),
    n.IsAnswer: lambda w, node: (w.text(node.value, SUM), "yes" if node.answer else "no"),
    n.IsNormal: lambda w, node: (w.text(node.value, SUM), "normal"),
    n.Met: lambda w, node: (quoted(node.name), "met" if node.section == "criterion" else "achieved"),
}

WRITERS: dict[type[n.Node], Callable[[_Writer, Any], Said]] = {
    n.Literal: _literal,
    n.Column: _column,
    n.Linked: lambda w, node: (f"{quoted(node.link)}.{quoted(node.name)}", FACTOR),
    n.Variable: lambda w, node: (quoted(node.name), FACTOR),
    n.AtPoint: lambda w, node: (f"{_measured(node)} at {_point(node.point)}", FACTOR),
    n.Arithmetic: _arithmetic,
    n.Cases: _cases,
    n.Span: _span,
    n.DayOf: lambda w, node: (f"day of {w.text(node.value, FACTOR)}", FACTOR),
    n.RowsAggregate: _aggregate,
    n.PointsAggregate: _points,
    n.Listwise: _listwise,
    n.Pick: _pick,
    n.CountRows: lambda w, node: (f"number of {w.rows(node.rows)}", FACTOR),
    n.CountDifferent: _count_different,
    n.CountStates: _count_states,
    n.Previous: _previous,
    n.Compare: _compare,
    n.OneOf: _stated,
    n.TextTest: _text_test,
    n.HasState: _stated,
    n.IsAnswer: _stated,
    n.IsNormal: _stated,
    n.Met: _stated,
    n.And: _and,
    n.Or: _or,
    n.Not: lambda w, node: (f"not {w.text(node.part, NOT)}", NOT),
    n.AnyRow: lambda w, node: (f"any {w.rows(node.rows)}", TEST),
    n.EveryRow: _every,
}
