"""Cells that depend on others: `expected if` (a blank is a finding) and `valid if` (a value is)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from prelock.engine import sql
from prelock.engine.cells import State
from prelock.engine.evaluate import RowView
from prelock.rules.nodes import Column, HasState, Node
from prelock.rules.types import TRUTH
from prelock.study.definition import ColumnSpec, StudyDefinition, Table
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows, read_columns
from prelock.validators.messages import message
from prelock.validators.rowrules import Answer, RowRule, ask

MISSING = int(State.MISSING)
WORDING = {"expected": "is filled in where it is expected", "not valid": "is filled in only where it applies"}


def dependent_cells(rows: CheckRows) -> Iterator[Counted]:
    """A check for each `expected if` and `valid if`."""
    study = rows.evaluation.study
    for table in study.tables.values():
        rules = [rule for spec in table.columns.values() for rule in _rules(study, table, spec)]
        yield from ask(rows, table.name, rules, as_written=True)


def _rules(study: StudyDefinition, table: Table, spec: ColumnSpec) -> Iterator[RowRule]:
    if spec.expected_if is not None and not spec.required:
        yield _rule(study, table, spec, "expected", filled(table.name, spec), spec.expected_if)
    if spec.valid_if is not None:
        recorded = HasState(value=cell_of(table.name, spec), state="recorded", type=TRUTH, grain=spec.valid_if.grain)
        yield _rule(study, table, spec, "not valid", spec.valid_if, recorded)


def cell_of(table: str, spec: ColumnSpec) -> Column:
    """The column of the row at hand."""
    return Column(relation=table, name=spec.name, type=spec.type, grain=frozenset({"patient", table}))


def filled(table: str, spec: ColumnSpec) -> Answer:
    """Something is written in the cell of each row: a value, an unreadable one, or the reason why there is none."""
    return partial(_filled, cell_of(table, spec))


def _filled(column: Column, rows: RowView) -> sql.Value:
    state = rows.view.state(column)
    return rows.value(column).low.notnull() if state is None else state.fill_null(MISSING) != MISSING


def _rule(
    study: StudyDefinition, table: Table, spec: ColumnSpec, kind: str, holds: Node | Answer, applies: Node
) -> RowRule:
    given = holds if isinstance(holds, Node) else applies
    others = (name for name in read_columns(table.name, given) if name != spec.name)
    return RowRule(
        name=f"{table.name}: {spec.name} {WORDING[kind]}",
        kind=kind,
        severity=spec.weighs(),
        holds=holds,
        applies=applies,
        columns=(spec.name, *others),
        message=message(study.language, kind, column=spec.name),
    )
