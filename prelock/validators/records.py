"""The study's own checks on records: true is fine, false a finding, unknown could not be judged and is counted."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.rules.nodes import Node, Variable, walk
from prelock.study.definition import Check, StudyDefinition
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows, read_columns
from prelock.validators.messages import message
from prelock.validators.overlap import overlap
from prelock.validators.rowrules import RowRule, ask

PATIENT = "patient"


def records(rows: CheckRows) -> Iterator[Counted]:
    """Every check of the study: those on one relation's rows in one pass."""
    study = rows.evaluation.study
    by_relation: dict[str, list[Check]] = {}
    for check in study.checks:
        if check.form == "rule":
            by_relation.setdefault(_relation(study, check), []).append(check)
    for relation, checks in by_relation.items():
        yield from ask(rows, relation, [_rule(study, relation, check) for check in checks])
    yield from (overlap(rows, check) for check in study.checks if check.form == "overlap")


def _relation(study: StudyDefinition, check: Check) -> str:
    return study.patient_table if check.relation == PATIENT else check.relation


def _rule(study: StudyDefinition, relation: str, check: Check) -> RowRule:
    assert check.rule is not None
    return RowRule(
        name=check.name,
        kind="rule",
        severity=check.severity,
        holds=check.rule,
        applies=check.when,
        columns=read_columns(relation, check.rule, check.when) or _variables(check.rule),
        message=check.say or message(study.language, "rule", rule=check.source),
    )


def _variables(rule: Node) -> tuple[str, ...]:
    """What a rule reads where it reads no cell of its own row: the patient's variables."""
    return tuple(dict.fromkeys(part.name for part in walk(rule) if isinstance(part, Variable)))
