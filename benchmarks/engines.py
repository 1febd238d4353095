"""Both engines on the same tables of text in Parquet: are their results the same, byte for byte?

    python -m benchmarks.engines --patients 1000000 [--memory 6g]

Needs the extra `spark` and Java 17; runs on this machine's cores. Adds to `benchmarks/results.json` and writes the page.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from filecmp import cmp
from pathlib import Path
from typing import Any

from benchmarks.generate import DATA, ROWS, ensure
from benchmarks.machine import described, measured
from benchmarks.page import write_page
from benchmarks.run import HERE, PAGE, RESULTS
from prelock.results import TABLES

ENGINES = ("duckdb", "spark")


def compared(patients: int, memory: str, study: Path = HERE / "study") -> dict[str, Any]:
    """One check by each engine; seconds, and which result tables are not the same as CSV."""
    data, out = ensure(patients), DATA / "out" / f"engines-{patients}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--driver-memory {memory} pyspark-shell"
    rows = sum(json.loads((data / ROWS).read_text(encoding="utf-8")).values())
    found: dict[str, Any] = {"patients": patients, "rows": rows, "memory": memory, "seconds": {}}
    for engine in ENGINES:
        command = [
            sys.executable,
            "-m",
            "prelock",
            "check",
            str(study),
            "--data",
            str(data),
            "--out",
            str(out / engine),
        ]
        cost = measured([*command, "--engine", engine, "--format", "csv"], out / f"{engine}.log")
        found["seconds"][engine] = cost.seconds
        print(f"{engine:8}{cost.seconds:,.0f} s, exit code {cost.code}", flush=True)
        if cost.code not in (0, 1):  # 1 is a closed gate, which the planted errors ask for
            return {**found, "failed": f"{engine}: exit code {cost.code}"}
    return {**found, **same(out / "duckdb", out / "spark")}


def same(one: Path, other: Path) -> dict[str, Any]:
    """How many result tables there are, of how many bytes, and which of them differ."""
    names = [f"{name}.csv" for name in TABLES]
    differing = [name for name in names if not cmp(one / name, other / name, shallow=False)]
    return {"tables": len(names), "bytes": sum((one / name).stat().st_size for name in names), "differing": differing}


def told(found: Mapping[str, Any]) -> str:
    """What came of it, in a line."""
    if "failed" in found:
        return str(found["failed"])
    differ = ", ".join(found["differing"]) or "none"
    return f"{found['tables']} result tables, {found['bytes']:,} bytes; that differ: {differ}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Compare the engines' results.")
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--memory", default="6g", help="of Spark's one process here")
    given = parser.parse_args()
    machine, when = described(), datetime.now(UTC).strftime("%Y-%m-%d")
    found = compared(given.patients, given.memory)
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    results["engines"] = {"when": when, "machine": machine, **found, "told": told(found)}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_page(results, PAGE)
    print(told(found))


if __name__ == "__main__":
    main()
