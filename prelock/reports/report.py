"""All that a report is made of; every writer takes this and a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prelock.reports.rows import Results
from prelock.reports.summary import Summary
from prelock.study.definition import StudyDefinition


@dataclass(frozen=True)
class Report:
    """A run to be written. `run` holds what may differ between two runs on the same input: versions, times.

    `notices` are sentences about data that could not be read. `docs` writes the second opinion's own pages to a folder.
    """

    study: StudyDefinition
    results: Results
    summary: Summary
    run: Mapping[str, Any]
    notices: tuple[str, ...] = field(default=())
    docs: Callable[[Path], None] | None = None
