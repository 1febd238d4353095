"""Queries over time: what becomes of each finding from run to run, and what people do about it.

A query is a finding that somebody answers for; its identity is the finding's. The record keeps what each run found and
what people did; states are worked out from that, always in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from prelock.lock.canonical import canonical, digest

NEW, OPEN, ANSWERED, CLOSED, RESOLVED = "new", "open", "answered", "closed", "resolved"
REOPENED, CHANGED, NOT_CHECKABLE = "reopened", "changed but still wrong", "no longer checkable"
STATES = (NEW, OPEN, CHANGED, REOPENED, ANSWERED, NOT_CHECKABLE, CLOSED, RESOLVED)
SETTLED = (CLOSED, RESOLVED)
_PLACE = re.compile(r" row \d+")


@dataclass(frozen=True)
class Found:
    """A finding of one run. `cells` stands for what is written in its cells, wherever they stand."""

    finding_id: str
    rule: str
    severity: str
    patient: str
    table: str
    key: str
    column: str
    value: str
    message: str
    cells: str


@dataclass(frozen=True)
class Query:
    """A finding with its history. `first_seen` and `last_seen` are days; `before` is the state that holds again if it
    can be checked again and has not changed. `comment` is the last thing said about it."""

    found: Found
    state: str
    first_seen: str
    last_seen: str
    owner: str = ""
    comment: str = ""
    before: str = ""

    @property
    def settled(self) -> bool:
        """Nothing is left to do."""
        return self.state in SETTLED

    def age(self, day: date) -> int:
        """Days since it was first seen."""
        return (day - date.fromisoformat(self.first_seen)).days


Queries = dict[str, Query]


def cells_digest(value: str, related: str) -> str:
    """Stands for the cells of a finding: the same when rows are in another order, another when a cell changes."""
    others = sorted(_PLACE.sub("", part) for part in related.split("; ")) if related else []
    return digest(canonical([value, others]))[:16]


def after_run(queries: Mapping[str, Query], found: Iterable[Found], unchecked: Collection[str], day: str) -> Queries:
    """The queries after a run that saw `found`. `unchecked` are known findings that it could not have seen."""
    seen = {finding.finding_id: finding for finding in found}
    after = {i: _absent(query, i in unchecked) for i, query in queries.items() if i not in seen}
    for number, finding in seen.items():
        known = queries.get(number)
        after[number] = _seen(known, finding, day) if known else Query(finding, NEW, day, day)
    return after


def _seen(query: Query, found: Found, day: str) -> Query:
    state = query.before if query.state == NOT_CHECKABLE else query.state
    same = query.found.cells == found.cells
    if state == RESOLVED or (state == CLOSED and not same):
        state = REOPENED
    elif not same:
        state = CHANGED
    elif state not in (ANSWERED, CLOSED):
        state = OPEN
    return replace(query, found=found, state=state, last_seen=day, before="")


def _absent(query: Query, unchecked: bool) -> Query:
    if query.state == RESOLVED or (unchecked and query.state in (CLOSED, NOT_CHECKABLE)):
        return query
    if unchecked:
        return replace(query, state=NOT_CHECKABLE, before=query.state)
    return replace(query, state=RESOLVED, before="")


@dataclass(frozen=True)
class Change:
    """What a person does about a query: `assign` it to somebody, `answer` it, `close` it."""

    finding_id: str
    action: str
    text: str


def refused(queries: Mapping[str, Query], change: Change) -> str:
    """Why a change can't be made; empty if it can."""
    query = queries.get(change.finding_id)
    if query is None:
        return f"there is no query {change.finding_id}"
    if not change.text.strip():
        return f"query {change.finding_id}: {_NEEDS[change.action]}"
    if change.action != "assign" and query.settled:
        return f"query {change.finding_id} is {query.state} and can't be {_DONE[change.action]}"
    if change.action == "answer" and query.state == NOT_CHECKABLE:
        return f"query {change.finding_id} is {query.state}: close it with a reason, or mend what can't be checked"
    return ""


def changed(queries: Mapping[str, Query], change: Change) -> Queries:
    """The queries after a change that is not refused."""
    query = queries[change.finding_id]
    if change.action == "assign":
        after = replace(query, owner=change.text)
    else:
        after = replace(query, state=_STATE[change.action], comment=change.text, before="")
    return {**queries, change.finding_id: after}


_STATE = {"answer": ANSWERED, "close": CLOSED}
_DONE = {"answer": "answered", "close": "closed"}
_NEEDS = {"assign": "say to whom", "answer": "an answer needs a text", "close": "closing needs a reason"}
ACTIONS = tuple(_NEEDS)
