"""Rules asked of every row of a relation: counted in one pass, and a finding for each row on which one fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation, RowView
from prelock.engine.telling import leaves
from prelock.engine.values import maybe_either
from prelock.rules.nodes import FOLDS, Node
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows, failing_findings
from prelock.validators.once import ASKED
from prelock.validators.records_found import records
from prelock.validators.shapes import total

Answer = Callable[[RowView], sql.Value]


@dataclass(frozen=True)
class RowRule:
    """`holds` (a rule, or how to answer it from the rows) is asked where `applies` (None: everywhere).

    `columns` are the cells it reads, the finding's first.

    `told_by` are earlier rules of the same rows whose failure already tells of this one's. For an answer that is no
    node, `reads` are the nodes it reads. It does not apply to rows that are `outside`.
    """

    name: str
    kind: str
    severity: str
    holds: Node | Answer
    applies: Node | None
    columns: tuple[str, ...]
    message: str
    told_by: tuple[int, ...] = ()
    reads: tuple[Node, ...] = ()
    outside: Answer | None = None


@dataclass(frozen=True)
class Asked:
    """A rule's answers on the rows: failed is never null; the others may be."""

    rule: RowRule
    applies: sql.Value
    holds: sql.Value

    @property
    def failed(self) -> sql.Value:
        """Applies for sure, and surely does not hold."""
        return (self.applies & ~self.holds).fill_null(False)

    def counts(self) -> dict[str, sql.Value]:
        """Aggregates of the rows; what is left of all rows is unknown."""
        return {
            "passed": total(self.applies & self.holds),
            "failed": total(self.failed),
            "not_applicable": total(~self.applies),
        }


def ask(source: CheckRows, relation: str, rules: Sequence[RowRule], as_written: bool = False) -> list[Counted]:
    """Every rule of one relation, counted; failing rows become findings. See `CheckRows` for `as_written`."""
    if not rules:
        return []
    evaluation, grain, table = source.evaluation, source.grain(relation), source.table(relation)
    if not evaluation.clean[table].present:
        return [Counted(rule.name, grain, error=f"the table {table} could not be read") for rule in rules]
    rows = source.written(relation, _nodes(rules)) if as_written else source.of(relation, _nodes(rules))
    asked = [_answers(rows, rule) for rule in rules]
    aggregates = {f"{i}|{name}": value for i, a in enumerate(asked) for name, value in a.counts().items()}
    counts = evaluation.session.scalars(rows.table, all=rows.table.count(), **aggregates)
    beside = None
    if grain == "record" and any(counts[f"{i}|failed"] for i in range(len(asked))):
        rows, asked = _failing(evaluation, rows, asked)
        told = [rule for i, rule in enumerate(rules) if counts[f"{i}|failed"]]
        cells = dict.fromkeys(name for rule in told for name in rule.columns)
        beside = evaluation.session.materialise(records(evaluation, table, rows.table, tuple(cells)))
    return [_counted(source, relation, rows, asked, i, counts, beside) for i in range(len(asked))]


def _failing(evaluation: Evaluation, rows: RowView, asked: Sequence[Asked]) -> tuple[RowView, list[Asked]]:
    """The records on which a rule fails, stored in one pass over all, and which rules these are."""
    failed = {f"failed|{i}": one.failed for i, one in enumerate(asked)}
    found = rows.table.filter(sql.or_(*failed.values())).select("row", "patient", **failed)
    stored = evaluation.session.materialise(found)
    answers = [Asked(one.rule, stored[name], sql.literal(False)) for name, one in zip(failed, asked, strict=True)]
    return RowView(rows.view.over(stored)), answers


def _suspect(source: CheckRows, relation: str, rows: RowView, asked: Asked) -> None:
    """Dates out of order in a table with one row a patient make others, which are held against them, look wrong."""
    table = source.evaluation.study.tables.get(relation)
    if asked.rule.kind == "date order" and table is not None and table.key == (table.patient_column,):
        patients = source.evaluation.session.materialise(rows.table.filter(asked.failed).select("patient"))
        source.suspect(relation, asked.rule.columns, patients)


def _answers(rows: RowView, rule: RowRule) -> Asked:
    applies = rows.table["row"].notnull()
    if rule.applies is not None:
        applies = applies & rows.truth(rule.applies)
    if rule.outside is not None:
        applies = applies & ~rule.outside(rows)
    if not isinstance(rule.holds, Node):
        return Asked(rule, applies, rule.holds(rows))
    holds = rows.truth(rule.holds)
    outside = _not_applicable(rows, rule.holds)
    return Asked(rule, applies if outside is None else applies & (holds | ~outside), holds)


def _not_applicable(rows: RowView, rule: Node) -> sql.Value | None:
    """The rule reads something that is not applicable in the row (the visit before the first one): never a failure."""
    return maybe_either(*(rows.value(leaf).na for leaf, _ in leaves(rule) if not isinstance(leaf, FOLDS)))


def _nodes(rules: Sequence[RowRule]) -> list[Node]:
    return [part for rule in rules for part in (rule.holds, rule.applies, *rule.reads) if isinstance(part, Node)]


def _counted(
    source: CheckRows,
    relation: str,
    rows: RowView,
    asked: Sequence[Asked],
    place: int,
    counts: dict[str, int],
    beside: sql.Table | None,
) -> Counted:
    rule = asked[place].rule
    passed, failed, outside = (counts[f"{place}|{name}"] for name in ("passed", "failed", "not_applicable"))
    found: tuple[sql.Table, ...] = ()
    if failed:
        own = None if rule.kind in ASKED else source.table(relation)
        follows = source.follows(own, rule.holds, rows.table) if isinstance(rule.holds, Node) else None
        told = maybe_either(follows, *(asked[i].failed for i in rule.told_by))
        failing = asked[place].failed if told is None else asked[place].failed & ~told.fill_null(False)
        found = (failing_findings(source, relation, rows, failing, rule, beside),)
        _suspect(source, relation, rows, asked[place])
    unknown = counts["all"] - passed - failed - outside
    return Counted(rule.name, source.grain(relation), passed, failed, unknown, outside, findings=found)
