"""Errors in the endoscopy and CDAI tables."""

from __future__ import annotations

from collections.abc import Callable

from cohort.person import Person
from cohort.planting import Planting, read_day
from cohort.spelling import CODES


def examined(person: Person) -> bool:
    """One of the 36."""
    return person.endoscopy.week12 is not None


def endoscopies(p: Planting) -> None:
    """Endoscopy table. Each error is in the first examination of its patient."""

    def said(item: str) -> tuple[str, ...]:
        return CODES["item"][item]

    def rows_of(person: Person) -> list[int]:
        first = p.tables["endoscopy"][p.index("endoscopy", person)]["exam_id"]
        return [i for i, r in enumerate(p.tables["endoscopy"]) if r["exam_id"] == first]

    def where(person: Person, item: str, score: str) -> int:
        return next(
            i
            for i in rows_of(person)
            if p.tables["endoscopy"][i]["item"] in said(item) and p.tables["endoscopy"][i]["score"] == score
        )

    def has(item: str, score: str) -> Callable[[Person], bool]:
        def suits(person: Person) -> bool:
            found = [p.tables["endoscopy"][i] for i in rows_of(person)] if p.has("endoscopy")(person) else []
            return any(r["item"] in said(item) and r["score"] == score and r["sescd_total"] for r in found)

        return suits

    def add(person: Person, points: int) -> None:
        for i in rows_of(person):
            row = p.tables["endoscopy"][i]
            row["sescd_total"] = str(int(row["sescd_total"]) + points)

    def spoil(item: str, score: str, column: str, value: str, done: str, kind: str, rule: str = "") -> None:
        person = p.take(has(item, score), last=True)
        p.change("endoscopy", where(person, item, score), column, value, done, kind, rule)

    spoil("ulcer_size", "2", "score", "4", "a score of 4", "range")
    spoil("affected_surface", "2", "score", "二", "a number in words", "type")
    spoil("affected_surface", "1", "score", "", "score of an explored segment deleted", "expected")
    spoil("affected_surface", "2", "segment", "jejunum", "undeclared code", "code")
    spoil("affected_surface", "2", "exam_date", "2024-05-06", "another date in one row of the report", "conflict")
    person = p.take(lambda q: examined(q) and sum(r["patient_id"] == q.key for r in p.tables["endoscopy"]) == 40)
    add(person, 10)
    p.note(
        "endoscopy",
        rows_of(person)[0],
        "sescd_total",
        "total off by 10",
        "rule",
        "sescd_adds_up",
        "endoscopic_response undetermined",
    )
    person = p.take(has("ulcerated_surface", "1"), last=True)
    p.change(
        "endoscopy",
        where(person, "ulcerated_surface", "1"),
        "score",
        "0",
        "an ulcer without surface",
        "rule",
        "ulcer_has_surface",
    )
    add(person, -1)
    person = p.take(has("narrowing", "0"), last=True)
    for _ in range(2):
        p.change(
            "endoscopy",
            where(person, "narrowing", "0"),
            "score",
            "3",
            "two impassable narrowings",
            "rule",
            "one_impassable_narrowing",
        )
        add(person, 3)
    person = p.take(lambda q: has("narrowing", "0")(q) and not has("narrowing", "")(q), last=True)
    rectum = max(i for i in rows_of(person) if p.tables["endoscopy"][i]["item"] in said("narrowing"))
    done = "an impassable rectum, all else explored"
    p.change("endoscopy", rectum, "score", "3", done, "rule", "nothing_seen_beyond")
    add(person, 3)
    person = p.take(has("narrowing", ""), last=True)
    p.change(
        "endoscopy",
        where(person, "narrowing", ""),
        "score",
        "0",
        "a score in a segment not explored",
        "rule",
        "unexplored_has_no_score",
    )
    person = p.take(p.has("endoscopy"), last=True)
    p.append("endoscopy", dict(p.tables["endoscopy"][rows_of(person)[3]]), "exam_id", "one row entered twice", "key")


def cdai(p: Planting) -> None:
    """CDAI table, mostly in the assessment that counts at week 12."""

    def last(person: Person) -> int:
        return next(
            i
            for i, r in enumerate(p.tables["cdai"])
            if r["patient_id"] == person.key
            and (read_day(r["assess_date"]) - person.first_dose).days == person.week12_day
        )

    def suits(person: Person) -> bool:
        rows = [r for r in p.tables["cdai"] if r["patient_id"] == person.key and r["cdai_total"]]
        days = [(read_day(r["assess_date"]) - person.first_dose).days for r in rows]
        return person.slot < 77 and person.week12_day in days and sum(70 <= d <= 98 for d in days) == 1

    def spoil(
        column: str, value: str, done: str, kind: str, rule: str = "", effect: str = "clinical_response undetermined"
    ) -> None:
        p.change("cdai", last(p.take(suits)), column, value, done, kind, rule, effect)

    person = p.take(suits)
    total = p.tables["cdai"][last(person)]["cdai_total"]
    p.change(
        "cdai",
        last(person),
        "cdai_total",
        str(900 - int(float(total))),
        "total mistyped",
        "rule",
        "cdai_adds_up",
        "clinical_response undetermined",
    )
    spoil("cdai_total", "见病历", "words instead of a total", "type")
    spoil("liquid_stools_7d", "1O", "letter O for a zero", "type", "", "")
    spoil("pain_7d", "25", "beyond 7 days of 3", "range")
    spoil("mass", "maybe", "undeclared code", "code", "", "")
    spoil("assess_date", "2024-04-31", "a day that does not exist", "type", "", "incomplete_baseline unknown")
    spoil("assess_date", "2025-06-01", "after the cut-off", "date order", "", "clinical_response not evaluable")
    person = p.take(suits)
    row = p.tables["cdai"][last(person)]
    deviation, shown = row["weight_deviation"], row["cdai_total"]
    row["cdai_total"] = _tenths(_whole(shown) - 2 * _whole(deviation))
    p.change(
        "cdai",
        last(person),
        "weight_deviation",
        _tenths(-_whole(deviation)),
        "wrong sign, total to match",
        "rule",
        "weight_deviation_agrees",
    )
    index = last(p.take(suits))
    cells = list(p.tables["cdai"][index].values())
    p.broken["cdai", index] = ",".join([*cells, "see note"])
    p.note("cdai", index, "", "one field too many in the line", "refused row", "", "")


def _whole(text: str) -> int:
    return round(float(text) * 10)


def _tenths(value: int) -> str:
    return f"{value / 10:.1f}"
