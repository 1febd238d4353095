"""A second opinion by Great Expectations on everything that Pandera judges, compared record by record.

Great Expectations is an extra, slow to import, and imported by nothing else. Its analytics are switched off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from prelock.engine.clean import CleanTable
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable
from prelock.errors import CallError
from prelock.results import SECOND, second
from prelock.schemas.constraints import Constraint, Verdict, constraints, runnable
from prelock.schemas.findings import contract, no_findings, placed
from prelock.schemas.libraries import beside_pyspark
from prelock.schemas.opinion_frames import ROW, opinion_frames
from prelock.schemas.rows import check_row
from prelock.schemas.run import Run
from prelock.study.definition import Table

if TYPE_CHECKING:
    from prelock.schemas.suite import Demand

SHOWN = 5
FULL = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [ROW],
    "return_unexpected_index_query": False,
}


@dataclass
class Judged:
    """What Great Expectations says of one check: the rows that fail, how many cells it judged, why it could not."""

    failed: set[int] = field(default_factory=set)
    cells: int | None = None
    error: str = ""


class SecondOpinion:
    """One Great Expectations context for a run. Raises CallError where the extra is not installed."""

    def __init__(self) -> None:
        if find_spec("great_expectations") is None:
            raise CallError("The second opinion needs Great Expectations: pip install 'prelock[expectations]'.")
        os.environ["GX_ANALYTICS_ENABLED"] = "False"
        with beside_pyspark():
            import great_expectations as gx
            from great_expectations.data_context.types.base import ProgressBarsConfig

        self._gx = gx
        self._context = gx.get_context(mode="ephemeral")
        self._context.enable_analytics(False)
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._source = self._context.data_sources.add_pandas("prelock")

    def compare(
        self, table: Table, raw: RawTable, clean: CleanTable, run: Run, session: Session
    ) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
        """Findings and rows of `checks.csv`: an error for each check, and each record, on which the two differ."""
        judged = self._judge(table, raw, clean, session)
        found, rows = [no_findings()], []
        own = {c.name: c for c in constraints(table) if runnable(c, raw.columns)}
        for name in dict.fromkeys((*own, *judged)):
            error, differing = _difference(own.get(name), judged.get(name), run)
            agreed = run.rows - len(differing)
            row = check_row(second(name), "record", passed=agreed, failed=len(differing), error=error)
            rows.append(row)
            if differing and name in own:
                found.append(_findings(own[name], differing, table, raw, clean, session))
        return pl.concat(found), rows

    def write_docs(self, folder: Path) -> None:
        """Great Expectations' Data Docs of all that was judged: a site of plain files, index.html first."""
        site: Any = {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())},
        }
        self._context.add_data_docs_site("prelock", site)
        self._context.build_data_docs(site_names=["prelock"])
        self._context.delete_data_docs_site("prelock")

    def _judge(self, table: Table, raw: RawTable, clean: CleanTable, session: Session) -> dict[str, Judged]:
        from prelock.schemas.suite import demands

        intervals = frozenset(name for name, facts in clean.facts.items() if facts.interval)
        there = [c for c in table.columns.values() if c.optional or c.header in raw.columns]
        checks = tuple(f"{table.name}.{spec.name}: " for spec in there)
        own = [demand for demand in demands(table, intervals) if demand.check.startswith(checks)]
        judged = {demand.check: Judged(cells=0 if demand.counts else None) for demand in own}
        for frame, results in self._results(table, raw, clean, session, own):
            for demand, result in zip(own, results, strict=True):
                _add(judged[demand.check], demand, result, frame.height)
        return judged

    def _results(
        self, table: Table, raw: RawTable, clean: CleanTable, session: Session, own: list[Demand]
    ) -> Iterator[tuple[pl.DataFrame, list[Any]]]:
        """Each batch with the results of the expectations, in their order."""
        gx, context = self._gx, self._context
        suite = context.suites.add(gx.ExpectationSuite(name=table.name))
        for number, demand in enumerate(own):
            demand.expectation.meta = {"number": number, "check": demand.check}
            suite.add_expectation(demand.expectation)
        batch = self._source.add_dataframe_asset(table.name).add_batch_definition_whole_dataframe("records")
        definition = gx.ValidationDefinition(name=table.name, data=batch, suite=suite)
        definition = context.validation_definitions.add(definition)
        checkpoint = gx.Checkpoint(name=table.name, validation_definitions=[definition], result_format=FULL)
        checkpoint = context.checkpoints.add(checkpoint)
        for frame in opinion_frames(table, raw, clean, session):
            ran = checkpoint.run(batch_parameters={"dataframe": frame.to_pandas()})
            [told] = ran.run_results.values()
            yield frame, sorted(told.results, key=lambda result: result.expectation_config.meta["number"])


def _add(judged: Judged, demand: Demand, told: Any, rows: int) -> None:
    """Add one expectation's result on one batch."""
    result: Mapping[str, Any] = told.result
    if told.exception_info.get("raised_exception", True) or "element_count" not in result:
        judged.error = "Great Expectations could not run it"
        return
    if result["element_count"] != rows:
        judged.error = f"Great Expectations ran on {result['element_count']} of {rows} rows"
    failed = {int(found[ROW]) for found in result["unexpected_index_list"] or ()}
    if len(failed) != result["unexpected_count"] or told.success != (not failed):
        judged.error = "Great Expectations counts other failures than it lists"
    judged.failed |= failed
    if demand.counts and judged.cells is not None:
        judged.cells += result["element_count"] - result.get("missing_count", 0)


def _difference(own: Constraint | None, judged: Judged | None, run: Run) -> tuple[str, list[int]]:
    """What the two say differently of one check ('' if nothing), and the rows concerned."""
    if own is None:
        return "Pandera has no check for this expectation", []
    if judged is None:
        return "Great Expectations has no expectation for this check", []
    if run.error(own):
        return f"Pandera could not run it: {run.error(own)}", []
    if judged.error:
        return judged.error, []
    failed = set(run.ledger.rows(own.name).to_list())
    more, fewer = sorted(judged.failed - failed), sorted(failed - judged.failed)
    if more or fewer:
        return f"{_told('fails', more, 'passes')}{'; ' * bool(more and fewer)}{_told('passes', fewer, 'fails')}", [
            *more,
            *fewer,
        ]
    entry = run.ledger.entries.get(own.name)
    cells = 0 if entry is None else entry.counts[Verdict.PASSED] + entry.counts[Verdict.FAILED]
    if judged.cells is not None and judged.cells != cells:
        return f"Great Expectations judged {judged.cells} cells, Pandera {cells}", []
    return "", []


def _told(says: str, rows: list[int], other: str) -> str:
    if not rows:
        return ""
    shown = ", ".join(map(str, rows[:SHOWN])) + (", …" if len(rows) > SHOWN else "")
    noun = "record" if len(rows) == 1 else "records"
    return f"Great Expectations {says} {len(rows)} {noun} that Pandera {other} (row {shown})"


def _findings(
    own: Constraint, differing: list[int], table: Table, raw: RawTable, clean: CleanTable, session: Session
) -> pl.DataFrame:
    found = pl.DataFrame({"row": differing}, schema={"row": pl.Int64}).with_columns(n=pl.lit(0, pl.Int32))
    return contract(
        placed(found, table, raw, clean, [own], session),
        rule=second(own.name),
        kind=SECOND,
        severity="error",
        grain="record",
        table=table.name,
        file=clean.file,
        column=own.spec.name,
        message=f"Pandera and Great Expectations differ on {own.name}; trust neither until it is settled.",
    )
