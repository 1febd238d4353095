"""Record checks, and the cells that a failed one takes out of use."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine.interval import State, Truth, compare, kleene_and, kleene_not, kleene_or, same
from prelock.engine.reference.records import Row, Store, records_in
from prelock.engine.reference.run import Here, Run
from prelock.rules.nodes import OTHER, Column, Node, walk
from prelock.study.definition import Check, ColumnKind

Taint = frozenset[tuple[str, int, str]]  # relation, row, column


def check_row(run: Run, check: Check, patient: str, row: Row) -> Truth | str:
    """True is fine, False a finding, None could not be checked; `not applicable` where `when` does not hold.

    Where nobody can tell whether it applies, it could not be checked either.
    """
    place = Here(patient).at(row)
    applies = run.evaluate(check.when, place).truth if check.when is not None else True
    if applies is False:
        return "not applicable"
    if applies is None:
        return None
    return _filled(row, check) if check.rule is None else run.evaluate(check.rule, place).truth


def _filled(row: Row, check: Check) -> Truth:
    """Something is written in the cell: a value, an unreadable one, or the reason why there is none."""
    return records_in(row)[0].cells[str(check.column)].state is not State.MISSING


def tainted_cells(run: Run, store: Store) -> Taint:
    """Cells read by a failed check with `on fail: unknown`, in the record (or group row) that failed it."""
    found: set[tuple[str, int, str]] = set()
    for check in run.study.checks:
        if check.on_fail != "unknown" or check.rule is None:
            continue
        read = {n.name for n in walk(check.rule) if isinstance(n, Column) and n.relation == check.relation}
        for patient in store.shown:
            for row in store.rows(check.relation, patient):
                if check_row(run, check, patient, row) is False:
                    found.update((check.relation, row.row, column) for column in read)
    return frozenset(found)


def pairs(run: Run, check: Check) -> Iterator[tuple[Row, Row, Truth]]:
    """Each two rows that the check holds against each other, and whether they are at fault.

    They are of one patient, or of different ones where it looks across patients, and agree on `same`.
    """
    owned = [(patient, row) for patient in run.store.shown for row in run.store.rows(check.relation, patient)]
    for n, (patient, one) in enumerate(owned):
        for other_patient, other in owned[n + 1 :]:
            if (patient == other_patient) is check.across:
                continue
            alike = _alike(run, check, one, other)
            if alike is not False:
                yield one, other, kleene_and(alike, _at_fault(run, check, (patient, one), (other_patient, other)))


def _alike(run: Run, check: Check, one: Row, other: Row) -> Truth:
    """The rows agree on the columns of `same`; unknown where one of them is blank, or a partial date.

    A censored result agrees with one that was recorded just so.
    """
    columns = run.study.tables[check.relation].columns
    truths: list[Truth] = []
    for name in check.same:
        values = [records_in(row)[0].cells[name] for row in (one, other)]
        result = columns[name].kind is ColumnKind.RESULT
        known = all(v.state is State.RECORDED and (v.exact or (result and v.bounded)) for v in values)
        truths.append(same(*values) if known else None)
    return kleene_and(*truths)


def _at_fault(run: Run, check: Check, one: tuple[str, Row], other: tuple[str, Row]) -> Truth:
    """They share a day; or the rule holds, whichever row is the first; or, without a rule, always."""
    if check.form == "overlap":
        return _share_a_day(run, check, one, other)
    if check.rule is None:
        return True
    rule = check.rule
    return kleene_or(*(_holds(run, rule, first, second) for first, second in ((one, other), (other, one))))


def _holds(run: Run, rule: Node, first: tuple[str, Row], second: tuple[str, Row]) -> Truth:
    patient, row = first
    return run.evaluate(rule, Here(patient, {OTHER: second[1]}).at(row)).truth


def _share_a_day(run: Run, check: Check, one: tuple[str, Row], other: tuple[str, Row]) -> Truth:
    """Neither ends before the other starts."""
    assert check.start is not None
    assert check.end is not None
    starts = [run.evaluate(check.start, Here(patient).at(row)).value for patient, row in (one, other)]
    ends = [run.evaluate(check.end, Here(patient).at(row)).value for patient, row in (one, other)]
    return kleene_and(
        kleene_not(compare("<", ends[0], starts[1])),
        kleene_not(compare("<", ends[1], starts[0])),
    )
