"""What people do with queries: list, assign, answer, close, exchange by Excel, and the lines of a waiver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from prelock.errors import CallError
from prelock.lock.history import CHANGES, History
from prelock.lock.queries import Change, Queries, Query, changed, refused
from prelock.lock.record import Record
from prelock.lock.waivers import bound_to
from prelock.locking import refuse_hard_locked
from prelock.reports.query_sheet import read_sheet, write_sheet
from prelock.study.definition import StudyDefinition
from prelock.study.rule_digest import rule_digest


@dataclass(frozen=True)
class Wanted:
    """Which queries are asked for; what is empty does not matter. Settled ones only by `state` or `everything`."""

    state: str = ""
    owner: str = ""
    patient: str = ""
    rule: str = ""
    everything: bool = False

    def takes(self, query: Query) -> bool:
        """Whether the query is asked for."""
        told = ((self.state, query.state), (self.owner, query.owner), (self.patient, query.found.patient),
                (self.rule, query.found.rule))  # fmt: skip
        return all(not asked or asked == is_ for asked, is_ in told) and (
            self.everything or bool(self.state) or not query.settled
        )


def listed(record: Record, wanted: Wanted) -> list[dict[str, Any]]:
    """The queries asked for, oldest first, as rows."""
    today = datetime.now(UTC).date()
    queries = [query for query in History.of(record.entries()).queries.values() if wanted.takes(query)]
    queries.sort(key=lambda query: (query.first_seen, query.found.patient, query.found.finding_id))
    return [_row(query, today) for query in queries]


def change(record: Record, who: str, action: str, names: Sequence[str], text: str) -> int:
    """Make one change to several queries, all or none; how many. `names` are ids, or the beginnings of ids."""
    with record.writing() as writing:
        history = History.of(writing.entries)
        refuse_hard_locked(history)
        changes = [Change(_named(history.queries, name), action, text) for name in names]
        problems = [problem for one in changes if (problem := refused(history.queries, one))]
        if problems:
            raise CallError("\n".join(f"{problem[0].upper()}{problem[1:]}." for problem in problems))
        writing.append(CHANGES, who, "", {"changes": [[*asdict(one).values()] for one in changes]})
    return len(changes)


def export(record: Record, path: Path, wanted: Wanted) -> int:
    """Write the queries asked for to an Excel file; how many."""
    rows = listed(record, wanted)
    try:
        write_sheet(path, rows)
    except OSError as error:
        raise CallError(f"{path} can't be written: {error.strerror}.") from error
    return len(rows)


@dataclass(frozen=True)
class Imported:
    """What became of a sheet: how many changes were made, and why the other lines were not taken."""

    changes: int
    problems: tuple[str, ...]


def take_back(record: Record, who: str, path: Path) -> Imported:
    """Make every change that a filled-in sheet asks for, and say of each line that could not be taken why."""
    lines = list(read_sheet(path))
    with record.writing() as writing:
        history = History.of(writing.entries)
        refuse_hard_locked(history)
        queries, made, problems = history.queries, [], []
        for line in lines:
            for action, text in line.asked:
                one = Change(line.finding_id, action, text)
                if _already(queries, one):
                    continue
                problem = refused(queries, one)
                if problem:
                    problems.append(f"line {line.number}: {problem}")
                else:
                    queries = changed(queries, one)
                    made.append(one)
            if not line.asked and line.finding_id not in queries:
                problems.append(f"line {line.number}: there is no query {line.finding_id or 'without an id'}")
        if made:
            body = {"file": path.name, "changes": [[*asdict(one).values()] for one in made]}
            writing.append(CHANGES, who, "", body)
    return Imported(len(made), tuple(problems))


def waiver(record: Record, study: StudyDefinition, name: str, by: str, why: str, until: date) -> str:
    """The lines for `waivers.yaml` that waive a finding as it stands."""
    queries = History.of(record.entries()).queries
    found = queries[_named(queries, name)].found
    today = datetime.now(UTC).date()
    cells = {
        "finding": found.finding_id,
        "cells": bound_to([found]),
        "rule hash": rule_digest(study, found.rule),
        "by": _quoted(by),
        "on": today.isoformat(),
        "why": _quoted(why),
        "until": until.isoformat(),
    }
    title = _quoted(f"{found.rule} of {found.patient or found.key or found.table}")
    return "\n".join([f"{title}:", *(f"  {key}: {value}" for key, value in cells.items())])


def _row(query: Query, day: date) -> dict[str, Any]:
    told = {name: value for name, value in asdict(query).items() if name not in ("found", "before")}
    return {**asdict(query.found), **told, "age": query.age(day)}


def _already(queries: Queries, one: Change) -> bool:
    """The sheet still holds what the query holds already."""
    query = queries.get(one.finding_id)
    return query is not None and one.action == "assign" and query.owner == one.text


def _named(queries: Iterable[str], name: str) -> str:
    """The one id that is `name` or begins so."""
    found = [number for number in queries if number == name or (len(name) >= 4 and number.startswith(name))]
    if len(found) != 1:
        raise CallError(f"There is no query {name}." if not found else f"{name} is the beginning of several queries.")
    return found[0]


def _quoted(text: str) -> str:
    """A YAML text in single quotes."""
    return "'" + text.replace("'", "''") + "'"
