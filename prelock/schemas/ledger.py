"""A record of what Pandera really ran: without it, a check that is skipped looks like a check that passed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from prelock.engine.leftovers import ColumnFacts
from prelock.schemas.constraints import Constraint, Verdict


@dataclass
class Entry:
    """What one constraint has judged: cells by verdict, and the rows (numbers in the file) that failed."""

    counts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    failed: list[pl.Series] = field(default_factory=list)

    @property
    def judged(self) -> int:
        """How many cells were looked at."""
        return sum(self.counts.values())


@dataclass
class Ledger:
    """An entry for each constraint that has run, by check name."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def probe(self, constraint: Constraint, facts: ColumnFacts) -> Callable[[Any], pl.LazyFrame]:
        """The constraint as a function for a Pandera check, which writes down what it finds."""
        verdict = constraint.verdict(facts).alias("verdict")

        def judge(data: Any) -> pl.LazyFrame:
            frame: pl.LazyFrame = data.lazyframe
            judged = frame.select("row", verdict).collect()
            entry = self.entries.setdefault(constraint.name, Entry())
            for value in Verdict:
                entry.counts[value] += int((judged.get_column("verdict") == value).sum())
            failing = judged.get_column("verdict") == Verdict.FAILED
            if failing.any():
                entry.failed.append(judged.get_column("row").filter(failing))
            return (~failing).alias(str(data.key)).to_frame().lazy()

        return judge

    def rows(self, name: str) -> pl.Series:
        """The rows that failed a check."""
        found = self.entries[name].failed if name in self.entries else []
        return pl.concat(found) if found else pl.Series("row", [], pl.Int64)
