"""Record checks, and the cells that a failed one takes out of use."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine.interval import Truth, compare, kleene_and, kleene_not, same
from prelock.engine.reference.records import Row, Store, key_text, records_in
from prelock.engine.reference.run import Here, Run
from prelock.rules.nodes import Column, walk
from prelock.study.definition import Check

Taint = frozenset[tuple[str, int, str]]  # relation, row, column


def check_row(run: Run, check: Check, patient: str, row: Row) -> Truth | str:
    """True is fine, False a finding, None could not be checked; `not applicable` where `when` does not hold."""
    place = Here(patient).at(row)
    applies = run.evaluate(check.when, place).truth if check.when is not None else True
    if applies is False:
        return "not applicable"
    if check.rule is None:
        return None
    holds = run.evaluate(check.rule, place).truth
    return holds if holds or applies else None


def tainted_cells(run: Run, store: Store) -> Taint:
    """Cells read by a failed check with `on fail: unknown`, in the record (or group row) that failed it."""
    found: set[tuple[str, int, str]] = set()
    for check in run.study.checks:
        if check.on_fail != "unknown" or check.rule is None or check.form != "rule":
            continue
        read = {n.name for n in walk(check.rule) if isinstance(n, Column) and n.relation == check.relation}
        for patient in store.shown:
            for row in store.rows(check.relation, patient):
                if check_row(run, check, patient, row) is False:
                    found.update((check.relation, row.row, column) for column in read)
    return frozenset(found)


def overlaps(run: Run, check: Check, patient: str) -> Iterator[tuple[Row, Row, Truth]]:
    """Each pair of the patient's rows that agree on `same`, and whether they share a day, ends included."""
    rows = run.store.rows(check.relation, patient)
    for n, one in enumerate(rows):
        for other in rows[n + 1 :]:
            alike = _alike(run, check, patient, one, other)
            if alike is not False:
                yield one, other, kleene_and(alike, _share_a_day(run, check, patient, one, other))


def _alike(run: Run, check: Check, patient: str, one: Row, other: Row) -> Truth:
    """The rows agree on the columns of `same`; unknown where one of them is blank."""
    truths: list[Truth] = []
    for name in check.same:
        values = [records_in(row)[0].cells[name] for row in (one, other)]
        known = all(key_text(value) is not None for value in values)
        truths.append(same(*values) if known else None)
    return kleene_and(*truths)


def _share_a_day(run: Run, check: Check, patient: str, one: Row, other: Row) -> Truth:
    """Neither ends before the other starts."""
    assert check.start is not None
    assert check.end is not None
    starts = [run.evaluate(check.start, Here(patient).at(row)).value for row in (one, other)]
    ends = [run.evaluate(check.end, Here(patient).at(row)).value for row in (one, other)]
    return kleene_and(
        kleene_not(compare("<", ends[0], starts[1])),
        kleene_not(compare("<", ends[1], starts[0])),
    )
