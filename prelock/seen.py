"""What a run saw of its queries: its findings, and the known ones that it could not have seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from prelock.lock.history import History
from prelock.lock.queries import NOT_CHECKABLE, Found, Query, cells_digest
from prelock.reports.rows import Results
from prelock.study.definition import StudyDefinition
from prelock.study.rule_digest import definition

_COLUMNS = ("finding_id", "rule", "severity", "patient", "table", "key", "column", "value", "message")
Rows = dict[str, dict[str, Any]]


class Keys(Protocol):
    """Which records the tables have."""

    def has(self, table: str, key: str) -> bool:
        """Whether the table has a record with that key."""


def found(results: Results, where: str = "") -> list[Found]:
    """The findings of a run, or those for which an SQL condition holds, in the order of `findings.csv`."""
    query = f"SELECT * FROM ({results.ordered('findings')})" + (f" WHERE {where}" if where else "")
    return [
        Found(
            **{name: row[name] or "" for name in _COLUMNS},
            cells=cells_digest(row["value"] or "", row["related_cells"] or ""),
        )
        for row in results.query(query)
    ]


def unchecked(
    study: StudyDefinition, results: Results, keys: Keys, history: History, seen: Sequence[Found]
) -> list[str]:
    """The known findings that the run did not see and could not have seen.

    Their rule is gone or could not run; their file could not be read; their record is not there any more; or a new
    finding of their record came between, behind which the rule was not judged, and the record still has one.
    """
    checks = {row["check"]: row for row in results.rows("checks")}
    here = {finding.finding_id for finding in seen}
    known = history.present
    new = {(f.table, f.key) for f in seen if f.finding_id not in known or known[f.finding_id].cells != f.cells}
    spoilt = {(f.table, f.key) for f in seen}
    absent = (query for number, query in history.queries.items() if number not in here)
    return [
        query.found.finding_id
        for query in absent
        if _blind(study, checks, keys, spoilt if query.state == NOT_CHECKABLE else new, query)
    ]


def _blind(
    study: StudyDefinition, checks: Rows, keys: Keys, between: Collection[tuple[str, str]], query: Query
) -> bool:
    rule, table, key = query.found.rule, query.found.table, query.found.key
    check, file = checks.get(rule), checks.get(f"{table}: file")
    if check is None and definition(study, rule) is None:
        return True
    if any(row is not None and row["status"] == "error" for row in (check, file)):
        return True
    if file is not None and file["failed"]:
        return True
    return not keys.has(table, key) or (
        (table, key) in between and bool(check and (check["unknown"] or check["failed"]))
    )


def text(value: str) -> str:
    """An SQL string."""
    return "'" + value.replace("'", "''") + "'"
