"""Events and patients of each category; the first row is any event."""

from __future__ import annotations

from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.study.definition import AdverseEvents
from prelock.validators.asked import belongs
from prelock.validators.shapes import percent, small

ANY_EVENT, NO_CATEGORY = "any event", "no category"


def summary(evaluation: Evaluation, section: AdverseEvents, events: sql.Table) -> sql.Table:
    """`adverse_event_summary`: patients count once a category; the denominator is the population's sure members."""
    inside = evaluation.truth(belongs(section.population)).fill_null(False)
    narrow = evaluation.patients.select("patient", inside=inside)
    members = evaluation.session.materialise(narrow.filter(narrow["inside"]))
    size = evaluation.session.scalars(members, n=members.count())["n"]
    counted = events.semi_join(members, "patient")
    if section.emergent is not None:
        counted = counted.filter(counted["treatment_emergent"] == "yes")
    any_event = evaluation.session.scalars(counted, **_counts(counted))
    rows = [_row(ANY_EVENT, tuple(any_event.values()), size, 0)]
    grouped = counted.group_by("category").aggregate(**_counts(counted))
    found = {category: counts for category, *counts in evaluation.session.rows(grouped)}
    for category in section.categories:
        rows.append(_row(category.name, found.get(category.name, (0, 0)), size, len(rows)))
    rows.append(_row(NO_CATEGORY, found.get("", (0, 0)), size, len(rows)))
    return small(evaluation.session, "adverse_event_summary", rows)


def _counts(events: sql.Table) -> dict[str, sql.Value]:
    return {"events": events.count(), "patients": events["patient"].nunique()}


def _row(category: str, counts: Any, size: int, order: int) -> dict[str, Any]:
    events, patients = counts
    return {
        "category": category,
        "events": events,
        "patients": patients,
        "percent": percent(patients, size),
        "denominator": size,
        "order": order,
    }
