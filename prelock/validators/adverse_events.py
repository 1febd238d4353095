"""Adverse events: category, treatment-emergent, serious, grade; and the events and patients of each category.

What counts in the summary: events that are treatment-emergent for sure, of patients who belong to the population for
sure. Where the study has no rule for treatment-emergent, every event counts.
"""

from __future__ import annotations

from typing import NamedTuple

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation, RowView
from prelock.rules.nodes import Column
from prelock.rules.types import PATIENT
from prelock.study.definition import AdverseEvents
from prelock.validators.adverse_event_summary import summary
from prelock.validators.counted import Counted
from prelock.validators.event_findings import event_findings
from prelock.validators.event_grades import graded
from prelock.validators.reconcile import reconcile
from prelock.validators.records_found import record_key, records
from prelock.validators.shapes import arrow_table, empty, shaped, yes_no
from prelock.validators.terms import place

AS_REPORTED = "as reported"


class Events(NamedTuple):
    """The two results, the findings that placing the terms raised, and the checks of events against values."""

    tables: dict[str, sql.Table]
    findings: list[sql.Table]
    checks: list[Counted]


def adverse_events(evaluation: Evaluation) -> Events:
    """`adverse_events` and `adverse_event_summary`."""
    section = evaluation.study.adverse_events
    names = ("adverse_events", "adverse_event_summary")
    if section is None:
        return Events({name: empty(evaluation.session, name) for name in names}, [], [])
    events = evaluation.session.materialise(_events(evaluation, section))
    grades = graded(evaluation, section, events)
    told = events if grades is None else events.left_join(grades, "row")
    table = evaluation.session.materialise(_result(evaluation, section, told, grades is not None))
    tables = dict(zip(names, (table, summary(evaluation, section, table)), strict=True))
    return Events(tables, event_findings(evaluation, section, events), reconcile(evaluation, section, events))


def _events(evaluation: Evaluation, section: AdverseEvents) -> sql.Table:
    """One row an event: row, patient, term, category, emergent, serious, onset (a known day), grade as reported."""
    nodes = [node for node in (section.emergent, section.serious) if node is not None]
    rows = RowView(evaluation.frames.rows(section.source, nodes, (), evaluation.view))
    nothing = sql.literal("")
    onset = _read(evaluation, rows, section, section.onset)
    found = rows.table.select(
        row=rows.table["row"],
        patient=rows.table["patient"],
        term=rows.table[section.term].fill_null(""),
        emergent=nothing if section.emergent is None else yes_no(_emergent(evaluation, rows, section)),
        serious=nothing if section.serious is None else yes_no(rows.truth(section.serious)),
        onset=sql.null("date") if onset is None else onset,
        written=_grade(evaluation, rows, section),
    )
    placed = place(_terms(evaluation, found), section.categories)
    columns = {"term": "string", "category": "string", "fits": "string", "several": "boolean"}
    cells = [{**p._asdict(), "fits": ", ".join(p.fits), "several": len(p.fits) > 1} for p in placed]
    return found.left_join(arrow_table(evaluation.session, columns, cells), "term")


def _grade(evaluation: Evaluation, rows: RowView, section: AdverseEvents) -> sql.Value:
    """The grade as reported."""
    name = section.grade_column
    return sql.literal("") if name is None else rows.shown(_column(evaluation, section, name))


def _column(evaluation: Evaluation, section: AdverseEvents, name: str) -> Column:
    spec = evaluation.study.tables[section.source].columns[name]
    return Column(relation=section.source, name=name, type=spec.type, grain=PATIENT | {section.source})


def _read(evaluation: Evaluation, rows: RowView, section: AdverseEvents, name: str | None) -> sql.Value | None:
    """The onset where it is one certain day, else null."""
    if name is None:
        return None
    value = rows.value(_column(evaluation, section, name))
    day = value.low.date() if value.low.type().is_timestamp() else value.low
    top = value.top.date() if value.top.type().is_timestamp() else value.top
    return sql.cases((day == top, day), else_=sql.null("date"))


def _emergent(evaluation: Evaluation, rows: RowView, section: AdverseEvents) -> sql.Value:
    """The rule; where it is open because the onset is missing, the event counts if the study says so."""
    assert section.emergent is not None
    truth = rows.truth(section.emergent)
    if section.onset is None or section.onset_missing != "counted":
        return truth
    missing = rows.value(_column(evaluation, section, section.onset)).missing()
    return sql.cases((truth.isnull() & missing.fill_null(False), True), else_=truth)


def _terms(evaluation: Evaluation, events: sql.Table) -> list[str]:
    """The distinct terms, in a stated order."""
    return sorted(term for (term,) in evaluation.session.rows(events.select("term").distinct()))


def _result(evaluation: Evaluation, section: AdverseEvents, events: sql.Table, measured: bool) -> sql.Table:
    """The contract's rows: a reported grade stands; else the one from the measure."""
    keyed = records(evaluation, section.source)
    keys = keyed.select(at=keyed["row"], key=record_key(evaluation, section.source, keyed))
    rows = events.inner_join(keys, events["row"] == keys["at"])
    reported = rows["written"].try_cast("int64")
    none, nothing = sql.null("int64"), sql.literal("")
    lab, scale = (rows["lab_grade"], rows["scale"]) if measured else (none, nothing)
    grading = sql.cases((reported.notnull(), AS_REPORTED), (lab.notnull(), scale), else_="")
    return shaped(
        rows,
        "adverse_events",
        patient=rows["patient"],
        key=rows["key"],
        term=rows["term"],
        category=rows["category"],
        treatment_emergent=rows["emergent"],
        serious=rows["serious"],
        grade=sql.coalesce(reported, lab),
        grading=grading,
    )


__all__ = ["Events", "adverse_events"]
