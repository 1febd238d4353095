"""Are the answers the same? Holds an engine's failing records against DuckDB's, rule by rule, and says why they differ.

    python -m benchmarks.records.answers FOLDER OUT_OF_DUCKDB OUT_OF_THE_OTHER

A difference is explained only by what the record itself shows: an answer more, by a blank cell or a float that is no number
among those that the rule reads; one less, by such a float or by another answer at one of these cells (prelock tells one
problem once). What is left is unexplained.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.records import rules
from benchmarks.records.engines import ANSWERS

# rule: the cells it reads
READS: dict[str, tuple[str, ...]] = {
    "R01": ("sample",),
    "R02": ("sample",),
    "R03": ("subject",),
    "R12": ("lower", "upper"),
    **{rule: (column,) for column, (rule, _) in (rules.FORMS | rules.SETS).items()},
    **{rule: (column,) for column, (rule, _, _) in rules.RANGES.items()},
    **{rule: (earlier, later) for rule, earlier, later in rules.ORDERS},
    **{rule: ("state", cell) for rule, cell, _ in rules.DEMANDED},
}
# prelock's check: the rule. A key is asked for by `required` and by `one row for each`.
CHECKS: dict[str, str] = {
    "labs.sample: required": "R01",
    "labs: one row for each sample": "R02",
    "labs.subject: required": "R03",
    "limits_in_order": "R12",
    "labs: consent is not after collected": "R16",
    "labs: collected is not after received": "R17",
    "result_given": "R18",
    "reason_given": "R19",
    **{f"labs.{column}: pattern": rule for column, (rule, _) in rules.FORMS.items()},
    **{f"labs.{column}: code": rule for column, (rule, _) in rules.SETS.items()},
    **{f"labs.{column}: range": rule for column, (rule, _, _) in rules.RANGES.items()},
}
FLOATS = frozenset({"result", "lower", "upper", "age", "weight"})
PLACE = r"labs\.parquet row ([0-9]+)"  # a related cell: a repeated key is one finding, at the first of its records
BLANK, NO_NUMBER, TOLD, UNEXPLAINED = "a blank cell", "not a number", "told once, by another finding", "unexplained"


def compared(data: Path, theirs: Path, ours: Path) -> dict[str, Any]:
    """`rules`: answers by rule, of both, of each side alone, and of these by reason; `unexplained`: how many in all.

    For prelock also `counts`: checks whose number of failures is not DuckDB's.
    """
    own = (ours / "findings.csv").exists()
    with duckdb.connect(":memory:") as con:
        con.execute(
            f"CREATE VIEW labs AS SELECT *, file_row_number + 1 AS row FROM {_parquet(data, 'labs.parquet', True)}"
        )
        con.execute(f"CREATE TABLE theirs AS FROM {_parquet(theirs, ANSWERS)}")
        con.execute(f"CREATE TABLE ours AS {_findings(ours) if own else 'FROM ' + _parquet(ours, ANSWERS)}")
        told = {rule: _rule(con, rule) for rule in rules.RULES}
        found: dict[str, Any] = {"rules": told, "unexplained": sum(r["why"].get(UNEXPLAINED, 0) for r in told.values())}
        if own:
            found["counts"] = _counts(con, ours)
    return found


def _parquet(folder: Path, name: str, numbered: bool = False) -> str:
    return f"read_parquet({_text(folder / name)}{', file_row_number = true' if numbered else ''})"


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _csv(path: Path) -> str:
    return f"read_csv({_text(path)}, all_varchar = true, header = true)"


def _findings(out: Path) -> str:
    """(rule, record) of prelock's findings: their own row and, of a repeated key, those of its other records."""
    named = ", ".join(f"({_text(check)}, '{rule}')" for check, rule in CHECKS.items())
    return f"""
        WITH told AS (
          SELECT named.rule, findings.row, CASE WHEN named.rule = 'R02' THEN related_cells ELSE '' END AS related
          FROM {_csv(out / "findings.csv")} findings JOIN (VALUES {named}) named(check_name, rule) ON findings.rule = check_name
        ), places AS (
          SELECT rule, CAST(row AS BIGINT) AS row FROM told
          UNION ALL SELECT rule, CAST(unnest(regexp_extract_all(related, '{PLACE}', 1)) AS BIGINT) FROM told
        )
        SELECT places.rule, labs.record FROM places LEFT JOIN labs USING (row)"""


