"""All figures in one run: prelock and the query by hand side by side, their answers compared, and process starts.

    python -m benchmarks.run --patients 1000000 [--repeats 3]

Runs are interleaved, so that whatever else the machine does hits both sides. Writes `benchmarks/results.json` and the
page `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.generate import DATA, ROWS, ensure
from benchmarks.machine import Cost, described, measured, summed_up
from benchmarks.page import write_page

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PAGE = HERE.parent / "docs" / "benchmarks.md"
EXAMPLE = HERE.parent / "studies" / "upadacitinib_crohn"
# What is started: (the command, what it is held against, the ratio aimed at)
STARTS: dict[str, tuple[list[str], list[str], float]] = {
    "check of 117 patients": (
        ["-m", "prelock", "check", str(EXAMPLE), "--data", str(EXAMPLE / "data"), "--out", str(DATA / "out" / "first")],
        ["-c", "import pandas, pandera"],
        3.0,
    ),
    "lint": (["-m", "prelock", "lint", str(EXAMPLE)], ["-c", "import click, yaml, lark"], 5.0),
    "--help": (["-m", "prelock", "--help"], ["-c", "import click, yaml, lark"], 2.0),
}


def side_by_side(patients: int, repeats: int) -> dict[str, Any]:
    """prelock and the query by hand on the same data, in turn."""
    data, out = ensure(patients), DATA / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    ours, theirs = out / "prelock", out / "by_hand"
    commands = {
        "prelock": ["-m", "prelock", "check", str(HERE / "study"), "--data", str(data), "--out", str(ours)],
        "by hand": ["-m", "benchmarks.handwritten", str(data), "--out", str(theirs)],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    steps: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            log = out / f"{name}.log"
            costs[name].append(measured([sys.executable, *command], log))
            steps[name].append(_steps(name, ours, log))
            print(f"{name:10}{costs[name][-1]}", flush=True)
    found = compared(ours, theirs)
    return {
        "patients": patients,
        "rows": sum(json.loads((data / ROWS).read_text(encoding="utf-8")).values()),
        **{name: {**summed_up(costs[name]), "steps": steps[name][-1]} for name in commands},
        "ratio": ratio(costs["prelock"], costs["by hand"]),
        "cpu_ratio": round(min(c.cpu for c in costs["prelock"]) / min(c.cpu for c in costs["by hand"]), 2),
        "compared": found,
        "differences": differences(found),
    }


def _steps(name: str, ours: Path, log: Path) -> dict[str, float]:
    """Seconds by step, as each side tells them."""
    try:
        if name == "prelock":
            return dict(json.loads((ours / "summary.json").read_text(encoding="utf-8"))["run"]["steps"])
        return dict(json.loads(log.read_text(encoding="utf-8").splitlines()[-1]))
    except (OSError, ValueError, KeyError, IndexError):
        return {}


def compared(ours: Path, theirs: Path) -> dict[str, dict[str, int]]:
    """Rows and differing cells by file. In a process of its own: this one stays small, so that the peak memory of a
    child, which counts from its parent's, is its own."""
    command = [sys.executable, "-m", "benchmarks.compare", str(ours), str(theirs)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def differences(found: dict[str, dict[str, int]]) -> int:
    """How many rows or cells differ in all."""
    return sum(n for counts in found.values() for name, n in counts.items() if name != "rows")


def ratio(ours: list[Cost], theirs: list[Cost]) -> float:
    """Of the best runs, which noise hits least."""
    return round(min(c.seconds for c in ours) / min(c.seconds for c in theirs), 2)


def starts(repeats: int) -> dict[str, Any]:
    """Whole processes on little or no data, in turn with what they are held against."""
    found = {}
    for name, (command, other, aim) in STARTS.items():
        ours, theirs = [], []
        for _ in range(repeats):
            ours.append(measured([sys.executable, *command]))
            theirs.append(measured([sys.executable, *other]))
        found[name] = {
            "ours": summed_up(ours), "against": " ".join(other[1:]), "theirs": summed_up(theirs),
            "ratio": ratio(ours, theirs), "aim": aim,
        }  # fmt: skip
        print(f"{name:24}{found[name]['ratio']} (aim {aim})", flush=True)
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--skip-starts", action="store_true")
    given = parser.parse_args()
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results |= {"when": datetime.now(UTC).strftime("%Y-%m-%d"), "machine": described()}
    results["side by side"] = side_by_side(given.patients, given.repeats)
    if not given.skip_starts:
        results["starts"] = starts(max(3, given.repeats))
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_page(results, PAGE)
    print(
        f"{RESULTS.name}: ratio {results['side by side']['ratio']}, differences {results['side by side']['differences']}"
    )


if __name__ == "__main__":
    main()
