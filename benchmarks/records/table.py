"""The extract and its patients as Parquet: `labs.parquet`, one row a sample, and `patients.parquet`.

Chance is a hash of the row's number, so the same rows come out each time with one DuckDB version.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.generate import DATA
from benchmarks.records import rules

HERE = Path(__file__).parent
SEED = 20_000  # added to every salt, so that no draw is one of the other benchmark's
ROWS_A_PATIENT = 96
SETS = {f"${name}s": codes for name, (_, codes) in rules.SETS.items() if name not in ("state", "sex")} | {
    "$sexes": rules.SEXES
}
MACROS = f"""
CREATE OR REPLACE MACRO u(i, salt, n) AS CAST(hash(i, salt + {SEED}) % n AS INTEGER);
CREATE OR REPLACE MACRO chance(i, salt, permille) AS (hash(i, salt + {SEED}) % 1000) < permille;
CREATE OR REPLACE MACRO pick_or(i, salt, codes, wrong) AS CASE WHEN hash(i, salt + {SEED}, 1) % 1000 = 0 THEN wrong
  ELSE codes[1 + CAST(hash(i, salt + {SEED}) % len(codes) AS INTEGER)] END;
"""


def folder(rows: int) -> Path:
    """Where the table of so many rows lies."""
    return DATA / f"records-{rows}"


def generate(rows: int, out: Path) -> None:
    """Write both tables to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    subjects = max(20, rows // ROWS_A_PATIENT)
    query = (HERE / "labs.sql").read_text(encoding="utf-8")
    for name, codes in SETS.items():
        query = query.replace(name, str(list(codes)))
    query = query.replace("$rows", str(rows)).replace("$subjects", str(subjects))
    with duckdb.connect(":memory:") as con:
        con.execute(MACROS)
        _write(con, query, out / "labs.parquet")
        people = f"SELECT format('P{{:03d}}-{{:06d}}', p % 40 + 1, p) AS patient FROM range({subjects}) t(p)"
        _write(con, people, out / "patients.parquet")


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    part = path.with_suffix(".part")
    target = str(part).replace("'", "''")
    con.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")
    part.rename(path)


def ensure(rows: int) -> Path:
    """The folder with the table of so many rows, written if it is not there."""
    out = folder(rows)
    if not (out / "patients.parquet").exists():
        generate(rows, out)
    return out
