"""Links: a record's link reaches a row of its target. A target with two such rows is a repeated key, told there."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.engine.linked import reached
from prelock.rules.nodes import Linked
from prelock.study.definition import Link, Table
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.records_found import record_findings
from prelock.validators.shapes import total


def links(source: CheckRows) -> Iterator[Counted]:
    """A check for each declared link. A blank one applies to nothing."""
    for table in source.evaluation.study.tables.values():
        for link in table.links.values():
            yield _link(source, table, link)


def _link(source: CheckRows, table: Table, link: Link) -> Counted:
    evaluation, looked_up = source.evaluation, " and ".join(link.columns)
    name = f"{table.name}: {looked_up} is in {link.target}"
    for there in (evaluation.clean[table.name], evaluation.clean[link.target]):
        if not there.present:
            return Counted(name, "record", error=f"the table {there.name} could not be read")
    rows = source.of(table.name, [_any_cell(evaluation, table, link)]).table
    matched, nowhere, unread = reached(rows, link)
    counts = evaluation.session.scalars(
        rows, all=rows.count(), passed=total(matched), failed=total(nowhere), unknown=total(unread)
    )
    found: tuple[sql.Table, ...] = ()
    if counts["failed"]:
        found = (_findings(evaluation, table, link, name, rows.filter(nowhere).select("row")),)
    judged = counts["passed"] + counts["failed"] + counts["unknown"]
    blank = counts["all"] - judged
    return Counted(name, "record", counts["passed"], counts["failed"], counts["unknown"], blank, findings=found)


def _any_cell(evaluation: Evaluation, table: Table, link: Link) -> Linked:
    """A cell of the row that the link reaches."""
    column = evaluation.study.tables[link.target].columns[link.target_columns[0]]
    grain = frozenset({table.name})
    return Linked(type=column.type, grain=grain, relation=table.name, link=link.name, name=column.name)


def _findings(evaluation: Evaluation, table: Table, link: Link, name: str, failing: sql.Table) -> sql.Table:
    return record_findings(
        evaluation,
        table.name,
        failing,
        rule=name,
        kind="link",
        severity="error",
        message=message(evaluation.study.language, "link", column=" and ".join(link.columns), target=link.target),
        columns=[name for name in link.columns if name in table.columns],
    )
