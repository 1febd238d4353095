"""Keys: there is one record for each, and further keys do not repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.engine.sources.raw import column_name
from prelock.study.definition import ColumnKind, Table
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.records_found import BETWEEN, gathered, record_findings
from prelock.validators.shapes import total

AT_A_TIME = 4_000_000  # rows of a table whose keys are counted in one go


def keys(source: CheckRows) -> Iterator[Counted]:
    """A check for each key of each table. A record whose key is incomplete can't be judged."""
    evaluation = source.evaluation
    for table in evaluation.study.tables.values():
        for columns in (table.key, *table.unique):
            if columns:
                yield _key(evaluation, table, columns)


def compared(evaluation: Evaluation, table: Table, name: str, rows: sql.Table) -> sql.Value:
    """A clean column in the form in which it compares: patients by their key, texts folded.

    A partial date or a censored number is no one value, so it repeats none: null, and counted as unknown.
    """
    if name == table.patient_column:
        return rows["patient"]
    clean = evaluation.clean[table.name]
    own, folded = column_name(name), f"{column_name(name)}|fold"
    if name in clean.facts and clean.facts[name].interval:
        certain = (rows[own] == rows[f"{own}|high"]).fill_null(False)
        return sql.cases((certain, rows[own]), else_=sql.null(rows[own].type()))
    return rows[folded] if folded in rows.columns and name in clean.facts else rows[own]


def recorded(evaluation: Evaluation, table: Table, name: str, rows: sql.Table) -> sql.Value:
    """As `compared`, but for a censored result, which agrees with one that was recorded just so."""
    clean, own = evaluation.clean[table.name], column_name(name)
    if table.columns[name].kind is not ColumnKind.RESULT or not clean.facts[name].interval:
        return compared(evaluation, table, name, rows)
    parts = [rows[f"{own}{part}"].cast("string").fill_null("") for part in ("", "|high", "|low_open", "|high_open")]
    some = rows[own].notnull() | rows[f"{own}|high"].notnull()
    return sql.cases((some, sql.literal(BETWEEN).join(parts)), else_=sql.null("string"))


def _key(evaluation: Evaluation, table: Table, columns: Sequence[str]) -> Counted:
    name = f"{table.name}: one row for each {', '.join(columns)}"
    clean = evaluation.clean[table.name]
    absent = [c for c in columns if c != table.patient_column and column_name(c) not in clean.rel.columns]
    if not clean.present or absent:
        return Counted(name, "record", error=f"the table {table.name} could not be read")
    keys = {f"key|{i}": compared(evaluation, table, c, clean.rel) for i, c in enumerate(columns)}
    rows = clean.rel.select("row", own=declared_key(evaluation, table, clean.rel), **keys)
    repeated = _repeated(evaluation, rows, list(keys), evaluation.raw[table.name].rows, columns != table.key)
    unknown = total(~sql.and_(*(rows[part].notnull() for part in keys)))
    counts = evaluation.session.scalars(rows, all=rows.count(), unknown=unknown)
    failed = evaluation.session.scalars(repeated, n=repeated["n"].sum().fill_null(0))["n"]
    if columns != table.key:  # records entered twice repeat every key: told of the declared one
        repeated = repeated.filter(repeated["several"])
    found = (_findings(evaluation, table, columns, name, rows, repeated),) if failed else ()
    passed = counts["all"] - counts["unknown"] - failed
    return Counted(name, "record", passed, failed, counts["unknown"], findings=found)


def _repeated(evaluation: Evaluation, rows: sql.Table, keys: Sequence[str], count: int, named: bool) -> sql.Table:
    """Each complete key that stands on several rows, with their number and (`named`) whether they are several records.

    Of very many rows a part of the keys at a time, so that the memory it takes does not grow with the table.
    """
    whole = rows.filter(*(rows[key].notnull() for key in keys))
    shares = -(-count // AT_A_TIME) if evaluation.session.name == "duckdb" else 1
    found = []
    for share in range(max(1, shares)):
        part = whole.filter(sql.bucket([whole[key] for key in keys], shares) == share) if shares > 1 else whole
        told = {"several": part["own"].min().differs(part["own"].max())} if named else {}
        groups = part.group_by(keys).aggregate(n=part.count(), **told)
        found.append(evaluation.session.materialise(groups.filter(groups["n"] > 1)))
    return sql.union(*found)


def declared_key(evaluation: Evaluation, table: Table, rows: sql.Table) -> sql.Value:
    """The declared key as one text, null where a part of it is."""
    parts = [compared(evaluation, table, c, rows).cast("string") for c in table.key]
    whole = sql.and_(*(part.notnull() for part in parts))
    text = sql.literal(BETWEEN).join(parts) if len(parts) > 1 else parts[0]
    return sql.cases((whole, text), else_=rows["row"].cast("string"))


def _findings(
    evaluation: Evaluation, table: Table, columns: Sequence[str], name: str, rows: sql.Table, repeated: sql.Table
) -> sql.Table:
    """One finding a repeated key, at one of its records; the others are related cells."""
    parts = [f"key|{i}" for i in range(len(columns))]
    return record_findings(
        evaluation,
        table.name,
        gathered(evaluation, table.name, rows.inner_join(repeated.select(*parts), parts), parts),
        rule=name,
        kind="key",
        severity="error",
        message=message(evaluation.study.language, "key", columns=", ".join(columns)),
        columns=[columns[0]],
    )
