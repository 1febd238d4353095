"""What stands behind each reason that blocks: the findings, patients, gaps and checks, one item each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prelock.lock.gate import Blocker, Item, may_be_empty
from prelock.reports.rows import Results, Row
from prelock.results import is_second
from prelock.study.definition import Gate

_WHERE = ("rule", "patient", "table", "key", "column", "finding_id", "message")
Itemise = Callable[[Gate, Results, Blocker], Iterator[Item]]


def items(gate: Gate, results: Results, blocker: Blocker) -> Iterator[Item]:
    """The items of one blocker, in the order of the result that they come from."""
    return _ITEMS[blocker.rule](gate, results, blocker)


def finding(row: Row) -> Item:
    """A row of `findings` as an item."""
    rule, patient, table, key, column, number, text = (row[name] or "" for name in _WHERE)
    return Item(rule, patient, table, key, column, number, text=text)


def _findings(severity: str) -> Itemise:
    def found(gate: Gate, results: Results, blocker: Blocker) -> Iterator[Item]:
        query = f"SELECT * FROM ({results.ordered('findings')}) WHERE severity = '{severity}'"
        for row in results.query(query):
            yield finding(row)

    return found


def _undetermined(gate: Gate, results: Results, blocker: Blocker) -> Iterator[Item]:
    query = f"SELECT * FROM ({results.ordered('eligibility')}) WHERE status = 'undetermined'"
    for row in results.query(query):
        yield Item(row["reason"] or "", row["patient"], text=row["missing"] or "")


def _gaps(gate: Gate, results: Results, blocker: Blocker) -> Iterator[Item]:
    if not blocker.about:
        return
    item, point = blocker.about
    same = f"item = {_text(item)} AND timepoint = {_text(point)}"
    query = f"SELECT * FROM ({results.ordered('completeness')}) WHERE {same}"
    for row in results.query(f"{query} AND expected <> 'no' AND status <> 'recorded'"):
        yield Item(f"{item} at {point}", row["patient"], column=item, text=row["status"])


def _errors(second: bool) -> Itemise:
    def found(gate: Gate, results: Results, blocker: Blocker) -> Iterator[Item]:
        for row in results.rows("checks"):
            if row["status"] == "error" and is_second(row["check"]) == second:
                yield Item(row["check"], text=row["error"] or "")

    return found


def _empty(gate: Gate, results: Results, blocker: Blocker) -> Iterator[Item]:
    for row in results.rows("checks"):
        if row["status"] == "not applicable" and not may_be_empty(gate, row["check"]):
            yield Item(row["check"], text="had nothing to check")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_ITEMS: dict[str, Itemise] = {
    "errors": _findings("error"),
    "warnings": _findings("warning"),
    "undetermined eligibility": _undetermined,
    "missing required items": _gaps,
    "allow": _gaps,
    "checks not run": _errors(second=False),
    "second opinion": _errors(second=True),
    "empty checks": _empty,
}
