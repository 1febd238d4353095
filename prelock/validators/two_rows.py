"""Checks that no two rows agree on some columns, or that a rule holds for no two of them, whichever is the first."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from prelock.engine import sql
from prelock.engine.evaluate import RowView
from prelock.engine.values import Stored
from prelock.engine.view import View, slot
from prelock.rules.nodes import OTHER, Column, Linked, Node, walk
from prelock.study.definition import Check
from prelock.study.rewrite import rewrite
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows, read_columns
from prelock.validators.messages import message
from prelock.validators.pairs import pair_findings
from prelock.validators.records_found import gathered, record_findings
from prelock.validators.relations.keys import declared_key, recorded
from prelock.validators.shapes import total

SECOND = "second|"  # before the columns of the other row


def two_rows(source: CheckRows, check: Check) -> Counted:
    """Every pair that agrees on `same`, counted, and as passed each row that has no other to be compared with.

    A row with a blank in `same` can't be paired and counts as unknown.

    Records that all have one declared key fail, but are no finding here: they are told as a repeated key.
    """
    evaluation = source.evaluation
    if not evaluation.clean[check.relation].present:
        return Counted(check.name, "record", error=f"the table {check.relation} could not be read")
    view, by = _rows(source, check)
    rows = view.table
    strays = evaluation.session.scalars(rows, n=total(~sql.and_(*(rows[name].notnull() for name in by))))["n"]
    view = view.over(rows.filter(sql.and_(*(rows[name].notnull() for name in by))))
    return _alike(source, check, view, by, strays) if check.rule is None else _ruled(source, check, view, by, strays)


def _rows(source: CheckRows, check: Check) -> tuple[View, list[str]]:
    """The table's rows with what the rule reads of one row, and the columns on which two rows have to agree."""
    evaluation = source.evaluation
    nodes = [] if check.rule is None else [rewrite(check.rule, _as_own)]
    view = source.of(check.relation, nodes).view
    table = evaluation.study.tables[check.relation]
    keys = {f"by|{i}": recorded(evaluation, table, name, view.table) for i, name in enumerate(check.same)}
    own = {"by|patient": view.table["patient"]} if not check.across else {}
    found = view.table.mutate(**keys, **own, **{"own|key": declared_key(evaluation, table, view.table)})
    there = found.filter(found["row"].notnull())  # a row that could not be read has no number
    return view.over(evaluation.session.materialise(there)), [*keys, *own]


def _as_own(node: Node) -> Node:
    """The rule as one row reads it: the other row's column as its own."""
    if isinstance(node, Linked) and node.link == OTHER:
        return Column(relation=node.relation, name=node.name, type=node.type, grain=node.grain)
    return node


def _alike(source: CheckRows, check: Check, view: View, by: Sequence[str], strays: int) -> Counted:
    """No rule: rows that agree are the fault, one finding for all that agree."""
    evaluation, rows = source.evaluation, view.table
    key = rows["own|key"]
    patients = {"patients": rows["patient"].nunique()} if check.across else {}
    groups = rows.group_by(list(by)).aggregate(n=rows.count(), keys=key.nunique(), keyed=key.count(), **patients)
    failed = groups["patients"] > 1 if check.across else groups["n"] > 1
    repeated = (groups["keys"] == 1) & (groups["keyed"] == groups["n"])
    new = groups.filter(failed & ~repeated)
    counts = evaluation.session.scalars(
        groups, passed=total(~failed), failed=total(failed), new=total(failed & ~repeated)
    )
    found: tuple[sql.Table, ...] = ()
    if counts["new"]:
        members = rows.inner_join(new.select(*by), list(by))
        failing = gathered(evaluation, check.relation, members.select("row", *by), list(by), check.same[0])
        found = (_findings(source, check, failing),)
    return Counted(check.name, "record", counts["passed"], counts["failed"], strays, findings=found)


def _findings(source: CheckRows, check: Check, failing: sql.Table) -> sql.Table:
    language = source.evaluation.study.language
    return record_findings(
        source.evaluation,
        check.relation,
        failing,
        rule=check.name,
        kind=check.kind,
        severity=check.severity,
        message=check.say or message(language, "alike", columns=", ".join(check.same)),
        columns=check.same,
    )


def _ruled(source: CheckRows, check: Check, view: View, by: Sequence[str], strays: int) -> Counted:
    """The rule asked of each pair, either row being the first."""
    assert check.rule is not None
    evaluation = source.evaluation
    both = _beside(view, check, by)
    truth = RowView(both).truth(check.rule)
    first, second = both.table["row"], both.table[SECOND + "row"]
    swap = second < first
    told = both.table.select(
        row=sql.cases((swap, second), else_=first),
        other=sql.cases((swap, first), else_=second),
        again=both.table["own|key"] == both.table[SECOND + "own|key"],
        holds=truth,
    )
    stored = evaluation.session.materialise(told)
    pairs = stored.group_by("row", "other", "again").aggregate(
        failed=stored["holds"].fill_null(False).any(), open=stored["holds"].isnull().any()
    )
    pairs = evaluation.session.materialise(pairs)
    failed, doubt = pairs["failed"], ~pairs["failed"] & pairs["open"]
    counts = evaluation.session.scalars(pairs, n=pairs.count(), failed=total(failed), unknown=total(doubt))
    found: tuple[sql.Table, ...] = ()
    if counts["failed"]:
        failing = pairs.filter(failed & ~pairs["again"].fill_null(False)).select("row", "other")
        columns = read_columns(check.relation, check.rule) or check.same
        found = (pair_findings(source, check, failing, columns),)
    passed = counts["n"] - counts["failed"] - counts["unknown"] + _alone(source, check, view.table, by)
    return Counted(check.name, "record", passed, counts["failed"], counts["unknown"] + strays, findings=found)


def _alone(source: CheckRows, check: Check, rows: sql.Table, by: Sequence[str]) -> int:
    """How many rows have no other to be compared with."""
    others = rows["patient"] if check.across else rows["row"]
    if not by:
        return 0
    groups = rows.group_by(list(by)).aggregate(n=rows.count(), different=others.nunique())
    lone = sql.cases((groups["different"] < 2, groups["n"]), else_=sql.literal(0))
    return int(source.evaluation.session.scalars(groups, n=lone.sum().fill_null(0))["n"])


def _beside(view: View, check: Check, by: Sequence[str]) -> View:
    """Each row beside every other one that it is compared with; the other's columns are read by its link."""
    assert check.rule is not None
    stored: dict[Hashable, Stored] = dict(view.stored)
    wanted = ["row", "patient", "own|key", *by]
    for leaf in walk(check.rule):
        if isinstance(leaf, Linked) and leaf.link == OTHER:
            place = view.stored["column", leaf.relation, leaf.name]
            wanted += place.columns.values()
            stored[slot(leaf)] = Stored({part: SECOND + c for part, c in place.columns.items()}, place.computed)
    left = view.table
    again = left.view()
    right = again.select(**{SECOND + name: again[name] for name in dict.fromkeys(wanted)})
    pairs = left.inner_join(
        right, [*(left[name] == right[SECOND + name] for name in by), left["row"] != right[SECOND + "row"]]
    )
    if check.across:
        pairs = pairs.filter(pairs["patient"] != pairs[SECOND + "patient"])
    return View(view.study, view.relation, pairs, view.texts, stored, view.whys)
