"""A short listing as CSV: UTF-8, `\\n`, one header row; for what a lock adds to the results."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

BLOCKERS = ("blocker", "rule", "patient", "table", "key", "column", "finding_id", "owner", "age", "text")
QUERIES = (
    *("finding_id", "state", "owner", "first_seen", "last_seen", "age", "comment", "waived", "rule", "severity"),
    *("patient", "table", "key", "column", "value", "message"),
)


def write_listing(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the cells named `columns` of each row; None is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)
