"""The hand-written query's result tables: one SELECT a file, in the contract's columns and order."""

from __future__ import annotations

from benchmarks.rules import (
    CRITERIA,
    ENDPOINTS,
    ITEMS,
    MEASURES,
    NAMES,
    NORMAL,
    POINTS,
    TABLES,
    UNITS,
    VARIABLE_UNITS,
    VARIABLES,
    normal,
)
from benchmarks.told import evidence, measure_text, missing

KEYS = {name: f"c{i}" for i, name in enumerate(CRITERIA)}
ENDS = {key: f"e{i}" for i, key in enumerate(ENDPOINTS)}
RULES = ("as observed", "non-responder")


def sides() -> dict[str, str]:
    """What `08_judged.sql` leaves open."""
    passes = {KEYS[n]: f"NOT ({rule})" if kind == "exclude" else f"({rule})" for n, (kind, rule, _) in CRITERIA.items()}
    ends = [f"{e} AS {ENDS[key]}_able, {a} AS {ENDS[key]}_met" for key, (e, a, _) in ENDPOINTS.items()]
    return {
        "$criteria": "location IS NOT NULL AS location_known, "
        + ", ".join(f"{sql} AS {k}" for k, sql in passes.items()),
        "$fails": " OR ".join(f"coalesce(NOT {k}, false)" for k in passes),
        "$passes": " AND ".join(passes),
        "$endpoints": ", ".join(ends),
    }


def pivot() -> str:
    """The measures' columns, one aggregate each."""
    found = []
    for m, measure in enumerate(MEASURES):
        for p, point in enumerate(POINTS):
            name, here = f"{measure}_{point}", f"FILTER (slot % 14 = {m * 2 + p})"
            parts = {"": "lo", "_hi": "hi", "_state": "state", "_row": "row", "_day": "day", "_rows": "rows"}
            parts |= {"_open": "open"} if measure in ("crp", "fc") else {}
            found += [f"max({column}) {here} AS {name}{suffix}" for suffix, column in parts.items()]
    return ", ".join(found)


def status(key: str) -> str:
    """An endpoint's status."""
    return (
        f"CASE WHEN NOT eligible THEN 'not applicable' WHEN eligible IS NULL THEN 'undetermined' WHEN NOT {key}_able"
        f" THEN 'not evaluable' WHEN {key}_able IS NULL THEN 'undetermined' WHEN {key}_met THEN 'achieved'"
        f" WHEN NOT {key}_met THEN 'not achieved' ELSE 'undetermined' END"
    )


def union(parts: list[str], order: str) -> str:
    """The parts below one another, sorted."""
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY {order}"


def criteria() -> str:
    return union(
        [
            f"SELECT patient, '{name}' AS criterion, '{kind}' AS kind, three({KEYS[name]}, 'passes', 'fails') AS status,"
            f" {evidence(parts)} AS evidence, CASE WHEN {KEYS[name]} IS NULL THEN {missing(parts)} END AS missing FROM judged"
            for name, (kind, _, parts) in CRITERIA.items()
        ],
        "patient, criterion",
    )


def eligibility() -> str:
    cells = ", ".join(f"three({k}, 'passes', 'fails') AS {name}" for name, k in KEYS.items())
    fails = " ".join(f"WHEN NOT {k} THEN '{name}'" for name, k in KEYS.items())
    unknown = " ".join(f"WHEN {k} IS NULL THEN '{name}'" for name, k in KEYS.items())
    told = ", ".join(f"CASE WHEN {KEYS[n]} IS NULL THEN {missing(parts)} END" for n, (_, _, parts) in CRITERIA.items())
    return (
        f"SELECT patient, CASE WHEN eligible THEN 'eligible' WHEN NOT eligible THEN 'ineligible' ELSE 'undetermined' END AS status,"
        f" CASE {fails} {unknown} END AS reason, CASE WHEN eligible IS NULL THEN concat_ws('; ', {told}) END AS missing, {cells}"
        " FROM judged ORDER BY patient"
    )


