"""What prelock does, as calls: load a study, lint it, check data against it, explain a patient.

Only this module knows the whole way: sources → clean tables → schemas → evaluation → validators → results → reports.
Heavy libraries are imported by the call that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prelock.errors import CallError, Problem, StudyError
from prelock.study.definition import StudyDefinition

if TYPE_CHECKING:
    from prelock.engine.explain import ExplainTree
    from prelock.engine.session import Session
    from prelock.engine.sources.raw import RawTable
    from prelock.engine.sql import Table
    from prelock.reports.rows import Results
    from prelock.run import Run
    from prelock.schemas import Schema
    from prelock.schemas.opinion import SecondOpinion

Data = str | Path | Mapping[str, Any]
# engine → module and class of its session
ENGINES: Mapping[str, tuple[str, str]] = {
    "duckdb": ("prelock.engine.session", "Session"),
    "spark": ("prelock.engine.spark", "SparkEngine"),
}
Progress = Callable[[str], None]


def load(path: str | Path) -> Study:
    """The study in a folder. Raises StudyError, which lists every located problem."""
    from prelock.study.load import load as load_definition

    return Study(load_definition(path), Path(path))


def lint(path: str | Path) -> tuple[Problem, ...]:
    """Every problem of the rules in a folder, in the order of the source; none if they can be used."""
    try:
        load(path)
    except StudyError as error:
        return error.problems
    return ()


def json_schema(section: str | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 7) of `study.yaml` with all sections, or of one section's own file, for editors."""
    from prelock.documents.hints import nearest
    from prelock.study import json_schema as made
    from prelock.study.load import SECTIONS

    if section is not None and section not in SECTIONS:
        raise CallError(f"{section} is no section of a study. {nearest(section, SECTIONS, 'The sections are')}")
    return made.json_schema(section)


class Study:
    """A study ready for use: its rules are read, resolved and typed (`definition`)."""

    def __init__(self, definition: StudyDefinition, folder: Path) -> None:
        self.definition = definition
        self.folder = folder

    def check(
        self,
        data: Data,
        out: str | Path | None = None,
        *,
        formats: Iterable[str] = (),
        engine: str = "duckdb",
        threads: int | None = None,
        memory: str | None = None,
        second_opinion: bool = False,
        progress: Progress = lambda step: None,
        as_of: date | None = None,
    ) -> Run:
        """Validate the records and evaluate every patient.

        `data` is a folder, a PostgreSQL URL, or frames (pandas, Polars, Arrow) by table name. With `out` the results
        are written there as CSV, `summary.json`, `report.html` and `report.xlsx`; `formats` adds `parquet`. `progress`
        is told each step as it begins.
        With the engine `spark` the tables are Parquet, and each result is a folder of Parquet files instead of a CSV.
        With `second_opinion` Great Expectations judges every cell too: each difference is an error that closes the
        gate, and its Data Docs are written to `data_docs`. Raises CallError where it is not installed.
        `threads` and `memory` (`8GB`) limit what the engine `duckdb` takes; what memory can't hold goes to disk, and
        patients are worked through in batches.
        Waivers are judged on the day `as_of` (None: today, UTC).
        Raises DataError where nothing can be read; a single table that can't be is told in the run's `notices`.
        """
        if engine not in ENGINES:
            raise CallError(f"There is no engine {engine}; the engines are {', '.join(ENGINES)}.")
        if engine != "duckdb":
            _refuse_unread(engine, data, second_opinion, memory)
        if out is not None:
            refuse_folder(Path(out), data, self.folder)
        session = _session(engine, threads, memory)
        run = _evaluate(self.definition, data, session, second_opinion, progress, as_of)
        if out is None:
            return run
        progress("writing results")
        with ExitStack() as stack:
            stack.enter_context(run)
            run.write(out, formats)
            stack.pop_all()  # the caller has the run
        return run

    def lint(self) -> tuple[Problem, ...]:
        """Problems of the study's folder as it is now."""
        return lint(self.folder)

    def pandera_schema(self, table: str) -> Schema:
        """The Pandera schema of a table, for a Polars frame of typed columns under their declared names."""
        from prelock.schemas import pandera_schema

        self._refuse_table(table)
        return pandera_schema(self.definition, table)

    def pandera_script(self, table: str) -> str:
        """The same schema as Python source that needs Pandera and Polars, not prelock."""
        from prelock.schemas.script import script
        from prelock.version import __version__

        return script(self.pandera_schema(table), self.definition.title, __version__)

    def _refuse_table(self, table: str) -> None:
        from prelock.documents.hints import nearest

        if table not in self.definition.tables:
            raise CallError(f"{table} is no table. {nearest(table, self.definition.tables, 'The tables are')}")

    def explain(self, data: Data, patient: str, rule: str | None = None) -> ExplainTree:
        """Why one patient's status is what it is, step by step, with the cells used and their place in the files.

        `rule` names a criterion, endpoint, variable or population; None explains everything.
        """
        from prelock.engine.explain import explain
        from prelock.engine.patient_records import patient_records

        return explain(self.definition, patient_records(self.definition, data, patient), patient, rule)


