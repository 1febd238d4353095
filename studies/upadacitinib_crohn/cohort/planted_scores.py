"""Errors in the endoscopy and CDAI tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cohort.person import Person
from cohort.planting import Planting, read_day
from cohort.spelling import CODES


def examined(person: Person) -> bool:
    """One of the 36."""
    return person.endoscopy.week12 is not None


# Item, its score, the column to be spoiled, with what; each in the first examination of its patient.
SCORES = (
    ("ulcer_size", "2", "score", "4", "a score of 4", "range"),
    ("affected_surface", "2", "score", "二", "a number in words", "type"),
    ("affected_surface", "1", "score", "", "score of an explored segment deleted", "expected"),
    ("affected_surface", "2", "segment", "jejunum", "undeclared code", "code"),
    ("affected_surface", "2", "exam_date", "2024-05-06", "another date in one row of the report", "conflict"),
)


@dataclass(frozen=True)
class Exams:
    """The first examinations of the patients."""

    p: Planting

    def rows_of(self, person: Person) -> list[int]:
        """Where the rows of the patient's first examination stand."""
        rows = self.p.tables["endoscopy"]
        first = rows[self.p.index("endoscopy", person)]["exam_id"]
        return [i for i, row in enumerate(rows) if row["exam_id"] == first]

    def where(self, person: Person, item: str, score: str) -> int:
        """Where the first such item stands."""
        return next(i for i in self.rows_of(person) if self._is(i, item, score))

    def has(self, item: str, score: str) -> Callable[[Person], bool]:
        """A condition on a patient: there is such an item, and the report has a total."""
        owners = self.p.has("endoscopy")
        rows = self.p.tables["endoscopy"]

        def suits(person: Person) -> bool:
            found = self.rows_of(person) if owners(person) else []
            return any(self._is(i, item, score) and rows[i]["sescd_total"] for i in found)

        return suits

    def add(self, person: Person, points: int) -> None:
        """Points to the written total."""
        for i in self.rows_of(person):
            row = self.p.tables["endoscopy"][i]
            row["sescd_total"] = str(int(row["sescd_total"]) + points)

    def spoil(
        self, item: str, score: str, column: str, value: str, done: str, kind: str, rule: str = "", points: int = 0
    ) -> Person:
        """Overwrite a cell of the last patient of the plan who has the item, and let the total follow."""
        person = self.p.take(self.has(item, score), last=True)
        self.p.change("endoscopy", self.where(person, item, score), column, value, done, kind, rule)
        if points:
            self.add(person, points)
        return person

    def _is(self, index: int, item: str, score: str) -> bool:
        row = self.p.tables["endoscopy"][index]
        return row["item"] in CODES["item"][item] and row["score"] == score


def endoscopies(p: Planting) -> None:
    """Endoscopy table."""
    exams = Exams(p)
    for item in SCORES:
        exams.spoil(*item)
    _wrong_total(exams)
    exams.spoil(
        "ulcerated_surface", "1", "score", "0", "an ulcer without surface", "rule", "ulcer_has_surface", points=-1
    )
    _narrowings(exams)
    done = "a score in a segment not explored"
    exams.spoil("narrowing", "", "score", "0", done, "rule", "unexplored_has_no_score")
    person = p.take(p.has("endoscopy"), last=True)
    twin = p.tables["endoscopy"][exams.rows_of(person)[3]]
    p.append("endoscopy", dict(twin), "exam_id", "one row entered twice", "key")


def _wrong_total(exams: Exams) -> None:
    p = exams.p
    person = p.take(lambda q: examined(q) and sum(r["patient_id"] == q.key for r in p.tables["endoscopy"]) == 40)
    exams.add(person, 10)
    effect = "endoscopic_response undetermined"
    index = exams.rows_of(person)[0]
    p.note("endoscopy", index, "sescd_total", "total off by 10", "rule", "sescd_adds_up", effect)


def _narrowings(exams: Exams) -> None:
    """A second impassable narrowing; and one in the rectum, with all else explored."""
    p, done = exams.p, "two impassable narrowings"
    rule = "one_impassable_narrowing"
    person = exams.spoil("narrowing", "0", "score", "3", done, "rule", rule, points=3)
    p.change("endoscopy", exams.where(person, "narrowing", "0"), "score", "3", done, "rule", rule)
    exams.add(person, 3)
    person = p.take(lambda q: exams.has("narrowing", "0")(q) and not exams.has("narrowing", "")(q), last=True)
    rectum = max(i for i in exams.rows_of(person) if p.tables["endoscopy"][i]["item"] in CODES["item"]["narrowing"])
    done = "an impassable rectum, all else explored"
    p.change("endoscopy", rectum, "score", "3", done, "rule", "nothing_seen_beyond")
    exams.add(person, 3)


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
