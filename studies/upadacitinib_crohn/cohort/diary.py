"""The CDAI and visit tables. A worksheet's items add up to its total exactly: 2, 5, 7, 20, 30, 10, 6 and 1 times."""

from __future__ import annotations

from collections.abc import Sequence

from cohort.draw import Draw
from cohort.person import Person
from cohort.spelling import dated, decimal, said, tenths, yes_no

Row = dict[str, str]


def worksheet(draw: Draw, person: Person, total: int) -> dict[str, str]:
    """Plausible items that make `total` (tenths)."""
    factor, limit = (221, 470) if person.sex == "male" else (208, 420)
    usual = person.labs.get(("HB", "baseline"), 12800) * 3 // 100
    for attempt in range(6000):
        hct = min(540, max(250, round(draw.bell(usual, 12 + attempt / 60))))
        room = 4 + attempt // 150
        weight = round(person.weight * 10) + draw.whole(-room, room)
        area = factor * person.height * person.height
        deviation = (2 * (1000 * area - weight * 10**7) + area) // (2 * area)
        rest = total - 6 * (limit - hct) - deviation
        if rest < 0 or rest % 10:
            continue
        items = _complaints(draw, rest // 10)
        if items is not None:
            shown = {"haematocrit": tenths(hct), "weight_kg": tenths(weight), "weight_deviation": tenths(deviation)}
            return {**items, **shown, "cdai_total": tenths(total)}
    raise AssertionError(f"no worksheet for {total}")


def _complaints(draw: Draw, points: int) -> dict[str, str] | None:
    share = min(1.0, points / 420)
    pain = min(21, max(0, round(draw.bell(14 * share, 2))))
    wellbeing = min(28, max(0, round(draw.bell(18 * share, 3))))
    complications = draw.whole(0, 2 if points > 150 else 1 if points > 60 else 0)
    antidiarrhoeal = draw.chance(0.12) and points > 100
    mass = draw.pick(["none", "none", "none", "questionable", "definite"]) if points > 140 else "none"
    left = points - 5 * pain - 7 * wellbeing - 20 * complications - 30 * antidiarrhoeal
    left -= 10 * {"none": 0, "questionable": 2, "definite": 5}[mass]
    if left < 0 or left % 2 or left > 2 * 105:
        return None
    return {
        "liquid_stools_7d": str(left // 2),
        "pain_7d": str(pain),
        "wellbeing_7d": str(wellbeing),
        "complications": str(complications),
        "antidiarrhoeal": yes_no(draw, antidiarrhoeal),
        "mass": said(draw, "mass", mass),
    }


def assessments(draw: Draw, people: Sequence[Person]) -> list[tuple[Person, int, int, bool]]:
    """Person, day, total in tenths, planned: the assessments that count and those that mislead."""
    found: list[tuple[Person, int, int, bool]] = []
    roomy = [p for p in people[:77] if p.horizon >= 100]
    week12 = {roomy[0].slot: 70, roomy[1].slot: 98, roomy[3].slot: 88, roomy[4].slot: 88}
    baseline = {roomy[2].slot: -28}
    for person in people:
        before, after = person.cdai
        first, second = baseline.get(person.slot, person.base_day), week12.get(person.slot, person.week12_day)
        if before is not None:
            found.append((person, first, before, True))
        if after is not None:
            found.append((person, second, after, True))
        if person.horizon >= 31 and draw.chance(0.5):
            middle = before if before is not None else 2500
            found.append((person, draw.whole(26, 31), max(400, (middle + (after or middle - 500)) // 2), True))
    return found + _misleading(draw, people, roomy)


def _misleading(draw: Draw, people: Sequence[Person], roomy: Sequence[Person]) -> list[tuple[Person, int, int, bool]]:
    def opposite(total: int | None) -> int:
        return draw.whole(2300, 3300) if (total or 0) < 1500 else draw.whole(600, 1300)

    found = [(p, 80, opposite(p.cdai[1]), True) for p in roomy[3:5]]
    found += [(p, 72 + draw.whole(0, 4), opposite(p.cdai[1]), False) for p in roomy[8:16]]
    found += [(p, 97 + draw.whole(0, 10), opposite(p.cdai[1]), True) for p in roomy[20:28] if p.horizon >= 107]
    found += [(p, -28 + draw.whole(0, 14), opposite(p.cdai[0]), True) for p in roomy[30:42]]
    found += [(p, draw.whole(1, 12), opposite(p.cdai[0]), False) for p in roomy[44:50]]
    unseen = [p for p in people[77:94] if p.horizon >= 115]
    found += [(p, day, 1100, True) for p, day in zip(unseen, (69, 99, 60, 105, 63, 110), strict=False)]
    incomplete = people[94]
    return [*found, (incomplete, -29, 2610, True), (incomplete, 1, 2540, True)]


def cdai_rows(draw: Draw, people: Sequence[Person]) -> list[Row]:
    """One row an assessment; in four the total was left out and has to be added up."""
    ordered = sorted(assessments(draw, people), key=lambda a: (a[0].on(a[1]), a[0].number))
    rows = []
    for number, (person, day, total, planned) in enumerate(ordered, start=1):
        row = {"cdai_id": f"C{number:04d}", "patient_id": person.key, "assess_date": dated(draw, person.on(day))}
        row["planned"] = yes_no(draw, planned)
        row.update(worksheet(draw, person, total))
        if number % 61 == 0:
            row["cdai_total"] = ""
        rows.append(row)
    return rows


def visit_rows(draw: Draw, people: Sequence[Person]) -> list[Row]:
    """Planned visits and, in some, an earlier one with another weight."""
    rows: list[Row] = []
    for person in sorted(people, key=lambda p: p.number):
        gained = round(person.weight * 10)
        visits = [("w0", person.base_day, gained)]
        if draw.chance(0.3):
            visits.insert(0, ("uns", person.base_day - draw.whole(8, 30), gained - draw.whole(5, 25)))
        for name, day in (("w4", draw.whole(26, 31)), ("w8", draw.whole(53, 60)), ("w12", person.week12_day)):
            if day > person.horizon or (name == "w12" and day < 70):
                continue
            if name != "w12" or person.cdai[1] is not None or draw.chance(0.5):
                gained += draw.whole(-3, 12)
                visits.append((name, day, gained))
        for number, (name, day, weight) in enumerate(visits, start=1):
            rows.append(
                {
                    "visit_id": f"V{len(rows) + 1:04d}",
                    "patient_id": person.key,
                    "visit_name": said(draw, "visit", name),
                    "visit_number": str(number),
                    "visit_date": dated(draw, person.on(day)),
                    "planned": yes_no(draw, name != "uns"),
                    "weight_kg": decimal(weight, 1),
                }
            )
    return rows
