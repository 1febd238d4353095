"""What only the record can say against a lock: queries not settled, and what changed since a soft lock."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from prelock.itemise import finding
from prelock.lock.gate import Blocker, Item, Verdict, many
from prelock.lock.history import History
from prelock.lock.queries import NOT_CHECKABLE, Query
from prelock.study.definition import Gate


def with_record(
    verdict: Verdict, gate: Gate, history: History, waived: Collection[str], inputs: Any, day: date
) -> Verdict:
    """The verdict with each item's owner and age, and with what the record adds."""

    def told(item: Item) -> Item:
        query = history.queries.get(item.finding_id)
        return item if query is None else replace(item, owner=item.owner or query.owner, age=query.age(day))

    known = tuple(replace(b, items=tuple(told(item) for item in b.items)) for b in verdict.blockers)
    return Verdict((*known, *_queries(gate, history, waived, day), *_since_soft_lock(history, inputs)))


def _queries(gate: Gate, history: History, waived: Collection[str], day: date) -> Iterator[Blocker]:
    left = [q for q in history.queries.values() if not q.settled and q.found.finding_id not in waived]
    blind = [query for query in left if query.state == NOT_CHECKABLE]
    if blind:
        text = f"{many(len(blind), 'query')} no longer checkable: mend what hinders it, or close them with a reason"
        yield Blocker(NOT_CHECKABLE, len(blind), text, (), _items(blind, day))
    if "open queries" in gate.block_on and left:
        yield Blocker("open queries", len(left), f"{many(len(left), 'query')} not settled", (), _items(left, day))


def _items(queries: list[Query], day: date) -> tuple[Item, ...]:
    return tuple(replace(finding(q.found), owner=q.owner, age=q.age(day), text=q.found.message) for q in queries)


def _since_soft_lock(history: History, inputs: Any) -> Iterator[Blocker]:
    """Under a soft lock data and rules stay as they were."""
    if history.lock is None:
        return
    before, now = _files(history.lock.body["inputs"]), _files(inputs)
    names = sorted({name for _, name, _ in before ^ now})
    if names:
        text = f"{', '.join(names)} changed since the soft lock of {history.lock.at[:10]}; unlock with a reason first"
        yield Blocker("soft lock", len(names), text, (), tuple(Item(name, text="changed") for name in names))


def _files(inputs: Any) -> set[tuple[str, str, str]]:
    return {(kind, file["file"], file["sha256"]) for kind, files in inputs.items() for file in files}
