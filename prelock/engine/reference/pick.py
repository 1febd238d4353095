"""One row chosen by the order of another value: `drug of latest biologics by stop_date`, `previous X by Y`."""

from __future__ import annotations

from dataclasses import replace

from prelock.engine.interval import MISSING, NOT_APPLICABLE, UNREADABLE, Scalar, State, Val, by_day, compare
from prelock.engine.reference.folds import Seen, absence, conflict, row_words, seen_rows
from prelock.engine.reference.listed import distinct
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.engine.reference.truths import ranked
from prelock.rules.nodes import Pick, Previous

HIGHEST = ("latest", "last", "highest")


def pick(run: Run, node: Pick, here: Here) -> Part:
    """The value of the row with the highest (or lowest) `by`; unknown where more than one value may be it."""
    if run.no_telling(node.rows.relation, here):
        return Part(node, UNREADABLE, lacks=absence(run, node.rows.relation))
    found, looked = seen_rows(run, node.rows, here)
    orders = [run.evaluate(node.by, row.place) for row in found]
    bys = [ranked(node.by, order.value) for order in orders]
    leading = [n for n in range(len(found)) if not _beaten(node.which, n, found, bys)]
    values = [run.evaluate(node.value, found[n].place) for n in leading]
    out = tuple(part for part in looked if part.truth is False)
    shown = [_shown(found[n], orders[n], value) for n, value in zip(leading, values, strict=True)]
    parts = (*out, *shown)
    if not any(row.sure for row in found):
        return Part(node, UNREADABLE if found else MISSING, parts)
    if len(distinct([value.value for value in values])) == 1:
        return Part(node, values[0].value, parts)
    if not all(_certain(found[n], orders[n]) for n in leading):
        return Part(node, UNREADABLE, parts)
    return conflict(run, node, [found[n].row for n in leading], values, parts)


def _certain(row: Seen, order: Part) -> bool:
    """The row counts, and its place in the order is known."""
    return row.sure and order.value.exact


def _shown(row: Seen, order: Part, value: Part) -> Part:
    shown = value.value if _certain(row, order) else UNREADABLE
    return Part(None, shown, (row.part, order, value), words=row_words(row.row))


def _beaten(which: str, n: int, found: list[Seen], bys: list[Val]) -> bool:
    """Some other row counts for sure, and for sure comes after (or before) this one."""
    op = "<" if which in HIGHEST else ">"
    return any(row.sure and compare(op, bys[n], by) is True for row, by in zip(found, bys, strict=True))


def previous(run: Run, node: Previous, here: Here) -> Part:
    """The value in the patient's row with the next smaller `by`; none: not applicable.

    A row whose `by` is blank or not exact has no place in the order, and might lie before any row of the patient.
    Where one row of a day has no time of day, nobody can tell what came before any row of that day.
    """
    current = run.evaluate(node.by, here)
    others = [here.at(row) for row in run.rows(node.relation, Here(here.patient)) if row != here.rows[node.relation]]
    orders = [run.evaluate(node.by, place) for place in others]
    placed = [n for n, order in enumerate(orders) if order.value.state is not State.NOT_APPLICABLE]
    if current.value.state is State.NOT_APPLICABLE or not placed:
        return Part(node, NOT_APPLICABLE, (current,))
    shared = _shared_days([current.value, *(orders[n].value for n in placed)])
    lost = tuple(orders[n] for n in placed if not orders[n].value.exact)
    if lost or not current.value.exact or by_day(current.value).low in shared:
        return Part(node, UNREADABLE, (replace(current, words="by"), *lost))
    bys = {n: by_day(orders[n].value) if by_day(orders[n].value).low in shared else orders[n].value for n in placed}
    before = [n for n, by in bys.items() if compare("<", by, current.value) is True]
    last = [n for n in before if not any(compare("<", bys[n], bys[m]) is True for m in before)]
    values = [run.evaluate(node.value, others[n]) for n in last]
    parts = (current, *values)
    if not last:
        return Part(node, NOT_APPLICABLE, (current,))
    if len(distinct([value.value for value in values])) == 1:
        return Part(node, values[0].value, parts)
    return conflict(run, node, [others[n].rows[node.relation] for n in last], values, parts)


def _shared_days(values: list[Val]) -> set[Scalar | None]:
    """The days on which several rows lie, one of them without a time of day."""
    days = [by_day(value).low for value in values if value.exact]
    untimed = {by_day(value).low for value in values if value.exact and not value.timed}
    return {day for day in untimed if days.count(day) > 1}
