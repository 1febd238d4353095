"""What stands behind each reason that blocks: the findings, patients, gaps and checks, one item each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from prelock.lock.gate import Blocker, Item, may_be_empty
from prelock.lock.queries import Found
from prelock.lock.waivers import IN_FORCE, Judged
from prelock.reports.rows import Results
from prelock.results import SEVERITY, is_second
from prelock.seen import found, text
from prelock.study.definition import Gate


@dataclass(frozen=True)
class Asked:
    """What the items are read from."""

    gate: Gate
    results: Results
    waivers: tuple[Judged, ...]


Itemise = Callable[[Asked, Blocker], Iterator[Item]]


def items(asked: Asked, blocker: Blocker) -> Iterator[Item]:
    """The items of one blocker, in the order of the result that they come from."""
    return _ITEMS[blocker.rule](asked, blocker)


def finding(found: Found) -> Item:
    """A finding as an item."""
    return Item(found.rule, found.patient, found.table, found.key, found.column, found.finding_id, text=found.message)


def waived(waivers: tuple[Judged, ...]) -> dict[str, Found]:
    """The findings that a waiver in force is about, by id."""
    return {f.finding_id: f for judged in waivers if judged.state == IN_FORCE for f in judged.findings}


def waivers_told(waivers: tuple[Judged, ...], day: date) -> dict[str, Any]:
    """Every waiver for the summary, and how many findings of each severity and rule are waived; the day."""
    about = waived(waivers).values()
    kept, rules = Counter(found.severity for found in about), Counter(found.rule for found in about)
    told = [
        {
            "waiver": judged.waiver.name,
            "state": judged.state,
            "text": judged.text,
            "findings": len(judged.findings),
            "by": judged.waiver.by,
            "on": judged.waiver.on.isoformat(),
            "until": judged.waiver.until.isoformat(),
            "why": judged.waiver.why,
        }
        for judged in waivers
    ]
    return {
        "as_of": day.isoformat() if waivers else None,
        "waived": {severity: kept[severity] for severity in SEVERITY},
        "waived_by_rule": dict(sorted(rules.items())),
        "ended": sum(len(judged.findings) for judged in waivers if judged.ended),
        "all": told,
    }


def _findings(severity: str) -> Itemise:
    def of_severity(asked: Asked, blocker: Blocker) -> Iterator[Item]:
        kept = waived(asked.waivers)
        for one in found(asked.results, f"severity = {text(severity)}"):
            if one.finding_id not in kept:
                yield finding(one)

    return of_severity


def _undetermined(asked: Asked, blocker: Blocker) -> Iterator[Item]:
    query = f"SELECT * FROM ({asked.results.ordered('eligibility')}) WHERE status = 'undetermined'"
    for row in asked.results.query(query):
        yield Item(row["reason"] or "", row["patient"], text=row["missing"] or "")


def _gaps(asked: Asked, blocker: Blocker) -> Iterator[Item]:
    if not blocker.about:
        return
    item, point = blocker.about
    same = f"item = {text(item)} AND timepoint = {text(point)}"
    query = f"SELECT * FROM ({asked.results.ordered('completeness')}) WHERE {same}"
    for row in asked.results.query(f"{query} AND expected <> 'no' AND status <> 'recorded'"):
        yield Item(f"{item} at {point}", row["patient"], column=item, text=row["status"])


def _errors(second: bool) -> Itemise:
    def of_kind(asked: Asked, blocker: Blocker) -> Iterator[Item]:
        for row in asked.results.rows("checks"):
            if row["status"] == "error" and is_second(row["check"]) == second:
                yield Item(row["check"], text=row["error"] or "")

    return of_kind


def _empty(asked: Asked, blocker: Blocker) -> Iterator[Item]:
    for row in asked.results.rows("checks"):
        if row["status"] == "not applicable" and not may_be_empty(asked.gate, row["check"]):
            yield Item(row["check"], text="had nothing to check")


def _ended(asked: Asked, blocker: Blocker) -> Iterator[Item]:
    for judged in asked.waivers:
        if judged.ended:
            for one in judged.findings:
                yield replace(finding(one), owner=judged.waiver.by, text=f"{judged.waiver.name}: {judged.text}")


_ITEMS: dict[str, Itemise] = {
    "errors": _findings("error"),
    "warnings": _findings("warning"),
    "undetermined eligibility": _undetermined,
    "missing required items": _gaps,
    "allow": _gaps,
    "checks not run": _errors(second=False),
    "second opinion": _errors(second=True),
    "empty checks": _empty,
    "ended waivers": _ended,
}
