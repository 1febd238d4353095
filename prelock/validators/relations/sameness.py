"""Groups: columns that a group says are the same on every one of its rows."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.study.definition import Group
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.records_found import gathered, record_findings
from prelock.validators.relations.keys import compared
from prelock.validators.shapes import total


def sameness(source: CheckRows) -> Iterator[Counted]:
    """A check for each such column of each group. Blanks are passed over; two different values are a finding."""
    evaluation = source.evaluation
    told: set[tuple[str, tuple[str, ...], str]] = set()
    for group in evaluation.study.groups.values():
        for column in group.same:
            yield _column(evaluation, group, column, told)


def _column(evaluation: Evaluation, group: Group, column: str, told: set[tuple[str, tuple[str, ...], str]]) -> Counted:
    name = f"{group.name}: {column} is the same on every row"
    table = evaluation.study.tables[group.table]
    clean = evaluation.clean[group.table]
    if not clean.present:
        return Counted(name, "group", error=f"the table {group.table} could not be read")
    parts = {f"key|{i}": compared(evaluation, table, c, clean.rel) for i, c in enumerate(group.key)}
    rows = clean.rel.select("row", value=compared(evaluation, table, column, clean.rel), **parts)
    rows = rows.filter(sql.and_(*(rows[part].notnull() for part in parts)))
    groups = rows.group_by(list(parts)).aggregate(n=rows["value"].nunique())
    n = groups["n"]
    counts = evaluation.session.scalars(groups, passed=total(n == 1), failed=total(n > 1), blank=total(n == 0))
    found: tuple[sql.Table, ...] = ()
    if counts["failed"] and not _told_by_finer(group, column, told):
        found = (_findings(evaluation, group, column, name, rows, groups.filter(n > 1)),)
    told.add((group.table, group.key, column))
    return Counted(name, "group", counts["passed"], counts["failed"], 0, counts["blank"], findings=found)


def _told_by_finer(group: Group, column: str, told: set[tuple[str, tuple[str, ...], str]]) -> bool:
    """A group within one already asked about the same column: what differs within it was told there."""
    return any(t == group.table and set(key) <= set(group.key) and c == column for t, key, c in told)


def _findings(
    evaluation: Evaluation, group: Group, column: str, name: str, rows: sql.Table, groups: sql.Table
) -> sql.Table:
    """One finding a group, at a row with its rarest value; every row that says otherwise is a related cell."""
    parts = [c for c in rows.columns if c.startswith("key|")]
    members = rows.filter(rows["value"].notnull()).inner_join(groups.select(*parts), parts)
    often = members.group_by([*parts, "value"]).mutate(often=members.count())
    return record_findings(
        evaluation,
        group.table,
        gathered(evaluation, group.table, often, parts, column, rank=["often", "value"]),
        rule=name,
        kind="conflict",
        severity="error",
        message=message(evaluation.study.language, "same", column=column, group=group.name),
        columns=[column],
        grain="group",
        key=group.key,
    )
