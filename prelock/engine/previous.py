"""`previous X by Y`: the value in the same patient's row with the next smaller Y."""

from __future__ import annotations

from collections.abc import Sequence

from prelock.engine import sql
from prelock.engine.compile import value
from prelock.engine.values import Stored
from prelock.engine.view import View, slot
from prelock.rules import nodes as n


def attach(view: View, wanted: Sequence[n.Previous]) -> View:
    """The view with each previous value beside it: none before is not applicable, a tied or unknown Y unknown."""
    for number, node in enumerate({slot(node): node for node in wanted}.values()):
        view = _attach(view, node, f"b{number}")
    return view


def _attach(view: View, node: n.Previous, stem: str) -> View:
    by, held = value(node.by, view), value(node.value, view)
    known = sql.cases((by.known(), by.low), else_=sql.null(by.low.type()))
    rows = view.table.mutate(**{f"{stem}|by": known, f"{stem}|held": held.low})
    places = rows.filter(rows[f"{stem}|by"].notnull() & rows["patient"].notnull())
    at = places.group_by("patient", f"{stem}|by").aggregate(
        least=places[f"{stem}|held"].min(),
        most=places[f"{stem}|held"].max(),
        blanks=places[f"{stem}|held"].isnull().sum(),
        n=places.count(),
    )
    order = sql.window(group_by=at["patient"], order_by=at[f"{stem}|by"])
    mixed = (at["least"] != at["most"]).fill_null(False) | ((at["blanks"] > 0) & (at["blanks"] < at["n"]))
    before = at.select(
        **{
            f"{stem}:patient": at["patient"],
            f"{stem}:by": at[f"{stem}|by"],
            f"{stem}": at["least"].lag().over(order),
            f"{stem}|mixed": mixed.lag().over(order),
            f"{stem}|found": at["n"].lag().over(order).notnull(),
        }
    )
    match = [rows["patient"] == before[f"{stem}:patient"], rows[f"{stem}|by"] == before[f"{stem}:by"]]
    table = rows.left_join(before, match)
    # A row of the patient whose place in the order is not known might be the one before any other.
    lost = sql.window(group_by=table["patient"])
    strays = table[f"{stem}|by"].isnull().cast("int64").sum().over(lost)
    alone = table.count().over(lost) == 1
    unknown = ((strays > 0) & ~alone) | table[f"{stem}|mixed"].fill_null(False)
    first = ~unknown & ~table[f"{stem}|found"].fill_null(False)
    low = sql.cases((unknown, sql.null(table[stem].type())), else_=table[stem])
    table = table.mutate(**{stem: low, f"{stem}|unreadable": unknown, f"{stem}|na": first})
    table = table.drop(f"{stem}:patient", f"{stem}:by", f"{stem}|by", f"{stem}|held", f"{stem}|mixed", f"{stem}|found")
    stored = {**view.stored, slot(node): Stored({"low": stem, "unreadable": f"{stem}|unreadable", "na": f"{stem}|na"})}
    return View(view.study, view.relation, table, view.texts, stored, view.whys)
