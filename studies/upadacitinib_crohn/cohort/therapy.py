"""Earlier biologics, the doses of upadacitinib, other medicines and follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cohort.draw import Draw
from cohort.events import Event
from cohort.fit import arrange
from cohort.person import Person
from cohort.spelling import dated, said, yes_no

Row = dict[str, str]
TNF = ("infliximab", "adalimumab")
# Of the 93: the last biologic with the reason why it was stopped.
LAST = {"tnf": ["inadequate"] * 54 + ["intolerance"] * 9 + ["adherence"],
        "ustekinumab": ["inadequate"] * 18 + ["intolerance"] * 8 + ["adherence"] * 3}  # fmt: skip
# Biologics before the last, in 37 of the 93, two of them with two.
EARLIER = ["infliximab"] * 24 + ["adalimumab"] * 11 + ["ustekinumab"] * 2 + ["vedolizumab"] * 2


def courses(draw: Draw, people: Sequence[Person]) -> dict[int, list[tuple[str, str]]]:
    """For each slot the biologics in order, each with the reason why it was stopped."""
    analysed = sorted(people[:94], key=lambda p: p.first_dose - p.diagnosis)
    naive, treated = analysed[0], analysed[1:]
    naive.prefers = True
    last = draw.shuffled(["infliximab"] * 37 + ["adalimumab"] * 27 + ["ustekinumab"] * 29)
    reasons = {kind: draw.shuffled(texts) for kind, texts in LAST.items()}
    found: dict[int, list[tuple[str, str]]] = {naive.slot: []}
    for person, drug in zip(draw.shuffled(treated), last, strict=True):
        found[person.slot] = [(drug, reasons["tnf" if drug in TNF else drug].pop())]
    # Time for two courses or more: those with the longer disease.
    for slot, drug in _earlier(draw, [p.slot for p in treated[35:]], {p.slot: found[p.slot][0][0] for p in treated}):
        found[slot].insert(0, (drug, draw.pick(["inadequate", "inadequate", "intolerance"])))
    for person in analysed:
        reasons_of = [reason for _, reason in found[person.slot]]
        if "inadequate" not in reasons_of and "intolerance" not in reasons_of:
            person.prefers = True
    for person in people[94:]:
        found[person.slot] = [(draw.pick([*TNF, "ustekinumab"]), draw.pick(["inadequate", "intolerance"]))]
    return found


def _earlier(draw: Draw, slots: Sequence[int], last: dict[int, str]) -> list[tuple[int, str]]:
    owners = draw.some([slot for slot in slots if last[slot] != "infliximab"], 24)
    owners += draw.some([slot for slot in slots if slot not in owners], 13)
    places = [*owners, *owners[:2]]

    def repeated(order: Sequence[str]) -> float:
        pairs = list(zip(places, order, strict=True))
        return len(pairs) - len(set(pairs)) + sum(last[slot] == drug for slot, drug in pairs)

    order = arrange(draw, EARLIER, repeated)
    assert repeated(order) == 0
    return list(zip(places, order, strict=True))


def biologic_rows(draw: Draw, people: Sequence[Person], given: dict[int, list[tuple[str, str]]]) -> list[Row]:
    """Courses between diagnosis and first dose. One last course ends on the day of the first dose."""
    rows: list[Row] = []
    for person in sorted(people, key=lambda p: p.number):
        drugs = given[person.slot]
        if not drugs:
            continue
        if person.number % 31 == 0:
            drugs = [drugs[0], *drugs]  # the same drug once more: still one drug
        begin = person.diagnosis + timedelta(days=draw.whole(10, 40))
        end = person.first_dose - timedelta(days=0 if person.number % 40 == 0 else draw.whole(14, 60))
        span = (end - begin).days // len(drugs)
        for i, (drug, reason) in enumerate(drugs):
            start = begin + timedelta(days=i * span + (draw.whole(1, 9) if i else 0))
            stop = end if i == len(drugs) - 1 else begin + timedelta(days=(i + 1) * span - draw.whole(0, 9))
            partial = i < len(drugs) - 1 and span > 90 and draw.chance(0.2)
            rows.append(
                {
                    "bio_id": f"B{len(rows) + 1:04d}",
                    "patient_id": person.key,
                    "drug": said(draw, "drug", drug),
                    "start_date": dated(draw, start),
                    "stop_date": f"{stop.year}-{stop.month:02d}" if partial else dated(draw, stop),
                    "stop_reason": said(draw, "stop reason", reason),
                }
            )
    return rows


def exposure_rows(draw: Draw, people: Sequence[Person], events: Sequence[Event]) -> list[Row]:
    """45 mg for 84 days, then a lower dose without a break; breaks and ends where an event caused them."""
    rows: list[Row] = []

    def add(person: Person, drug: str, dose: int, start: date, end: date | None) -> None:
        row = {"dose_id": f"D{len(rows) + 1:04d}", "patient_id": person.key, "drug": said(draw, "drug", drug)}
        rows.append({**row, "dose_mg": str(dose), "start_date": dated(draw, start), "end_date": dated(draw, end)})

    paused = {e.person.slot: e.day for e in events if e.action == "interrupted"}
    ended = {e.person.slot: e.day for e in events if e.action == "withdrawn"}
    for person in sorted(people, key=lambda p: p.number):
        if person.number in (17, 58):
            add(person, "tofacitinib", 10, person.on(-220), person.on(-130))
        if person.slot in paused:
            add(person, "upadacitinib", 45, person.on(0), person.on(paused[person.slot]))
            add(person, "upadacitinib", 45, person.on(paused[person.slot] + 8), person.on(91))
            add(person, "upadacitinib", 30, person.on(92), None)
        elif person.horizon < 84:
            add(person, "upadacitinib", 45, person.on(0), None)
        else:
            add(person, "upadacitinib", 45, person.on(0), person.on(83))
            last = person.on(ended[person.slot]) if person.slot in ended else None
            add(person, "upadacitinib", draw.pick([15, 30, 30]), person.on(84), last)
    return rows


def follow_up_rows(draw: Draw, people: Sequence[Person], events: Sequence[Event], late: set[int]) -> list[Row]:
    """Last contact and status; a second endoscopy was agreed with the 36 but one, and with those examined too late."""
    ended = {e.person.slot for e in events if e.action == "withdrawn"}
    rows = []
    spared = next(p.slot for p in people if p.endoscopy.week12 == 6)
    for person in sorted(people, key=lambda p: p.number):
        agreed = person.slot in late or (person.endoscopy.week12 is not None and person.slot != spared)
        rows.append(
            {
                "patient_id": person.key,
                "last_contact": dated(draw, person.last_contact),
                "status": "停药" if person.slot in ended else draw.pick(["随访中", "followed"]),
                "endoscopy_planned": yes_no(draw, agreed),
                "death_date": "",
            }
        )
    return rows
