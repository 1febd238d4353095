"""Who the 117 are: dates, sex, age, disease, size, habits, with the counts and quartiles of Table 1 over the 94."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cohort.draw import Draw
from cohort.fit import arrange, middle, spread
from cohort.outcomes import CLINICAL, OTHERS, REMISSION, Endoscopy, baseline_cdai, endoscopies, week12_cdai
from cohort.person import CUTOFF, INDUCTION, Person, years, years_before

FIRST, LAST_ANALYSED = date(2023, 6, 1), CUTOFF - timedelta(days=INDUCTION)
LOCATIONS = ("L1",) * 13 + ("L2",) * 10 + ("L3",) * 57 + ("L2+4",) + ("L3+4",) * 13
BEHAVIOURS = ("B1",) * 52 + ("B2",) * 28 + ("B3",) * 6 + ("B2+3",) * 8


def band(age: int) -> str:
    """Montreal age at diagnosis."""
    return "A1" if age <= 16 else "A2" if age <= 40 else "A3"


def everyone(draw: Draw) -> list[Person]:
    """The 117, in the order of the plan, numbered by the day of their first dose."""
    days = (LAST_ANALYSED - FIRST).days
    starts = draw.shuffled([0, days, *(draw.whole(1, days - 20) for _ in range(92))])
    incomplete = [300, days + 12]
    short = [days + 1, (CUTOFF - FIRST).days - 1, *(draw.whole(days + 2, days + 82) for _ in range(19))]
    people = [Person(i, FIRST + timedelta(days=day)) for i, day in enumerate([*starts, *incomplete, *short])]
    exams = endoscopies(draw)
    baseline = baseline_cdai(draw, exams)
    week12 = week12_cdai(draw, baseline)
    for i, person in enumerate(people[:94]):
        person.endoscopy, person.clinical = exams[i], CLINICAL[i]
        person.cdai = (baseline[i], week12[i] if i < 77 else None)
    for person in people[94:]:
        person.endoscopy = Endoscopy(draw.whole(3, 25) if person.slot != 94 else None)
        person.cdai = (draw.whole(1800, 4200) if person.slot != 94 else None, None)
    _demography(draw, people)
    _disease(draw, people)
    _size(draw, people)
    _habits(draw, people)
    _follow_up(draw, people)
    for number, person in enumerate(sorted(people, key=lambda p: (p.first_dose, p.slot)), start=1):
        person.number = number
    return people


def _demography(draw: Draw, people: Sequence[Person]) -> None:
    sexes = draw.shuffled(["male"] * 61 + ["female"] * 33) + [draw.pick(["male", "male", "female"]) for _ in range(23)]
    ages = spread(
        draw,
        94,
        {0: 18, 23: 24, 24: 24, 34: 27, 35: 27, 46: 30, 47: 30, 57: 34, 58: 34, 69: 39, 70: 39, 92: 66, 93: 75},
    )

    def cost(order: Sequence[int]) -> float:
        return abs(middle([order[i] for i in REMISSION]) - 34) + abs(middle([order[i] for i in OTHERS]) - 27)

    for person, sex, age in zip(
        people, sexes, [*arrange(draw, ages, cost), *(draw.whole(19, 55) for _ in range(23))], strict=True
    ):
        person.sex = sex
        # Boundary cases: an 18th birthday on the day of the first dose, the day before a 76th birthday.
        since = 0 if age == 18 else draw.whole(1, 360)
        person.birth = years_before(person.first_dose, age) - timedelta(days=since)
        if age == 75:
            person.birth = years_before(person.first_dose, 76) + timedelta(days=1)


def _disease(draw: Draw, people: Sequence[Person]) -> None:
    anchors = {0: 150, 23: 943, 24: 943, 26: 956, 27: 956, 46: 1352, 47: 1352, 69: 2163, 70: 2163, 72: 2356, 73: 2356}
    lengths = spread(draw, 94, {**anchors, 90: 5200, 93: 7300})
    better = [p.slot for p in people[:94] if p.endoscopy.response]
    worse = [p.slot for p in people[:94] if p.endoscopy.week12 is not None and not p.endoscopy.response]

    def cost(order: Sequence[int]) -> float:
        at = [years(p.birth, p.first_dose - timedelta(days=n)) for p, n in zip(people, order, strict=False)]
        bands = [band(age) for age in at]
        wrong = abs(bands.count("A1") - 5) + abs(bands.count("A3") - 16) + sum(age < 9 for age in at)
        medians = abs(middle([order[i] for i in better]) - 2356) + abs(middle([order[i] for i in worse]) - 956)
        return wrong + medians / 50

    order = [*arrange(draw, lengths, cost, 20000), *(draw.whole(300, 2500) for _ in range(23))]
    for person, length in zip(people, order, strict=True):
        person.diagnosis = person.first_dose - timedelta(days=length)
        person.montreal_age = band(years(person.birth, person.diagnosis))
    _montreal(draw, people)


def _montreal(draw: Draw, people: Sequence[Person]) -> None:
    def cost(order: Sequence[str]) -> float:
        wrong = 0
        for person, location in zip(people, order, strict=False):
            total = person.endoscopy.baseline or 0
            wrong += location == "L1" and (total > 9 or (person.endoscopy.week12 or 0) > 9)
            wrong += location.startswith("L2") and total > 30
            # Isolated ileal disease at 4, as one rival definition of response singles out.
            wrong += 3 * ((person.endoscopy.baseline, person.endoscopy.week12) == (4, 2) and location != "L1")
        return wrong

    locations = arrange(draw, LOCATIONS, cost)
    perianal = draw.shuffled([True] * 58 + [False] * 36)
    for person, location, behaviour, fistula in zip(
        people, locations, draw.shuffled(BEHAVIOURS), perianal, strict=False
    ):
        person.location, person.behaviour, person.perianal = location, behaviour, fistula
    for person in people[94:]:
        person.location = "L3" if (person.endoscopy.baseline or 9) > 9 else draw.pick(["L1", "L2", "L3"])
        person.behaviour, person.perianal = draw.pick(["B1", "B1", "B2", "B3"]), draw.chance(0.6)


def _size(draw: Draw, people: Sequence[Person]) -> None:
    anchors = {22: 1803, 23: 1807, 24: 1807, 25: 1811, 45: 1964, 46: 1968, 47: 1968, 48: 1972}
    anchors.update({0: 1450, 68: 2339, 69: 2343, 70: 2343, 71: 2347, 93: 3050})
    indices = draw.shuffled(spread(draw, 94, anchors)) + [draw.whole(1700, 2500) for _ in range(23)]
    for person, index in zip(people, indices, strict=True):
        exact = index in (1807, 1968, 2343)
        low, high = (164, 184) if person.sex == "male" else (152, 172)
        heights = draw.shuffled(range(low, high + 1))
        if exact:
            heights.sort(key=lambda h: abs(_weight(index, h) * 100000 - index * h * h))
        person.height = heights[0]
        person.weight = _weight(index, heights[0]) / 10


def _weight(index: int, height: int) -> int:
    """Weight in tenths of a kg for a body mass index in hundredths."""
    return (index * height * height + 50000) // 100000


def _habits(draw: Draw, people: Sequence[Person]) -> None:
    smoking = draw.shuffled(["current"] * 3 + ["former"] * 3 + ["never"] * 88)
    drinking = draw.shuffled(["current"] + ["never"] * 93)
    for person, smokes, drinks in zip(people, smoking, drinking, strict=False):
        person.smoking, person.drinking = smokes, drinks


def _follow_up(draw: Draw, people: Sequence[Person]) -> None:
    for person in people:
        longest = (CUTOFF - person.first_dose).days
        person.last_contact = person.on(min(longest, draw.whole(115, 420)))
        if person.slot >= 96:
            person.last_contact = person.on(max(0, longest - (draw.whole(0, 20) if longest < 80 else 0)))
        person.base_day = -draw.whole(0, 7)
        person.week12_day = min(person.horizon, draw.whole(80, 90))