def refuse_folder(out: Path, data: Data, study: Path, locks: bool = False) -> None:
    """Results have names that input files may have too: they never go where the data or the rules lie, and only what
    `locks` goes where a lock lies."""
    from prelock.engine.sources import is_url
    from prelock.reports.writers import refuse_others_files

    taken = [("the study's own folder", study)]
    if not isinstance(data, Mapping) and not is_url(data):
        taken.append(("the data folder", Path(data)))
    for what, folder in taken:
        if out.resolve() == folder.resolve():
            raise CallError(f"--out is {what}, whose files results would overwrite. Choose another folder.")
    refuse_others_files(out, locks)


def _evaluate(
    study: StudyDefinition,
    data: Data,
    session: Session,
    second_opinion: bool,
    progress: Progress,
    as_of: date | None,
) -> Run:
    """The whole way from data to results."""
    from prelock.engine.clean import clean_tables
    from prelock.engine.evaluate import Evaluation
    from prelock.engine.record_keys import RecordKeys
    from prelock.engine.sources import is_url, open_data
    from prelock.engine.sources.folder import data_folder
    from prelock.inputs import Inputs
    from prelock.run import Clock, Run
    from prelock.schemas import validate_all
    from prelock.validators import run_all

    clock = Clock(progress)
    inputs = None if isinstance(data, Mapping) or is_url(data) else Inputs(data_folder(data))
    with ExitStack() as stack:
        stack.enter_context(session)
        clock.begin("reading tables")
        raw = open_data(study, data, session)
        if inputs is not None:
            inputs.read = tuple(table.file for table in raw.values() if table.present)
        clock.begin("reading cells")
        clean = clean_tables(study, raw, session)
        clock.begin("validating records")
        opinion = _second_opinion() if second_opinion else None
        validated = validate_all(study, raw, clean, session, opinion)
        clock.begin("evaluating patients")
        evaluation = Evaluation(study, session, raw, clean)
        clock.begin("applying rules")
        results = _results(run_all(evaluation, validated), session)
        del clean, validated, evaluation
        session.forget()
        clock.end()
        stack.pop_all()  # the run keeps the database
    notices = tuple(_unread(raw, study.patient_table))
    docs = opinion.write_docs if opinion else None
    keys = RecordKeys(study, raw, session)
    return Run(study, session, results, notices, clock.timings, docs, as_of, inputs, keys)


def _unread(raw: Mapping[str, RawTable], patients: str) -> Iterator[str]:
    """What of the data no figure tells of: tables that could not be read, and rows of the patient table."""
    yield from (table.problems[0].message for table in raw.values() if not table.present and table.problems)
    table = raw[patients]
    if table.present and table.refused:
        rows = "1 row" if table.refused == 1 else f"{table.refused:,} rows"
        yield f"{rows} of {table.file} could not be read: their patients are in no figure."


def _refuse_unread(engine: str, data: Data, second_opinion: bool, memory: str | None) -> None:
    from prelock.engine.sources import is_url

    if is_url(data) or isinstance(data, Mapping):
        what = "Frames are" if isinstance(data, Mapping) else "A database is"
        raise CallError(f"{what} read by the engine duckdb only; for {engine} give a folder of Parquet files.")
    if memory is not None:
        raise CallError(f"The memory of the engine {engine} is set by its own configuration.")
    if second_opinion:
        raise CallError("A second opinion is given by the engine duckdb only.")


def _session(engine: str, threads: int | None, memory: str | None) -> Session:
    module, name = ENGINES[engine]
    limits = (threads,) if memory is None else (threads, memory)
    opened: Session = getattr(import_module(module), name)(*limits)
    return opened


def _results(tables: Mapping[str, Table], session: Session) -> Results:
    """The result tables, ready to be read; a cluster works them out and writes them first."""
    from prelock.engine.spark import SparkEngine
    from prelock.reports.landed import landed
    from prelock.reports.rows import Results, Source

    sources = {name: Source(table.columns, session.sql(table), table) for name, table in tables.items()}
    if isinstance(session, SparkEngine):
        return landed(sources, session.written, session.duck)
    return Results(sources, session.duck, ranges=session.ranges())


def _second_opinion() -> SecondOpinion:
    from prelock.schemas.opinion import SecondOpinion

    return SecondOpinion()
