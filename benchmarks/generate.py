"""Data in the first study's shape for any number of patients: about 24 rows a patient, as Parquet, all columns text.

    python -m benchmarks.generate --patients 100000 [--out benchmarks/data/100000]

Chance is a hash of the patient's number, so the same patients come out each time (with one version of DuckDB).
Rows lie in no order of patients, as in an export by date. Planted on purpose: several values in a window, equal
distances, equal hours (ties where the values agree, conflicts where they differ), blank, partial and oddly written
dates, blank, censored, unreadable and not-done results, mixed, blank and unknown units, codes outside their lists,
totals that do not add up, records of patients nobody knows, patients without rows.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
DATA = HERE / "data"
ROWS = "rows.json"
MEMORY = "4GB"
TABLES = (
    "patients",
    "follow_up",
    "screening",
    "exposure",
    "visits",
    "cdai",
    "endoscopy",
    "labs",
    "biologic_history",
    "adverse_events",
    "medical_history",
    "procedures",
    "concomitant_medication",
)


def sql(name: str) -> str:
    """One of the generator's queries."""
    return (HERE / "generator" / f"{name}.sql").read_text(encoding="utf-8")


def folder(patients: int) -> Path:
    """Where the data of so many patients lie by default."""
    return DATA / str(patients)


def generate(patients: int, out: Path) -> dict[str, int]:
    """Write every table to `out`; rows by table, kept there in `rows.json`."""
    import duckdb

    out.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    with TemporaryDirectory(dir=out) as spilled, duckdb.connect(":memory:") as con:
        con.execute(f"SET temp_directory = '{spilled}'")
        con.execute(f"SET memory_limit = '{MEMORY}'")
        con.execute(sql("macros"))
        con.execute(sql("people").replace("$patients", str(patients)))
        for name in TABLES:
            target = str(out / f"{name}.parquet").replace("'", "''")
            con.execute(f"COPY ({sql(name)}) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")
            found = con.execute(f"SELECT count(*) FROM '{target}'").fetchone()
            rows[name] = int(found[0]) if found else 0
    (out / ROWS).write_text(json.dumps(rows), encoding="utf-8")
    return rows


def ensure(patients: int) -> Path:
    """The data of so many patients, generated (by a process of its own) if they are not there."""
    out = folder(patients)
    if not (out / ROWS).exists():
        shutil.rmtree(out, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "benchmarks.generate", "--patients", str(patients)], check=True)
    return out


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Write benchmark data.")
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows = generate(given.patients, given.out or folder(given.patients))
    for name, count in rows.items():
        print(f"{name:24}{count:>12,}")
    print(f"{'all':24}{sum(rows.values()):>12,}")


if __name__ == "__main__":
    main()
