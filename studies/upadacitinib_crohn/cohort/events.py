"""The adverse-event table: 41 events in 32 of the 94 patients by Table 2, and others that must not be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cohort.draw import Draw
from cohort.labs import Sample
from cohort.person import Person
from cohort.spelling import dated, yes_no

Row = dict[str, str]
TERMS: dict[str, tuple[str, ...]] = {
    "tuberculosis": ("活动性肺结核",),
    "lymphopenia": ("lymphopenia", "淋巴细胞减少", "Lymphocyte count decreased", "Lymphopenia"),
    "hepatic": ("转氨酶升高", "Transaminases increased", "ALT升高", "ALT increased", "elevated transaminases"),
    "acne": ("acne", "痤疮", "Acne"),
    "hyperlipidemia": ("hyperlipidemia", "高脂血症", "血脂升高", "Hyperlipidaemia"),
    "enteric": ("enteric infection", "肠道感染"),
    "respiratory": ("upper respiratory tract infection",),
    "folliculitis": ("毛囊炎",),
    "urinary": ("urinary tract infection",),
    "constipation": ("constipation", "便秘"),
    "zoster": ("herpes zoster", "带状疱疹"),
}
COUNTS = {"lymphopenia": 10, "hepatic": 9, "acne": 6, "hyperlipidemia": 5, "enteric": 2, "respiratory": 1,
          "folliculitis": 1, "urinary": 1, "constipation": 3, "zoster": 2}  # fmt: skip
INFECTIONS = ("enteric", "respiratory", "folliculitis", "urinary")
# Lymphocytes (hundredths of 10^9/L; 0.8 is still grade 1 and 0.5 grade 2) and ALT (per cent of the upper limit).
LOW_LYMPHOCYTES = (108, 104, 97, 95, 91, 88, 80, 72, 65, 50)
RAISED_ALT = (125, 140, 160, 180, 210, 240, 300, 340, 420)


@dataclass
class Event:
    """One adverse event; `day` counts from the first dose."""

    person: Person
    what: str
    day: int
    action: str = "none"
    hospitalised: bool = False
    month_only: bool = False


def counted_events(draw: Draw, people: Sequence[Person]) -> list[Event]:
    """The 41: one tuberculosis after week 12, and forty over 31 more patients, no category twice in one."""
    able = draw.some([p for p in people[:94] if p.horizon >= 115], 32)
    events = [Event(able[0], "tuberculosis", 91, "withdrawn")]
    events += [Event(person, what, draw.whole(5, 95)) for person, what in _spread_over(draw, able[1:])]
    events[1].day, events[2].day = 0, 98
    infections = [e for e in events if e.what in INFECTIONS]
    for event in infections[:2]:
        event.action, event.day = "interrupted", draw.whole(20, 60)
    next(e for e in events if e.what == "zoster").action = "reduced"
    next(e for e in events if e.what == "constipation" and e.day not in (0, 98)).month_only = True
    return events


def _spread_over(draw: Draw, people: Sequence[Person]) -> list[tuple[Person, str]]:
    places = [*people, *people[:7], people[7], people[7]]
    kinds = [what for what, count in COUNTS.items() for _ in range(count)]
    for _ in range(1000):
        pairs = list(zip(places, draw.shuffled(kinds), strict=True))
        shown = {(p.slot, "infection" if what in INFECTIONS else what) for p, what in pairs}
        if len(shown) == len(pairs):
            return pairs
    raise AssertionError("no way to spread the events")


def uncounted_events(draw: Draw, people: Sequence[Person], counted: Sequence[Event]) -> list[Event]:
    """Before the first dose, after the window, or in patients who are not analysed."""
    taken = {event.person.slot for event in counted}
    free = [p for p in people[:94] if p.slot not in taken and p.horizon >= 130]
    outside = [("constipation", -6), ("acne", -1), ("zoster", 99), ("respiratory", 120), ("hyperlipidemia", 106)]
    events = [
        Event(p, what, day, hospitalised=what == "respiratory") for p, (what, day) in zip(free, outside, strict=False)
    ]
    away = [p for p in people[94:] if p.horizon >= 40]
    kinds = ("acne", "lymphopenia", "enteric", "hepatic")
    return events + [
        Event(p, what, 20 + 3 * i, hospitalised=what == "enteric")
        for i, (p, what) in enumerate(zip(away, kinds, strict=False))
    ]


def lab_evidence(draw: Draw, events: Sequence[Event]) -> list[Sample]:
    """The lymphocyte count or ALT on which a laboratory event rests, at most two days from its onset."""
    found = []
    low, raised = list(LOW_LYMPHOCYTES), list(RAISED_ALT)
    for event in events:
        day = event.day + (draw.whole(0, 2) if event.day < 98 else 0)
        if event.what == "lymphopenia":
            found.append(Sample(event.person, "LYM", day, low.pop() if low else 96, planned=False))
        elif event.what == "hepatic":
            limit = 50 if event.person.sex == "male" else 40
            found.append(Sample(event.person, "ALT", day, limit * (raised.pop() if raised else 150), planned=False))
    return found


def event_rows(draw: Draw, events: Sequence[Event]) -> list[Row]:
    """One row an event, by onset."""
    rows = []
    for number, event in enumerate(sorted(events, key=lambda e: (e.person.on(e.day), e.person.number)), start=1):
        onset, end = event.person.on(event.day), event.person.on(event.day + draw.whole(4, 30))
        recovered = not event.month_only and event.what != "tuberculosis" and end <= event.person.last_contact
        rows.append(
            {
                "ae_id": f"AE{number:03d}",
                "patient_id": event.person.key,
                "term": draw.pick(TERMS[event.what]),
                "onset_date": _inner_month(event) if event.month_only else dated(draw, onset),
                "end_date": dated(draw, end) if recovered else "",
                "severity": "severe" if event.what == "tuberculosis" else draw.pick(["mild", "轻", "moderate", "中"]),
                "action": draw.pick(
                    {
                        "none": ["none", "无"],
                        "interrupted": ["interrupted", "暂停"],
                        "reduced": ["减量"],
                        "withdrawn": ["永久停药"],
                    }[event.action]
                ),
                "hospitalised": yes_no(draw, event.hospitalised),
                "life_threatening": yes_no(draw, False),
                "outcome": "痊愈" if recovered else draw.pick(["好转", "recovering"]),
            }
        )
    return rows


def _inner_month(event: Event) -> str:
    """Only year and month of the onset, all of whose days lie in the safety window."""
    inside = event.person.first_dose.replace(day=1) + timedelta(days=32)
    return f"{inside.year}-{inside.month:02d}"
