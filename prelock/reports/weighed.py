"""Findings weighed by what they could change: the criteria and endpoints that read the cell, and those still open.

A criterion is open for a patient who is undetermined and of whom it is unknown; an endpoint where the patient is
undetermined by some definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prelock.reports.rows import Results, Row, quoted
from prelock.results import SEVERITY, TABLES

# The most that is open first; then the most that reads the cell; then the worst; then the order of `findings.csv`.
RANK = "CASE severity " + " ".join(f"WHEN '{name}' THEN {n}" for n, name in enumerate(SEVERITY)) + " END"
ORDERED = ", ".join(
    ["still_open DESC", "reach DESC", RANK, *(f"{quoted(k)} NULLS LAST" for k in TABLES["findings"].sort)]
)


def top(results: Results, count: int) -> list[Row]:
    """The first `count` findings that could change most, with `reach` and `still_open` (counts), and `undecided` (names
    joined by `; `). What is open is gathered by patient, so that no more is held than there is open."""
    names = "string_split(decides, '; ')"
    return results.query(
        f"WITH waiting AS (SELECT patient, list(DISTINCT name) AS open FROM ({_open_criteria(results)} UNION ALL "
        f"{_open_endpoints(results)}) GROUP BY patient), "
        f"weighed AS (SELECT f.*, coalesce(len({names}), 0) AS reach, "
        f"list_sort(coalesce(list_intersect({names}, w.open), [])) AS undecided "
        f"FROM ({results.cells('findings')}) f LEFT JOIN waiting w ON f.patient = w.patient) "
        "SELECT * REPLACE (nullif(array_to_string(undecided, '; '), '') AS undecided), len(undecided) AS still_open "
        "FROM weighed "
        f"ORDER BY {ORDERED} LIMIT {count}"
    )


def names_of(rows: Iterable[Row]) -> list[str]:
    """What is undecided and reads some of these findings' cells, in order."""
    return sorted({name for row in rows for name in (row["undecided"] or "").split("; ") if name})


def waiting(names: Sequence[str]) -> str:
    """`1 criterion and 4 endpoints undecided`; empty where nothing is."""
    found = [
        (sum(name.startswith(f"{section}: ") for name in names), one, many)
        for section, one, many in (("eligibility", "criterion", "criteria"), ("endpoint", "endpoint", "endpoints"))
    ]
    told = [f"{n} {one if n == 1 else many}" for n, one, many in found if n]
    return f"{' and '.join(told)} undecided" if told else ""


def _open_criteria(results: Results) -> str:
    return (
        f"SELECT c.patient, 'eligibility: ' || c.criterion AS name FROM ({results.source('criteria')}) c "
        f"JOIN ({results.source('eligibility')}) e ON c.patient = e.patient "
        "WHERE c.status = 'unknown' AND e.status = 'undetermined'"
    )


def _open_endpoints(results: Results) -> str:
    return (
        f"SELECT patient, 'endpoint: ' || endpoint AS name FROM ({results.source('outcomes')}) "
        "WHERE status = 'undetermined'"
    )
