"""Many random studies on an engine, against the reference: `python -m tests.generative.long --cases 100000`.

`--engine batches` is DuckDB as it works on large data. `--engine spark` is slow for each study, and quick for each
patient: give it more `--patients`. Figures go to `benchmarks`; `--keep` writes every study that differs, with its
rows, to a folder.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.machine import described
from tests.generative.cases import PATIENTS, CaseText
from tests.generative.covered import WANTED
from tests.generative.tried import Tried, try_studies

ROOT = Path(__file__).parents[2]
OUT = ROOT / "benchmarks" / "generative.json"
CHUNK = {"duckdb": 10, "batches": 10, "spark": 1}  # studies a seed


def run(asked: argparse.Namespace) -> tuple[Tried, int]:
    """Seed after seed until so many cases were tried; (what came of it, how many seeds)."""
    total, seed = Tried(), asked.seed
    attempt = partial(try_studies, studies=CHUNK[asked.engine], engine=asked.engine, patients=asked.patients)
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(attempt, seed + i) for i in range(asked.jobs)}
        seed += asked.jobs
        while waiting:
            done = next(as_completed(waiting))
            waiting.remove(done)
            found = done.result()
            if asked.keep is not None:
                for number, case in enumerate(found.failing, start=len(total.failing)):
                    _keep(case, asked.keep / str(number))
            total += found
            print(total, *found.different, sep="\n", flush=True)
            if total.cases < asked.cases:
                waiting.add(pool.submit(attempt, seed))
                seed += 1
    return total, seed - asked.seed


def _keep(case: CaseText, folder: Path) -> None:
    """The study and its tables as files, ready for `prelock explain`."""
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(case.study, encoding="utf-8")
    for name, rows in case.tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(rows[0]) if rows else [], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _commit() -> str:
    """The state of the project that was tried."""
    return subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    ).stdout.strip()


def main(arguments: list[str]) -> int:
    """0 if the engine never differs from the reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--engine", choices=CHUNK, default="duckdb")
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args(arguments)
    start, commit = time.monotonic(), _commit()
    total, seeds = run(asked)
    figures = {
        "date": date.today().isoformat(),
        "commit": commit,
        "engines": ["reference", asked.engine],
        "seeds": [asked.seed, asked.seed + seeds - 1],
        "studies": total.studies,
        "patients a study": asked.patients,
        "cases": total.cases,
        "different": len(total.different),
        "studies refused": total.not_loaded,
        "declarations refused": sum(total.refused.values()),
        "seconds": round(time.monotonic() - start),
        "machine": described(),
        "studies that use": {name: total.uses[name] for name in sorted(WANTED)},
    }
    kept = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    text = json.dumps({**kept, asked.engine: figures}, indent=2, ensure_ascii=False)
    OUT.write_text(text + "\n", encoding="utf-8")
    return 1 if total.different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
