"""What evaluating raised (conflicts, rows in doubt, units, totals that disagree), as findings of the contract."""

from __future__ import annotations

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.engine.raised import Points, raised
from prelock.engine.telling import joined
from prelock.validators.records_found import gathered, record_key, records, written
from prelock.validators.shapes import shaped, total, union

BY = ("rule", "kind", "who")
PLACES = r" \([^()]*rows [^()]*\)$"  # the rows stand in `row` and `related_cells`, which may change with their order


def engine_findings(evaluation: Evaluation) -> list[sql.Table]:
    """The findings that the evaluation holds, one table a relation."""
    found = raised(evaluation.study, evaluation.view, evaluation.frames, _in_doubt(evaluation))
    if not found:
        return []
    stored = evaluation.session.materialise(union(found))
    relations = sorted(name for (name,) in evaluation.session.rows(stored.select("table").distinct()))
    return [_of_relation(evaluation, name, stored.filter(stored["table"] == name)) for name in relations]


def _in_doubt(evaluation: Evaluation) -> Points:
    """The measures at timepoints where a choice was in doubt for anyone, told in one pass: most have none."""
    looked = {key: fold for key, fold in evaluation.points.items() if fold.looked}
    if not looked:
        return {}
    table, flags = evaluation.patients, {}
    for i, fold in enumerate(looked.values()):
        doubt = table[fold.name("status")].isin(["conflict", "doubtful"]) | table[fold.name("passed over")].notnull()
        flags[f"p{i}"] = total(doubt)
    counts = evaluation.session.scalars(table, **flags)
    return {key: fold for i, (key, fold) in enumerate(looked.items()) if counts[f"p{i}"]}


def _of_relation(evaluation: Evaluation, relation: str, found: sql.Table) -> sql.Table:
    """The record that stands for each finding does not depend on the order of the file."""
    table, grouped = evaluation.frames.table_of(relation), relation in evaluation.study.groups
    who = sql.cases((found["rows"] == "", found["row"].cast("string")), else_=found["patient"].fill_null(""))
    rows = sql.cases((found["rows"] == "", found["row"].cast("string")), else_=found["rows"])
    found = found.mutate(who=who, all=rows)
    listed = found.select("rule", "kind", "who", row=found["all"].split(", ").unnest())
    members = listed.mutate(row=listed["row"].try_cast("int64"))
    members = members.filter(members["row"].notnull())
    firsts = gathered(evaluation, table, members, BY).rename(at="row")
    told = found.drop("row", "rows", "table").inner_join(firsts, BY)
    told, placed = told.drop("patient"), records(evaluation, table)
    found = told.inner_join(placed, told["at"] == placed["row"])
    key = evaluation.study.groups[relation].key if grouped else None
    return shaped(
        found,
        "findings",
        rule=found["rule"],
        kind=found["kind"],
        severity=found["severity"],
        grain=sql.cases((found["grain"] == "patient", "patient"), else_="group" if grouped else "record"),
        table=table,
        file=evaluation.clean[table].file,
        row=found["row"],
        line=found["line"],
        key=record_key(evaluation, table, found, key),
        patient=found["patient"],
        column=found["column"],
        value=_value(evaluation, table, found),
        related_cells=joined([found["related"]]),
        message=found["message"].re_replace(PLACES, "") + ".",
        touches=found["column"],
        apart=sql.literal(""),
    )


def _value(evaluation: Evaluation, table: str, found: sql.Table) -> sql.Value:
    """The cell as written where the finding's column is one of the table, else as the rule saw it."""
    names = [name for (name,) in evaluation.session.rows(found.select("column").distinct())]
    declared = [name for name in names if name in evaluation.study.tables[table].columns]
    cells = [(found["column"] == name, written(evaluation, table, name, found)) for name in sorted(declared)]
    return sql.cases(*cells, else_=found["value"]) if cells else found["value"]
