"""The figures of growth as a part of the page."""

from __future__ import annotations

from typing import Any

INTRO = """## Growth

Written by `python -m benchmarks.growth`. Whole processes, on the benchmark's study and on one with 450 more rules
(`growth/many_rules.py`: levels, changes, numbers, counts in windows, record checks, each asking something else). `--memory`
is DuckDB's; the peak is the whole process's.
"""


def growth_part(growth: dict[str, Any]) -> list[str]:
    """The part of the page; `growth` as `__main__` gathers it."""
    parts = [INTRO]
    for what, told in growth.items():
        load = told["machine"]["load_before"]
        parts += [f"### With {what}\n", f"{told['when']}. Load before the runs: {load}.\n", _runs(told["runs"])]
        parts.append(SAID[what](told["runs"]))
    return parts


def _runs(runs: list[dict[str, Any]]) -> str:
    lines = [
        "| rules | patients | rows | `--memory` | seconds | processor seconds | peak memory, MB |",
        "| ---: | ---: | ---: | --- | ---: | ---: | ---: |",
    ]
    for run in runs:
        seconds = f"{run['seconds']:,.1f}" if "failed" not in run else f"{run['failed']} after {run['seconds']:,.0f}"
        lines.append(
            f"| {run['rules']} | {run['patients']:,} | {run['rows']:,} | {run['memory']} | {seconds} |"
            f" {run['cpu']:,.1f} | {run['peak_mb']:,.0f} |"
        )
    return "\n".join(lines) + "\n"


def _rules(runs: list[dict[str, Any]]) -> str:
    small, compiled, few, many = runs
    return (
        f"From {few['rules']} to {many['rules']} rules on {many['patients']:,} patients: {_times(many, few)} (aim: at "
        f"most 10). A check by {compiled['rules']} rules of {compiled['patients']} patients, which is reading, compiling "
        f"and planning, takes {_times(compiled, many)} of that of {many['patients']:,} (aim: under 1), and "
        f"{_times(compiled, small)} of that by {small['rules']} rules.\n"
    )


def _patients(runs: list[dict[str, Any]]) -> str:
    few, many = runs
    return f"From {few['patients']:,} to {many['patients']:,} patients: {_times(many, few)} (aim: towards 12).\n"


def _times(one: dict[str, Any], other: dict[str, Any]) -> str:
    if "failed" in one or "failed" in other:
        return "not known"
    return f"**{one['seconds'] / other['seconds']:.2f}** times (of processor time {one['cpu'] / other['cpu']:.2f})"


SAID = {"rules": _rules, "patients": _patients}
