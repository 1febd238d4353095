"""All findings of a run: one a problem, each with an id that does not depend on where its record stands."""

from __future__ import annotations

from collections.abc import Iterable

from prelock.engine import sql
from prelock.engine.compile import zero_node
from prelock.engine.evaluate import Evaluation
from prelock.results import TABLES
from prelock.validators.decides import decided
from prelock.validators.file_rows import with_file_rows
from prelock.validators.once import told_once
from prelock.validators.placed import placed
from prelock.validators.records_found import BETWEEN
from prelock.validators.shapes import dtypes, union

ID_LENGTH = 16


def findings(evaluation: Evaluation, found: Iterable[sql.Table]) -> sql.Table:
    """The `findings` result, from tables with the contract's columns (and perhaps `touches` and `apart`)."""
    stored = evaluation.session.materialise(union(_complete(table) for table in found))
    once = evaluation.session.materialise(
        told_once(stored, _day_zero_unknown(evaluation), _members(evaluation, stored))
    )
    named = identified(placed(evaluation, decided(evaluation, once)))
    named = with_file_rows(evaluation.study, named)
    return evaluation.session.materialise(named.select(*TABLES["findings"].names))


def _day_zero_unknown(evaluation: Evaluation) -> sql.Table | None:
    """Patients whose day zero nobody can tell, in column `patient`; None where the study has no day zero."""
    node = zero_node(evaluation.study)
    if node is None:
        return None
    return evaluation.patients.filter(~evaluation.value(node).known()).select("patient")


def _members(evaluation: Evaluation, stored: sql.Table) -> sql.Table | None:
    """Which rows belong to the groups of tables with a finding: table, row, and the group's first row."""
    tables = {name for (name,) in evaluation.session.rows(stored.select("table").distinct())}
    parts = []
    for name, group in evaluation.study.groups.items():
        if group.table in tables:
            gathered, rows = evaluation.frames.own(name, evaluation.view), evaluation.frames.own(group.table)
            keys = ["patient", *group.key]
            firsts = gathered.table.select(*keys, first=gathered.table["row"])
            joined = rows.table.select(*keys, "row").inner_join(firsts, keys)
            parts.append(joined.select("row", "first", table=sql.literal(group.table)))
    return union(parts) if parts else None


def _complete(table: sql.Table) -> sql.Table:
    """The contract's columns and the internal ones: a finding touches its own column unless it says otherwise."""
    touches = table["touches"] if "touches" in table.columns else table["column"]
    apart = table["apart"] if "apart" in table.columns else sql.literal("")
    cells = {name: table[name].cast(dtype) for name, dtype in dtypes("findings").items()}
    return table.select(**cells, touches=touches, apart=apart)


def identified(table: sql.Table) -> sql.Table:
    """Ids from rule, table, declared key and column; where those are equal, numbered in the order of what they say."""
    parts = ["rule", "table", "key", "column", "apart"]
    order = ["patient", "value", "message", "related_cells", "row"]
    number = sql.row_number().over(sql.window(group_by=parts, order_by=order)) - 1
    numbered = table.mutate(number=number)
    text = sql.literal(BETWEEN).join([numbered[part] for part in parts])
    repeat = sql.cases((numbered["number"] > 0, sql.literal(BETWEEN) + numbered["number"].cast("string")), else_="")
    return numbered.mutate(finding_id=(text + repeat).sha256().substr(0, ID_LENGTH)).drop("number")
