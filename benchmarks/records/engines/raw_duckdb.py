"""One statement of DuckDB over the Parquet file: a bit a rule; only records with a bit set are kept, with their keys."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.records import rules
from benchmarks.records.engines import ANSWERS

FLOATS = ("result", "lower", "upper", "age", "weight")


def broken() -> dict[str, str]:
    """Rule → what is true of the records that surely break it. A float that is no number is greater than any: left out."""
    found = {
        "R01": "sample IS NULL",
        "R02": "sample IN (SELECT sample FROM labs WHERE sample IS NOT NULL GROUP BY sample HAVING count(*) > 1)",
        "R03": "subject IS NULL",
        "R12": "lower > upper AND NOT isnan(lower)",
    }
    found |= {rule: f"NOT regexp_full_match({column}, '{form}')" for column, (rule, form) in rules.FORMS.items()}
    found |= {rule: f"{column} NOT IN {codes}" for column, (rule, codes) in rules.SETS.items()}
    found |= {
        rule: f"({column} < {low} OR {column} > {high}) AND NOT isnan({column})"
        for column, (rule, low, high) in rules.RANGES.items()
    }
    found |= {rule: f"{later} < {earlier}" for rule, earlier, later in rules.ORDERS}
    found |= {rule: f"state = '{state}' AND {_blank(cell)}" for rule, cell, state in rules.DEMANDED}
    return {rule: found[rule] for rule in rules.RULES}


def _blank(cell: str) -> str:
    return f"({cell} IS NULL OR isnan({cell}))" if cell in FLOATS else f"{cell} IS NULL"


def load(data: Path) -> duckdb.DuckDBPyConnection:
    """A database that sees the file; nothing is read yet."""
    con = duckdb.connect(":memory:")
    source = str(data / "labs.parquet").replace("'", "''")
    con.execute(f"CREATE VIEW labs AS FROM read_parquet('{source}')")
    return con


def validate(con: duckdb.DuckDBPyConnection, out: Path) -> duckdb.DuckDBPyConnection:
    """The records that break a rule, stored with a bit for each."""
    bits = " | ".join(f"CASE WHEN {sql} THEN {1 << n} ELSE 0 END" for n, sql in enumerate(broken().values()))
    con.execute(f"CREATE TABLE hits AS SELECT * FROM (SELECT record, {bits} AS bits FROM labs) WHERE bits <> 0")
    return con


def write(con: duckdb.DuckDBPyConnection, out: Path) -> None:
    """The answers as `rule, record`."""
    listed = ", ".join(f"('{rule}', {1 << n})" for n, rule in enumerate(rules.RULES))
    query = f"SELECT rule, record FROM hits, (VALUES {listed}) r(rule, bit) WHERE bits & bit <> 0"
    con.execute(f"COPY ({query}) TO '{str(out / ANSWERS).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    con.close()
