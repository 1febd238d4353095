"""Design checks on record checks."""

from __future__ import annotations

from prelock.rules.nodes import (
    FOLDS,
    OTHER,
    AtPoint,
    Column,
    DayOf,
    IsNormal,
    Linked,
    Met,
    Node,
    Pick,
    Previous,
    RowsAggregate,
    Variable,
    walk,
)
from prelock.study.building import Building
from prelock.study.definition import Check

ELSEWHERE = (AtPoint, IsNormal, Met, Variable, Previous, Linked)


def failing_reads_own_record(b: Building) -> None:
    """With `on fail: unknown` a check reads only its own record or group, so that nothing runs in a circle."""
    for check in b.checks:
        if check.on_fail == "unknown" and _leaves(b, check):
            message = f"{check.name} makes cells unknown when it fails, so it may read only its own record"
            hint = "Read columns of the same row or group alone, or drop `on fail: unknown`."
            b.note("on-fail-elsewhere", message, b.declared["checks"][check.name], hint)


def other_row_is_read_plainly(b: Building) -> None:
    """In a check of two rows the other one's cells stand by themselves: nothing counts or looks back from there."""
    for check in b.checks:
        parts = list(walk(check.rule)) if check.rule else []
        inside = [part for node in parts if isinstance(node, (Previous, *FOLDS)) for part in walk(node)]
        if any(isinstance(part, Linked) and part.link == OTHER for part in inside):
            hint = "Compare columns of the two rows; what has to be counted first belongs into a variable or a group."
            message = f"{check.name} looks at `{OTHER}` from within `previous` or a count of rows"
            b.note("other-inside", message, b.declared["checks"][check.name], hint)


def _leaves(b: Building, check: Check) -> bool:
    nodes = [part for node in (check.rule, check.when) if node for part in walk(node)]
    return any(isinstance(part, ELSEWHERE) or _reads_others(b, part, check.relation) for part in nodes)


def _reads_others(b: Building, node: Node, relation: str) -> bool:
    if not isinstance(node, FOLDS):
        return False
    if isinstance(node, RowsAggregate | Pick) or hasattr(node, "rows"):
        group = b.groups.get(relation)
        return group is None or node.rows.relation != group.table
    return True


def patient_cells_stand_alone(b: Building) -> None:
    """`expected if` and `valid if` of a table with one row a patient read that row alone: others are made from it."""
    for table in b.tables.values():
        if table.key != (table.patient_column,):
            continue
        for spec in table.columns.values():
            parts = [p for rule in (spec.expected_if, spec.valid_if) if rule is not None for p in walk(rule)]
            strangers = [p for p in parts if isinstance(p, (*ELSEWHERE, *FOLDS)) or _of_another(p, table.name)]
            if strangers:
                message = f"whether {spec.name} is expected or valid depends on more than its own row of {table.name}"
                hint = f"Name columns of {table.name} alone; a rule on more belongs into checks.yaml."
                b.note("patient-cell-elsewhere", message, b.declared["tables"][table.name], hint)


def _of_another(node: Node, table: str) -> bool:
    return isinstance(node, DayOf) or (isinstance(node, Column) and node.relation != table)