def outcomes() -> str:
    return union(
        [
            f"SELECT patient, '{end}' AS endpoint, '{name}' AS definition, {status(ENDS[end, name])} AS status,"
            f" CASE WHEN eligible THEN {evidence(parts)} END AS evidence,"
            f" CASE WHEN {status(ENDS[end, name])} = 'undetermined' THEN {missing(parts)} END AS missing FROM judged"
            for (end, name), (_, _, parts) in ENDPOINTS.items()
        ],
        "patient, endpoint, definition",
    )


def measures() -> str:
    return union([_measure(m, p) for m in MEASURES for p in POINTS], "patient, measure, timepoint")


def _measure(measure: str, point: str) -> str:
    name, unit = f"{measure}_{point}", UNITS.get(measure, "")
    limits = (
        f"CASE WHEN {name}_state = 'recorded' THEN three({normal(name)}, 'yes', 'no') END"
        if measure in NORMAL
        else "NULL"
    )
    told = "reported" if measure in UNITS else f"nullif(trim({measure_text(name)} || ' {unit}'), '')"
    join = f" LEFT JOIN written ON {name}_row = written.row" if measure in UNITS else ""
    return (
        f"SELECT patient, '{NAMES[measure]}' AS measure, '{POINTS[point][0]}' AS timepoint, nullif({measure_text(name)}, '') AS value,"
        f" nullif('{unit}', '') AS unit, {told} AS reported, CAST({name}_day AS VARCHAR) AS date, date_diff('day', first_dose, {name}_day) AS day,"
        f" '{TABLES.get(measure, 'labs')}' AS \"table\", {name}_row AS row, {limits} AS normal FROM judged{join}"
    )


def variables() -> str:
    return union(
        [
            f"SELECT patient, '{name}' AS variable, nullif({text}, '') AS value, nullif('{VARIABLE_UNITS.get(name, '')}', '') AS unit, '{name} = ' || {text} AS evidence,"
            f" CASE WHEN ({text}) = '' OR contains({text}, ' ') THEN '{name}' END AS missing FROM judged"
            for name, text in VARIABLES.items()
        ],
        "patient, variable",
    )


def populations() -> str:
    treated = "CASE WHEN first_dose IS NOT NULL THEN true WHEN NOT dosed THEN false END"
    return (
        "SELECT patient, three(eligible, 'yes', 'no') AS eligible, three(eligible, 'yes', 'no') AS safety,"
        f" three({treated}, 'yes', 'no') AS treated FROM judged ORDER BY patient"
    )


def completeness() -> str:
    parts = []
    for (point, item), (known, expected) in ITEMS.items():
        due = "true" if point == "baseline" else "at_least(followed, followed_hi, 84)"
        column = next((f"{m}_{'b' if point == 'baseline' else 'w'}" for m, n in NAMES.items() if n == item), None)
        state = "false" if column is None else f"coalesce({column}_state = 'not done', false)"
        days = (
            "NULL"
            if column is None
            else f"date_diff('day', first_dose, {column}_day) - {POINTS['b' if point == 'baseline' else 'w'][1]}"
        )
        parts.append(
            f"SELECT patient, '{item}' AS item, '{point}' AS timepoint, three(({due}) AND ({expected}), 'yes', 'no') AS expected,"
            f" CASE WHEN coalesce(NOT (({due}) AND ({expected})), false) AND coalesce({known}, false) THEN 'recorded though not expected'"
            f" WHEN NOT ({due}) THEN 'not due' WHEN NOT (({due}) AND ({expected})) THEN 'not expected' WHEN {known} THEN 'recorded'"
            f" WHEN {state} THEN 'not done' ELSE 'missing' END AS status, CASE WHEN {known} THEN {days} END AS days_from_target FROM judged"
        )
    return union(parts, "patient, item, timepoint")
