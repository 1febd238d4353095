"""The engines that specs and random studies are run on. Each takes the same study, tables of text and questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prelock.engine.interval import NOT_APPLICABLE, State, Truth, Val
from prelock.engine.reference import Reference, missing_cells, notes_raised, records_from
from prelock.rules.nodes import Node
from prelock.rules.types import Kind
from prelock.study.definition import StudyDefinition

Tables = Mapping[str, Sequence[Mapping[str, str]]]  # rows as text by header; a table that is not in it has no file


@dataclass(frozen=True)
class Answer:
    """What an engine says of a question for a patient: a truth or a value, and the cells that would settle it.

    `findings` are the kinds of finding raised on the way, None where the engine does not tell them here.
    """

    truth: Truth
    value: Val
    is_rule: bool
    missing: str = ""
    findings: tuple[str, ...] | None = None


Answers = dict[str, dict[str, Answer]]  # by question, then by patient
Engine = Callable[[StudyDefinition, Tables, Mapping[str, Node]], Answers]


def by_reference(study: StudyDefinition, tables: Tables, asked: Mapping[str, Node]) -> Answers:
    """By the reference interpreter."""
    run = Reference(study, records_from(study, tables))
    answers: Answers = {name: {} for name in asked}
    for key in run.patients:
        for name, node in asked.items():
            part = run.at_patient(node, key)
            lacks = (f"{lack.table} row {lack.row} {lack.column} {lack.why}" for lack in missing_cells(part))
            kinds = tuple(sorted({note.kind for note in notes_raised(part)}))
            is_rule = node.type.kind is Kind.TRUTH
            answers[name][run.store.shown[key]] = Answer(part.truth, part.value, is_rule, "; ".join(lacks), kinds)
    return answers


PARTS = ("low", "high", "low_open", "high_open", "unreadable", "na")


def by_duckdb(study: StudyDefinition, tables: Tables, asked: Mapping[str, Node]) -> Answers:
    """By the engine, from frames of text, on DuckDB."""
    from prelock.engine.session import Session

    with Session(threads=1) as session:
        return _by_engine(study, tables, asked, session)


def by_batches(study: StudyDefinition, tables: Tables, asked: Mapping[str, Node]) -> Answers:
    """By the engine on DuckDB as it works on what memory can't hold: on disk, about two rows at a time."""
    from prelock.engine.session import Session

    class Narrow(Session):
        small = False

        def _batches(self, rows: int) -> int:
            return rows // 2 + 1

    with Narrow(threads=1) as session:
        return _by_engine(study, tables, asked, session)


def by_spark(study: StudyDefinition, tables: Tables, asked: Mapping[str, Node]) -> Answers:
    """By the engine, from frames of text, on Spark as the fixture `spark_here` sets it up."""
    from prelock.engine.spark import SparkEngine

    with SparkEngine() as session:
        return _by_engine(study, tables, asked, session)


def _by_engine(study: StudyDefinition, tables: Tables, asked: Mapping[str, Node], session: Any) -> Answers:
    ev = evaluation(study, tables, session)
    columns = {"patient": ev.patients["patient"]}
    for number, node in enumerate(asked.values()):
        columns |= {f"{number} {part}": column for part, column in _columns(ev, node).items()}
    rows = session.arrow(ev.patients.select(**columns)).to_pylist()
    return {
        name: {row["patient"]: _answer(row, number, node) for row in rows}
        for number, (name, node) in enumerate(asked.items())
    }


def evaluation(study: StudyDefinition, tables: Tables, session: Any) -> Any:
    """The study evaluated by the engine on its tables."""
    from prelock.engine.clean import clean_tables
    from prelock.engine.evaluate import Evaluation
    from prelock.engine.sources import open_data

    raw = open_data(study, _frames(study, tables), session)
    return Evaluation(study, session, raw, clean_tables(study, raw, session))


def _frames(study: StudyDefinition, tables: Tables) -> dict[str, Any]:
    import pyarrow as pa

    frames = {}
    for name, rows in tables.items():
        headers = list(rows[0]) if rows else _headers(study, name)
        frames[name] = pa.table({header: pa.array([row[header] for row in rows], pa.string()) for header in headers})
    return frames


def _headers(study: StudyDefinition, name: str) -> list[str]:
    """A supplement is no table of the study, and may be empty."""
    return [column.header for column in study.tables[name].columns.values()] if name in study.tables else []


def _columns(ev: Any, node: Node) -> dict[str, Any]:
    value = ev.value(node)
    columns = {part: getattr(value, part) for part in PARTS if getattr(value, part) is not None}
    columns["missing"] = ev.missing(node)
    if node.type.kind is Kind.TRUTH:
        columns["truth"] = ev.truth(node)
    return columns


def _answer(row: Mapping[str, Any], number: int, node: Node) -> Answer:
    held = {name: row.get(f"{number} {name}") for name in (*PARTS, "truth", "missing")}
    if f"{number} high" not in row:
        held["high"] = held["low"]
    return Answer(held["truth"], _val(held), node.type.kind is Kind.TRUTH, held["missing"] or "")


def _val(held: Mapping[str, Any]) -> Val:
    """The engine's columns as a value of the reference."""
    if held["na"]:
        return NOT_APPLICABLE
    low, high = (Decimal(repr(bound)) if isinstance(bound, float) else bound for bound in (held["low"], held["high"]))
    state = State.RECORDED if low is not None or high is not None else State.MISSING
    if held["unreadable"]:
        state = State.UNREADABLE
    opens = (bound is not None and bool(held[part]) for bound, part in ((low, "low_open"), (high, "high_open")))
    return Val(low, high, *opens, state)


# The first is what the others are held to.
ENGINES: dict[str, Engine] = {"reference": by_reference, "duckdb": by_duckdb}
# The same engine, working as it does on large data.
DIVIDED: dict[str, Engine] = {"batches": by_batches}
# These take seconds for each study.
SLOW: dict[str, Engine] = {"spark": by_spark}
