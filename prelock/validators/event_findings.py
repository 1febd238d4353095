"""Queries about events whose term fits no category, or several."""

from __future__ import annotations

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.study.definition import AdverseEvents
from prelock.validators.messages import TEXTS, message
from prelock.validators.records_found import record_findings
from prelock.validators.shapes import total


def event_findings(evaluation: Evaluation, section: AdverseEvents, events: sql.Table) -> list[sql.Table]:
    """A note for each event of no category, a warning for each of several."""
    if not section.categories:
        return []
    several = events["several"]
    none = (events["category"] == "") & (events["term"] != "")
    counts = evaluation.session.scalars(events, none=total(none), several=total(several))
    language = evaluation.study.language
    found = []
    if counts["none"]:
        text = message(language, "no category")
        found.append(_findings(evaluation, section, events.filter(none).select("row"), "no category", "note", text))
    if counts["several"]:
        before, after = TEXTS.get(language, TEXTS["en"])["two categories"].split("{categories}")
        rows = events.filter(several).select("row", said=before + events["fits"] + after)
        found.append(_findings(evaluation, section, rows, "two categories", "warning", before + after))
    return found


def _findings(
    evaluation: Evaluation, section: AdverseEvents, rows: sql.Table, kind: str, severity: str, text: str
) -> sql.Table:
    return record_findings(
        evaluation,
        section.source,
        rows,
        rule=f"adverse events: {kind}",
        kind="category",
        severity=severity,
        message=text,
        columns=[section.term],
    )
