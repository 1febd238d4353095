"""The value of a measure at a timepoint: which rows could be the one, which is chosen, and what keeps it in doubt."""

from __future__ import annotations

from dataclasses import dataclass

from prelock.engine.interval import (
    MISSING,
    PASSED_OVER,
    UNREADABLE,
    State,
    Truth,
    Val,
    compare,
    kleene_and,
    same,
)
from prelock.engine.reference.listed import distinct
from prelock.engine.reference.order import better, needs_day
from prelock.engine.reference.readings import Reading, readings
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Lack, Note, Part, cells_read
from prelock.rules.nodes import AtPoint
from prelock.study.definition import Measure, Timepoint


@dataclass(frozen=True)
class Choice:
    """What a timepoint gives: the chosen reading (None: none could be chosen), others that share its value, the gaps.

    `sharing` are rows that might as well be the chosen one and say the same; other fields are read of all of them.
    """

    value: Val
    chosen: Reading | None = None
    sharing: tuple[Reading, ...] = ()
    parts: tuple[Part, ...] = ()
    lacks: tuple[Lack, ...] = ()
    notes: tuple[Note, ...] = ()


def at_point(run: Run, node: AtPoint, here: Here) -> Part:
    """The measure, or another field of the chosen row."""
    choice = choose(run, node.measure, node.point, here.patient)
    if node.field is None or choice.chosen is None:
        return Part(node, choice.value, choice.parts, lacks=choice.lacks, notes=choice.notes)
    field = run.study.measures[node.measure].fields[node.field]
    parts = [run.evaluate(field, reading.place) for reading in (choice.chosen, *choice.sharing)]
    if len(distinct([part.value for part in parts])) == 1:
        return Part(node, parts[0].value, (parts[0], *choice.parts), notes=choice.notes)
    lacks = tuple(Lack(c.table, c.row, c.column, "conflict") for part in parts for c in cells_read(part))
    return Part(node, UNREADABLE, (*parts, *choice.parts), lacks=lacks, notes=choice.notes)


def choose(run: Run, measure: str, point: str, patient: str) -> Choice:
    """The choice for a measure, timepoint and patient."""
    return run.once(("choice", measure, point, patient), lambda: _choose(run, measure, point, patient))


def _choose(run: Run, name: str, point_name: str, patient: str) -> Choice:
    measure, point = run.study.measures[name], run.study.timepoints[point_name]
    table = run.store.table_of(measure.relation)
    sure, doubtful = candidates(run, measure, point, patient)
    if not sure:
        if doubtful:
            notes = (Note("doubtful", table, _numbers([r for r, _ in doubtful])),)
            return Choice(UNREADABLE, parts=tuple(part for _, part in doubtful), notes=notes)
        absent = MISSING if run.store.present(table) else UNREADABLE
        return Choice(absent, lacks=(Lack(table, 0, name, "no row in window"),))
    best = [r for r in sure if not any(better(run, measure, point, other, r) is True for other in sure)]
    if len(distinct([r.value.value for r in best])) > 1:
        return _conflict(table, best)
    return _against(run, measure, point, table, best, doubtful)


def _numbers(rows: list[Reading]) -> tuple[int, ...]:
    return tuple(sorted(reading.row.row for reading in rows))


def _conflict(table: str, best: list[Reading]) -> Choice:
    """The best rows say different things: any of their cells may be the wrong one."""
    lacks = tuple(Lack(c.table, c.row, c.column, "conflict") for r in best for c in cells_read(r.value))
    parts = tuple(_shown(reading) for reading in best)
    return Choice(UNREADABLE, parts=parts, lacks=lacks, notes=(Note("conflict", table, _numbers(best)),))


def _against(
    run: Run, measure: Measure, point: Timepoint, table: str, best: list[Reading], doubtful: list[tuple[Reading, Part]]
) -> Choice:
    """The best row stands unless a doubtful one could come before it and say something else."""
    best = sorted(best, key=lambda reading: reading.row.row)
    chosen, sharing = best[0], best[1:]
    threats: list[tuple[Reading, Part]] = []
    for reading, part in doubtful:
        if any(better(run, measure, point, one, reading) is True for one in best):
            continue
        if reading.value.value.bounded and same(reading.value.value, chosen.value.value):
            sharing.append(reading)
        else:
            threats.append((reading, part))
    notes = (Note("doubtful", table, _numbers([r for r, _ in doubtful])),) if doubtful else ()
    if threats:
        return Choice(UNREADABLE, parts=(*(part for _, part in threats), _shown(chosen)), notes=notes)
    parts = (_shown(chosen), *(part for _, part in doubtful))
    return Choice(chosen.value.value, chosen, tuple(sharing), parts, notes=notes)


def _shown(reading: Reading) -> Part:
    dated = () if reading.date is None else (reading.date,)
    return Part(None, reading.value.value, (reading.value, *dated), words=reading.words)


# ---- candidates -----------------------------------------------------------------------------------------------------
def candidates(
    run: Run, measure: Measure, point: Timepoint, patient: str
) -> tuple[list[Reading], list[tuple[Reading, Part]]]:
    """Rows that surely are at the timepoint with a value, and rows in doubt, each with a part that tells why."""
    sure, doubtful = [], []
    for reading in readings(run, measure, patient):
        inside, visit = at_timepoint(run, measure, point, reading)
        if inside is False or reading.value.value.state in PASSED_OVER:
            continue
        dated = not needs_day(measure, point) or reading.day.exact
        held = reading.value.value.state is State.RECORDED and reading.value.value.bounded
        if reading.passes and inside and dated and held:
            sure.append(reading)
        else:
            when = () if reading.date is None or (dated and inside) else (reading.date,)
            part = Part(None, UNREADABLE, (*reading.filter, *visit, *when, reading.value), words=reading.words)
            doubtful.append((reading, part))
    return sure, doubtful


def at_timepoint(run: Run, measure: Measure, point: Timepoint, reading: Reading) -> tuple[Truth, tuple[Part, ...]]:
    """Is the row in the window, and of the right visit? Where neither is declared for its relation it is nowhere."""
    visit = point.visits.get(measure.relation)
    parts = () if visit is None else (run.evaluate(visit, reading.place),)
    truths = [part.truth for part in parts]
    window = point.window or (None if visit is not None or point.day is None else (point.day, point.day))
    if window is not None:
        truths.append(within(reading.day, *window))
    if point.after_day_zero:
        truths.append(compare(">", reading.day, Val.of(0)))
    return (kleene_and(*truths) if truths else False), parts


def within(day: Val, first: int, last: int) -> Truth:
    """The day lies between two days, both included."""
    return kleene_and(compare(">=", day, Val.of(first)), compare("<=", day, Val.of(last)))
