"""All findings of a run: one a problem, each with an id that does not depend on where its record stands."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from prelock.engine.compile import zero_node
from prelock.engine.evaluate import Evaluation
from prelock.results import TABLES
from prelock.validators.decides import decided
from prelock.validators.once import told_once
from prelock.validators.records_found import BETWEEN
from prelock.validators.shapes import dtypes, union

ID_LENGTH = 16


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def sha256(text: str) -> str:
    """The digest in hexadecimal."""
    return text


def findings(evaluation: Evaluation, found: Iterable[ir.Table]) -> ir.Table:
    """The `findings` result, from tables with the contract's columns (and perhaps `touches` and `apart`)."""
    stored = evaluation.session.materialise(union(_complete(table) for table in found))
    once = evaluation.session.materialise(
        told_once(stored, _day_zero_unknown(evaluation), _members(evaluation, stored))
    )
    named = identified(decided(evaluation, once))
    return evaluation.session.materialise(named.select(*TABLES["findings"].names))


def _day_zero_unknown(evaluation: Evaluation) -> ir.Table | None:
    """Patients whose day zero nobody can tell, in column `patient`; None where the study has no day zero."""
    node = zero_node(evaluation.study)
    if node is None:
        return None
    return evaluation.patients.filter(~evaluation.value(node).known()).select("patient")


def _members(evaluation: Evaluation, stored: ir.Table) -> ir.Table | None:
    """Which rows belong to the groups of tables with a finding: table, row, and the group's first row."""
    tables = {name for (name,) in evaluation.session.rows(stored.select("table").distinct())}
    parts = []
    for name, group in evaluation.study.groups.items():
        if group.table in tables:
            gathered, rows = evaluation.frames.own(name, evaluation.view), evaluation.frames.own(group.table)
            keys = ["patient", *group.key]
            firsts = gathered.table.select(*keys, first=gathered.table["row"])
            joined = rows.table.select(*keys, "row").inner_join(firsts, keys)
            parts.append(joined.select("row", "first", table=ibis.literal(group.table)))
    return union(parts) if parts else None


def _complete(table: ir.Table) -> ir.Table:
    """The contract's columns and the internal ones: a finding touches its own column unless it says otherwise."""
    touches = table["touches"] if "touches" in table.columns else table["column"]
    apart = table["apart"] if "apart" in table.columns else ibis.literal("")
    cells = {name: table[name].cast(dtype) for name, dtype in dtypes("findings").items()}
    return table.select(**cells, touches=touches, apart=apart)


def identified(table: ir.Table) -> ir.Table:
    """Ids from rule, table, declared key and column; where those are equal, numbered in the order of what they say."""
    parts = ["rule", "table", "key", "column", "apart"]
    order = ["patient", "value", "message", "related_cells", "row"]
    number = ibis.row_number().over(ibis.window(group_by=parts, order_by=order))
    numbered = table.mutate(number=number)
    text = ibis.literal(BETWEEN).join([numbered[part] for part in parts])
    repeat = ibis.cases((numbered["number"] > 0, ibis.literal(BETWEEN) + numbered["number"].cast("string")), else_="")
    return numbered.mutate(finding_id=sha256(text + repeat).substr(0, ID_LENGTH)).drop("number")
