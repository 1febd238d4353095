"""Every patient's baseline and week-12 values worked out from the raw tables, by the study's stated readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from plain_tables import WORTH, code, day, days, number, rows

BASELINE, WEEK12 = (-28, 0, 0), (70, 98, 84)
SEGMENT_ITEMS = ("ulcer_size", "ulcerated_surface", "affected_surface", "narrowing")


@dataclass
class Patient:
    """One patient; `at` holds (measure, window) to the chosen value (a pair of bounds for a laboratory result)."""

    row: dict[str, str]
    first_dose: date
    last_contact: date
    at: dict[tuple[str, tuple[int, int, int]], Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.row["patient_id"]

    def study_day(self, when: date) -> int:
        return (when - self.first_dose).days


@cache
def cohort() -> dict[str, Patient]:
    """All 117 by identifier."""
    doses = defaultdict(list)
    for row in rows("exposure"):
        if code(row["drug"]) == "upadacitinib":
            doses[row["patient_id"]].append(day(row["start_date"]))
    contact = {row["patient_id"]: day(row["last_contact"]) for row in rows("follow_up")}
    found = {
        r["patient_id"]: Patient(r, min(doses[r["patient_id"]]), contact[r["patient_id"]]) for r in rows("patients")
    }
    for window in (BASELINE, WEEK12):
        _fill(found, "CDAI", window, _cdai())
        _fill(found, "SES-CD", window, _exams())
        _fill(found, "weight", window, _weights())
        for test in WORTH:
            _fill(found, test, window, _labs(test))
    return found


Candidate = tuple[str, date, tuple[Any, ...], Any]


def _fill(found: dict[str, Patient], name: str, window: tuple[int, int, int], candidates: Iterable[Candidate]) -> None:
    """The nearest; then the later day, the planned one, the later hour (the last two are `order`)."""
    low, high, target = window
    by_patient: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for key, when, order, value in candidates:
        at = found[key].study_day(when)
        if low <= at <= high:
            by_patient[key].append(((-abs(at - target), at, *order), value))
    for key, options in by_patient.items():
        best = max(rank for rank, _ in options)
        values = {str(value) for rank, value in options if rank == best}
        assert len(values) == 1, (name, key)
        found[key].at[name, window] = next(value for rank, value in options if rank == best)


def _yes(text: str) -> bool:
    return code(text) == "yes"


def _cdai() -> Iterable[Candidate]:
    sexes = {r["patient_id"]: code(r["gender"]) for r in rows("patients")}
    for r in rows("cdai"):
        total = (
            2 * number(r["liquid_stools_7d"])
            + 5 * number(r["pain_7d"])
            + 7 * number(r["wellbeing_7d"])
            + 20 * number(r["complications"])
            + (30 if _yes(r["antidiarrhoeal"]) else 0)
            + 10 * {"none": 0, "questionable": 2, "definite": 5}[code(r["mass"])]
            + 6 * ((47 if sexes[r["patient_id"]] == "male" else 42) - number(r["haematocrit"]))
            + number(r["weight_deviation"])
        )
        assert r["cdai_total"] == "" or number(r["cdai_total"]) == total, r["cdai_id"]
        yield r["patient_id"], day(r["assess_date"]), (_yes(r["planned"]),), total


def _exams() -> Iterable[Candidate]:
    """An examination's scores by segment and item, explored segments only."""
    exams: dict[str, list[dict[str, str]]] = defaultdict(list)
    for r in rows("endoscopy"):
        exams[r["exam_id"]].append(r)
    for exam in exams.values():
        assert len(exam) == 20
        assert len({(r["patient_id"], r["exam_date"], r["sescd_total"]) for r in exam}) == 1
        scores = {}
        for r in exam:
            explored = code(r["segment_status"]) == "explored"
            assert explored == (r["score"] != "")
            if explored:
                scores[r["segment"], code(r["item"])] = int(r["score"])
        assert exam[0]["sescd_total"] in ("", str(sum(scores.values())))
        yield exam[0]["patient_id"], day(exam[0]["exam_date"]), (), scores


