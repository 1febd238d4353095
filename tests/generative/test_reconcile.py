"""`reconcile` on random values and events: the engine counts what the documentation, read in plain Python, counts.

Lymphocytes (CTCAE v5) fall below the limit, here 1.1, into grade 1; below 0.8 into 2, 0.5 into 3, 0.2 into 4.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.unit.tiny_study import LABS, STUDY, checked

CUTS = {1: 1.1, 2: 0.8, 3: 0.5, 4: 0.2}
WITHIN = 7
ZERO = date(2024, 1, 1)
PEOPLE = 250
VALUES: dict[str, tuple[float | None, float | None] | None] = {  # text: between which bounds; None: nothing measured
    "0.1": (0.1, 0.1),
    "0.5": (0.5, 0.5),
    "0.7": (0.7, 0.7),
    "0.8": (0.8, 0.8),
    "1.1": (1.1, 1.1),
    "2": (2.0, 2.0),
    "<0.5": (None, 0.5),
    "<1.2": (None, 1.2),
    ">1": (1.0, None),
    "low": (None, None),
    "ND": None,
    "": None,
}
Truth = bool | None
Days = tuple[date | None, date | None]  # between which days; None: not known, or open


class Lab(NamedTuple):
    """A value as drawn."""

    who: str
    day: str
    result: str
    unit: str


class Event(NamedTuple):
    """An event as drawn."""

    who: str
    term: str
    onset: str
    end: str


def labs(dice: random.Random) -> list[Lab]:
    found = []
    for person in range(PEOPLE):
        for _ in range(dice.randint(0, 2)):
            unit = dice.choice(("10^9/L", "10^9/L", "10^9/L", ""))
            found.append(Lab(f"Q{person}", day(dice, ("2024-01", "", "?")), dice.choice(list(VALUES)), unit))
    return found


def events(dice: random.Random) -> list[Event]:
    found = []
    for person in range(PEOPLE):
        for _ in range(dice.randint(0, 2)):
            term = dice.choice(("Lymphopenia", "Lymphopenia", "zoster"))
            onset = day(dice, ("2024-01", "", "?"))
            end = dice.choice(("", "", day(dice, ("2024-01", "2024-02", "?"))))
            found.append(Event(f"Q{person}", term, onset, end))
    return found


def day(dice: random.Random, others: tuple[str, ...]) -> str:
    exact = ZERO + timedelta(days=dice.choice((-1, 0, 1, 5, 8, 12, 15, 20, 30)))
    return dice.choice((*others, *[exact.isoformat()] * 6))


def days(text: str) -> Days:
    if len(text) == len("2024-01"):
        first = date.fromisoformat(f"{text}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return (date.fromisoformat(text),) * 2 if len(text) > len("?") else (None, None)


def both(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


def some(truths: Iterable[Truth]) -> Truth:
    found = list(truths)
    return True if True in found else None if None in found else False


def at_most(first: Days, later: Days, apart: int) -> Truth:
    """The first day is at most so many days after the later one."""
    step = timedelta(days=apart)
    if first[1] and later[0] and first[1] <= later[0] + step:
        return True
    return False if first[0] and later[1] and first[0] > later[1] + step else None


def bad(lab: Lab, grade: int) -> Truth:
    bounds = VALUES[lab.result]
    if bounds is None or not lab.unit:
        return None
    low, high = bounds
    if high is not None and (high < CUTS[grade] or (high == CUTS[grade] and low is None)):
        return True
    return False if low is not None and low >= CUTS[grade] else None


def whole(text: str) -> Days:
    """One certain day; of a partial date none."""
    return days(text) if len(text) == len("2024-01-01") else (None, None)


def near(lab: Lab, event: Event) -> Truth:
    """The event begins at most so many days after the value, and has not ended so many days before it."""
    taken = whole(lab.day)
    going_on = not event.end
    return both(at_most(days(event.onset), taken, WITHIN), going_on or at_most(taken, days(event.end), WITHIN))


def values_judged(values: list[Lab], course: list[Event], grade: int) -> Counter[Truth | str]:
    found: Counter[Truth | str] = Counter()
    for lab in values:
        taken = whole(lab.day)[0]
        applies = None if taken is None else taken > ZERO
        if VALUES[lab.result] is None:
            continue
        if applies is False or bad(lab, grade) is False:
            found["not applicable"] += 1
            continue
        met = some(near(lab, event) for event in course if event.who == lab.who)
        if bad(lab, grade) and met:
            found[True] += 1
        else:
            found[False if bad(lab, grade) and applies and met is False else None] += 1
    return found


def events_judged(values: list[Lab], course: list[Event], grade: int) -> Counter[Truth | str]:
    def close(lab: Lab, event: Event) -> Truth:
        taken, onset = whole(lab.day), days(event.onset)
        return both(at_most(taken, onset, WITHIN), at_most(onset, taken, WITHIN), bad(lab, grade))

    measured = [lab for lab in values if VALUES[lab.result] is not None]
    return Counter(some(close(lab, event) for lab in measured if lab.who == event.who) for event in course)


@pytest.mark.parametrize("grade", [1, 2, 3])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_engine_counts_what_the_documentation_says(seed: int, grade: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    values, found = labs(dice), events(dice)
    study = STUDY.replace("completeness:", f"  reconcile: {{grade at least: {grade}, within: 7 days}}\ncompleteness:")
    study = study.replace("      onset_date: date\n", "      onset_date: date\n      end_date: date\n")
    people = "".join(f"Q{n},male,1980-01-01,2024-01-01,Y,60\n" for n in range(PEOPLE))
    rows = "".join(f"L{n},{v.who},LYM,{v.day},{v.result},{v.unit}\n" for n, v in enumerate(values))
    course = "".join(f"A{n},{e.who},{e.term},{e.onset},{e.end},N\n" for n, e in enumerate(found))
    data = {
        "patients": "patient_id,sex,birth_date,start,consent,weight\n" + people,
        "labs": LABS.splitlines()[0] + "\n" + rows,
        "events": "ae_id,patient_id,term,onset_date,end_date,serious\n" + course,
        "doses": "dose_id,patient_id,begun,ended\nD1,Q1,2024-01-01,2024-01-31\n",
    }
    told = {c["check"]: c for c in checked(tmp_path, data, study)["checks"]}
    mine = [event for event in found if event.term == "Lymphopenia"]
    expected = {
        "value without event": values_judged(values, mine, grade),
        "event without value": events_judged(values, mine, grade),
    }
    for what, counts in expected.items():
        check = told[f"reconcile: Lymphopenia, {what}"]
        parts = ("passed", "failed", "unknown", "not_applicable")
        assert {p: check[p] for p in parts} == {
            p: counts[verdict] for p, verdict in zip(parts, (True, False, None, "not applicable"), strict=True)
        }, what
        assert all(counts[verdict] for verdict in (True, False, None))
