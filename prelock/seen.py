"""What a run saw of its queries: its findings as the record keeps them."""

from __future__ import annotations

from prelock.lock.queries import Found, cells_digest
from prelock.reports.rows import Results

_COLUMNS = ("finding_id", "rule", "severity", "patient", "table", "key", "column", "value", "message")


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


def text(value: str) -> str:
    """An SQL string."""
    return "'" + value.replace("'", "''") + "'"
