"""Many rows in, one value out: any, every, number of, and the aggregates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from prelock.engine.interval import (
    UNREADABLE,
    Scalar,
    State,
    Truth,
    Val,
    by_day,
    kleene_and,
    kleene_not,
    kleene_or,
    of_truth,
)
from prelock.engine.reference.listed import Item, aggregate, distinct, listed
from prelock.engine.reference.records import Row, relation_of
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Lack, Note, Part, cells_read
from prelock.engine.reference.truths import ranked
from prelock.rules.nodes import (
    AnyRow,
    CountDifferent,
    CountRows,
    CountStates,
    EveryRow,
    Listwise,
    Node,
    Rows,
    RowsAggregate,
)
from prelock.rules.types import Kind


@dataclass(frozen=True)
class Seen:
    """A row that passes the filter, for sure (True) or perhaps (None)."""

    row: Row
    passes: Truth
    part: Part
    place: Here

    @property
    def sure(self) -> bool:
        """The filter holds."""
        return self.passes is True


def row_words(row: Row) -> str:
    """How a row is named: its relation, and its number in the file."""
    return f"{relation_of(row)} row {row.row}"


def seen_rows(run: Run, rows: Rows, here: Here) -> tuple[list[Seen], list[Part]]:
    """The rows that count or might, and a part for each row that was looked at."""
    found, parts = [], []
    for row in run.rows(rows.relation, here):
        place = here.at(row)
        inner = (run.evaluate(rows.where, place),) if rows.where is not None else ()
        part = Part(None, of_truth(kleene_and(*(p.truth for p in inner))), inner, words=row_words(row))
        parts.append(part)
        if part.truth is not False:
            found.append(Seen(row, part.truth, part, place))
    return found, parts


def absence(run: Run, relation: str) -> tuple[Lack, ...]:
    """What is lacking where the absence of rows tells nothing."""
    return (Lack(run.store.table_of(relation), 0, "", "no rows"),)


def any_row(run: Run, node: AnyRow, here: Here) -> Part:
    """True if a row surely passes, unknown if one might."""
    found, parts = seen_rows(run, node.rows, here)
    if run.no_telling(node.rows.relation, here):
        return Part(node, UNREADABLE, lacks=absence(run, node.rows.relation))
    return Part(node, of_truth(kleene_or(*(row.passes for row in found))), tuple(parts))


def every_row(run: Run, node: EveryRow, here: Here) -> Part:
    """Kleene's and, over the rows, of: it is filtered out, or the condition holds."""
    if run.no_telling(node.rows.relation, here):
        return Part(node, UNREADABLE, lacks=absence(run, node.rows.relation))
    found, _ = seen_rows(run, node.rows, here)
    parts = []
    for row in found:
        held = run.evaluate(node.condition, row.place)
        truth = kleene_or(kleene_not(row.passes), held.truth)
        parts.append(Part(None, of_truth(truth), (*row.part.parts, held), words=row_words(row.row)))
    return Part(node, of_truth(kleene_and(*(part.truth for part in parts))), tuple(parts))


def count_rows(run: Run, node: CountRows, here: Here) -> Part:
    """From the rows that surely pass to those that might."""
    if run.no_telling(node.rows.relation, here):
        return Part(node, Val(0, None, state=State.UNREADABLE), lacks=absence(run, node.rows.relation))
    found, parts = seen_rows(run, node.rows, here)
    return Part(node, Val(sum(row.sure for row in found), len(found)), tuple(parts))


def count_different(run: Run, node: CountDifferent, here: Here) -> Part:
    """From the different values that surely count, to those that might, each blank perhaps one more."""
    if run.no_telling(node.rows.relation, here):
        return Part(node, Val(0, None, state=State.UNREADABLE), lacks=absence(run, node.rows.relation))
    found, parts = _valued(run, node.value, node.rows, here)
    known = [(row, value) for row, value in found if value.exact]
    blanks = sum(not value.exact and value.state is not State.NOT_APPLICABLE for _, value in found)
    low = len(distinct([value for row, value in known if row.sure]))
    high = len(distinct([value for _, value in known])) + blanks
    return Part(node, Val(low, high), tuple(parts))


def _valued(run: Run, value: Node, rows: Rows, here: Here) -> tuple[list[tuple[Seen, Val]], list[Part]]:
    """Rows that count or might, each with its value, and parts that tell both."""
    found, parts, valued = *seen_rows(run, rows, here), []
    shown = {id(row.part): row for row in found}
    for n, part in enumerate(parts):
        row = shown.get(id(part))
        if row is not None:
            inner = run.evaluate(value, row.place)
            valued.append((row, inner.value))
            parts[n] = replace(part, value=inner.value if row.sure else UNREADABLE, parts=(*part.parts, inner))
    return valued, parts


def rows_aggregate(run: Run, node: RowsAggregate, here: Here) -> Part:
    """An aggregate of a value over rows."""
    if run.no_telling(node.rows.relation, here):
        return Part(node, UNREADABLE, lacks=absence(run, node.rows.relation))
    found, parts = _valued(run, node.value, node.rows, here)
    value = _aggregated(aggregate, node.how, node.value, [Item(value, row.sure) for row, value in found], node.recorded)
    if node.how != "only":
        return Part(node, value, tuple(parts))
    held = [(row, value) for row, value in found if row.sure and value.state is State.RECORDED]
    if len(distinct([value for _, value in held])) < 2:
        return Part(node, value, tuple(parts))
    rows = [row.row for row, _ in held]
    return conflict(run, node, rows, [run.evaluate(node.value, row.place) for row, _ in held], tuple(parts))


def conflict(run: Run, node: Node, rows: Sequence[Row], values: Sequence[Part], parts: tuple[Part, ...]) -> Part:
    """Rows that say different things: unknown, and any of their cells may be the wrong one."""
    table = run.store.table_of(relation_of(rows[0]))
    lacks = tuple(Lack(c.table, c.row, c.column, "conflict") for part in values for c in cells_read(part))
    notes = (Note("conflict", table, tuple(sorted({row.row for row in rows}))),)
    return Part(node, UNREADABLE, parts, lacks=lacks, notes=notes)


def listwise(run: Run, node: Listwise, here: Here) -> Part:
    """An aggregate of several values of one place."""
    parts = tuple(run.evaluate(value, here) for value in node.values)
    items = [Item(by_day(part.value) if node.type.kind is Kind.DATE else part.value) for part in parts]
    return Part(node, _aggregated(listed, node.how, node.values[0], items, node.recorded), parts)


Fold = Callable[[str, Sequence[Item], bool], Val]


def _aggregated(fold: Fold, how: str, like: Node, items: Sequence[Item], recorded: bool) -> Val:
    """Ordered codes aggregate by their place in the order, and come back as codes."""
    if like.type.kind is not Kind.CODE or not like.type.ordered:
        return fold(how, items, recorded)
    value = fold(how, [Item(ranked(like, item.value), item.sure) for item in items], recorded)
    return replace(value, low=_code(like, value.low), high=_code(like, value.high))


def _code(like: Node, place: Scalar | None) -> str | None:
    return None if place is None else like.type.codes[int(place)]  # type: ignore[arg-type]


def count_states(run: Run, node: CountStates, here: Here) -> Part:
    """How many conditions hold, from surely to perhaps."""
    parts = tuple(run.evaluate(condition, here) for condition in node.conditions)
    truths = [part.truth for part in parts]
    return Part(node, Val(truths.count(True), len(truths) - truths.count(False)), parts)
