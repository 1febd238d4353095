"""Events and patients of each category; the first row is any event."""

from __future__ import annotations

from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.study.definition import AdverseEvents
from prelock.validators.asked import belongs
from prelock.validators.shapes import percent, small, total

ANY_EVENT, NO_CATEGORY = "any event", "no category"


COUNTS = ("events", "patients", "unknown_events", "unknown_patients")
NONE = dict.fromkeys(COUNTS, 0)
EVERY, NO = "\x1f", ""  # what all events, and those of no category, are filed under: no study names a category so


def summary(evaluation: Evaluation, section: AdverseEvents, events: sql.Table) -> sql.Table:
    """`adverse_event_summary`: patients count once a category; the denominator is the population's sure members.

    Where the events could not be read there are no counts.
    """
    named = {category.name: category.name for category in section.categories}
    names = [(EVERY, ANY_EVENT), *named.items(), (NO, NO_CATEGORY)]
    everyone, belonging = evaluation.patients, evaluation.truth(belongs(section.population))
    inside = evaluation.session.materialise(everyone.select(member=everyone["patient"], inside=belonging))
    size = evaluation.session.scalars(inside, n=total(inside["inside"].fill_null(False)))["n"]
    if evaluation.clean[section.source].present:
        found = _by_category(evaluation, section, events, inside)
    else:
        found = {key: dict.fromkeys(COUNTS) for key, _ in names}
    rows = [
        {"category": name, **(counts := found.get(key, NONE)), "order": order, "denominator": size,
         "percent": None if counts["patients"] is None else percent(counts["patients"], size)}
        for order, (key, name) in enumerate(names)
    ]  # fmt: skip
    return small(evaluation.session, "adverse_event_summary", rows)


def _by_category(
    evaluation: Evaluation, section: AdverseEvents, events: sql.Table, inside: sql.Table
) -> dict[str, dict[str, Any]]:
    """{category, `NO` or `EVERY`: counts}. An event is open if it might count, for all we know."""
    both = events.inner_join(inside, events["patient"] == inside["member"])
    emergent = sql.literal("yes") if section.emergent is None else both["treatment_emergent"]
    sure = both["inside"].fill_null(False) & (emergent == "yes")
    might = both["inside"].fill_null(True) & (emergent != "no")
    told = both.select("patient", "category", sure=sure, open=might & ~sure)
    every = told.select("patient", "sure", "open", category=sql.literal(EVERY))
    rows = sql.union(told.select("patient", "sure", "open", "category"), every)
    each = rows.group_by("category", "patient").aggregate(sure=rows["sure"].sum(), open=rows["open"].sum())
    counts = each.group_by("category").aggregate(
        events=each["sure"].sum(),
        patients=total(each["sure"] > 0),
        unknown_events=each["open"].sum(),
        unknown_patients=total((each["open"] > 0) & (each["sure"] == 0)),
    )
    return {category: dict(zip(COUNTS, found, strict=True)) for category, *found in evaluation.session.rows(counts)}
