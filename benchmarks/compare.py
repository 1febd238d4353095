"""Are the answers the same? Compares two result folders file by file, patient by patient.

Texts for people (`evidence`, `missing`, messages) are worded by each side and not compared; every status, value, date,
row, count and rate is. Numbers are equal if they agree to nine digits.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

# file: (the columns that tell its rows apart)
FILES: dict[str, tuple[str, ...]] = {
    "variables": ("patient", "variable"),
    "measures": ("patient", "measure", "timepoint"),
    "populations": ("patient",),
    "eligibility": ("patient",),
    "criteria": ("patient", "criterion"),
    "attrition": ("step",),
    "outcomes": ("patient", "endpoint", "definition"),
    "outcome_summary": ("endpoint", "definition", "missing_rule"),
    "characteristics": ("characteristic", "level"),
    "adverse_events": ("patient", "key"),
    "adverse_event_summary": ("category",),
    "completeness": ("patient", "item", "timepoint"),
    "completeness_summary": ("item", "timepoint"),
    "findings": ("kind", "rule", "table", "row", "column", "patient", "severity"),
    "checks": ("check",),
}
TOLD = {"evidence", "missing", "grading"}
NUMBERS = {"percent", "ci_low", "ci_high", "mean", "sd", "median", "q1", "q3", "min", "max"}
# Characteristics: the hand-written query gives the numbers, not the shares that follow from them.
LEFT_OUT = {
    "characteristics": {"denominator", "population", "percent", "missing"},
    "findings": {"finding_id", "grain", "key", "value", "related_cells", "message", "decides"},
    "checks": {"passed", "not_applicable"},
}
# Checks that say nothing of a single record's cells are prelock's own bookkeeping.
ONLY_OURS = {"checks"}


def columns(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """A CSV file's header."""
    return [str(row[0]) for row in con.execute(f"DESCRIBE FROM {_csv(path)}").fetchall()]


def _csv(path: Path) -> str:
    return f"read_csv('{path}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')"


def compare(ours: Path, theirs: Path) -> dict[str, dict[str, int]]:
    """For each file: rows, rows of one side only, and cells that differ by column."""
    found: dict[str, dict[str, int]] = {}
    with duckdb.connect() as con:
        for name, key in FILES.items():
            a, b = ours / f"{name}.csv", theirs / f"{name}.csv"
            there = set(columns(con, b))
            cells = [c for c in columns(con, a) if c in there and c not in (*key, *TOLD, *LEFT_OUT.get(name, ()))]
            on = " AND ".join(f'a."{k}" IS NOT DISTINCT FROM b."{k}"' for k in key)
            counts = ", ".join(f'count(*) FILTER (a.side AND b.side AND {_differ(c)}) AS "{c}"' for c in cells)
            row = con.execute(
                f"SELECT count(*) AS rows, count(*) FILTER (b.side IS NULL) AS only_ours, count(*) FILTER (a.side IS NULL)"
                f" AS only_theirs{', ' + counts if counts else ''} FROM (SELECT *, true AS side FROM {_csv(a)}) a"
                f" FULL JOIN (SELECT *, true AS side FROM {_csv(b)}) b ON {on}"
            ).fetchone()
            assert row is not None
            row = (*row[:1], 0, *row[2:]) if name in ONLY_OURS else row
            found[name] = {c: n for c, n in zip(("rows", "only_ours", "only_theirs", *cells), row, strict=True) if n}
    return found


def _differ(column: str) -> str:
    if column in NUMBERS:
        x, y = f'CAST(a."{column}" AS DOUBLE)', f'CAST(b."{column}" AS DOUBLE)'
        return f"(({x} IS NULL) <> ({y} IS NULL) OR abs({x} - {y}) > 1e-9 * greatest(1, abs({x})))"
    return f'a."{column}" IS DISTINCT FROM b."{column}"'


def differences(found: dict[str, dict[str, int]]) -> int:
    """How many rows or cells differ in all."""
    return sum(n for counts in found.values() for name, n in counts.items() if name != "rows")


if __name__ == "__main__":
    print(json.dumps(compare(Path(sys.argv[1]), Path(sys.argv[2]))))
