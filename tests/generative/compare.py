"""What two engines answer to every question that a study can be asked, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from prelock.engine.interval import State, Val, is_number
from prelock.engine.named import named_nodes
from prelock.rules.nodes import AtPoint, Node
from prelock.rules.types import PATIENT
from prelock.study.definition import Measure, StudyDefinition, Timepoint
from prelock.study.readable import readable
from tests.engines import ENGINES, Answer, Answers, Engine, Tables

CLOSE = 1e-7  # doubles against exact fractions; a comparison rounds both to nine decimals


@dataclass(frozen=True)
class Difference:
    """Two engines that do not say the same of a question for a patient."""

    question: str
    patient: str
    engine: str
    answer: Answer
    reference: Answer

    def __str__(self) -> str:
        return (
            f"{self.question} of {self.patient}: {self.engine} says {_plain(self.answer)}, not {_plain(self.reference)}"
        )


def questions(study: StudyDefinition) -> dict[str, Node]:
    """Every name, every measure and its fields at every timepoint, every rule of an endpoint or an item."""
    found: dict[str, Node] = {node.name: node for node in named_nodes(study)}  # type: ignore[attr-defined]
    for measure in study.measures.values():
        for point in study.timepoints.values():
            if not measure.derived and point.name == point.shown and _tells(measure, point):
                node = AtPoint(measure=measure.name, point=point.name, type=measure.type, grain=PATIENT)
                found[f"{measure.name} at {point.name}"] = node
    for endpoint in study.endpoints:
        for d in endpoint.definitions:
            for part in ("evaluable", "achieved", "locf_evaluable", "locf_achieved"):
                if getattr(d, part) is not None:
                    found[f"{endpoint.name} {d.name} {part}"] = getattr(d, part)
    for completeness in study.completeness:
        if completeness.due is not None:
            found[f"due at {completeness.point}"] = completeness.due
    return found


def _tells(measure: Measure, point: Timepoint) -> bool:
    """The measure's rows tell whether they belong to the timepoint."""
    told = measure.relation in point.visits or (point.window is not None and not point.visits)
    return told and readable(measure, point)


def differences(
    study: StudyDefinition, tables: Tables, engines: Mapping[str, Engine] = ENGINES
) -> tuple[int, list[Difference]]:
    """How many cases were tried (a question of a patient), and where another engine differs from the first."""
    asked = questions(study)
    answers = {name: answer(study, tables, asked) for name, answer in engines.items()}
    (_, expected), *others = answers.items()
    cases = sum(len(of_patients) for of_patients in expected.values())
    return cases, [found for name, got in others for found in _between(name, got, expected)]


def _between(engine: str, got: Answers, expected: Answers) -> list[Difference]:
    found = []
    for question, of_patients in expected.items():
        assert got[question].keys() == of_patients.keys(), question
        for patient, reference in of_patients.items():
            answer = got[question][patient]
            if not alike(answer, reference):
                found.append(Difference(question, patient, engine, answer, reference))
    return found


def alike(one: Answer, other: Answer) -> bool:
    """The same truth; or the same bounds, and the same word on whether there is a value."""
    if one.is_rule:
        return one.truth is other.truth
    return _told(one.value)[:3] == _told(other.value)[:3] and all(
        _close(a, b) for a, b in ((one.value.low, other.value.low), (one.value.high, other.value.high))
    )


def _told(value: Val) -> tuple[Any, ...]:
    return (value.recorded, value.state is State.NOT_APPLICABLE, (value.low_open, value.high_open))


def _close(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    if is_number(one) and is_number(other):
        return abs(Fraction(one) - Fraction(other)) <= CLOSE * max(1, abs(Fraction(other)))
    return bool(_moment(one) == _moment(other))


def _moment(bound: Any) -> Any:
    if isinstance(bound, date) and not isinstance(bound, datetime):
        return datetime(bound.year, bound.month, bound.day)
    return bound


def _plain(answer: Answer) -> Mapping[str, Any] | str:
    if answer.is_rule:
        return str(answer.truth)
    value = answer.value
    bounds = [float(b) if is_number(b) else str(b) for b in (value.low, value.high)]  # type: ignore[arg-type]
    flags = ("(" if value.low_open else "[") + (")" if value.high_open else "]")
    return f"{bounds} {flags} {value.state.label}"
