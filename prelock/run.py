"""A run: a study evaluated on data, its result tables as DataFrames, the gate's verdict and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from prelock.errors import CallError
from prelock.inputs import Inputs
from prelock.itemise import Asked, items, waivers_told
from prelock.lock.gate import ALWAYS, ALWAYS_CHECKED, Blocker, Counts, Item, ItemCount, Verdict, verdict
from prelock.lock.waivers import Judged, judge
from prelock.reports.report import Report
from prelock.reports.rows import Results, Row
from prelock.reports.summary import Summary, summarise
from prelock.reports.weighed import top
from prelock.results import TABLES
from prelock.seen import Keys, found, text
from prelock.study.definition import StudyDefinition
from prelock.study.rule_digest import rule_digest
from prelock.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from prelock.engine.session import Session

UNREADABLE = 3
UNREAD = "data not read"  # what blocks a lock, whatever the study's gate asks


class Run:
    """What a check found. Each result table is an attribute, made a pandas DataFrame when it is first asked for.

    `notices` say which tables could not be read. `as_of` is the day on which waivers are judged, `inputs` are the files
    read (None: frames), `record_keys` tell which records there are. `exit_code`: 0 clean, 1 the gate is closed, 3 a
    table is unreadable.
    """

    def __init__(
        self,
        study: StudyDefinition,
        session: Session,
        results: Results,
        notices: tuple[str, ...],
        timings: Mapping[str, float],
        docs: Callable[[Path], None] | None = None,
        as_of: date | None = None,
        inputs: Inputs | None = None,
        record_keys: Keys | None = None,
    ) -> None:
        self.inputs, self.record_keys = inputs, record_keys
        self.as_of = as_of or datetime.now(UTC).date()
        self.study, self.results, self.notices = study, results, notices
        self._session, self._timings, self._docs = session, dict(timings), docs
        self._started = datetime.now(UTC)
        self._frames: dict[str, pd.DataFrame] = {}

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise AttributeError(f"a run has no {name!r}; its tables are {', '.join(TABLES)}")
        return self.table(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def table(self, name: str) -> pd.DataFrame:
        """One result table, with the columns and the order of its file."""
        if name not in self._frames:
            self._frames[name] = self.results.frame(name)
        return self._frames[name]

    @cached_property
    def summary(self) -> Summary:
        """The run in numbers, as in `summary.json` (without the entry `run`)."""
        summary = summarise(self.study, self.results, self._session.name)
        summary = {**summary, "waivers": waivers_told(self.waivers, self.as_of)}
        gate, answer = self.study.gate, verdict(self.study.gate, _counts(summary), ALWAYS_CHECKED)
        allowed = {f"{item} at {point}": float(share) for (item, point), share in gate.allow.items()}
        blockers = [{"rule": b.rule, "count": b.count, "text": b.text} for b in answer.blockers]
        told = {"ready": answer.ready, "block_on": list(gate.block_on), "allow": allowed, "blockers": blockers}
        return {**summary, "gate": told}

    @cached_property
    def waivers(self) -> tuple[Judged, ...]:
        """Every waiver of the study with its state and the findings that it is about."""
        names = {waiver.rule for waiver in self.study.waivers} - {""}
        numbers = {waiver.finding for waiver in self.study.waivers} - {""}
        asked = [
            f"{column} IN ({', '.join(map(text, sorted(values)))})"
            for column, values in (("rule", names), ("finding_id", numbers))
            if values
        ]
        about = found(self.results, " OR ".join(asked)) if asked else []
        return judge(self.study.waivers, about, partial(rule_digest, self.study), self.as_of)

    def lock(self) -> Verdict:
        """Whether the data may be locked: `ready`, and what blocks, item by item.

        Beside what the gate asks, data that could not be read block, a check that could not run or had nothing to
        check, and a finding whose waiver has ended.
        """
        asked = Asked(self.study.gate, self.results, self.waivers)
        answer = verdict(self.study.gate, _counts(self.summary), ALWAYS)
        unread = [Blocker(UNREAD, 1, notice, items=(Item(UNREAD, text=notice),)) for notice in self.notices]
        return Verdict((*unread, *answer.itemised(lambda blocker: items(asked, blocker)).blockers))

    def top(self, count: int) -> list[Row]:
        """The `count` findings that could change most, each with `reach`, `still_open` and `undecided` (`reports`)."""
        return top(self.results, count)

    @property
    def exit_code(self) -> int:
        """The exit code of `prelock check`: what the study's gate says."""
        return UNREADABLE if self.notices else verdict(self.study.gate, _counts(self.summary), ALWAYS_CHECKED).exit_code

    @property
    def entries(self) -> dict[str, Any]:
        """What may differ between two runs on the same input: versions and times."""
        return {
            "prelock": __version__,
            "started": self._started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "seconds": round(sum(self._timings.values()), 3),
            "steps": {step: round(spent, 3) for step, spent in self._timings.items()},
        }

    @property
    def report(self) -> Report:
        """All that the writers need."""
        return Report(self.study, self.results, self.summary, self.entries, self.notices, self._docs)

    def write(self, out: str | Path, formats: Iterable[str] = ()) -> None:
        """Write all results to a folder: CSV, `summary.json`, `report.html`, `report.xlsx`, and the further `formats`.

        The results of a cluster are folders of Parquet files instead of CSV.
        """
        from prelock.reports import writers

        suffixes = self._suffixes(formats)
        writers.write_folder(Path(out), lambda folder: writers.fill(self.report, folder, suffixes))

    def fill(self, folder: Path, formats: Iterable[str] = (), locked: bool = False) -> None:
        """Write all results into a new folder; for a lock without what two runs on the same input would not share."""
        from prelock.reports import writers

        report = replace(self.report, run={"prelock": __version__}, docs=None) if locked else self.report
        writers.fill(report, folder, self._suffixes(formats))

    def _suffixes(self, formats: Iterable[str]) -> dict[str, None]:
        """The suffixes of the formats that are always written, and of the further ones."""
        from prelock.reports import writers

        suffixes = [f".{name.lstrip('.')}" for name in formats]
        unknown = [suffix for suffix in suffixes if suffix not in writers.WRITERS]
        if unknown:
            known = ", ".join(name.lstrip(".") for name in writers.WRITERS)
            raise CallError(f"No results are written as {unknown[0].lstrip('.')}; known are {known}.")
        always = writers.SPREAD if self.results.parts else writers.ALWAYS
        return dict.fromkeys((*always, *suffixes))

    def close(self) -> None:
        """Free the database; tables not yet asked for can't be read any more."""
        self._session.close()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _counts(summary: Summary) -> Counts:
    """What the gate asks of a summary."""
    counted = {
        (row["item"], row["timepoint"]): ItemCount(row["expected"], row["expected"] - row["recorded"], row["required"])
        for row in summary["completeness"]
    }
    told = summary["findings"]
    undetermined = summary["eligibility"]["undetermined"]
    not_run, empty = tuple(summary["checks_not_run"]), tuple(summary["checks_empty"])
    differing, waivers = tuple(summary["second_opinion_differs"] or ()), summary["waivers"]
    errors, warnings = (told[severity] - waivers["waived"][severity] for severity in ("error", "warning"))
    return Counts(errors, warnings, undetermined, not_run, counted, empty, differing, waivers["ended"])


class Clock:
    """Tells a listener each step as it begins, and remembers how long each took."""

    def __init__(self, listener: Callable[[str], None]) -> None:
        self.timings: dict[str, float] = {}
        self._listener, self._step, self._since = listener, "", perf_counter()

    def begin(self, step: str) -> None:
        """End the step at hand, if there is one, and begin the next."""
        self.end()
        self._step = step
        self._listener(step)

    def end(self) -> None:
        """End the step at hand."""
        now = perf_counter()
        if self._step:
            self.timings[self._step] = now - self._since
        self._step, self._since = "", now
