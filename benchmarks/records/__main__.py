"""Every engine on tables of each size, in turn, and what their answers have to do with each other.

    python -m benchmarks.records --rows 1000000 10000000 [--repeats 3]

Each run is a process of its own, cold, with a limit of memory and time. Adds to `benchmarks/results.json` and writes the
page. Ends with 1 where an answer differs and nothing on the record says why.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.generate import DATA
from benchmarks.machine import Cost, Limit, described, measured, summed_up
from benchmarks.page import write_page
from benchmarks.records.engines import ENGINES, HELD_AGAINST
from benchmarks.records.table import folder
from benchmarks.run import PAGE, RESULTS

LIMIT = Limit(memory_mb=10_000, seconds=240)


def run_size(rows: int, engines: list[str], repeats: int, limit: Limit = LIMIT) -> dict[str, Any]:
    """Every engine on one table, interleaved, so that whatever else the machine does hits all of them."""
    data, out = _table(rows), DATA / "out" / f"records-{rows}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    costs: dict[str, list[Cost]] = {name: [] for name in engines}
    steps: dict[str, list[dict[str, float]]] = {name: [] for name in engines}
    for _ in range(repeats):
        for name in engines:
            if any(cost.stopped for cost in costs[name]):
                continue
            command = ["-m", "benchmarks.records.engines", name, str(data), "--out", str(out / name)]
            log = out / f"{name}.log"
            costs[name].append(measured([sys.executable, *command], log, limit))
            steps[name].append(_steps(log))
            print(f"{rows:>12,} {name:20}{costs[name][-1]}", flush=True)
    return {name: _told(name, data, out, costs[name], steps[name]) for name in engines}


def _table(rows: int) -> Path:
    """The table, written by a process of its own: this one stays small (see `machine.measured`)."""
    command = f"from benchmarks.records.table import ensure; ensure({rows})"
    subprocess.run([sys.executable, "-c", command], check=True)
    return folder(rows)


def _steps(log: Path) -> dict[str, float]:
    """Seconds by step; none where the process did not come to its end."""
    lines = log.read_text(encoding="utf-8").splitlines()
    try:
        return dict(json.loads(lines[-1]))
    except (ValueError, IndexError):
        return {}


def _told(name: str, data: Path, out: Path, costs: list[Cost], steps: list[dict[str, float]]) -> dict[str, Any]:
    """One engine's figures and answers; of a run that was stopped or broke off, how."""
    failed = next((cost.stopped or f"exit code {cost.code}" for cost in costs if cost.stopped or cost.code), "")
    if failed:
        return {"failed": failed, **summed_up(costs)}
    best = {step: min(one[step] for one in steps) for step in steps[0]}
    command = ["-m", "benchmarks.records.answers", str(data), str(out / HELD_AGAINST), str(out / name)]
    ran = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    return {**summed_up(costs), "steps": best, "inside": _inside(out / name), "answers": _brief(json.loads(ran.stdout))}


def _brief(answers: dict[str, Any]) -> dict[str, Any]:
    """How many answers are DuckDB's, and the rules on which some are not."""
    by_rule = answers["rules"]
    differing = {rule: one for rule, one in by_rule.items() if one["only_ours"] or one["only_theirs"]}
    return {**answers, "both": sum(one["both"] for one in by_rule.values()), "rules": differing}


def _inside(out: Path) -> dict[str, float]:
    """What prelock itself says of its last run's steps, in seconds; nothing of other engines."""
    told = out / "summary.json"
    return dict(json.loads(told.read_text(encoding="utf-8"))["run"]["steps"]) if told.exists() else {}


def wrong(sizes: dict[str, dict[str, Any]]) -> list[str]:
    """What no record explains: an engine's answers, or prelock's counts."""
    found = []
    for rows, engines in sizes.items():
        for name, told in engines.items():
            answers = told.get("answers", {})
            if answers.get("unexplained"):
                found.append(f"{name} on {rows} rows: {answers['unexplained']} answers that no record explains")
            found += [
                f"{name} on {rows} rows: {check} failed {n[0]} times, not {n[1]}"
                for check, n in answers.get("counts", {}).items()
            ]
    return found


def versions() -> dict[str, str]:
    """The version of each engine that is there."""
    found = {}
    for name, (_, package) in ENGINES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            print(f"{name} is left out: {package} is not installed (benchmarks/records/requirements.txt)")
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Run twenty record rules with every engine.")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    machine, there = described(), versions()
    sizes = {str(rows): run_size(rows, list(there), given.repeats) for rows in given.rows}
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    before = results.get("records", {}).get("sizes", {})
    results["records"] = {
        "when": datetime.now(UTC).strftime("%Y-%m-%d"), "machine": machine, "versions": there, "sizes": before | sizes,
    }  # fmt: skip
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_page(results, PAGE)
    found = wrong(sizes)
    print("\n".join(found) or "Every answer is DuckDB's, or the record says why not.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
