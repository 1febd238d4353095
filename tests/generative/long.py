"""Many random studies on every engine: `python -m tests.generative.long --cases 100000`; figures go to `benchmarks`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from pathlib import Path

from benchmarks.machine import described
from tests.engines import ENGINES
from tests.generative.covered import WANTED
from tests.generative.tried import Tried, try_studies

OUT = Path(__file__).parents[2] / "benchmarks" / "generative.json"
CHUNK = 10  # studies a seed


def run(cases: int, first_seed: int, jobs: int) -> tuple[Tried, int]:
    """Seed after seed until so many cases were tried; (what came of it, how many seeds)."""
    total, seed = Tried(), first_seed
    with ProcessPoolExecutor(jobs) as pool:
        waiting = {pool.submit(try_studies, seed + i, CHUNK) for i in range(jobs)}
        seed += jobs
        while waiting:
            done = next(as_completed(waiting))
            waiting.remove(done)
            found = done.result()
            total += found
            print(total, *found.different, sep="\n", flush=True)
            if total.cases < cases:
                waiting.add(pool.submit(try_studies, seed, CHUNK))
                seed += 1
    return total, seed - first_seed


def main(arguments: list[str]) -> int:
    """0 if no engine differs from the reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    start = time.monotonic()
    total, seeds = run(asked.cases, asked.seed, asked.jobs)
    figures = {
        "date": date.today().isoformat(),
        "engines": list(ENGINES),
        "seeds": [asked.seed, asked.seed + seeds - 1],
        "studies": total.studies,
        "cases": total.cases,
        "different": len(total.different),
        "studies refused": total.not_loaded,
        "declarations refused": sum(total.refused.values()),
        "seconds": round(time.monotonic() - start),
        "machine": described(),
        "studies that use": {name: total.uses[name] for name in sorted(WANTED)},
    }
    OUT.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if total.different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
