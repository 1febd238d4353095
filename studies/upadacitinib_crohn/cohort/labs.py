"""The laboratory table: the values that count and, around them, others that would give another answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohort.bloods import esr_limit
from cohort.draw import Draw
from cohort.person import Person
from cohort.spelling import decimal, said, yes_no

Row = dict[str, str]
# How a unit may be spelled, with the power of ten by which its number differs from the usual unit's.
UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "CRP": (("mg/L", 0), ("mg/L", 0), ("mg/L", 0), ("mg/l", 0), ("mg/dL", -1)),
    "ESR": (("mm/h", 0), ("mm/h", 0), ("mm/hr", 0)),
    "FC": (("μg/g", 0), ("ug/g", 0), ("µg/g", 0), ("mg/kg", 0)),
    "WBC": (("10^9/L", 0), ("×10^9/L", 0), ("10*9/L", 0), ("G/L", 0), ("10⁹/L", 0)),
    "RBC": (("10^12/L", 0), ("×10^12/L", 0), ("T/L", 0)),
    "HB": (("g/L", 0), ("g/L", 0), ("g/dL", -1)),
    "PLT": (("10^9/L", 0), ("×10^9/L", 0), ("G/L", 0)),
    "LYM": (("10^9/L", 0), ("×10^9/L", 0), ("10*9/L", 0)),
    "ALB": (("g/L", 0), ("g/L", 0), ("g/dL", -1)),
    "ALT": (("U/L", 0), ("U/L", 0), ("IU/L", 0)),
}
USUAL = {"CRP": (60, 6000, 1), "ESR": (300, 6000, 100), "FC": (2500, 90000, 1), "WBC": (400, 980, 1),
         "RBC": (380, 560, 1), "HB": (10500, 15500, 100),
         "PLT": (16000, 40000, 100), "LYM": (112, 260, 1), "ALB": (3300, 4700, 10),
         "ALT": (900, 3700, 100)}  # fmt: skip


@dataclass
class Sample:
    """One result. `value` in hundredths of the usual unit; `text` and `unit`, where given, are written instead."""

    person: Person
    test: str
    day: int
    value: int = 0
    clock: str = "07:40"
    planned: bool = True
    text: str | None = None
    sign: str = ""


def samples(draw: Draw, people: Sequence[Person], low: Sequence[Sample]) -> list[Sample]:
    """All results; `low` are those that an adverse event rests on."""
    graded = {(s.person.slot, s.test) for s in low}
    found = list(low)
    for person in people:
        for test in UNITS:
            if (test, "baseline") in person.labs:
                found += _at_baseline(draw, person, test)
            else:
                found += _no_baseline(draw, person, test)
            if (person.slot, test) not in graded:
                found += _on_treatment(draw, person, test)
    return found


def _at_baseline(draw: Draw, person: Person, test: str) -> list[Sample]:
    found = [Sample(person, test, person.base_day, person.labs[test, "baseline"])]
    if draw.chance(0.18):
        found.append(Sample(person, test, -draw.whole(12, 28), _usual(draw, test), planned=False))
    if draw.chance(0.10):
        found.append(Sample(person, test, -draw.whole(29, 70), _usual(draw, test), planned=False))
    if draw.chance(0.06):
        found.append(Sample(person, test, 0, text="未查", planned=False))
    return found


def _no_baseline(draw: Draw, person: Person, test: str) -> list[Sample]:
    """No usable value: nothing, not done, too early, or only after the first dose."""
    kind = draw.whole(0, 3)
    if kind == 1:
        return [Sample(person, test, person.base_day, text=draw.pick(["未查", "ND"]))]
    if kind == 2:
        return [Sample(person, test, -draw.whole(29, 60), _usual(draw, test), planned=False)]
    return [Sample(person, test, 1, _usual(draw, test), planned=False)] if kind == 3 and person.horizon >= 1 else []


def _on_treatment(draw: Draw, person: Person, test: str) -> list[Sample]:
    found = []
    for day in (28, 57):
        if day <= person.horizon and draw.chance(0.3):
            found.append(Sample(person, test, day + draw.whole(0, 3) - 3, _usual(draw, test)))
    if test in ("CRP", "ESR", "FC", "WBC", "ALB"):
        if (test, "week 12") in person.labs:
            found.append(Sample(person, test, person.week12_day, person.labs[test, "week 12"]))
            if draw.chance(0.2) and person.horizon >= 98:
                found.append(
                    Sample(
                        person, test, draw.pick([70, 71, 72, 73, 97, 98]), _opposite(draw, person, test), planned=False
                    )
                )
        elif draw.chance(0.4):
            found += _outside(draw, person, test)
    elif person.horizon >= 84 and draw.chance(0.6):
        found.append(Sample(person, test, person.week12_day, _usual(draw, test)))
    return found


def _outside(draw: Draw, person: Person, test: str) -> list[Sample]:
    day = draw.pick([64, 66, 69, 99, 101, 108])
    if day > person.horizon:
        return []
    if draw.chance(0.2):
        return [Sample(person, test, day, text="-99")]
    return [Sample(person, test, day, _usual(draw, test))]


def _usual(draw: Draw, test: str) -> int:
    low, high, digit = USUAL[test]
    return draw.whole(low, high) // digit * digit


def _opposite(draw: Draw, person: Person, test: str) -> int:
    """A value on the other side of the normal limit from the one that counts."""
    limit = {"CRP": 500, "FC": 5999, "ESR": esr_limit(person)}.get(test)
    if limit is None:
        return _usual(draw, test)
    digit = USUAL[test][2]
    normal = person.labs[test, "week 12"] <= limit
    return (
        draw.whole(limit + digit, 4 * limit) // digit * digit
        if normal
        else draw.whole(limit // 3, limit) // digit * digit
    )


def lab_rows(draw: Draw, found: Sequence[Sample]) -> list[Row]:
    """One row a result, by date and patient."""
    rows = []
    for number, sample in enumerate(sorted(found, key=lambda s: (s.person.on(s.day), s.person.number)), start=1):
        unit, shift = draw.pick(UNITS[sample.test])
        text = sample.text if sample.text is not None else sample.sign + decimal(sample.value, 2 - shift)
        rows.append(
            {
                "lab_id": f"L{number:05d}",
                "patient_id": sample.person.key,
                "test_name": said(draw, "test", sample.test),
                "collected_at": f"{sample.person.on(sample.day).isoformat()} {sample.clock}".strip(),
                "planned": yes_no(draw, sample.planned),
                "result": text,
                "unit": "" if sample.text in ("未查", "ND") else unit,
            }
        )
    return rows
