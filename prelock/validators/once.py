"""One finding a problem: what only repeats another finding is left out."""

from __future__ import annotations

from collections.abc import Callable

from prelock.engine import sql
from prelock.results import SECOND
from prelock.validators.records_found import BETWEEN

DOUBTFUL, UNIT = "doubtful", "unit"
TOTAL, PLAUSIBLE, HISTORY = "total row", "plausible", "own history"
ASKED = ("rule", "query", "window", "two rows")  # kinds of checks that the study puts to cells
DERIVED = (DOUBTFUL, UNIT, *ASKED)  # kinds that may follow from what is wrong with a cell

RECORD, GROUP = "record", "group"


def told_once(findings: sql.Table, no_day_zero: sql.Table | None, members: sql.Table | None) -> sql.Table:
    """The findings without those that follow from another.

    - A check of the study fails on a record one of whose cells, which it reads, has a finding of its own. One that is
      only unusual may be right, so what fails on it is told beside it.
    - A row is in doubt, and a cell of it has a finding; or no day can be told because the patient's day zero is not
      known, and something of that patient has a finding.
    - A row of totals has any other finding.
    - A check finds a cell unusual that cannot be right anyway.
    - Several measures refuse the unit of one row, because nobody can tell which of them the row is about.

    A group stands at the first of its rows; `members` (table, row, first) say which rows belong to it.
    """
    # A second opinion that differs says something of prelock, nothing of the record.
    cells = _at_groups(findings.filter(~findings["kind"].isin((*DERIVED, SECOND)) & findings["row"].notnull()), members)
    rows = cells.select("table", "row").distinct()
    kept = findings
    for repeats in (
        _of_a_total(findings),
        _unusual_and_impossible(findings),
        _failed_on_bad_cell(cells),
        _unit_of_nobody(findings, rows),
        _doubt_told(findings, rows, no_day_zero),
    ):
        kept = repeats(kept)
    return kept


Filter = Callable[[sql.Table], sql.Table]


def _at_groups(cells: sql.Table, members: sql.Table | None) -> sql.Table:
    """Where a finding stands: at its own row, and at the groups that the row belongs to."""
    own = cells.select("table", "row", "column", "kind", level=sql.literal(RECORD))
    if members is None:
        return own
    inside = cells.select("table", "row", "column", "kind").inner_join(members, ["table", "row"])
    return own.union(
        inside.select("table", "column", "kind", row=inside["first"], level=sql.literal(GROUP)).select(*own.columns)
    )


def _failed_on_bad_cell(cells: sql.Table) -> Filter:
    named = cells.filter((cells["column"] != "") & ~cells["kind"].isin((PLAUSIBLE, HISTORY)))
    bad = named.group_by("table", "row", "level").aggregate(bad=named["column"].collect())

    def keep(kept: sql.Table) -> sql.Table:
        findings = kept.mutate(level=sql.cases((kept["grain"] == GROUP, GROUP), else_=RECORD))
        own = sql.cases((findings["kind"].isin(ASKED), findings["touches"].split(BETWEEN)), else_=sql.array([""]))
        seen = findings.mutate(own=own).left_join(bad, ["table", "row", "level"])
        repeated = seen["own"].intersect(seen["bad"]).length() > 0
        return seen.filter(~repeated.fill_null(False)).select(*kept.columns)

    return keep


def _of_a_total(findings: sql.Table) -> Filter:
    totals = findings.filter(findings["kind"] == TOTAL).select("table", "row").distinct()
    return lambda kept: kept.filter(kept["kind"] == TOTAL).union(kept.anti_join(totals, ["table", "row"]))


def _unusual_and_impossible(findings: sql.Table) -> Filter:
    """Of an impossible cell `plausible` and `own history` add nothing; of an unusual one `own history` does not."""

    def cells(kind: str, also: str) -> sql.Table:
        found = findings.filter(findings["kind"] == kind).select("table", "row", "column").distinct()
        return found.mutate(kind=sql.literal(also))

    told = cells("range", PLAUSIBLE).union(cells("range", HISTORY)).union(cells(PLAUSIBLE, HISTORY))
    return lambda kept: kept.anti_join(told, ["table", "row", "column", "kind"])


def _unit_of_nobody(findings: sql.Table, rows: sql.Table) -> Filter:
    units = findings.filter(findings["kind"] == UNIT)
    several = units.group_by("table", "row").aggregate(rules=units["rule"].nunique())
    nobody = several.filter(several["rules"] > 1).semi_join(rows, ["table", "row"]).mutate(kind=sql.literal(UNIT))
    return lambda kept: kept.anti_join(nobody, ["table", "row", "kind"])


def _doubt_told(findings: sql.Table, rows: sql.Table, no_day_zero: sql.Table | None) -> Filter:
    sure = findings.filter(findings["kind"] != DOUBTFUL)
    told = sure.select("table", "row").union(rows).distinct().mutate(kind=sql.literal(DOUBTFUL))

    def keep(kept: sql.Table) -> sql.Table:
        left = kept.anti_join(told, ["table", "row", "kind"])
        if no_day_zero is None:
            return left
        patients = sure.semi_join(no_day_zero, "patient").select("patient").distinct()
        return left.anti_join(patients.mutate(kind=sql.literal(DOUBTFUL)), ["patient", "kind"])

    return keep
