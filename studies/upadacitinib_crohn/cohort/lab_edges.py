"""Results arranged by hand: window edges, ties, censored results, a nearer one that was not done."""

from __future__ import annotations

from collections.abc import Sequence

from cohort.labs import Sample
from cohort.person import Person


def arrange_edges(people: Sequence[Person], found: list[Sample]) -> None:
    """Change some week-12 and baseline CRP samples, and censor some FC, in place; no count moves by it."""
    pairs = [
        p for p in people[:94] if ("CRP", "week 12") in p.labs and ("CRP", "baseline") in p.labs and p.horizon >= 107
    ]
    first, last, early, later, planned, clock, equal, waiting = pairs[:8]
    _only(found, first, "week 12", 70)
    _only(found, last, "week 12", 98)
    _only(found, early, "baseline", -28)
    # Equally near: the later day counts, then the planned sample, then the later hour. Two equal values are one.
    _only(found, later, "week 12", 88).append(Sample(later, "CRP", 80, _other(later)))
    _only(found, planned, "week 12", 84).append(Sample(planned, "CRP", 84, _other(planned), "15:30", planned=False))
    kept = _only(found, clock, "week 12", 85)
    kept[-1].clock = "16:05"
    kept.append(Sample(clock, "CRP", 85, _other(clock), "08:10"))
    _only(found, equal, "week 12", 83).append(Sample(equal, "CRP", 83, equal.labs["CRP", "week 12"], "11:00"))
    _only(found, waiting, "week 12", 79).append(Sample(waiting, "CRP", 84, text="未查"))
    _censor(people, found)


def _only(found: list[Sample], person: Person, point: str, day: int) -> list[Sample]:
    """Leave one CRP sample of the timepoint, on `day`."""
    window = range(-28, 1) if point == "baseline" else range(70, 99)
    found[:] = [s for s in found if not (s.person is person and s.test == "CRP" and s.day in window)]
    found.append(Sample(person, "CRP", day, person.labs["CRP", point]))
    return found


def _other(person: Person) -> int:
    return 1260 if person.labs["CRP", "week 12"] <= 500 else 210


def _censor(people: Sequence[Person], found: Sequence[Sample]) -> None:
    """Below the assay's limit: surely normal. Above it: surely not."""

    def week12(test: str) -> list[Sample]:
        return [s for s in found if s.test == test and s.person.analysed and s.text is None
                and s.day == s.person.week12_day and (test, "week 12") in s.person.labs]  # fmt: skip

    lowest = sorted(week12("FC"), key=lambda s: s.value)[:2]
    for sample in lowest:
        sample.sign, sample.value = "<", 1500 if sample.value < 1500 else 3000
    for sample in sorted(week12("CRP"), key=lambda s: s.value)[:2]:
        sample.sign, sample.value = "<", 50 if sample.value < 50 else 100
    for sample in sorted(week12("FC"), key=lambda s: -s.value)[:2]:
        if ("FC", "baseline") not in sample.person.labs:
            sample.sign, sample.value = ">", 180000
    for person in people[96:99]:
        for sample in found:
            if sample.person is person and sample.test == "FC" and sample.text is None:
                sample.sign, sample.value = ">", 180000
