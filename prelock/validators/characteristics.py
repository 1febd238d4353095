"""Table 1: who the patients of a population are. Counts, levels of a code, and numbers.

The denominator is the patients with a value; those without are counted in `missing`, and levels give them a row.
A number counts where it is known exactly: a censored one is missing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis.expr.types as ir

from prelock.engine.evaluate import Evaluation
from prelock.study.definition import Characteristic
from prelock.validators.asked import ELIGIBLE, belongs
from prelock.validators.moments import Extent, Moments, kept, moments
from prelock.validators.shapes import percent, small, total

Counts = dict[str, Any]
MISSING, NOT_APPLICABLE = "missing", "not applicable"
QUANTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}


def characteristics(evaluation: Evaluation) -> dict[str, ir.Table]:
    """`characteristics`: all of them in one pass over the patients, and a second for means."""
    asked = evaluation.study.characteristics
    aggregates = {f"{i}|{name}": v for i, c in enumerate(asked) for name, v in _aggregates(evaluation, c).items()}
    found = evaluation.session.scalars(evaluation.patients, **aggregates) if aggregates else {}
    counts = [{k.split("|", 1)[1]: v for k, v in found.items() if k.startswith(f"{i}|")} for i in range(len(asked))]
    means = _means(evaluation, asked, counts)
    rows = [row for i, c in enumerate(asked) for row in _rows(c, counts[i], means.get(str(i)))]
    named = evaluation.study.characteristics_population or ELIGIBLE
    rows = [{**row, "population": named, "order": order} for order, row in enumerate(rows)]
    return {"characteristics": small(evaluation.session, "characteristics", rows)}


def _members(evaluation: Evaluation, asked: Characteristic) -> ir.BooleanValue:
    """The patients whom the characteristic is about, for sure."""
    name = evaluation.study.characteristics_population or ELIGIBLE
    member = evaluation.truth(belongs(name))
    return member if asked.among is None else member & evaluation.truth(asked.among)


def _aggregates(evaluation: Evaluation, asked: Characteristic) -> dict[str, ir.Value]:
    members = _members(evaluation, asked)
    found: dict[str, ir.Value] = {"members": total(members)}
    if asked.form == "count":
        truth = evaluation.truth(asked.node)
        return {**found, "yes": total(members & truth), "no": total(members & ~truth)}
    if asked.form == "levels":
        shown, na = evaluation.shown(asked.node), evaluation.value(asked.node).na
        levels = {f"level {level}": total(members & (shown == level)) for level in _levels(evaluation, asked)}
        return {**found, **levels, **({} if na is None else {"na": total(members & na)})}
    number = _number(evaluation, asked)
    quantiles: dict[str, ir.Value] = {name: number.quantile(share) for name, share in QUANTILES.items()}
    return {**found, "n": number.count(), "min": number.min(), "max": number.max(), **quantiles}


def _levels(evaluation: Evaluation, asked: Characteristic) -> Sequence[str]:
    """The declared codes, in their order; of a text the values that occur."""
    if asked.node.type.codes:
        return asked.node.type.codes
    shown = evaluation.patients.select(level=evaluation.shown(asked.node)).distinct()
    return sorted(row[0] for row in evaluation.session.rows(shown) if row[0])


def _number(evaluation: Evaluation, asked: Characteristic) -> ir.FloatingValue:
    """The number of each patient it is asked of, null where it is not known exactly."""
    value = evaluation.value(asked.node)
    certain = _members(evaluation, asked) & value.recorded() & value.known()
    return kept(certain, value.low.cast("float64"))


def _means(evaluation: Evaluation, asked: Sequence[Characteristic], counts: Sequence[Counts]) -> dict[str, Moments]:
    numbers = {str(i): _number(evaluation, c) for i, c in enumerate(asked) if c.form == "number"}
    extents = {i: Extent(counts[int(i)]["n"], counts[int(i)]["min"], counts[int(i)]["max"]) for i in numbers}
    return moments(evaluation.session, evaluation.patients, numbers, extents)


def _rows(asked: Characteristic, counts: Counts, found: Moments | None) -> list[Counts]:
    """The characteristic's rows of Table 1."""
    if asked.form == "count":
        return [_row(asked, "yes", counts["yes"], counts["yes"] + counts["no"], counts["members"])]
    if asked.form == "number":
        row = _row(asked, "", counts["n"], counts["n"], counts["members"])
        spread = {name: counts[name] for name in ("min", "max", *QUANTILES)}
        return [{**row, "percent": None, **spread, **(found._asdict() if found else {})}]
    levels = {name.removeprefix("level "): n for name, n in counts.items() if name.startswith("level ")}
    known = sum(levels.values())
    rows = [_row(asked, level, n, known, counts["members"]) for level, n in levels.items()]
    outside = {NOT_APPLICABLE: counts.get("na", 0), MISSING: counts["members"] - known - counts.get("na", 0)}
    for level, n in outside.items():
        if n or level == MISSING:
            rows.append({**_row(asked, level, n, known, counts["members"]), "percent": None})
    return rows


def _row(asked: Characteristic, level: str, n: int, known: int, members: int) -> Counts:
    share = percent(n, known)
    return {
        "characteristic": asked.name,
        "level": level,
        "n": n,
        "denominator": known,
        "percent": share,
        "missing": members - known,
    }
