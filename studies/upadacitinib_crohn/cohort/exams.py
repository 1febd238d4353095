"""The endoscopy table: 167 examinations, the one that counts and others that would give another answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cohort.draw import Draw
from cohort.person import Person
from cohort.scores import ITEMS, SEGMENTS, Wish, examine, seen
from cohort.spelling import CODES

Row = dict[str, str]


@dataclass(frozen=True)
class Exam:
    """One examination of a patient on a study day."""

    person: Person
    day: int
    wish: Wish

    @property
    def date(self) -> date:
        """Its calendar date."""
        return self.person.on(self.day)


def planned_exams(draw: Draw, people: Sequence[Person]) -> list[Exam]:
    """What was examined when. The first are those that count, the last sixteen mislead."""
    exams: list[Exam] = []
    both = [p for p in people if p.endoscopy.week12 is not None]
    edges = {both[0].slot: (-28, 70), both[1].slot: (0, 98), both[2].slot: (-27, 88), both[3].slot: (-26, 88)}
    blocked = [p for p in people[:94] if (p.endoscopy.baseline or 0) >= 20 and p.endoscopy.week12 is None][:2]
    for person in people:
        ends = person.endoscopy
        first, second = edges.get(person.slot, (-draw.whole(1, 20), min(person.horizon, draw.whole(76, 92))))
        if ends.baseline is not None:
            stuck = "right colon" if person in blocked and "right colon" not in person.resected else None
            ulcers = True if ends.week12 is not None else None
            exams.append(Exam(person, first, Wish(ends.baseline, ulcers=ulcers, impassable=stuck)))
        if ends.week12 is not None:
            exams.append(Exam(person, second, _after(ends.baseline or 0, ends.week12, ends.calm)))
    return [*exams, *_misleading(draw, people, both)]


def _after(baseline: int, total: int, calm: bool) -> Wish:
    """Week 12: at most 2 leaves no room for an ulcer, from 3 on there is one."""
    rough = total <= 4 and baseline - total >= 2 and not calm
    return Wish(total, calm=True if calm else False if rough else None, ulcers=total > 2)


def _misleading(draw: Draw, people: Sequence[Person], both: Sequence[Person]) -> list[Exam]:
    def other(total: int | None) -> Wish:
        return Wish((total or 4) + 3 if (total or 4) < 9 else draw.whole(3, 5))

    twice, ties, far = both[4:8], both[2:4], both[8:10]
    early = [p for p in people[:94] if p.endoscopy.week12 is None and p.endoscopy.baseline is not None][:3]
    early += [p for p in people[:94] if p.endoscopy.baseline is None]
    late = [p for p in people[:94] if p.endoscopy.week12 is None and p.horizon >= 112][3:7]
    found = [Exam(p, -28 + i, other(p.endoscopy.baseline)) for i, p in enumerate(twice)]
    found += [Exam(p, 80, other(p.endoscopy.week12)) for p in ties]
    found += [Exam(p, 70 + i, other(p.endoscopy.week12)) for i, p in enumerate(far)]
    found += [Exam(p, -29 - 16 * i, other(p.endoscopy.baseline)) for i, p in enumerate(early)]
    found += [Exam(p, 99 + 4 * i, Wish(draw.whole(0, 3))) for i, p in enumerate(late)]
    return found


def endoscopy_rows(draw: Draw, exams: Sequence[Exam]) -> list[Row]:
    """Five segments of four items an examination; the endoscopist's total on each row, forgotten in two reports."""
    rows: list[Row] = []
    for number, exam in enumerate(sorted(exams, key=lambda e: (e.date, e.person.number)), start=1):
        statuses = seen(draw, exam.person, exam.wish)
        scores = examine(draw, exam.person, exam.wish, statuses)
        language = int(draw.chance(0.5))
        for segment in SEGMENTS:
            for item in ITEMS:
                value = scores.get((segment, item))
                rows.append(
                    {
                        "exam_id": f"E{number:04d}",
                        "patient_id": exam.person.key,
                        "exam_date": exam.date.isoformat(),
                        "segment": CODES["segment"][segment][language],
                        "segment_status": CODES["segment status"][statuses[segment]][language],
                        "item": CODES["item"][item][language],
                        "score": "" if value is None else str(value),
                        "sescd_total": "" if number in (41, 97) else str(exam.wish.total),
                    }
                )
    return rows
