"""One engine in a process of its own, cold: its answers in a file, its seconds by step as JSON.

    python -m benchmarks.records.engines DuckDB FOLDER --out OUT

`start` imports, `load` reads the table into the engine's own form, `validate` answers every rule with the keys of the
failing records, `write` puts (rule, record) into a file.
"""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.records.engines import ENGINES, STEPS


def run(name: str, data: Path, out: Path) -> dict[str, float]:
    """Seconds by step."""
    marks = [perf_counter()]
    engine = import_module(f"benchmarks.records.engines.{ENGINES[name][0]}")
    out.mkdir(parents=True, exist_ok=True)
    marks.append(perf_counter())
    passed: Any = data
    for step, given in (("load", ()), ("validate", (out,)), ("write", (out,))):
        passed = getattr(engine, step)(passed, *given)
        marks.append(perf_counter())
    return {step: round(after - before, 4) for step, before, after in zip(STEPS, marks, marks[1:], strict=False)}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Answer the twenty rules with one engine.")
    parser.add_argument("engine", choices=list(ENGINES))
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    print(json.dumps(run(given.engine, given.data, given.out)))


if __name__ == "__main__":
    main()
