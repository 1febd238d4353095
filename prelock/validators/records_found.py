"""Findings about records: where each stands in its file, its declared key, and its cells as they were written."""

from __future__ import annotations

from collections.abc import Sequence

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.engine.telling import joined
from prelock.validators.file_rows import file_row
from prelock.validators.shapes import shaped

BETWEEN = "\x1f"  # between the parts of internal columns


def written(evaluation: Evaluation, table: str, name: str, rows: sql.Table) -> sql.Value:
    """The cells of a declared column as text; `rows` holds the raw table's columns. Empty if the file has it not."""
    spec = evaluation.study.tables[table].columns.get(name)
    raw = evaluation.raw[table]
    if spec is None or spec.header not in raw.columns:
        return sql.literal("")
    return rows[raw.columns[spec.header]].cast("string").fill_null("")


def record_key(evaluation: Evaluation, table: str, rows: sql.Table, key: Sequence[str] | None = None) -> sql.Value:
    """The declared key, `column=value` parts joined by `, `; `rows` holds the raw table's columns."""
    names = evaluation.study.tables[table].key if key is None else key
    parts = [sql.literal(f"{name}=") + written(evaluation, table, name, rows) for name in names]
    return sql.literal(", ").join(parts) if len(parts) > 1 else parts[0] if parts else sql.literal("")


def records(
    evaluation: Evaluation, table: str, wanted: sql.Table | None = None, cells: Sequence[str] | None = None
) -> sql.Table:
    """The raw table's columns with the clean table's `patient`, one row a record (that of `wanted`, by its `row`).

    `cells` are the declared columns that are of use beside the key (None: all).
    """
    raw, clean = evaluation.raw[table].rel, evaluation.clean[table].rel.select("row", "patient")
    if wanted is not None:
        raw, clean = raw.only("row", wanted["row"]), clean.only("row", wanted["row"])
    kept = raw.drop("patient") if "patient" in raw.columns else raw
    if cells is not None:
        declared, headers = evaluation.study.tables[table], evaluation.raw[table].columns
        names = [declared.columns[name].header for name in (*declared.key, *cells) if name in declared.columns]
        kept = kept.select("row", "line", *dict.fromkeys(headers[name] for name in names if name in headers))
    return kept.left_join(clean, "row")


def record_findings(
    evaluation: Evaluation,
    table: str,
    failing: sql.Table,
    *,
    rule: str,
    kind: str,
    severity: str,
    message: str,
    columns: Sequence[str] = (),
    grain: str = "record",
    key: Sequence[str] | None = None,
    touches: Sequence[str] | None = None,
    beside: sql.Table | None = None,
) -> sql.Table:
    """A finding for each row of `failing`: `row`, and if it has them `related` (cells elsewhere), `value`,
    `said` (a message of its own) and `apart` (what tells findings of one key apart).

    The finding stands at the first of `columns`; the other cells of the record are related ones. `key` names the
    columns of its key where that is not the table's (a group's); `touches` the columns that may be wrong, where these
    are not `columns`. `beside` holds the `records` of at least these rows, if they are at hand already. Two columns
    beside the contract's, `touches` and `apart`, serve `findings` and go no further.
    """
    found = failing.inner_join(records(evaluation, table, failing) if beside is None else beside, "row")
    declared = evaluation.study.tables[table].columns
    cells = [cell(evaluation, table, name, found) for name in columns[1:] if name in declared]
    related = [*cells, found["related"]] if "related" in failing.columns else cells
    first = columns[0] if columns else ""
    return shaped(
        found,
        "findings",
        rule=rule,
        kind=kind,
        severity=severity,
        grain=grain,
        table=table,
        file=evaluation.clean[table].file,
        row=found["row"],
        line=found["line"],
        key=record_key(evaluation, table, found, key),
        patient=found["patient"],
        column=first,
        value=found["value"] if "value" in failing.columns else written(evaluation, table, first, found),
        related_cells=joined(related) if related else "",
        message=found["said"] if "said" in failing.columns else message,
        touches=sql.literal(BETWEEN.join(columns if touches is None else touches)),
        apart=found["apart"] if "apart" in failing.columns else sql.literal(""),
    )


def cell(evaluation: Evaluation, table: str, name: str, rows: sql.Table) -> sql.Value:
    """A related cell: `file row N column = value`; without a column the record as a whole."""
    row = file_row(evaluation.study.tables[table], rows["row"])
    place = sql.literal(f"{evaluation.clean[table].file} row ") + row.cast("string")
    return place + f" {name} = " + written(evaluation, table, name, rows) if name else place


def gathered(
    evaluation: Evaluation,
    table: str,
    members: sql.Table,
    by: Sequence[str],
    column: str = "",
    rank: Sequence[str] = (),
) -> sql.Table:
    """One `row` for each group of `members` (`row` and the columns `by`), the others told in `related`.

    Which record stands for the group does not depend on their order in the file: the first by `rank`, key, patient
    and visit, which the finding shows. With `rank` only records that differ from the first in it are told. The columns
    `by` are kept.
    """
    members = evaluation.session.materialise(members)
    placed = members.inner_join(records(evaluation, table, members), "row")
    placed = placed.select(
        "row",
        *by,
        *rank,
        **{
            "~key": record_key(evaluation, table, placed),
            "~patient": placed["patient"],
            "~visit": written(evaluation, table, evaluation.study.tables[table].visit or "", placed),
            "~told": cell(evaluation, table, column, placed),
        },
    )
    window = sql.window(group_by=list(by), order_by=[*rank, "~key", "~patient", "~visit", "row"])
    firsts = {f"~{name}": placed[name].first().over(window) for name in ("row", *rank)}
    placed = placed.mutate(**firsts)
    other = placed["row"] != placed["~row"]
    if rank:
        other = other & sql.or_(*(placed[name] != placed[f"~{name}"] for name in rank))
    related = placed["~told"].group_concat(sep="; ", where=other, order_by=[placed["row"]])
    found = placed.group_by("~row", *by).aggregate(related=related)
    told = found.mutate(related=found["related"].fill_null(""))
    return evaluation.session.materialise(told.rename(row="~row"))


__all__ = ["BETWEEN", "cell", "gathered", "record_findings", "record_key", "records", "written"]
