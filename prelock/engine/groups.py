"""Groups: rows of a table gathered by a key (an examination), with fields worked out over their rows."""

from __future__ import annotations

from collections.abc import Hashable

from prelock.engine import sql
from prelock.engine.compile import value
from prelock.engine.folds import collect, fold_of
from prelock.engine.passes import finish, grouped_pass
from prelock.engine.values import Stored, store
from prelock.engine.view import RECORD, Relations, View, record_name
from prelock.rules import nodes as n


def build(frames: Relations, name: str, wide: View | None) -> View:
    """One row a group: `row` (its first), `patient`, key, columns that agree on every row, and the fields in order."""
    group = frames.study.groups[name]
    nodes = list(group.fields.values())
    present = frames.present(name)
    folds = [
        fold_of(node)(f"f{i}", node, group.table, present, present, frames.study)
        for i, node in enumerate(_folds(nodes))
    ]
    rows = frames.rows(group.table, nodes, (), wide) if wide is not None else frames.own(group.table)
    by = tuple(dict.fromkeys(("patient", *group.key)))
    carried = _carried(rows, group.same, group.table)
    first = {"row": rows.table["row"].min(), "line": rows.table["line"].min()}
    seen = grouped_pass(rows, folds, by, frames.session, extra={**first, **carried[0]})
    done = finish(seen.table, seen.folds)
    table = seen.table.select(*by, *first, *carried[0], **done.columns)
    stored: dict[Hashable, Stored] = {("column", name, key): Stored({"low": key}) for key in group.key}
    stored |= {("column", name, column): place for column, place in carried[1].items()}
    view = View(frames.study, name, table, frames.texts, {**stored, **done.stored}, done.whys)
    for field, node in group.fields.items():
        columns, place = store(f"{name}.{field}", value(node, view))
        kept = {**view.stored, ("column", name, field): place}
        view = View(frames.study, name, view.table.mutate(**columns), frames.texts, kept, view.whys)
    named = view.table.mutate(**{RECORD: record_name(view, name, group.key)})
    kept_table = frames.session.materialise(named)
    return View(frames.study, name, kept_table, frames.texts, view.stored, view.whys)


def _folds(nodes: list[n.Node]) -> list[n.Node]:
    return list(dict.fromkeys(fold for node in nodes for fold in collect(node)))


def _carried(rows: View, same: tuple[str, ...], table: str) -> tuple[dict[str, sql.Value], dict[str, Stored]]:
    """Columns that must agree on every row; unreadable where they do not."""
    columns: dict[str, sql.Value] = {}
    places: dict[str, Stored] = {}
    for name in same:
        place = rows.stored["column", table, name]
        low = rows.table[place.columns["low"]]
        fault = (low.min() != low.max()).fill_null(False)
        if "unreadable" in place.columns:
            fault = fault | rows.table[place.columns["unreadable"]].any()
        kept = f"same {name}"
        columns[kept] = sql.cases((fault, sql.null(low.type())), else_=low.min())
        columns[f"{kept}|unreadable"] = fault
        parts = {"low": kept, "unreadable": f"{kept}|unreadable"}
        if "high" in place.columns:
            columns[f"{kept}|high"] = rows.table[place.columns["high"]].max()
            parts["high"] = f"{kept}|high"
        if "timed" in place.columns:
            columns[f"{kept}|timed"] = rows.table[place.columns["timed"]].all()
            parts["timed"] = f"{kept}|timed"
        places[name] = Stored(parts)
    return columns, places
