"""What several rows that ought to say the same come to: one distinct recorded value, blanks passed over."""

from __future__ import annotations

from prelock.engine import sql
from prelock.engine.values import Stored, either

MISSING = 1  # the state of a blank cell


def agreed(table: sql.Table, place: Stored, name: str) -> tuple[dict[str, sql.Value], Stored]:
    """Aggregates over rows of `table`, named after `name`, and where they will lie; rows that differ: unreadable."""
    held = place.read(table)
    ends = [end for end in (held.low, held.high, held.low_open, held.high_open) if end is not None]
    fault = either(*(_apart(end, held.some()) for end in ends))
    untimed = None if held.timed is None else (~held.timed.fill_null(False)).any(where=held.some()).fill_null(False)
    if untimed is not None:  # beside a day alone a moment counts as its day
        by_day = [end.date() for end in (held.low, held.high) if end is not None]
        fault = sql.cases((untimed, either(*(_apart(end, held.some()) for end in by_day))), else_=fault)
    if held.unreadable is not None:
        fault = fault | held.unreadable.any().fill_null(False)
    columns: dict[str, sql.Value] = {f"{name}|unreadable": fault}
    places = {"unreadable": f"{name}|unreadable"}

    def keep(part: str, column: sql.Value) -> None:
        places[part] = name if part == "low" else f"{name}|{part}"
        columns[places[part]] = column

    for part, end in (("low", held.low), ("high", held.high)):
        if end is not None:
            keep(part, sql.cases((fault, sql.null(end.type())), else_=end.min()))
    if untimed is not None:
        keep("timed", ~untimed)
    for part in ("low_open", "high_open"):
        if part in place.columns:
            keep(part, getattr(held, part).any(where=held.some()).fill_null(False))
    state = f"{place.columns['low']}|state"
    if state in table.columns:  # the reason for having no value, where all have the same
        same = (table[state].min() == table[state].max()).fill_null(False)
        columns[f"{name}|state"] = sql.cases((same, table[state].min()), else_=MISSING)
    if held.na is not None:
        keep("na", held.na.all().fill_null(False) & ~fault)
    return columns, Stored(places, place.computed)


def _apart(column: sql.Value, some: sql.Value) -> sql.Value:
    """Recorded rows differ; one side may be open in one and not in another."""
    blank = column.isnull()
    return (column.min(where=some) != column.max(where=some)).fill_null(False) | (
        (blank & some).any() & (~blank & some).any()
    ).fill_null(False)
