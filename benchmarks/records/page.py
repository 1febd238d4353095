"""The figures of the twenty record rules as a part of the page."""

from __future__ import annotations

from typing import Any

from benchmarks.records.answers import BLANK, NO_NUMBER, TOLD, UNEXPLAINED
from benchmarks.records.engines import FIRST, HELD_AGAINST
from benchmarks.records.rules import RULES

AIM, MEMORY_AIM = 1.5, 2.0
INTRO = """## Twenty record rules

Written by `python -m benchmarks.records`: one laboratory extract as Parquet (19 columns; keys, dates, numbers and codes),
twenty rules (two on keys, six sets, four ranges, two forms, two orders of dates, two cells demanded by another, one pair of
limits, one required), each broken by about one record of a thousand. Every engine says for every rule which records fail,
by their key, and writes that to a file. Each run is a process of its own, cold, in turn with the others, and may hold {limit};
the environment holds these packages alone (an installed Hypothesis or PySpark is imported by Pandera, and slows it).
What is held against what:

- **whole**: the process from its start to its end, imports included, from the Parquet file to the answers in a file.
- **work**: the same without `start` (importing). Both sides read the same file and write the answers.
- **validate only**: what other libraries usually tell: the table is loaded already, the answers are not written. prelock and
  DuckDB read the file within it.
- **processor**: the whole process, in seconds of processor time: the steadiest figure on a machine that has other work.

prelock does more than it is asked for here: it counts for every rule what passed, failed, was unknown or did not apply,
checks that each cell can be read and each row is accounted for, and writes for each failing record a finding with its place,
key, cell as written and query text, sorted, as CSV, and a report. That each subject is a patient is not asked of any engine.
"""
WHY = """What keeps prelock above the aim, in seconds by the clock:

{table}
- Starting takes longer than the whole query by hand at a million rows: Pandera, Polars, pandas and DuckDB are imported.
- Validating: Pandera sees every cell, as it must to be what judges records. The cells go to it through Arrow half a million
  rows at a time, and it looks at each check's verdict several times; DuckDB alone decides the same within its one scan.
- Applying rules: of the checks on two cells everything is counted in one pass and what fails is found in a second, and the
  records with a finding are fetched in a third; keys are counted a part at a time, which keeps the memory bounded.
- Writing: sorted findings with their texts, the report and the summary, where the query by hand writes two columns.
"""
ABOUT = {
    BLANK: "a blank cell breaks the rule by their meaning: blanks repeat each other as keys",
    NO_NUMBER: "a float that is no number is a blank by ours and lies outside every range by theirs",
    TOLD: "prelock counts the failure, and tells one problem once: the record has a finding at a cell that this rule reads",
    UNEXPLAINED: "nothing on the record says why: a fault",
}


def records_part(records: dict[str, Any]) -> list[str]:
    """The part of the page; `records` as `__main__` gathers it."""
    machine = records["machine"]
    named = ", ".join(f"{name} {version}" for name, version in records["versions"].items())
    parts = [
        INTRO.format(limit=records.get("limit", "10,000 MB")),
        f"{machine['cores']} cores, {machine['memory_gb']} GB; {named}. {records['when']}. Load before the run: {machine['load_before']}.\n",
    ]
    for rows, engines in records["sizes"].items():
        parts += [f"### {int(rows):,} rows\n", _engines(engines)]
    sizes = records["sizes"]
    parts += ["### Reached and not reached\n", _aims(sizes), *_why(sizes)]
    return [*parts, "### Where the answers differ\n", _answers(sizes)]


def _why(sizes: dict[str, Any]) -> list[str]:
    """Where prelock's time goes, if it says so."""
    told = {int(rows): engines[FIRST] for rows, engines in sizes.items() if engines[FIRST].get("inside")}
    if not told:
        return []
    lines = ["| | " + " | ".join(f"{rows:,} rows" for rows in told) + " |", "| --- |" + " ---: |" * len(told)]
    for step in ("start", *dict.fromkeys(step for one in told.values() for step in one["inside"]), "write"):
        spent = [{**one["steps"], **one["inside"]}.get(step, 0.0) for one in told.values()]
        lines.append(f"| {step} | " + " | ".join(f"{seconds:.1f}" for seconds in spent) + " |")
    return [WHY.format(table="\n".join(lines) + "\n")]


def _work(told: dict[str, Any]) -> float:
    return sum(spent for step, spent in told["steps"].items() if step != "start")


def _engines(engines: dict[str, Any]) -> str:
    lines = [
        "| | whole, s | × DuckDB | work, s | × DuckDB | validate only, s | × DuckDB | processor, s | × DuckDB | peak memory, MB |",
        "| --- | " + " | ".join(["---:"] * 9) + " |",
    ]
    against = engines[HELD_AGAINST]
    for name, told in engines.items():
        if "failed" in told:
            lines.append(f"| {name} | {told['failed']} |" + " |" * 7 + f" {told['peak_mb']:,.0f} |")
            continue
        pairs = [
            (told["best"], against["best"]),
            (_work(told), _work(against)),
            (told["steps"]["validate"], against["steps"]["validate"]),
            (told["cpu"], against["cpu"]),
        ]
        cells = " | ".join(f"{mine:.2f} | {_bold(name, mine / other)}" for mine, other in pairs)
        lines.append(f"| {name} | {cells} | {told['peak_mb']:,.0f} |")
    return "\n".join(lines) + "\n"


def _bold(name: str, ratio: float) -> str:
    return f"**{ratio:.1f}**" if name == FIRST else f"{ratio:.1f}"


def _aims(sizes: dict[str, Any]) -> str:
    lines = ["| aim | found | |", "| --- | ---: | --- |"]
    for rows, engines in sizes.items():
        mine, other = engines[FIRST], engines[HELD_AGAINST]
        asked = {"whole": mine["best"] / other["best"], "work": _work(mine) / _work(other)}
        for what, ratio in (asked | {"processor": mine["cpu"] / other["cpu"]}).items():
            lines.append(
                f"| {int(rows):,} rows, {what}: at most {AIM} times DuckDB | {ratio:.1f} | {_reached(ratio <= AIM)} |"
            )
    peaks = {int(rows): engines[FIRST]["peak_mb"] for rows, engines in sizes.items()}
    small, large = min(peaks), max(peaks)
    if large > small:
        ratio = peaks[large] / peaks[small]
        lines.append(
            f"| peak memory at {large:,} rows: at most {MEMORY_AIM:g} times that at {small:,} | {ratio:.1f} | {_reached(ratio <= MEMORY_AIM)} |"
        )
    return "\n".join(lines) + "\n"


def _reached(reached: bool) -> str:
    return "reached" if reached else "**not reached**"


def _answers(sizes: dict[str, Any]) -> str:
    """Each engine's differences from DuckDB, with their reason."""
    lines = [
        "| rows | engine | answers as DuckDB's | rule | more | fewer | why |",
        "| ---: | --- | ---: | --- | ---: | ---: | --- |",
    ]
    for rows, engines in sizes.items():
        for name, told in engines.items():
            if name == HELD_AGAINST or "answers" not in told:
                continue
            differing = told["answers"]["rules"]
            alike = f"| {int(rows):,} | {name} | {told['answers']['both']:,} |"
            if not differing:
                lines.append(f"{alike} none differs | | | |")
            for rule, one in differing.items():
                why = "; ".join(f"{ABOUT[reason]} ({n:,})" for reason, n in one["why"].items())
                lines.append(f"{alike} {RULES[rule]} | {one['only_ours']:,} | {one['only_theirs']:,} | {why} |")
    return "\n".join(lines) + "\n"
