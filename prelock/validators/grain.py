"""Rows for checks, and findings about them, whether a row is a record or a group of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation, RowView
from prelock.engine.frames import Frames
from prelock.engine.telling import joined, shown
from prelock.engine.values import maybe_either
from prelock.rules import nodes as n
from prelock.study.definition import ColumnSpec, StudyDefinition, Table
from prelock.validators.reads import Reader
from prelock.validators.records_found import record_findings


class Raised(Protocol):
    """What a finding says of the rule that raised it."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def message(self) -> str: ...


class CheckRows:
    """The rows of relations as checks see them: a cell that a failed check takes from other rules is still here."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        study = evaluation.study
        refusing = any(check.on_fail == "unknown" for check in study.checks)
        self._frames = self._of(replace(study, checks=())) if refusing else evaluation.frames
        self._written: Frames | None = None
        self._reader = Reader(study)
        self._suspects: dict[tuple[str, str], list[sql.Table]] = {}

    def _of(self, study: StudyDefinition) -> Frames:
        return Frames(study, self.evaluation.session, self.evaluation.clean)

    def of(self, relation: str, nodes: Sequence[n.Node]) -> RowView:
        """The rows of `relation` with what `nodes` read."""
        return RowView(self._frames.rows(relation, nodes, (), self.evaluation.view))

    def written(self, table: str, nodes: Sequence[n.Node]) -> RowView:
        """The rows of a table with every cell as it was written, also where `valid if` forbids it."""
        if self._written is None:
            study = self.evaluation.study
            tables = {name: replace(t, columns=_unconditional(t)) for name, t in study.tables.items()}
            self._written = self._of(replace(study, checks=(), tables=tables))
        return RowView(self._written.rows(table, nodes, (), self.evaluation.view))

    def suspect(self, table: str, columns: Sequence[str], patients: sql.Table) -> None:
        """Cells of these patients are wrong by a finding of their own; what only follows from them is not told."""
        for name in columns:
            self._suspects.setdefault((table, name), []).append(patients)

    def follows(self, own: str | None, rule: n.Node, rows: sql.Table) -> sql.Value | None:
        """The rule reads a suspect cell of the row's patient (but for those of table `own`); None: none at all."""
        cells = sorted({(read.table, read.column) for read in self._reader.of(rule) if read.table != own})
        found = [rows["patient"].isin(one["patient"]) for cell in cells for one in self._suspects.get(cell, ())]
        return maybe_either(*found)

    def table(self, relation: str) -> str:
        """The table that the rows come from."""
        return self._frames.table_of(relation)

    def grain(self, relation: str) -> str:
        """What a row is: a record, or a group of records."""
        return "group" if relation in self.evaluation.study.groups else "record"


def _unconditional(table: Table) -> dict[str, ColumnSpec]:
    return {name: replace(spec, expected_if=None, valid_if=None) for name, spec in table.columns.items()}


def failing_findings(
    rows: CheckRows,
    relation: str,
    view: RowView,
    failing: sql.Value,
    rule: Raised,
    beside: sql.Table | None = None,
) -> sql.Table:
    """A finding for each row of `view` where `failing` holds; `beside` as for `record_findings`."""
    evaluation, table = rows.evaluation, rows.table(relation)
    if rows.grain(relation) == "record":
        found, key, touches = view.table.filter(failing).select("row"), None, rule.columns
    else:
        group = evaluation.study.groups[relation]
        key, touches = group.key, _beneath(evaluation.study, relation, rule.columns)
        told = _cells(view, relation, rule.columns)
        value = told[0][1] if told else sql.literal("")
        related = joined([sql.literal(f"{relation} {name} = ") + cell for name, cell in told[1:]])
        found = view.table.filter(failing).select("row", value=value, related=related)
    return record_findings(
        evaluation,
        table,
        found,
        rule=rule.name,
        kind=rule.kind,
        severity=rule.severity,
        message=rule.message,
        columns=rule.columns,
        grain=rows.grain(relation),
        key=key,
        touches=touches,
        beside=beside,
    )


def _beneath(study: StudyDefinition, relation: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of its table that a group's columns and fields are made of."""
    group, reader = study.groups[relation], Reader(study)
    found: dict[str, None] = {}
    for name in columns:
        if name not in group.fields:
            found[name] = None
            continue
        found |= dict.fromkeys(sorted(r.column for r in reader.of(group.fields[name]) if r.table == group.table))
    return tuple(found)


def _cells(view: RowView, relation: str, columns: Sequence[str]) -> list[tuple[str, sql.Value]]:
    """Fields of a group with their values as text."""
    stored = view.view.stored
    places = [(name, stored.get(("column", relation, name))) for name in columns]
    return [(name, shown(place.read(view.table))) for name, place in places if place is not None]


def read_columns(relation: str, *rules: n.Node | None) -> tuple[str, ...]:
    """The cells of its own row that a rule reads, in the order in which it names them."""
    names = [part.name for part in _parts(rules) if isinstance(part, n.Column) and part.relation == relation]
    return tuple(dict.fromkeys(names))


def _parts(rules: Sequence[n.Node | None]) -> list[n.Node]:
    return [part for rule in rules if rule is not None for part in n.walk(rule)]
