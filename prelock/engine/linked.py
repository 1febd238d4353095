"""Links: a column of another table, looked up by a declared to-one key before anything is counted."""

from __future__ import annotations

from collections.abc import Sequence

from prelock.engine import sql
from prelock.engine.values import Stored
from prelock.engine.view import Relations, View, slot
from prelock.rules import nodes as n


def attach(frames: Relations, view: View, wanted: Sequence[n.Linked]) -> View:
    """The view with every linked column beside it; no match, or more than one, is unknown."""
    for link in dict.fromkeys(node.link for node in wanted):
        nodes = list({slot(node): node for node in wanted if node.link == link}.values())
        view = _attach(frames, view, link, nodes)
    return view


def _attach(frames: Relations, view: View, link: str, nodes: Sequence[n.Linked]) -> View:
    spec = frames.study.tables[nodes[0].relation].links[link]
    target = frames.own(spec.target)
    found = target.table.group_by(**{f"l:{link}": target.table[spec.target_column]})
    columns: dict[str, sql.Value] = {f"l:{link}|n": target.table.count()}
    stored = dict(view.stored)
    for node in nodes:
        name = f"l:{link}:{node.name}"
        columns[name] = target.table[target.stored["column", spec.target, node.name].columns["low"]].min()
        stored[slot(node)] = Stored({"low": name, "unreadable": f"l:{link}|bad"})
    right = found.aggregate(**columns)
    matched = view.table.left_join(right, [view.table[spec.column] == right[f"l:{link}"]])
    one = (matched[f"l:{link}|n"] == 1).fill_null(False)
    kept = {c: sql.cases((one, matched[c]), else_=sql.null(matched[c].type())) for c in columns if "|n" not in c}
    table = matched.mutate(**kept, **{f"l:{link}|bad": ~one}).drop(f"l:{link}", f"l:{link}|n")
    return View(view.study, view.relation, table, view.texts, stored, view.whys)
