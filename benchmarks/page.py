"""The figures as a page for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.generative_page import random_studies
from benchmarks.growth.page import growth_part
from benchmarks.records.page import records_part

INTRO = """# Benchmarks

Written by `python -m benchmarks.run`; the figures as data are in `benchmarks/results.json`. Ratios are of the best runs,
both sides run in turn on one machine; seconds on another machine will differ, ratios less so.

The data have the first study's shape: 13 tables of text as Parquet, {per_patient} rows a patient, with several values in
a window, equal distances and equal hours (ties and conflicts), blank, partial and oddly written dates, censored,
unreadable and not-done results, mixed and unknown units. The study (`benchmarks/study`) has the first study's tables and
its rules in kind: 8 variables, 7 measures at 2 timepoints, 10 criteria, 12 endpoint definitions, 6 categories, 14
completeness items, 6 checks, 9 characteristics, beside the declarations of 90 columns. Left out, since they were too much
to write by hand twice: CTCAE grades, carrying the last observation forward, overlaps, `previous`.

The query by hand (`benchmarks/by_hand/*.sql`, `rules.py`, `answers.py`) is DuckDB SQL as a good engineer would write it:
one grouped pass a table, a second look only where rows compete or are in doubt. It finds the same ties, conflicts and
unknowns and writes the same files but `summary.json`, `report.html` and `report.xlsx`; `compare.py` holds every status, value, date,
row, count, rate and finding of both sides against one another, patient by patient. Three things make it easier for the
query by hand: it knows the data's spellings in advance (no Unicode folding), it names at most the rows in the way of an
undecided patient where prelock names cells, and what its findings say is shorter (`decides` is fixed by table).
"""


def write_page(results: dict[str, Any], path: Path) -> None:
    """Write the page."""
    both, machine = results["side by side"], results["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    parts = [
        INTRO.format(per_patient=round(both["rows"] / both["patients"])),
        f"Machine: {machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, {machine['system']},"
        f" Python {machine['python']}; {packages}. {results['when']}. Load before the run: {machine['load_before']}.\n",
        f"## {both['patients']:,} patients, {both['rows']:,} rows\n",
        _sides(both),
        _answers(both),
    ]
    if "starts" in results:
        parts += ["## Whole processes on 117 patients\n", _starts(results["starts"])]
    if "growth" in results:
        parts += growth_part(results["growth"])
    if "engines" in results:
        parts.append(_engines(results["engines"]))
    if "records" in results:
        parts += records_part(results["records"])
    parts.append(random_studies())
    path.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")


def _sides(both: dict[str, Any]) -> str:
    lines = ["| | seconds (best) | processor seconds | peak memory, MB |", "| --- | ---: | ---: | ---: |"]
    for name in ("prelock", "by hand"):
        side = both[name]
        lines.append(f"| {name} | {side['best']:.1f} | {side['cpu']:.1f} | {side['peak_mb']:,.0f} |")
    memory = both["prelock"]["peak_mb"] / both["by hand"]["peak_mb"]
    lines.append(f"| ratio (aim 1.5) | **{both['ratio']}** | {both['cpu_ratio']} | {memory:.2f} |")
    lines += ["", "| step, seconds of the last run | prelock | by hand |", "| --- | ---: | ---: |"]
    steps = dict.fromkeys([*both["prelock"]["steps"], *both["by hand"]["steps"]])
    for step in steps:
        cells = [both[name]["steps"].get(step) for name in ("prelock", "by hand")]
        lines.append(f"| {step} | " + " | ".join("" if c is None else f"{c:.1f}" for c in cells) + " |")
    return "\n".join(lines) + "\n"


def _answers(both: dict[str, Any]) -> str:
    lines = ["| file | rows compared | differences |", "| --- | ---: | --- |"]
    for name, counts in both["compared"].items():
        other = ", ".join(f"{column}: {n:,}" for column, n in counts.items() if column != "rows")
        lines.append(f"| {name} | {counts.get('rows', 0):,} | {other or 'none'} |")
    lines += ["", *both["remarks"]] if "remarks" in both else []
    return "\n".join(lines) + "\n"


def _starts(starts: dict[str, Any]) -> str:
    lines = [
        "| | seconds | held against | seconds | ratio | aim | peak memory, MB |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for name, row in starts.items():
        lines.append(
            f"| `{name}` | {row['ours']['best']:.2f} | `{row['against']}` | {row['theirs']['best']:.2f} | **{row['ratio']}** | {row['aim']:g} |"
            f" {row['ours']['peak_mb']:,.0f} |"
        )
    return "\n".join(lines) + "\n"


def _engines(found: dict[str, Any]) -> str:
    seconds = " and ".join(f"{engine} {took:,.0f} s" for engine, took in found["seconds"].items())
    return (
        "## Two engines, one meaning\n\n"
        f"Written by `python -m benchmarks.engines`, {found['when']}: {found['patients']:,} patients, {found['rows']:,} rows, "
        f"the benchmark's study, the same Parquet. {found['told']}. Whole processes took {seconds} (load before: "
        f"{found['machine']['load_before']}; Spark on this machine's cores with {found['memory']}).\n"
    )
