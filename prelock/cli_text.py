"""What the terminal shows: a run in a screenful, problems as JSON, progress, and a defect without anybody's data."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prelock.errors import Problem

if TYPE_CHECKING:
    from prelock.run import Run

MAIN = "main"


def count(number: int, noun: str) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def problems_text(found: Mapping[Path, Sequence[Problem]], form: str) -> tuple[str, str]:
    """The problems of studies, by folder: what a form (text, json, github) shows, and what is said beside it."""
    told = [
        f"{count(len(own), 'problem')} in {study}" if own else f"No problem in {study}." for study, own in found.items()
    ]
    if form == "json":
        listed = [_problem(problem, study) for study, own in found.items() for problem in own]
        return json.dumps(listed, ensure_ascii=False, indent=2), ""
    if form == "github":
        from prelock.reports.github import problem_annotations

        return "\n".join(problem_annotations(own, study) for study, own in found.items() if own), "\n".join(told)
    shown = "\n\n".join(problem.render() for own in found.values() for problem in own)
    return shown, ("\n" if shown else "") + "\n".join(told)


def _problem(problem: Problem, study: Path) -> dict[str, Any]:
    place = problem.location
    where = {} if place is None else {"file": place.file, "line": place.line, "column": place.column}
    told = {"code": problem.code, "message": problem.message, **where, "hint": problem.hint}
    told["study"] = study.as_posix()
    return {**told, "length": None if place is None else place.length, "source_line": problem.source_line}


def run_json(run: Run, top: int | None = None) -> str:
    """The summary of a run as JSON, as in `summary.json`, with the `top` findings that could change most."""
    from prelock.reports.json_file import text

    if not top:
        return text(run.report)
    return json.dumps({**json.loads(text(run.report)), "top": run.top(top)}, ensure_ascii=False, indent=2)


def run_text(run: Run, out: Path, top: int | None = None) -> str:
    """A run in a screenful: flow, endpoints, adverse events, findings, the gate, and where the reports lie.

    `top` findings follow, those first that could change most.
    """
    summary = run.summary
    title = f"{summary['study']['title']}, rules {summary['study']['version']}"
    sections = [_flow(run), _endpoints(run), _events(run), _findings(run), _top(run, top), _gate(run)]
    report = f"Results in {out}\nReport:    {out / 'report.html'}\nWorkbook:  {out / 'report.xlsx'}"
    return "\n\n".join(["\n" + title, *(section for section in sections if section), report])


def _flow(run: Run) -> str:
    texts = {c.name: c.text or c.name for c in run.study.criteria}
    first, *steps = run.summary["attrition"]
    lines = [f"{first['remaining']:>7,}  patients"]
    for step in steps:
        text = texts.get(step["criterion"], step["criterion"])
        lines += [f"{-step[what]:>7,}  {what}: {text}" for what in ("excluded", "undetermined") if step[what]]
    return "\n".join([*lines, f"{(steps or [first])[-1]['remaining']:>7,}  eligible"])


def _endpoints(run: Run) -> str:
    from prelock.reports.formats import share_percent

    rows = [row for row in run.summary["outcomes"] if row["definition"] == MAIN]
    rules = list(dict.fromkeys(row["missing_rule"] for row in rows))
    found = {(row["endpoint"], row["missing_rule"]): share_percent(row["achieved"], row["denominator"]) for row in rows}
    names = list(dict.fromkeys(row["endpoint"] for row in rows))
    return _columns(
        [["Endpoints", *rules], *([f"  {name}", *(found.get((name, r), "") for r in rules)] for name in names)]
    )


def _events(run: Run) -> str:
    from prelock.reports.formats import share_percent
    from prelock.reports.view import open_events

    rows = run.summary["adverse_events"]
    if any(row["events"] is None for row in rows):
        return "Adverse events: the table could not be read, nothing is counted"
    told = [row for row in rows if row["events"] or row["unknown_events"]]
    shares = [share_percent(row["patients"], row["denominator"]) for row in told]
    lines = [
        [f"  {row['category']}", f"{row['events']:,}", share, open_events(row)]
        for row, share in zip(told, shares, strict=True)
    ]
    last = "might count, too" if any(row["unknown_events"] for row in rows) else ""
    return _columns([["Adverse events", "events", "patients", last], *lines]) if rows else ""


def _findings(run: Run) -> str:
    found, checks = run.summary["findings"], run.summary["checks"]
    told = ", ".join(count(found[severity], severity) for severity in ("error", "warning", "note"))
    ran = f"{checks['passed']:,} passed, {checks['failed']:,} failed, {checks['error']:,} could not run"
    rules = [f"  {row['findings']:,} × {row['rule']} ({row['severity']})" for row in found["rules"][:5]]
    more = len(found["rules"]) - len(rules)
    return "\n".join([f"Findings: {told}", *rules, *([f"  and of {count(more, 'further rule')}"] if more > 0 else []),
                      f"Checks:   {ran}", *_second_opinion(run)])  # fmt: skip


def _second_opinion(run: Run) -> Iterator[str]:
    differs = run.summary["second_opinion_differs"]
    if differs is not None:
        yield f"Second opinion: differs on {count(len(differs), 'check')}" if differs else "Second opinion: agrees"


def _top(run: Run, count: int | None) -> str:
    """Findings with what they could change, as a list to work through."""
    rows = run.top(count) if count else []
    return "\n".join(["Could change most", *(_query(n, row) for n, row in enumerate(rows, 1))]) if rows else ""


def _query(number: int, row: dict[str, Any]) -> str:
    """One finding: where, the query, and what waits for it."""
    from prelock.reports.weighed import names_of, waiting

    where = [row["site"], row["patient"], row["visit"], row["file"], row["key"], row["column"]]
    waits = waiting(names_of([row])) or (
        f"read by {row['reach']} criteria and endpoints" if row["reach"] else "read by no criterion or endpoint"
    )
    lines = [" · ".join(str(part) for part in where if part), row["message"], waits]
    return "\n".join(f"{f'{number}.' if i == 0 else '':>5} {line}" for i, line in enumerate(lines))


def _gate(run: Run) -> str:
    gate, waivers = run.summary["gate"], run.summary["waivers"]["all"]
    told = [f"Waivers:  {len(waivers)}", *(f"  {w['waiver']}: {w['text']}" for w in waivers)] if waivers else []
    if gate["ready"] and not run.notices:
        return "\n".join([*told, "Gate:     open"])
    blocking = [*run.notices, *(blocker["text"] for blocker in gate["blockers"])]
    return "\n".join([*told, "Gate:     closed", *(f"  {text}" for text in blocking)])


def _columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts in columns, the first to the left and the others to the right; '' for a heading alone."""
    if len(rows) < 2:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A listener that shows each step of the run while it lasts; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading the study") as status:
        yield lambda step: status.update(step)


def defect(error: Exception) -> str:
    """A defect as a message: what and where in the program, never the error's own text, which may hold data."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{Path(__file__).parent.name}/" in
              Path(frame.filename).as_posix()]  # fmt: skip
    place = ""
    if frames:
        path = Path(frames[-1].filename).as_posix()
        place = f" at {path[path.rindex('prelock/') :]}:{frames[-1].lineno}"
    return (
        f"prelock stopped on a defect of its own ({type(error).__name__}{place}). Nothing was written.\n"
        "Please report this line and the command you ran, but no patient data. "
        "PRELOCK_DEBUG=1 shows the full traceback, which may hold data."
    )
