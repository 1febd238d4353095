"""Dates in order: `not before` and `not after` of columns.

One finding a problem: a pair that both of its columns declare is asked once; in a record whose own two dates are
swapped, what follows from either of them is not told again; nor is, in other tables, a patient's date that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine.cells import ONGOING
from prelock.rules.nodes import And, Column, Compare, HasState, Literal, Node, Not, Variable
from prelock.rules.types import DATE, TRUTH
from prelock.rules.words import words
from prelock.study.definition import ColumnSpec, StudyDefinition, Table
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.rowrules import RowRule, ask

Pair = tuple[Node, Node]  # (earlier, later)


def date_order(rows: CheckRows) -> Iterator[Counted]:
    """A check for each pair of dates. A blank date has no order: not applicable."""
    study = rows.evaluation.study
    one_row_first = sorted(study.tables.values(), key=lambda table: table.key != (table.patient_column,))
    for table in one_row_first:
        pairs = pairs_of(study, table)
        yield from ask(rows, table.name, [_rule(study, table, pairs, i) for i in range(len(pairs))])


def pairs_of(study: StudyDefinition, table: Table) -> list[Pair]:
    """Every pair once; those of two dates of the record first, since they explain the others."""
    found: dict[tuple[object, object], Pair] = {}
    for spec in table.columns.values():
        own = _column(table, spec)
        for bound in spec.not_before:
            found.setdefault((_name(bound), _name(own)), (bound, own))
        for bound in spec.not_after:
            found.setdefault((_name(own), _name(bound)), (own, bound))
    return sorted(found.values(), key=lambda pair: len(_own(table, pair)) < 2)


def _column(table: Table, spec: ColumnSpec) -> Column:
    grain = frozenset({"patient", *table.key})
    return Column(relation=table.name, name=spec.name, type=spec.type, grain=grain)


def _name(node: Node) -> object:
    """What tells a date apart: its column or variable, else itself."""
    match node:
        case Column():
            return (node.relation, node.name)
        case Variable():
            return node.name
    return node


def _own(table: Table, pair: Pair) -> tuple[str, ...]:
    """The pair's columns of the record itself."""
    return tuple(side.name for side in pair if isinstance(side, Column) and side.relation == table.name)


def _rule(study: StudyDefinition, table: Table, pairs: list[Pair], place: int) -> RowRule:
    earlier, later = pairs[place]
    own = _own(table, pairs[place])
    first, second = _said(table, earlier), _said(table, later)
    columns = own[::-1] if len(own) > 1 and _declares(table, own[1], earlier) else own
    there = (_not_missing(earlier), _not_missing(later), *_not_ongoing(table, earlier))
    return RowRule(
        name=f"{table.name}: {first} is not after {second}",
        kind="date order",
        severity=table.columns[columns[0]].weighs() if columns else "error",
        holds=Compare(op="<=", left=earlier, right=later, type=TRUTH, grain=own_grain(earlier, later)),
        applies=And(parts=there, type=TRUTH, grain=own_grain(earlier, later)),
        columns=columns,
        message=message(study.language, "date order", earlier=first, later=second),
        told_by=tuple(i for i in range(place) if set(_own(table, pairs[i])) & set(own)),
    )


def _not_ongoing(table: Table, node: Node) -> Iterator[Node]:
    """What has not ended yet is not after anything."""
    if isinstance(node, Column) and node.relation == table.name and table.columns[node.name].blank_means == "ongoing":
        never = Literal(value=ONGOING, type=DATE, grain=node.grain)
        ongoing = Compare(op="=", left=node, right=never, type=TRUTH, grain=node.grain)
        yield Not(part=ongoing, type=TRUTH, grain=node.grain)


def _declares(table: Table, column: str, bound: Node) -> bool:
    """The column itself says `not before` the bound, so the finding stands at it."""
    return any(_name(bound) == _name(other) for other in table.columns[column].not_before)


def own_grain(*sides: Node) -> frozenset[str]:
    """The finest grain of the sides."""
    return max((side.grain for side in sides), key=len)


def _said(table: Table, node: Node) -> str:
    return node.name if isinstance(node, Column) and node.relation == table.name else words(node)


def _not_missing(node: Node) -> Node:
    if isinstance(node, Literal):
        return Literal(value=True, type=TRUTH, grain=node.grain)
    missing = HasState(value=node, state="missing", type=TRUTH, grain=node.grain)
    return Not(part=missing, type=TRUTH, grain=node.grain)