def _weights() -> Iterable[Candidate]:
    for r in rows("visits"):
        yield r["patient_id"], day(r["visit_date"]), (_yes(r["planned"]),), number(r["weight_kg"])


def _labs(test: str) -> Iterable[Candidate]:
    for r in rows("labs"):
        if code(r["test_name"]) != test or r["result"] in ("未查", "ND"):
            continue
        clock = r["collected_at"].partition(" ")[2]
        yield r["patient_id"], day(r["collected_at"]), (_yes(r["planned"]), clock), _bounds(test, r)


def _bounds(test: str, row: dict[str, str]) -> tuple[Fraction | None, Fraction | None]:
    """Lowest and highest that a result may be; -99 is not known."""
    text, worth = row["result"], WORTH[test][row["unit"]]
    if text == "-99":
        return None, None
    value = number(text.lstrip("<>")) * worth
    return (None if text[0] == "<" else value), (None if text[0] == ">" else value)


def normal(test: str, patient: Patient, window: tuple[int, int, int]) -> bool:
    """Within the limit: CRP at most 5, ESR at most 15 (men) or 20 (women), FC under 60."""
    low, high = patient.at[test, window]
    limit = {"CRP": 5, "FC": 60, "ESR": 15 if code(patient.row["gender"]) == "male" else 20}[test]
    inside: Callable[[Fraction], bool] = (lambda v: v < limit) if test == "FC" else (lambda v: v <= limit)
    if high is not None and inside(high):
        return True
    assert low is not None, (test, patient.key)
    assert not inside(low), (test, patient.key)
    return False


def total(scores: dict[tuple[str, str], int]) -> int:
    """SES-CD of an examination."""
    return sum(scores.values())


def excluded(patient: Patient) -> str:
    """Why the patient is not among the 94, in the order of the flow; blank for the 94."""
    r, reasons = patient.row, _reasons()[patient.key]
    age = _years(r["birth_date"], patient.first_dose)
    assert 18 <= age <= 75
    assert date(2023, 6, 1) <= patient.first_dose <= date(2025, 2, 28)
    assert "active" in reasons
    assert {"inadequate", "intolerance"} & reasons or code(r["start_choice"]) == "preference"
    complete = all(r[c] for c in ("montreal_age", "montreal_location", "montreal_behaviour", "perianal", "height_cm"))
    if not (complete and ("CDAI", BASELINE) in patient.at and ("weight", BASELINE) in patient.at):
        return "incomplete"
    if patient.study_day(patient.last_contact) < 84:
        return "short"
    assert "concurrent" not in reasons
    assert "lost" not in reasons
    assert "severe" not in reasons
    return ""


def _years(birth: str, end: date) -> int:
    start = day(birth)
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


@cache
def _reasons() -> dict[str, set[str]]:
    """What the criteria ask about each patient, as words."""
    found: dict[str, set[str]] = defaultdict(set)
    people = cohort()
    for r in rows("procedures"):
        at = people[r["patient_id"]].study_day(day(r["procedure_date"]))
        if code(r["finding"]) == "active CD" and -183 <= at <= 0:
            found[r["patient_id"]].add("active")
    for r in rows("biologic_history"):
        patient, stop = people[r["patient_id"]], days(r["stop_date"])
        assert stop is not None
        assert day(r["start_date"]) < patient.first_dose
        found[r["patient_id"]].add(code(r["stop_reason"]))
        if stop[1] > patient.first_dose:
            found[r["patient_id"]].add("concurrent")
    for r in rows("follow_up"):
        assert code(r["status"]) in ("followed", "stopped")
    for r in rows("medical_history"):
        if _yes(r["severe"]):
            found[r["patient_id"]].add("severe")
    return found


def analysed() -> list[Patient]:
    """The 94."""
    return [p for p in cohort().values() if not excluded(p)]
