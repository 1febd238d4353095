"""Links: a record's link reaches a row of its target. A target with two such rows is a repeated key, told there."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.study.definition import Link, Table
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.records_found import record_findings
from prelock.validators.relations.keys import compared
from prelock.validators.shapes import total


def links(source: CheckRows) -> Iterator[Counted]:
    """A check for each declared link. A blank one applies to nothing."""
    evaluation = source.evaluation
    for table in evaluation.study.tables.values():
        for link in table.links.values():
            yield _link(evaluation, table, link)


def _link(evaluation: Evaluation, table: Table, link: Link) -> Counted:
    name = f"{table.name}: {link.column} is in {link.target}"
    clean, target = evaluation.clean[table.name], evaluation.clean[link.target]
    for there in (clean, target):
        if not there.present:
            return Counted(name, "record", error=f"the table {there.name} could not be read")
    rows = _matched(evaluation, table, link)
    written, matched = rows["key"].notnull(), rows["there"].notnull()
    counts = evaluation.session.scalars(
        rows, passed=total(written & matched), failed=total(written & ~matched), blank=total(~written)
    )
    found: tuple[sql.Table, ...] = ()
    if counts["failed"]:
        failing = rows.filter(written & ~matched).select("row")
        found = (_findings(evaluation, table, link, name, failing),)
    return Counted(name, "record", counts["passed"], counts["failed"], 0, counts["blank"], findings=found)


def _matched(evaluation: Evaluation, table: Table, link: Link) -> sql.Table:
    rel, other = evaluation.clean[table.name].rel, evaluation.clean[link.target].rel
    target = evaluation.study.tables[link.target]
    keys = other.select(key=compared(evaluation, target, link.target_column, other)).distinct().mutate(there=True)
    return rel.select("row", key=compared(evaluation, table, link.column, rel)).left_join(keys, "key")


def _findings(evaluation: Evaluation, table: Table, link: Link, name: str, failing: sql.Table) -> sql.Table:
    return record_findings(
        evaluation,
        table.name,
        failing,
        rule=name,
        kind="link",
        severity="error",
        message=message(evaluation.study.language, "link", column=link.column, target=link.target),
        columns=[link.column],
    )
