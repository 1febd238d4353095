"""Errors in the laboratory table."""

from __future__ import annotations

from cohort.person import Person
from cohort.planting import Planting, Row, read_day
from cohort.spelling import CODES


def labs(p: Planting) -> None:
    """Laboratory table, in the CRP that counts at week 12."""

    def last(person: Person) -> int:
        return next(i for i, r in enumerate(p.tables["labs"]) if r["patient_id"] == person.key and counts(person, r))

    def counts(person: Person, row: Row) -> bool:
        day = (read_day(row["collected_at"]) - person.first_dose).days
        return row["test_name"] in CODES["test"]["CRP"] and 70 <= day <= 98

    def suits(person: Person) -> bool:
        rows = [r for r in p.tables["labs"] if r["patient_id"] == person.key]
        pair = ("CRP", "baseline") in person.labs and ("CRP", "week 12") in person.labs
        return person.analysed and pair and sum(counts(person, r) for r in rows) == 1

    def spoil(
        column: str, value: str, done: str, kind: str, effect: str = "crp_normalisation undetermined", rule: str = ""
    ) -> None:
        p.change("labs", last(p.take(suits)), column, value, done, kind, rule, effect)

    spoil("unit", "", "unit deleted", "unit")
    spoil("unit", "mmol/h", "a unit that does not exist", "unit")
    spoil("result", "见报告", "words instead of a result", "type")
    spoil("result", "4,7,1", "commas in a number", "type")
    spoil("result", "9999", "beyond what the assay can give", "range")
    spoil("collected_at", "2024-31-12 08:00", "day and month swapped", "type")
    spoil("test_name", "hsCRP?", "undeclared code", "code")
    index = last(p.take(suits))
    twin = dict(p.tables["labs"][index], lab_id="L90001", result="18.8")
    p.append(
        "labs", twin, "patient_id", "two different results of one sample", "key", "", "crp_normalisation undetermined"
    )
    person = p.take(
        lambda q: (
            q.analysed and p.has("labs", lambda r: r["test_name"] in CODES["test"]["HB"] and r["unit"] == "g/dL")(q)
        )
    )
    index = p.index("labs", person, lambda r: r["test_name"] in CODES["test"]["HB"] and r["unit"] == "g/dL")
    p.change("labs", index, "unit", "g/L", "g/dL written as g/L", "range")
    person = p.take(lambda q: q.slot >= 96 and 20 < q.horizon < 70 and (q.last_contact - q.first_dose).days < 70)
    late = person.on(person.horizon + 3).isoformat() + " 08:00"
    row = {"lab_id": "L90002", "patient_id": person.key, "test_name": "PLT", "collected_at": late}
    p.append(
        "labs",
        {**row, "planned": "否", "result": "240", "unit": "G/L"},
        "collected_at",
        "after the last contact",
        "rule",
        "lab_after_last_contact",
    )
    row = dict(p.tables["labs"][0], lab_id="L90003", patient_id="CD-7")
    p.append("labs", row, "patient_id", "a patient who is not in the patient table", "orphan")
