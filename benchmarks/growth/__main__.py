"""How the time of a check grows: with its rules, with its patients, and what a large study costs before any patient.

    python -m benchmarks.growth [--only rules] [--repeats 1] [--patients 1000000 10000000]

Each run is a process of its own. Adds to `benchmarks/results.json` and writes the page. Ten million patients take an hour,
50 GB of disk for the results and 20 GB on the way.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.generate import DATA, ROWS, ensure
from benchmarks.growth.many_rules import OWN, written
from benchmarks.machine import Limit, described, measured
from benchmarks.page import write_page
from benchmarks.run import PAGE, RESULTS

LARGE, FEW, MANY = 500, 10, 100_000
RULES = [(rules, patients) for patients in (FEW, MANY) for rules in (OWN, LARGE)]
MEMORY = "4GB"  # for DuckDB, so that the process stays below the limit
LIMIT = Limit(memory_mb=8_000, seconds=3 * 3600)


def run(rules: int, patients: int, memory: str | None, repeats: int) -> dict[str, Any]:
    """The best of several checks by so many rules of so many patients."""
    data, study = ensure(patients), written(rules, DATA / f"study-{rules}")
    out = DATA / "out" / f"growth-{rules}-{patients}"
    out.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prelock", "check", str(study), "--data", str(data), "--out", str(out)]
    limits, limit = (["--memory", memory], LIMIT) if memory else ([], None)
    costs = [measured([*command, *limits], out.with_suffix(".log"), limit) for _ in range(repeats)]
    best = min(costs, key=lambda cost: cost.seconds)
    told = {"rules": rules, "patients": patients, "rows": _rows(data), "memory": memory or ""}
    print(f"{rules:>5} rules {patients:>12,} patients {best}", flush=True)
    return {**told, "seconds": best.seconds, "cpu": best.cpu, "peak_mb": best.peak_mb, **_outcome(best, out)}


def _outcome(cost: Any, out: Path) -> dict[str, Any]:
    """How the check ended; 1 is a closed gate, which the planted errors ask for."""
    if cost.stopped or cost.code not in (0, 1):
        return {"failed": cost.stopped or f"exit code {cost.code}"}
    return {"steps": json.loads((out / "summary.json").read_text(encoding="utf-8"))["run"]["steps"]}


def _rows(data: Path) -> int:
    return sum(json.loads((data / ROWS).read_text(encoding="utf-8")).values())


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure how time grows.")
    parser.add_argument("--only", choices=["rules", "patients"])
    parser.add_argument("--patients", type=int, nargs=2, default=[1_000_000, 10_000_000])
    parser.add_argument("--repeats", type=int, default=1)
    given = parser.parse_args()
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    runs = {
        "rules": [(*run, None) for run in RULES],
        "patients": [(OWN, patients, MEMORY) for patients in given.patients],
    }
    for what in [given.only] if given.only else runs:
        found = {"when": datetime.now(UTC).strftime("%Y-%m-%d"), "machine": described(), "runs": []}
        for rules, patients, memory in runs[what]:
            found["runs"].append(run(rules, patients, memory, given.repeats))
        results.setdefault("growth", {})[what] = found
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_page(results, PAGE)


if __name__ == "__main__":
    main()
