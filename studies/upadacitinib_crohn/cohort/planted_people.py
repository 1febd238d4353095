"""Errors in the tables with one row a patient, and in the visits."""

from __future__ import annotations

from datetime import timedelta

from cohort.person import CUTOFF, Person
from cohort.planting import Cell, Planting, read_day


def analysed(person: Person) -> bool:
    """One of the 94."""
    return person.analysed


def short(person: Person) -> bool:
    """Not among the 94 anyway."""
    return person.slot >= 96


PATIENT_CELLS = (
    Cell("patients", "birth_date", "1990-13-05", "month 13", "type", "", "age unknown", analysed),
    Cell("patients", "birth_date", "03/04/1990", "a date with two readings", "type", "", "age unknown", analysed),
    Cell("patients", "birth_date", "", "birth date deleted", "required", "", "age unknown", analysed),
    Cell(
        "patients", "birth_date", "2026-01-10", "born after the data cut-off", "date order", effect="age fails",
        who=analysed,
    ),
    Cell("patients", "gender", "X", "undeclared code", "code", who=short),
    Cell("patients", "gender", "", "sex deleted", "required", who=short),
    Cell("patients", "height_cm", "1.72", "height in metres", "plausible", who=short),
    Cell("patients", "height_cm", "一米七", "height in words", "type", "", "incomplete_baseline unknown", analysed),
    Cell("patients", "smoking", "偶尔", "undeclared code", "code", who=analysed),
    Cell("patients", "perianal", "可能", "neither yes nor no", "code", "", "incomplete_baseline unknown", analysed),
    Cell("patients", "montreal_location", "L5", "undeclared code", "code", "", "incomplete_baseline unknown", analysed),
    Cell("patients", "montreal_behaviour", "", "left blank", "", "", "incomplete_baseline fails", analysed),
    Cell(
        "patients", "montreal_age", "A1", "wrong age class", "rule", "montreal_age_agrees",
        who=lambda q: analysed(q) and q.montreal_age == "A2",
    ),
)  # fmt: skip


def patients(p: Planting) -> None:
    """Patient table."""
    p.spoil(PATIENT_CELLS)
    _swapped_dates(p)
    _repeated(p)


def _swapped_dates(p: Planting) -> None:
    person = p.take(lambda q: analysed(q) and (q.first_dose - q.diagnosis).days > 1000)
    index = p.index("patients", person)
    row = p.tables["patients"][index]
    row["birth_date"], row["diagnosis_date"] = row["diagnosis_date"], row["birth_date"]
    p.note("patients", index, "diagnosis_date", "dates of birth and diagnosis swapped", "date order", "", "age fails")


def _repeated(p: Planting) -> None:
    """Another's number, a row entered twice, and a person under a second key."""
    first, second = p.take(analysed), p.take(analysed)
    number = p.tables["patients"][p.index("patients", first)]["病案号"]
    p.change("patients", p.index("patients", second), "病案号", number, "another patient's record number", "key")
    twin = p.tables["patients"][p.index("patients", p.take(short))]
    p.append("patients", dict(twin), "patient_id", "row entered twice", "key")
    other = p.tables["patients"][p.index("patients", p.take(short))]
    stranger = dict(other, patient_id="CX118", 病案号="1999999")
    done = "a key of another form, and no dose"
    p.append("patients", stranger, "patient_id", done, "pattern", "", "treated_here unknown")
    p.note(
        "patients", len(p.tables["patients"]) - 1, "", "one person under two keys", "two rows", "one_person_twice", ""
    )


def follow_up(p: Planting) -> None:
    """Follow-up table."""
    person = p.take(analysed)
    p.change("follow_up", p.index("follow_up", person), "last_contact", "2025-03-15", "after the cut-off", "date order")
    person = p.take(analysed)
    p.change(
        "follow_up",
        p.index("follow_up", person),
        "last_contact",
        "",
        "deleted",
        "required",
        "",
        "short_follow_up unknown",
    )
    person = p.take(analysed)
    early = person.on(-9).isoformat()
    p.change(
        "follow_up",
        p.index("follow_up", person),
        "last_contact",
        early,
        "before the first dose",
        "date order",
        "",
        "short_follow_up fails",
    )
    person = p.take(analysed)
    p.change("follow_up", p.index("follow_up", person), "status", "失访", "lost to follow-up", "", "", "lost fails")
    row = dict(p.tables["follow_up"][0], patient_id="CD999")
    p.append("follow_up", row, "patient_id", "a patient who is not in the patient table", "orphan")


def visits(p: Planting) -> None:
    """Visit table."""

    def fourth(row: dict[str, str]) -> bool:
        return row["visit_name"] in ("W4", "第4周")

    owners = p.has("visits", fourth)

    def week4(person: Person) -> bool:
        return owners(person) and person.slot not in (94, 95)

    def spoil(column: str, value: str, done: str, kind: str, rule: str = "", effect: str = "") -> None:
        p.change("visits", p.index("visits", p.take(week4, last=True), fourth), column, value, done, kind, rule, effect)

    spoil("visit_date", "2024-02-30", "a day that does not exist", "type", "", "incomplete_baseline unknown")
    spoil("visit_date", "", "deleted", "required", "", "incomplete_baseline unknown")
    spoil("visit_date", "1923-08-11", "a century early", "date order")
    spoil("visit_date", (CUTOFF + timedelta(days=40)).isoformat(), "after the cut-off", "date order")
    spoil("weight_kg", "610", "decimal point lost", "range")
    spoil("visit_name", "W16", "undeclared code", "code")
    spoil("planned", "maybe", "neither yes nor no", "code")
    spoil("visit_number", "2.5", "not a whole number", "type")
    person = p.take(week4, last=True)
    index = p.index("visits", person, fourth)
    p.tables["visits"][index]["visit_number"] = "1"
    before = p.index("visits", person)
    p.tables["visits"][before]["visit_number"] = "2"
    p.note("visits", before, "visit_number", "two visit numbers swapped", "rule", "visits_forward", "")
    other = p.take(week4, last=True)
    index = p.index("visits", other, fourth)
    number = p.tables["visits"][p.index("visits", other)]["visit_id"]
    p.change("visits", index, "visit_id", number, "identifier of another visit", "key")
    person = p.take(lambda q: short(q) and p.has("visits")(q))
    row = p.tables["visits"][p.index("visits", person)]
    copy = dict(row, visit_id="V9001", visit_number="9", visit_date=read_day(row["visit_date"]).isoformat())
    p.append("visits", copy, "patient_id", "one visit entered twice", "key")
