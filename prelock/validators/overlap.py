"""Checks that rows of one patient do not overlap in time: two rows overlap when they share a day, ends included."""

from __future__ import annotations

from collections.abc import Sequence

from prelock.engine import sql
from prelock.engine.evaluate import RowView
from prelock.engine.values import Value
from prelock.rules.nodes import Column, Node
from prelock.study.definition import Check
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.pairs import pair_findings
from prelock.validators.relations.keys import compared
from prelock.validators.shapes import total


def overlap(source: CheckRows, check: Check) -> Counted:
    """Every pair of rows of one patient (that agree on `same`), counted; one finding a pair that overlaps.

    An open end overlaps all that is later. A pair with a blank or partial date is unknown where it matters.
    """
    evaluation = source.evaluation
    assert check.start is not None
    assert check.end is not None
    if not evaluation.clean[check.relation].present:
        return Counted(check.name, "record", error=f"the table {check.relation} could not be read")
    rows = evaluation.session.materialise(_periods(source, check))
    by = [name for name in rows.columns if name.startswith("by|")]
    grouped = rows.group_by(by).aggregate(n=rows.count())
    pairs = evaluation.session.scalars(grouped, n=(grouped["n"] * (grouped["n"] - 1) // 2).sum().fill_null(0))["n"]
    near = evaluation.session.materialise(_near(rows, by))
    counts = evaluation.session.scalars(near, failed=total(near["sure"]), unknown=total(~near["sure"]))
    found: tuple[sql.Table, ...] = ()
    if counts["failed"]:
        sure = near.filter(near["sure"]).select("row", "other")
        columns = [node.name for node in (check.start, check.end) if isinstance(node, Column)]
        found = (pair_findings(source, check, sure, columns),)
    passed = int(pairs) - counts["failed"] - counts["unknown"]
    return Counted(check.name, "record", passed, counts["failed"], counts["unknown"], findings=found)


def _periods(source: CheckRows, check: Check) -> sql.Table:
    """Each row's period by day, as bounds that are null where they are open or not known, and what it is grouped by."""
    evaluation = source.evaluation
    assert check.start is not None
    assert check.end is not None
    view = source.of(check.relation, (check.start, check.end))
    table = evaluation.study.tables[check.relation]
    start, end = _days(view, check.start), _days(view, check.end)
    keys = {f"by|{i + 1}": compared(evaluation, table, name, view.table) for i, name in enumerate(check.same)}
    rows = view.table.select(
        "row", **{"by|0": view.table["patient"]}, **keys, **_bounds("start", start), **_bounds("end", end)
    )
    in_order = ~(rows["start_low"] > rows["end_high"]).fill_null(False)  # a swapped pair is its own finding
    return rows.filter(sql.and_(in_order, *(rows[name].notnull() for name in ("by|0", *keys))))


def _days(view: RowView, node: Node) -> Value:
    found = view.value(node)
    return Value(_day(found.low), _day(found.top))


def _day(column: sql.Value) -> sql.Value:
    return column.date() if column.type().is_timestamp() else column


def _bounds(name: str, days: Value) -> dict[str, sql.Value]:
    return {f"{name}_low": days.low, f"{name}_high": days.top}


def _near(rows: sql.Table, by: Sequence[str]) -> sql.Table:
    """Pairs that may share a day: `row` and `other`, and whether they do for `sure`."""
    left = rows
    right = rows.view().rename({f"right_{name}": name for name in rows.columns})
    pairs = left.inner_join(
        right, [*((left[name] == right[f"right_{name}"]) for name in by), left["row"] < right["right_row"]]
    )
    sure = _at_or_before(pairs["start_high"], pairs["right_end_low"], False) & _at_or_before(
        pairs["right_start_high"], pairs["end_low"], False
    )
    possible = _at_or_before(pairs["start_low"], pairs["right_end_high"], True) & _at_or_before(
        pairs["right_start_low"], pairs["end_high"], True
    )
    found = pairs.select("row", other=pairs["right_row"], sure=sure, possible=possible)
    return found.filter(found["possible"])


def _at_or_before(first: sql.Value, second: sql.Value, unknown: bool) -> sql.Value:
    return (first <= second).fill_null(unknown)
