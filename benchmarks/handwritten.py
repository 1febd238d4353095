"""The same answers by hand: a DuckDB query as a good engineer would write it, and the same files.

    python -m benchmarks.handwritten benchmarks/data/100000 --out benchmarks/data/out

`by_hand/*.sql` cleans each file once, makes one grouped pass over each table, looks again only where rows compete
or are in doubt, and gathers one wide row a patient; `rules.py` holds the study's rules over that row.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks import answers, found, totals

HERE = Path(__file__).parent
STEPS: Mapping[str, tuple[str, ...]] = {
    "reading cells": ("01_macros", "02_clean"),
    "evaluating patients": ("03_doses", "04_candidates", "05_chosen", "06_folds", "07_wide", "08_judged"),
}
STORED: Mapping[str, Callable[[], str]] = {
    "terms": totals.terms,
    "events": totals.adverse_events,
    "eligibility": answers.eligibility,
    "completeness": answers.completeness,
    "written": lambda: "SELECT row, trim(result || ' ' || unit) AS reported FROM labs",
}
FILES: Mapping[str, Callable[[], str]] = {
    "findings": found.findings,
    "checks": found.checks,
    "variables": answers.variables,
    "measures": answers.measures,
    "populations": answers.populations,
    "eligibility": lambda: "FROM eligibility ORDER BY patient",
    "criteria": answers.criteria,
    "attrition": totals.attrition,
    "outcomes": answers.outcomes,
    "outcome_summary": totals.outcome_summary,
    "characteristics": totals.characteristics,
    "adverse_events": lambda: "FROM events ORDER BY patient, key",
    "adverse_event_summary": totals.adverse_event_summary,
    "completeness": lambda: "FROM completeness ORDER BY patient, item, timepoint",
    "completeness_summary": totals.completeness_summary,
}


def run(data: Path, out: Path | None, threads: int | None = None) -> dict[str, float]:
    """Answer everything; write the files to `out`. Seconds by step."""
    timings: dict[str, float] = {}
    texts = {"$data": str(data).replace("'", "''"), "$pivot": answers.pivot(), **answers.sides()}
    with duckdb.connect(":memory:", config={"threads": threads} if threads else {}) as con:
        con.execute("SET enable_progress_bar = false")
        for step, names in STEPS.items():
            began = perf_counter()
            for name in names:
                con.execute(_filled((HERE / "by_hand" / f"{name}.sql").read_text(encoding="utf-8"), texts))
            timings[step] = perf_counter() - began
        began = perf_counter()
        for name, query in STORED.items():
            con.execute(f"CREATE TEMP TABLE {name} AS {query()}")
        found.run(con, data)
        timings["applying rules"] = perf_counter() - began
        began = perf_counter()
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            for name, query in FILES.items():
                con.execute(f"COPY ({query()}) TO '{out / name}.csv' (FORMAT csv, HEADER true)")
        timings["writing results"] = perf_counter() - began
    return timings


def _filled(text: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        text = text.replace(name, part)
    return text


def main() -> None:
    """The command; prints the seconds by step as JSON."""
    parser = argparse.ArgumentParser(description="The hand-written query.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    print(json.dumps(run(given.data, given.out, given.threads)))


if __name__ == "__main__":
    main()
