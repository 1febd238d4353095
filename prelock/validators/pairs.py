"""Findings about two rows that don't go together: one a pair, at the record whose key comes first."""

from __future__ import annotations

from collections.abc import Sequence

from prelock.engine import sql
from prelock.study.definition import Check
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.records_found import cell, record_findings, record_key, records


def pair_findings(source: CheckRows, check: Check, pairs: sql.Table, columns: Sequence[str]) -> sql.Table:
    """A finding for each of `pairs` (`row`, `other`) at its first record; the other one's first cell is related."""
    evaluation, table = source.evaluation, check.relation
    placed = records(evaluation, table)
    told = cell(evaluation, table, columns[0] if columns else "", placed)
    known = placed.select(place=placed["row"], key=record_key(evaluation, table, placed), told=told)
    other = known.view().rename(other_place="place", other_key="key", other_told="told")
    both = pairs.inner_join(known, pairs["row"] == known["place"])
    both = both.select("row", "other", "key", "told")
    both = both.inner_join(other, both["other"] == other["other_place"])
    swap = (both["other_key"] < both["key"]) | ((both["other_key"] == both["key"]) & (both["other"] < both["row"]))
    failing = both.select(
        row=sql.cases((swap, both["other"]), else_=both["row"]),
        related=sql.cases((swap, both["told"]), else_=both["other_told"]),
        apart=sql.cases((swap, both["key"]), else_=both["other_key"]),
    )
    return record_findings(
        evaluation,
        table,
        evaluation.session.materialise(failing),
        rule=check.name,
        kind=check.kind,
        severity=check.severity,
        message=check.say or message(evaluation.study.language, check.kind, rule=check.source),
        columns=columns,
    )
