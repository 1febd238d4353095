"""What should be there at each timepoint, what is, and how far from the target day."""

from __future__ import annotations

from typing import Any

from prelock.engine import sql
from prelock.engine.cells import State
from prelock.engine.evaluate import Evaluation
from prelock.rules.nodes import AtPoint, Column, Node
from prelock.study.definition import CompletenessItem, CompletenessPoint
from prelock.validators.shapes import empty, percent, shaped, small, total, union, yes_no

SURPLUS = "recorded though not expected"
TRUE = sql.literal(True)


def completeness(evaluation: Evaluation) -> dict[str, sql.Table]:
    """`completeness` (patient × item × timepoint) and `completeness_summary`.

    An item with a value that nobody can use (unreadable, in conflict) is missing; a finding says why.
    """
    session = evaluation.session
    items = [(point, item) for point in evaluation.study.completeness for item in point.items]
    if not items:
        return {name: empty(session, name) for name in ("completeness", "completeness_summary")}
    cells = [_cells(evaluation, point, item) for point, item in items]
    columns = {f"{i}|{name}": cell for i, row in enumerate(cells) for name, cell in row.items()}
    narrow = session.materialise(evaluation.patients.select("patient", **columns))
    parts = [_item(narrow, i, point, item) for i, (point, item) in enumerate(items)]
    table = session.materialise(_statuses(union(parts)))
    return {"completeness": table, "completeness_summary": _summary(evaluation, table)}


def _cells(evaluation: Evaluation, point: CompletenessPoint, item: CompletenessItem) -> dict[str, sql.Value]:
    """Whether the item is due and wanted (three-valued), a value is recorded, or `not done`, and how far from the
    target day."""
    found = evaluation.value(item.value)
    due = TRUE if point.due is None else evaluation.truth(point.due)
    expected = TRUE if item.expected is None else evaluation.truth(item.expected)
    if found.na is not None:
        expected = expected & ~found.na
    recorded = found.recorded().fill_null(False)
    not_done, days = _standing(evaluation, point.point, item)
    return {
        "due": due.cast("boolean"),
        "wanted": (due & expected).cast("boolean"),
        "recorded": recorded,
        "not_done": not_done,
        "days": sql.cases((recorded, days), else_=sql.null("int64")),
    }


def _item(narrow: sql.Table, number: int, point: CompletenessPoint, item: CompletenessItem) -> sql.Table:
    """One row a patient for one item."""
    return narrow.select(
        patient=narrow["patient"],
        item=sql.literal(item.name),
        timepoint=sql.literal(point.point),
        **{name: narrow[f"{number}|{name}"] for name in ("due", "wanted", "recorded", "not_done", "days")},
    )


def _standing(evaluation: Evaluation, point: str, item: CompletenessItem) -> tuple[sql.Value, sql.Value]:
    """(marked `not done`, days from the target day): of a measure the chosen record tells, of a column its cell."""
    node = item.value
    if isinstance(node, AtPoint):
        found = evaluation.standing(node.measure, point)
        if found is not None:
            return (found[0] == "not done").fill_null(False), found[1]
    return _marked(evaluation, node), sql.null("int64")


def _marked(evaluation: Evaluation, node: Node) -> sql.Value:
    if not isinstance(node, Column) or node.relation not in evaluation.clean:
        return sql.literal(False)
    clean = evaluation.clean[node.relation]
    state = f"{node.name}|state"
    if state not in clean.rel.columns:
        return sql.literal(False)
    marked = clean.rel.filter(clean.rel[state] == int(State.NOT_DONE))
    return evaluation.patients["patient"].isin(marked["patient"])


def _statuses(rows: sql.Table) -> sql.Table:
    """The contract's rows."""
    there = rows["recorded"]
    status = sql.cases(
        ((~rows["wanted"]).fill_null(False) & there, SURPLUS),
        (~rows["due"], "not due"),
        (~rows["wanted"], "not expected"),
        (there, "recorded"),
        (rows["not_done"], "not done"),
        else_="missing",
    )
    return shaped(
        rows,
        "completeness",
        patient=rows["patient"],
        item=rows["item"],
        timepoint=rows["timepoint"],
        expected=yes_no(rows["wanted"]),
        status=status,
        days_from_target=rows["days"],
    )


def _summary(evaluation: Evaluation, table: sql.Table) -> sql.Table:
    """Each item at each timepoint, over the patients of whom it is or may be expected: a doubt never hides a gap."""
    expected = table["expected"] != "no"
    grouped = table.group_by("item", "timepoint").aggregate(
        expected=total(expected), recorded=total(expected & (table["status"] == "recorded"))
    )
    found = {(item, point): (e, r) for item, point, e, r in evaluation.session.rows(grouped)}
    rows: list[dict[str, Any]] = []
    for point in evaluation.study.completeness:
        for item in point.items:
            asked, recorded = found.get((item.name, point.point), (0, 0))
            counts = {"expected": asked, "recorded": recorded, "percent": percent(recorded, asked)}
            rows.append({"item": item.name, "timepoint": point.point, "order": len(rows), **counts})
    return small(evaluation.session, "completeness_summary", rows)
