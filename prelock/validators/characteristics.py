"""Table 1: who the patients of a population are. Counts, levels of a code, and numbers.

The denominator is the patients with a value; those without are counted in `missing`, and levels give them a row.
A number counts where it is known exactly: a censored one is missing here, unless the study says what it counts as;
`substituted` then tells for how many patients.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.engine.session import Session
from prelock.study.definition import Characteristic
from prelock.validators.asked import ELIGIBLE, belongs
from prelock.validators.moments import Extent, Moments, kept, moments
from prelock.validators.shapes import percent, small, total

Counts = dict[str, Any]
MISSING, NOT_APPLICABLE = "missing", "not applicable"
QUANTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}


def characteristics(evaluation: Evaluation) -> dict[str, sql.Table]:
    """`characteristics`: all of them in one pass over the patients, and a second for means."""
    asked, session = evaluation.study.characteristics, evaluation.session
    if not asked:
        return {"characteristics": small(session, "characteristics", [])}
    cells = {f"{i}|{k}": v for i, c in enumerate(asked) for k, v in _cells(evaluation, c).items()}
    narrow = session.materialise(evaluation.patients.select(**cells))
    columns = [_mine(narrow, i) for i in range(len(asked))]
    aggregates = [_aggregates(session, narrow, c, columns[i]) for i, c in enumerate(asked)]
    found = session.scalars(narrow, **{f"{i}|{k}": v for i, each in enumerate(aggregates) for k, v in each.items()})
    counts = [{k: found[f"{i}|{k}"] for k in each} for i, each in enumerate(aggregates)]
    numbers = {str(i): columns[i]["number"] for i, c in enumerate(asked) if c.form == "number"}
    extents = {i: Extent(*(counts[int(i)][k] for k in ("n", "min", "max"))) for i in numbers}
    means = moments(session, narrow, numbers, extents)
    rows = [row for i, c in enumerate(asked) for row in _rows(c, counts[i], means.get(str(i)))]
    named = {"population": _population(evaluation)}
    placed = [{**row, **named, "order": order} for order, row in enumerate(rows)]
    return {"characteristics": small(session, "characteristics", placed)}


def _population(evaluation: Evaluation) -> str:
    return evaluation.study.characteristics_population or ELIGIBLE


def _cells(evaluation: Evaluation, asked: Characteristic) -> dict[str, sql.Value]:
    """What a characteristic reads of a patient: whether it is asked, and the truth, the level or the number."""
    members = evaluation.truth(belongs(_population(evaluation)))
    if asked.among is not None:
        members = members & evaluation.truth(asked.among)
    cells: dict[str, sql.Value] = {"members": members.fill_null(False)}
    if asked.form == "count":
        return {**cells, "truth": evaluation.truth(asked.node)}
    value = evaluation.value(asked.node)
    if asked.form == "levels":
        na = sql.literal(False) if value.na is None else value.na
        return {**cells, "level": evaluation.shown(asked.node), "na": na}
    certain = members & value.recorded() & value.known()
    swapped = certain & evaluation.swaps(asked.node)
    return {**cells, "number": kept(certain, value.low.cast("float64")), "swapped": swapped}


def _mine(narrow: sql.Table, number: int) -> dict[str, sql.Value]:
    """The stored cells of one characteristic."""
    return {n.split("|", 1)[1]: narrow[n] for n in narrow.columns if n.startswith(f"{number}|")}


def _aggregates(
    session: Session, narrow: sql.Table, asked: Characteristic, cells: dict[str, Any]
) -> dict[str, sql.Value]:
    members = cells["members"]
    found: dict[str, sql.Value] = {"members": total(members)}
    if asked.form == "count":
        return {**found, "yes": total(members & cells["truth"]), "no": total(members & ~cells["truth"])}
    if asked.form == "levels":
        known = asked.node.type.codes or _levels(session, narrow.select(level=cells["level"]))
        levels = {f"level {level}": total(members & (cells["level"] == level)) for level in known}
        return {**found, **levels, "na": total(members & cells["na"])}
    number = cells["number"]
    quantiles: dict[str, sql.Value] = {name: number.quantile(share) for name, share in QUANTILES.items()}
    swapped = {"swapped": total(cells["swapped"])}
    return {**found, **swapped, "n": number.count(), "min": number.min(), "max": number.max(), **quantiles}


def _levels(session: Session, shown: sql.Table) -> Sequence[str]:
    """The values of a text that occur."""
    return sorted(level for (level,) in session.rows(shown.distinct()) if level)


def _rows(asked: Characteristic, counts: Counts, found: Moments | None) -> list[Counts]:
    """The characteristic's rows of Table 1."""
    if asked.form == "count":
        return [_row(asked, "yes", counts["yes"], counts["yes"] + counts["no"], counts["members"])]
    if asked.form == "number":
        row = _row(asked, "", counts["n"], counts["n"], counts["members"])
        spread = {name: counts[name] for name in ("min", "max", *QUANTILES)}
        return [
            {**row, "percent": None, "substituted": counts["swapped"], **spread, **(found._asdict() if found else {})}
        ]
    levels = {name.removeprefix("level "): n for name, n in counts.items() if name.startswith("level ")}
    known = sum(levels.values())
    rows = [_row(asked, level, n, known, counts["members"]) for level, n in levels.items()]
    outside = {NOT_APPLICABLE: counts.get("na", 0), MISSING: counts["members"] - known - counts.get("na", 0)}
    for level, n in outside.items():
        if n or level == MISSING:
            rows.append({**_row(asked, level, n, known, counts["members"]), "percent": None})
    return rows


def _row(asked: Characteristic, level: str, n: int, known: int, members: int) -> Counts:
    return {
        "characteristic": asked.name,
        "level": level,
        "n": n,
        "denominator": known,
        "percent": percent(n, known),
        "missing": members - known,
    }
