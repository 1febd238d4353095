"""Rows of totals: a line at the end of a table that sums it up is no record of it."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.study.definition import Table
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.records_found import record_findings, written
from prelock.validators.shapes import total

WORDS = ("total", "totals", "grand total", "subtotal", "sum", "mean", "average", "合计", "总计", "小计", "共计", "平均")
FORMS = tuple(dict.fromkeys(f(word) + end for word in WORDS for f in (str, str.upper, str.capitalize, str.title)
              for end in ("", ":", "："))  )  # fmt: skip


def total_rows(source: CheckRows) -> Iterator[Counted]:
    """A check for each table: no key and no patient's key of it says `total`, in English or Chinese."""
    for table in source.evaluation.study.tables.values():
        yield _table(source.evaluation, table)


def _table(evaluation: Evaluation, table: Table) -> Counted:
    name = f"{table.name}: no row of totals"
    if not evaluation.clean[table.name].present:
        return Counted(name, "record", error=f"the table {table.name} could not be read")
    columns = list(dict.fromkeys((*table.key, *([table.patient_column] if table.patient_column else []))))
    typed = evaluation.raw[table.name].typed  # numbers and days say no word
    columns = [column for column in columns if table.columns[column].header not in typed]
    if not columns:
        clean = evaluation.clean[table.name].rel
        return Counted(name, "record", evaluation.session.scalars(clean, n=clean.count())["n"])
    rows = evaluation.raw[table.name].rel
    said = sql.or_(*(written(evaluation, table.name, column, rows).isin(FORMS) for column in columns))
    counts = evaluation.session.scalars(rows, passed=total(~said), failed=total(said))
    if not counts["failed"]:
        return Counted(name, "record", counts["passed"])
    found = record_findings(
        evaluation,
        table.name,
        evaluation.session.materialise(rows.filter(said).select("row")),
        rule=name,
        kind="total row",
        severity="error",
        message=message(evaluation.study.language, "total row"),
        columns=columns,
    )
    return Counted(name, "record", counts["passed"], counts["failed"], findings=(found,))