def _rule(con: duckdb.DuckDBPyConnection, rule: str) -> dict[str, Any]:
    """One rule's answers. A record told twice counts as one more of that side."""
    sides = " FULL JOIN ".join(
        f"(SELECT record, count(*) AS n FROM {side} WHERE rule = '{rule}' GROUP BY record) {side}"
        for side in ("ours", "theirs")
    )
    counts = con.execute(
        f"""SELECT count(*) FILTER (ours.n = theirs.n), coalesce(sum(greatest(coalesce(ours.n, 0) - coalesce(theirs.n, 0), 0)), 0),
            coalesce(sum(greatest(coalesce(theirs.n, 0) - coalesce(ours.n, 0), 0)), 0) FROM {sides} USING (record)"""
    ).fetchone()
    assert counts is not None
    both, only_ours, only_theirs = map(int, counts)
    told: dict[str, Any] = {"both": both, "only_ours": only_ours, "only_theirs": only_theirs, "why": {}}
    if only_ours or only_theirs:
        told["why"] = _why(con, rule, sides)
    return told


def _why(con: duckdb.DuckDBPyConnection, rule: str, sides: str) -> dict[str, int]:
    """How many differences there are of each reason."""
    cells = READS[rule]
    near = [f"'{other}'" for other, read in READS.items() if other != rule and set(read) & set(cells)]
    blank = " OR ".join(f"{cell} IS NULL" for cell in cells)
    number = " OR ".join(f"isnan({cell})" for cell in cells if cell in FLOATS) or "false"
    told = (
        f"mine IS NULL AND record IN (SELECT record FROM ours WHERE rule IN ({', '.join(near)}))" if near else "false"
    )
    rows = con.execute(
        f"""SELECT CASE WHEN labs.row IS NULL OR mine > 1 THEN '{UNEXPLAINED}' WHEN {told} THEN '{TOLD}' WHEN {number} THEN '{NO_NUMBER}'
            WHEN theirs IS NULL AND ({blank}) THEN '{BLANK}' ELSE '{UNEXPLAINED}' END AS why, count(*)
        FROM (SELECT record, ours.n AS mine, theirs.n AS theirs FROM {sides} USING (record) WHERE ours.n IS DISTINCT FROM theirs.n)
        LEFT JOIN labs USING (record) GROUP BY why ORDER BY why"""
    ).fetchall()
    return dict(rows)


def _counts(con: duckdb.DuckDBPyConnection, out: Path) -> dict[str, list[int]]:
    """Check → its failures and DuckDB's, where they differ; a check that did not run has none."""
    failed = dict(
        con.execute(
            f"SELECT \"check\", CAST(failed AS BIGINT) FROM {_csv(out / 'checks.csv')} WHERE status <> 'error'"
        ).fetchall()
    )
    theirs = dict(con.execute("SELECT rule, count(*) FROM theirs GROUP BY rule").fetchall())
    pairs = {check: [failed.get(check, 0), theirs.get(rule, 0)] for check, rule in CHECKS.items()}
    return {check: pair for check, pair in pairs.items() if pair[0] != pair[1]}


def main() -> None:
    """The command; prints what was found as JSON."""
    parser = argparse.ArgumentParser(description="Hold the answers of two engines against each other.")
    parser.add_argument("data", type=Path)
    parser.add_argument("theirs", type=Path)
    parser.add_argument("ours", type=Path)
    given = parser.parse_args()
    print(json.dumps(compared(given.data, given.theirs, given.ours)))


if __name__ == "__main__":
    main()
