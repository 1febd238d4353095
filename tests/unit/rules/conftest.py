"""A small study's names, and a reader of rules that stand in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from prelock.errors import Location, Problem
from prelock.rules.nodes import AtPoint, Column, Literal, Node, Variable
from prelock.rules.read import read_rule
from prelock.rules.scope import MeasureName, Relation, Scope
from prelock.rules.types import DATE, MOMENT, NUMBER, PATIENT, RESULT, STUDY, TEXT, TRUTH, Grain, Kind, Type


def code(*codes: str, ordered: bool = False, scores: tuple[int, ...] = ()) -> Type:
    return Type(Kind.CODE, codes=codes, ordered=ordered, scores=tuple(Decimal(score) for score in scores))


def number(unit: str | None = None) -> Type:
    return Type(Kind.NUMBER, unit=unit)


def keys(*names: str) -> Grain:
    return PATIENT | frozenset(names)


SEVERITY = code("mild", "moderate", "severe", ordered=True)
PATIENTS = {
    "patient_id": TEXT,
    "sex": code("male", "female"),
    "birth_date": DATE,
    "perianal": TRUTH,
    "height_cm": number("cm"),
    "weight": number("kg"),
    "choice": TEXT,
    "montreal_age": code("A1", "A2", "A3"),
    "性别": code("男", "女"),
    "day of week": code("Monday", "Tuesday"),
    "severity": SEVERITY,
    "pain": code("none", "some", "much", scores=(0, 1, 5)),
    "left": number(),
    "right": number(),
    "hospital": code("1", "2", "12"),
    "ticked": Type(Kind.CODES, codes=("8", "other", "b c")),
}
BIOLOGICS = {
    "drug": code("infliximab", "adalimumab", "ustekinumab"),
    "start_date": DATE,
    "stop_date": DATE,
    "stop_reason": code("inadequate", "intolerance", "other", "patient preference"),
    "dose": number("mg"),
}
LABS = {
    "test": code("CRP", "ESR", "FC"),
    "collected_at": MOMENT,
    "received_at": MOMENT,
    "result": RESULT,
    "unit": TEXT,
    "state": code("normal", "abnormal", "yes"),
}
ENDOSCOPY = {
    "exam_id": TEXT,
    "item": code("ulcer_size", "ulcerated_surface", "narrowing"),
    "segment_status": code("explored", "resected"),
    "score": NUMBER,
    "exam_date": DATE,
    "pain": code("none", "some", scores=(0, 2)),
}
EXAM = {"exam_id": TEXT, "exam_date": DATE, "total": NUMBER, "summed": NUMBER, "calm": TRUTH}
PART = {"size": NUMBER, "ulcerated": NUMBER}
VISITS = {"visit_name": code("baseline", "w12"), "visit_date": DATE, "visit_number": NUMBER}
HISTORY = {"term": TEXT, "onset_date": DATE, "grade": SEVERITY, "serious": TRUTH}

RELATIONS = {
    item.name: item
    for item in (
        Relation("patients", PATIENT, PATIENTS, one_row=True, no_rows="none"),
        Relation("biologics", keys("biologics.bio_id"), BIOLOGICS, no_rows="none"),
        Relation("labs", keys("labs.lab_id"), LABS, links={"lab unit": "concept"}),
        Relation("endoscopy", keys("e.exam", "e.segment", "e.item"), ENDOSCOPY, no_rows="none"),
        Relation("exam", keys("e.exam"), EXAM, no_rows="none", rows_of="endoscopy"),
        Relation("part", keys("e.exam", "e.segment"), PART, no_rows="none", rows_of="endoscopy"),
        Relation("visits", keys("visits.visit_name"), VISITS, no_rows="unknown"),
        Relation("不良事件", keys("ae"), HISTORY, no_rows="none"),
        Relation("concept", frozenset({"concept.id"}), {"name": TEXT, "ratio": NUMBER}),
    )
}
MEASURES = {
    "SES-CD": MeasureName(NUMBER, {"calm": TRUTH, "exam_date": DATE}, False, "exam"),
    "CDAI": MeasureName(NUMBER, {}, False, "visits"),
    "CRP": MeasureName(number("mg/L"), {}, True, "labs"),
    "LYM": MeasureName(number("10^9/L"), {}, False, "labs"),
    "FC": MeasureName(number("µg/g"), {}, True, "labs"),
    "PGA": MeasureName(code("clear", "mild", "severe", ordered=True, scores=(0, 1, 3)), {}, False, "visits"),
    "大便次数": MeasureName(NUMBER, {}, False, "visits"),
    "quality of life": MeasureName(NUMBER, {}, False, "visits"),
}
VARIABLES = {
    "first_dose": DATE,
    "last_contact": DATE,
    "age": number("years"),
    "followed": number("days"),
    "n_biologics": NUMBER,
    "failed": TRUTH,
    "fall-back": NUMBER,
}
REQUIRED = (
    AtPoint(type=NUMBER, grain=PATIENT, measure="CDAI", point="baseline"),
    Column(type=number("kg"), grain=PATIENT, relation="patients", name="weight"),
)
SCOPE = Scope(
    relations=RELATIONS,
    measures=MEASURES,
    points={"baseline": "baseline", "week 12": "week 12", "end of study": "end of study"},
    variables=VARIABLES,
    populations={"safety": TRUTH, "eligible": TRUTH},
    criteria={"adult": 1},
    endpoints={"clinical_response": 1},
    facts={"cut": Literal(type=number("mg/L"), grain=STUDY, value=Decimal(8))},
    complete={"baseline": REQUIRED},
    visit=("visits", "visit_name"),
)
FIRST_DOSE = Variable(type=DATE, grain=PATIENT, name="first_dose")


@dataclass(frozen=True)
class Reading:
    """What came of reading a rule."""

    text: str
    node: Node | None
    problems: list[Problem]

    def carets(self) -> list[str]:
        """The characters that each problem points at."""
        places = [problem.location for problem in self.problems]
        return [self.text[at.column - 1 :][: at.length] for at in places if at is not None]


Reader = Callable[..., Reading]


def read(text: str, row: str | None = None, expects: Kind | None = None, scope: Scope = SCOPE) -> Reading:
    """A rule read at a row of `row`, the file's line being the rule itself."""
    problems: list[Problem] = []
    node = read_rule(text, Location("rule.yaml", 1, 1, len(text)), scope.at_row(row), expects, problems)
    return Reading(text, node, problems)


@pytest.fixture
def reader() -> Reader:
    """Reads rules in the small study."""
    return read


@pytest.fixture
def scope() -> Scope:
    """The names of the small study."""
    return SCOPE
