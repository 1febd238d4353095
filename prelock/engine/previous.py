"""`previous X by Y`: the value in the same patient's row with the next smaller Y."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from prelock.engine import sql
from prelock.engine.compile import identity, value
from prelock.engine.values import Stored, Value, either
from prelock.engine.view import View, slot
from prelock.rules import nodes as n


def attach(view: View, wanted: Sequence[n.Previous]) -> View:
    """The view with each previous value beside it: none before is not applicable, a tied or unknown Y unknown."""
    for node in wanted:
        if not view.has(node):
            view = attach(view, [part for child in node.children() for part in n.walk(child) if _is_one(part)])
            view = _attach(view, node, f"b{len(view.stored)}")
    return view


def _is_one(part: n.Node) -> TypeGuard[n.Previous]:
    return isinstance(part, n.Previous)


COMPARED = ("low", "high", "low_open", "high_open", "unreadable", "na")
ENDS = ("low", "high")


def _attach(view: View, node: n.Previous, stem: str) -> View:
    by, held = value(node.by, view), value(node.value, view)
    alike = identity(node.value, held, view)
    parts = [part for part in COMPARED if getattr(held, part) is not None]
    place, shared = _place(view, by)
    known = sql.cases((by.known(), place), else_=sql.null(place.type()))
    kept = {f"{stem}|at {part}": getattr(alike, part) for part in parts}
    kept |= {
        f"{stem}|shown": held.low,
        f"{stem}|clock": clock(held),
        f"{stem}|shared": shared,
        f"{stem}|nowhere": either(by.na),
    }
    rows = view.table.mutate(**{f"{stem}|by": known, **kept})
    places = rows.filter(rows[f"{stem}|by"].notnull() & rows["patient"].notnull())
    asked: dict[str, sql.Value] = {"shown": places[f"{stem}|shown"].min(), "clock": places[f"{stem}|clock"].any()}
    mixed: list[sql.Value] = []
    for part in parts:
        column = places[f"{stem}|at {part}"]
        asked[part] = column.max() if part in ENDS else column.any()
        mixed += [column.nunique() > 1, column.isnull().any() & column.notnull().any()]
    at = places.group_by("patient", f"{stem}|by").aggregate(**asked, mixed=either(*mixed), n=places.count())
    order = sql.window(group_by=at["patient"], order_by=at[f"{stem}|by"])
    names = (*asked, "mixed")
    before = at.select(
        **{
            f"{stem}:patient": at["patient"],
            f"{stem}:by": at[f"{stem}|by"],
            **{f"{stem}:{name}": at[name].lag().over(order) for name in names},
            f"{stem}:found": at["n"].lag().over(order).notnull(),
        }
    )
    match = [rows["patient"] == before[f"{stem}:patient"], rows[f"{stem}|by"] == before[f"{stem}:by"]]
    table = rows.left_join(before, match)
    # A row of the patient whose place in the order is not known might be the one before any other; one without a place
    # is before none.
    lost = sql.window(group_by=table["patient"])
    has_place = ~table[f"{stem}|nowhere"]
    strays = (table[f"{stem}|by"].isnull() & has_place).cast("int64").sum().over(lost)
    alone = has_place.cast("int64").sum().over(lost) == 1
    unknown = ((strays > 0) & ~alone & has_place) | table[f"{stem}:mixed"].fill_null(False) | table[f"{stem}|shared"]
    first = ~unknown & ~table[f"{stem}:found"].fill_null(False)
    made = {stem: masked(unknown, table[f"{stem}:shown"])}
    if held.high is not None:
        made[f"{stem}|high"] = masked(unknown, table[f"{stem}:high"])
    flags = {part: table[f"{stem}:{part}"].fill_null(False) for part in parts if part not in ENDS}
    flags |= {
        "unreadable": unknown | either(flags.get("unreadable")),
        "na": first | (either(flags.get("na")) & ~unknown),
    }
    if held.timed is not None:
        flags["timed"] = table[f"{stem}:clock"].fill_null(True)
    made |= {f"{stem}|{part}": flag for part, flag in flags.items()}
    table = table.mutate(**made)
    table = table.drop(*(c for c in table.columns if c.startswith((f"{stem}:", f"{stem}|at ")) or c in _own(stem)))
    places_of = {"low": stem, **{name.split("|")[1]: name for name in made if "|" in name}}
    stored = {**view.stored, slot(node): Stored(places_of, held.computed)}
    return View(view.study, view.relation, table, view.texts, stored, view.whys)


def _own(stem: str) -> tuple[str, ...]:
    return f"{stem}|by", f"{stem}|shown", f"{stem}|clock", f"{stem}|shared", f"{stem}|nowhere"


def _place(view: View, by: Value) -> tuple[sql.Value, sql.Value]:
    """(where each row stands in the order, whether it shares its day with a row that has no time of day)."""
    if by.timed is None:
        return by.low, sql.literal(False)
    day, known = by.low.date(), by.known()
    of_day = sql.window(group_by=[view.table["patient"], day])
    untimed = (known & ~by.timed.fill_null(True)).cast("int64").sum().over(of_day)
    mixed = known & (untimed > 0) & (known.cast("int64").sum().over(of_day) > 1)
    return sql.cases((mixed, day.cast("timestamp")), else_=by.low), mixed


def masked(unknown: sql.Value, column: sql.Value) -> sql.Value:
    """Nothing where it is unknown."""
    return sql.cases((unknown, sql.null(column.type())), else_=column)


def clock(held: Value) -> sql.Value:
    """Whether a time of day was written."""
    return sql.literal(True) if held.timed is None else held.timed
