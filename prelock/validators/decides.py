"""Which criteria and endpoints a finding bears on: those whose rule reads its cell for that patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation, RowView
from prelock.engine.telling import joined
from prelock.engine.view import LOST
from prelock.rules.nodes import Node
from prelock.study.definition import Endpoint, StudyDefinition, Table
from prelock.validators.asked import belongs
from prelock.validators.reads import Read, Reader
from prelock.validators.records_found import BETWEEN

TRUE = sql.literal(True)


def readers(study: StudyDefinition) -> dict[str, frozenset[Read]]:
    """Every criterion and endpoint, as `decides` names it, with the cells that it reads."""
    reader = Reader(study)
    found = {f"eligibility: {c.name}": reader.of(c.rule) for c in study.criteria}
    return found | {f"endpoint: {e.name}": _endpoint(reader, e) for e in study.endpoints}


def _endpoint(reader: Reader, endpoint: Endpoint) -> frozenset[Read]:
    nodes: list[Node | None] = []
    for one in endpoint.definitions:
        nodes += [belongs(one.population), one.evaluable, one.achieved, one.locf_evaluable, one.locf_achieved]
    return frozenset(read for node in nodes if node is not None for read in reader.of(node))


def decided(evaluation: Evaluation, findings: sql.Table) -> sql.Table:
    """The findings with `decides` filled in; `touches` names the columns that each finding is about."""
    by_name = readers(evaluation.study)
    tables = {name for (name,) in evaluation.session.rows(findings.select("table").distinct())}
    known = [name for name in evaluation.study.tables if name in tables]
    parts = [_of_table(evaluation, evaluation.study.tables[name], findings, by_name) for name in known]
    others = findings.filter(~findings["table"].isin(known)) if known else findings
    return sql.union(others, *parts) if parts else others


def _of_table(
    evaluation: Evaluation, table: Table, findings: sql.Table, by_name: Mapping[str, frozenset[Read]]
) -> sql.Table:
    """The findings of one table, each beside what the rules ask of its row."""
    mine = findings.filter(findings["table"] == table.name)
    reads = {name: [r for r in found if r.table == table.name] for name, found in by_name.items()}
    filters = list(dict.fromkeys(r.where for found in reads.values() for r in found if r.where is not None))
    masks = _masks(evaluation, table, mine, filters)
    rows = mine if masks is None else mine.left_join(masks, mine["row"] == masks["mask|row"])
    held: dict[Node | None, sql.Value] = {None: TRUE}
    held |= {node: TRUE if masks is None else rows[f"mask|{i}"].fill_null(True) for i, node in enumerate(filters)}
    told = [sql.cases((_reads_it(rows, table, found, held), name), else_="") for name, found in reads.items() if found]
    ours = rows["patient"].isin(evaluation.patients["patient"])
    decides = sql.cases((ours, joined(told)), else_="") if told else sql.literal("")
    return rows.select(**{name: rows[name] for name in findings.columns if name != "decides"}, decides=decides).select(
        *findings.columns
    )


def _masks(evaluation: Evaluation, table: Table, mine: sql.Table, filters: Sequence[Node]) -> sql.Table | None:
    """Whether each row with a finding could pass each filter."""
    if not filters or not evaluation.clean[table.name].present:
        return None
    view = evaluation.frames.rows(table.name, filters, (), evaluation.view)
    there = view.table.filter(~view.table[LOST]) if LOST in view.table.columns else view.table
    near = RowView(view.over(there.semi_join(mine, "row")))  # a row that could not be read might pass every filter
    masks = {f"mask|{i}": near.truth(node).fill_null(True) for i, node in enumerate(filters)}
    return evaluation.session.materialise(near.table.select(**{"mask|row": near.table["row"]}, **masks))


def _reads_it(rows: sql.Table, table: Table, reads: Sequence[Read], held: Mapping[Node | None, sql.Value]) -> sql.Value:
    """Some read is of a column that the finding touches, in a row that may count.

    A finding about a key, a patient's key or the record as a whole bears on every rule that reads the table.
    """
    touched = sql.literal(BETWEEN) + rows["touches"] + BETWEEN
    whole = [name for name in dict.fromkeys((*table.key, table.patient_column)) if name]
    any_cell = sql.or_(rows["touches"] == "", *(touched.contains(BETWEEN + name + BETWEEN) for name in whole))
    by_filter: dict[Node | None, list[str]] = {}
    for read in sorted(reads, key=lambda r: r.column):
        by_filter.setdefault(read.where, []).append(read.column)
    cells = [
        held[where] & sql.or_(*(touched.contains(BETWEEN + name + BETWEEN) for name in dict.fromkeys(names)))
        for where, names in by_filter.items()
    ]
    return sql.or_(any_cell, *cells)
