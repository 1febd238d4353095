"""The study's own checks on records: true is fine, false a finding, unknown could not be judged and is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from prelock.rules.nodes import Node, Variable, walk
from prelock.study.definition import Check, StudyDefinition
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows, read_columns
from prelock.validators.messages import message
from prelock.validators.overlap import overlap
from prelock.validators.relations.dependent import cell_of, filled
from prelock.validators.rowrules import RowRule, ask
from prelock.validators.two_rows import two_rows

PATIENT = "patient"
# Checks that hold two rows against each other; the others are asked of one row at a time.
PAIRS: Mapping[str, Callable[[CheckRows, Check], Counted]] = {"overlap": overlap, "two rows": two_rows}


def records(rows: CheckRows) -> Iterator[Counted]:
    """Every check of the study: those on one relation's rows in one pass."""
    study = rows.evaluation.study
    by_relation: dict[str, list[Check]] = {}
    for check in study.checks:
        if check.form not in PAIRS:
            by_relation.setdefault(_relation(study, check), []).append(check)
    for relation, checks in by_relation.items():
        yield from ask(rows, relation, [_rule(study, relation, check) for check in checks])
    yield from (PAIRS[check.form](rows, check) for check in study.checks if check.form in PAIRS)


def _relation(study: StudyDefinition, check: Check) -> str:
    return study.patient_table if check.relation == PATIENT else check.relation


def _rule(study: StudyDefinition, relation: str, check: Check) -> RowRule:
    holds = check.rule or filled(relation, study.tables[relation].columns[str(check.column)])
    parts = [part for part in (check.rule, check.when) if part is not None]
    cells = ([check.column] if check.column else []) + [*read_columns(relation, *parts)]
    return RowRule(
        name=check.name,
        kind=check.kind,
        severity=check.severity,
        holds=holds,
        applies=check.when,
        columns=tuple(dict.fromkeys(cells)) or _variables(parts),
        message=check.say or message(study.language, check.kind, rule=check.source, column=check.column or ""),
        reads=() if check.rule else (cell_of(relation, study.tables[relation].columns[str(check.column)]),),
    )


def _variables(rules: Sequence[Node]) -> tuple[str, ...]:
    """What rules read where they read no cell of their own row: the patient's variables."""
    return tuple(dict.fromkeys(part.name for rule in rules for part in walk(rule) if isinstance(part, Variable)))
