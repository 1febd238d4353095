"""What every engine answers to a spec, in plain words: a value as text, a truth, a status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spec_format import Spec, raw_tables, study_text

from prelock.engine.explain_values import shown
from prelock.engine.interval import ABSENT, Val
from prelock.engine.reference.statuses import ELIGIBLE, PASSES, achieved, status_of
from prelock.rules.nodes import Node, Variable
from prelock.rules.types import PATIENT
from prelock.study import names
from prelock.study.definition import StudyDefinition
from tests.engines import DIVIDED, ENGINES, SLOW, Answer, evaluation
from tests.study_text import study_of


@dataclass(frozen=True)
class Said:
    """By patient the value, the kinds of finding (None: the engine doesn't tell), the missing cells."""

    values: dict[str, Any]
    findings: dict[str, tuple[str, ...]] | None = None
    missing: dict[str, str] = field(default_factory=dict)


def run(engine: str, spec: Spec) -> Said:
    """What the engine answers to the spec."""
    study = study_of(study_text(spec))
    asked = _asked(study, spec.ask)
    found = (ENGINES | DIVIDED | SLOW)[engine](study, raw_tables(spec), asked)
    if spec.ask != "rule":
        return Said({patient: _status(study, spec.ask, found, patient) for patient in spec.expect})
    answers = {patient: found["rule"][patient] for patient in spec.expect}
    kinds = {patient: answer.findings for patient, answer in answers.items() if answer.findings is not None}
    return Said(
        {patient: answer.truth if answer.is_rule else told(answer.value) for patient, answer in answers.items()},
        kinds if kinds else None,
        {patient: answer.missing for patient, answer in answers.items()},
    )


def evaluation_of(spec: Spec) -> Any:
    """The spec's study evaluated by the engine."""
    from prelock.engine.session import Session

    return evaluation(study_of(study_text(spec)), raw_tables(spec), Session(threads=1))


def _asked(study: StudyDefinition, ask: str) -> dict[str, Node]:
    """The questions behind a rule, or behind a status."""
    if ask == "rule":
        return {"rule": Variable(name="answer", type=study.variables["answer"].node.type, grain=PATIENT)}
    if ask == "eligible":
        return {"eligible": names.eligible(study)}
    criterion = next((c for c in study.criteria if c.name == ask), None)
    if criterion is not None:
        return {"passes": names.passes(criterion)}
    name, _, rival = ask.partition(" ")
    endpoint = names.endpoint(study, name)
    definition = next(d for d in endpoint.definitions if (d.name or "main") == (rival or "main"))
    return dict(zip(("belongs", "evaluable", "met"), achieved(definition), strict=True))


def _status(study: StudyDefinition, ask: str, found: Mapping[str, Mapping[str, Answer]], patient: str) -> str:
    truths = [answers[patient].truth for answers in found.values()]
    if len(truths) > 1:
        return status_of(*truths)
    return (ELIGIBLE if ask == "eligible" else PASSES)[truths[0]]


def told(value: Val) -> str:
    """A value as specs write it; every reason for having none is `missing`."""
    return "missing" if value.state in ABSENT else shown(value)
