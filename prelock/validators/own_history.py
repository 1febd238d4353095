"""Values that lie far from all others of the same patient and measure: a unit or a decimal point that slipped."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine import sql
from prelock.engine.values import either
from prelock.rules.nodes import Column
from prelock.study.definition import Measure
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.measure_ranges import factor_of
from prelock.validators.messages import message
from prelock.validators.records_found import gathered, record_findings
from prelock.validators.shapes import total


def own_history(source: CheckRows) -> Iterator[Counted]:
    """A check for each measure with `own history`.

    A value fails that lies more than so many times above or below every other value of the patient, in the measure's
    unit. What is blank, not positive or the patient's only value is not applicable; a censored value, and one whose
    unit is not known, is unknown, and is not compared with either.
    """
    for measure in source.evaluation.study.measures.values():
        if measure.own_history is not None and not measure.derived:
            yield _measure(source, measure)


def _measure(source: CheckRows, measure: Measure) -> Counted:
    evaluation, name = source.evaluation, f"{measure.name}: own history"
    table, grain = source.table(measure.relation), source.grain(measure.relation)
    if not evaluation.clean[table].present:
        return Counted(name, grain, error=f"the table {table} could not be read")
    rows = evaluation.session.materialise(_values(source, measure))
    usable = rows.filter(rows["value"].notnull() & rows["patient"].notnull())
    far = evaluation.session.materialise(_far(usable, float(measure.own_history or 1)))
    counts = evaluation.session.scalars(
        rows, all=rows.count(), outside=total(rows["outside"]), unknown=total(rows["open"])
    )
    judged = evaluation.session.scalars(far, failed=total(far["far"]), passed=total(~far["far"] & ~far["alone"]))
    outside = counts["all"] - counts["unknown"] - judged["failed"] - judged["passed"]
    found: tuple[sql.Table, ...] = ()
    if judged["failed"]:
        found = (_findings(source, measure, name, far.filter(far["far"])),)
    return Counted(name, grain, judged["passed"], judged["failed"], counts["unknown"], outside, findings=found)


def _values(source: CheckRows, measure: Measure) -> sql.Table:
    """`row`, `patient`, the exact positive `value` in the measure's unit, and why there is none."""
    nodes = [measure.value] if measure.where is None else [measure.value, measure.where]
    view = source.of(measure.relation, nodes)
    found = view.value(measure.value)
    number = found.low * factor_of(view, measure)
    exact = found.known() & number.notnull()
    applies = sql.literal(True) if measure.where is None else view.truth(measure.where).fill_null(False)
    missing = found.missing().fill_null(False) | either(found.na)
    mine = view.table.select(
        "row",
        "patient",
        value=sql.cases((exact & (number > 0), number), else_=sql.null("float64")),
        outside=missing | (exact & (number <= 0)).fill_null(False),
        applies=applies,
    )
    mine = mine.filter(mine["applies"] & mine["row"].notnull())
    return mine.mutate(open=mine["value"].isnull() & ~mine["outside"])


def _far(usable: sql.Table, times: float) -> sql.Table:
    """Beside each value whether it is the patient's only one, and whether its nearest neighbours are too far."""
    rows, value, row = usable, usable["value"], usable["row"]
    up = sql.window(group_by=rows["patient"], order_by=[value.asc(), row.asc()])
    down = sql.window(group_by=rows["patient"], order_by=[value.desc(), row.desc()])  # the same order backwards
    rows = rows.mutate(
        below=value.lag().over(up),
        above=value.lag().over(down),
        n=rows.count().over(sql.window(group_by=rows["patient"])),
    )
    high = rows["below"].isnull() | ((rows["value"] / rows["below"]).round(9) > times)
    low = rows["above"].isnull() | ((rows["above"] / rows["value"]).round(9) > times)
    alone = rows["n"] == 1
    return rows.select("row", "patient", "n", alone=alone, far=high & low & ~alone)


def _findings(source: CheckRows, measure: Measure, name: str, far: sql.Table) -> sql.Table:
    """One finding a value; of a patient's only two values nobody knows which is wrong: one finding for both."""
    evaluation = source.evaluation
    first = far["row"].min().over(sql.window(group_by=far["patient"]))
    told = far.mutate(who=sql.cases((far["n"] == 2, first), else_=far["row"])).select("row", "who")
    columns = [measure.value.name] if isinstance(measure.value, Column) else []
    if measure.unit_column is not None:
        columns.append(measure.unit_column)
    table = source.table(measure.relation)
    return record_findings(
        evaluation,
        table,
        gathered(evaluation, table, evaluation.session.materialise(told), ["who"], columns[0] if columns else ""),
        rule=name,
        kind="own history",
        severity="warning",
        message=message(evaluation.study.language, "own history", measure=measure.name, times=str(measure.own_history)),
        columns=columns,
    )
