"""Where a finding belongs, for those who work through a list: the visit of its record, the site of its patient."""

from __future__ import annotations

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation, RowView
from prelock.rules.nodes import Column
from prelock.rules.types import PATIENT
from prelock.study.definition import StudyDefinition
from prelock.validators.records_found import records, written
from prelock.validators.shapes import union


def placed(evaluation: Evaluation, findings: sql.Table) -> sql.Table:
    """The findings with `visit` and `site` filled in where the study says which columns these are."""
    names = findings.columns
    visits, sites = _visits(evaluation, findings), _sites(evaluation)
    if visits is not None:
        found = findings.drop("visit").left_join(visits, ["table", "row"])
        findings = found.mutate(visit=found["visit"].fill_null("")).select(*names)
    if sites is not None:
        found = findings.drop("site").left_join(sites, "patient")
        findings = found.mutate(site=found["site"].fill_null("")).select(*names)
    return findings


def _visits(evaluation: Evaluation, findings: sql.Table) -> sql.Table | None:
    """`table`, `row` and `visit` of each row of a table that says its visit: its code, else what is written there."""
    tables = sorted(name for (name,) in evaluation.session.rows(findings.select("table").distinct()))
    parts = []
    for name in tables:
        visit = evaluation.study.tables[name].visit if name in evaluation.study.tables else None
        if visit is not None and evaluation.clean[name].present:
            view = RowView(evaluation.frames.own(name))
            shown = view.table.select(at=view.table["row"], shown=view.shown(_column(evaluation.study, name, visit)))
            raw = records(evaluation, name, findings.filter(findings["table"] == name))
            there = raw.select("row", told=written(evaluation, name, visit, raw))
            both = there.left_join(shown.filter(shown["at"].notnull()), there["row"] == shown["at"])
            told = sql.cases((both["shown"].fill_null("") != "", both["shown"]), else_=both["told"])
            parts.append(both.select("row", table=sql.literal(name), visit=told))
    return evaluation.session.materialise(union(parts)) if parts else None


def _sites(evaluation: Evaluation) -> sql.Table | None:
    """`patient` and `site` of each patient."""
    if evaluation.study.site is None:
        return None
    shown = evaluation.shown(_column(evaluation.study, *evaluation.study.site))
    return evaluation.session.materialise(evaluation.patients.select("patient", site=shown))


def _column(study: StudyDefinition, table: str, name: str) -> Column:
    return Column(relation=table, name=name, type=study.tables[table].columns[name].type, grain=PATIENT | {table})
