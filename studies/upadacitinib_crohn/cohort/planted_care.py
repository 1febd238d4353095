"""Errors in biologics, doses and adverse events."""

from __future__ import annotations

from collections.abc import Callable

from cohort.person import Person
from cohort.planting import Planting, Row, whole_date


def analysed(person: Person) -> bool:
    """One of the 94."""
    return person.analysed


def biologics(p: Planting) -> None:
    """Biologic history: in the last course of the patient."""

    def last(person: Person) -> int:
        return max(i for i, r in enumerate(p.tables["biologic_history"]) if r["patient_id"] == person.key)

    def suits(person: Person) -> bool:
        rows = [r for r in p.tables["biologic_history"] if r["patient_id"] == person.key]
        return person.analysed and len(rows) == 1 and "adher" not in rows[0]["stop_reason"]

    def spoil(
        column: str, value: str, done: str, kind: str, rule: str = "", effect: str = "", person: Person | None = None
    ) -> None:
        p.change("biologic_history", last(person or p.take(suits)), column, value, done, kind, rule, effect)

    spoil("stop_date", "", "stop not recorded", "", "", "concurrent_biologic unknown")
    spoil("stop_date", "不详", "words instead of a date", "type", "", "concurrent_biologic unknown")
    spoil("start_date", "", "start deleted", "required", "", "prior_biologic unknown")
    spoil("drug", "古塞奇尤单抗", "undeclared code", "code")
    spoil("stop_reason", "自费", "undeclared code", "code", "", "prior_biologic unknown")
    person = p.take(suits)
    spoil(
        "stop_date",
        person.on(40).isoformat(),
        "stopped 40 days after the first dose",
        "",
        "",
        "concurrent_biologic fails",
        person,
    )
    person = p.take(suits)
    row = p.tables["biologic_history"][last(person)]
    row["start_date"], row["stop_date"] = row["stop_date"], row["start_date"]
    p.note("biologic_history", last(person), "stop_date", "start and stop swapped", "date order", "", "")
    person = p.take(suits)
    spoil(
        "start_date",
        person.diagnosis.replace(day=1, year=person.diagnosis.year - 1).isoformat(),
        "before the diagnosis",
        "rule",
        "biologic_after_diagnosis",
        "",
        person,
    )


def exposure(p: Planting) -> None:
    """Doses."""

    def second(row: Row) -> bool:
        return row["dose_mg"] in ("15", "30") and row["end_date"] == ""

    two = p.has("exposure", second)
    person = p.take(lambda q: q.analysed and two(q))
    p.change(
        "exposure",
        p.index("exposure", person, second),
        "start_date",
        person.on(80).isoformat(),
        "begins before the higher dose ends",
        "overlap",
        "dose_overlap",
    )
    person = p.take(analysed)
    p.change("exposure", p.index("exposure", person), "dose_mg", "450", "a zero too many", "range")
    person = p.take(lambda q: q.analysed and two(q))
    p.change(
        "exposure",
        p.index("exposure", person),
        "end_date",
        person.on(-30).isoformat(),
        "ends before it begins",
        "date order",
    )
    person = p.take(lambda q: q.analysed and two(q))
    p.change(
        "exposure",
        p.index("exposure", person),
        "start_date",
        "",
        "start of the first dose deleted",
        "required",
        "",
        "treated_here unknown",
    )
    person = p.take(lambda q: q.slot >= 96)
    p.change(
        "exposure", p.index("exposure", person), "drug", "UPA?", "undeclared code", "code", "", "treated_here unknown"
    )


def events(p: Planting) -> None:
    """Adverse events: of patients of the 94, within the window."""

    def owners(suits: Callable[[Row], bool]) -> list[Person]:
        return [q for q in p.people if q.analysed and q.slot not in p.used and p.has("adverse_events", suits)(q)]

    def plain(row: Row) -> bool:
        return row["end_date"] != "" and whole_date(row["onset_date"]) and row["action"] in ("none", "无")

    def spoil(column: str, value: str, done: str, kind: str, rule: str = "") -> None:
        person = owners(plain)[0]
        p.used.add(person.slot)
        p.change("adverse_events", p.index("adverse_events", person, plain), column, value, done, kind, rule)

    spoil("onset_date", "", "onset not recorded", "")
    spoil("term", "", "term deleted", "required")
    spoil("action", "停", "undeclared code", "code")
    spoil("action", "永久停药", "withdrawn, but dosing goes on", "rule", "withdrawn_then_stopped")
    spoil("hospitalised", "未知", "neither yes nor no", "code")
    person = owners(plain)[0]
    p.used.add(person.slot)
    index = p.index("adverse_events", person, plain)
    row = p.tables["adverse_events"][index]
    row["onset_date"], row["end_date"] = row["end_date"], row["onset_date"]
    p.note("adverse_events", index, "end_date", "onset and end swapped", "date order", "", "")
    copy = dict(p.tables["adverse_events"][0], ae_id="AE901", patient_id="CD118")
    p.append("adverse_events", copy, "patient_id", "a patient who is not in the patient table", "orphan")
