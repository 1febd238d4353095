"""Errors that show between records: histories, pairs, windows, counts, values without events. Each is one entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cohort.person import CUTOFF, Person
from cohort.planting import Added, Cell, Planting, Row, read_day
from cohort.spelling import CODES

Who = Callable[[Person], bool]


def of_test(name: str) -> Callable[[Row], bool]:
    """A plain number as the test's result."""
    return lambda row: row["test_name"] in CODES["test"][name] and row["result"].replace(".", "").isdigit()


def visit(*names: str) -> Callable[[Row], bool]:
    """A visit of that name."""
    return lambda row: row["visit_name"] in names


def plain_event(row: Row) -> bool:
    """An event that rests on no laboratory value, with a whole date."""
    lab = ("lymph", "淋巴", "alt", "转氨酶", "transaminase")
    return row["onset_date"].count("-") == 2 and not any(word in row["term"].lower() for word in lab)


def two_days_later(row: Row) -> Row:
    """The same event again."""
    onset = read_day(row["onset_date"]) + timedelta(days=2)
    return {"ae_id": "AE903", "onset_date": onset.isoformat(), "end_date": (onset + timedelta(days=9)).isoformat()}


def sample(number: int, test: str, day: str, result: str, unit: str) -> Row:
    """An unplanned sample."""
    row = {"lab_id": f"L9000{number}", "test_name": test, "collected_at": f"{day} 08:00", "planned": "否"}
    return {**row, "result": result, "unit": unit}


def lymphopenia(person: Person) -> Row:
    """An event that no count bears out."""
    days = {"onset_date": person.on(30).isoformat(), "end_date": person.on(44).isoformat()}
    row = {"ae_id": "AE902", "term": "lymphopenia", "severity": "mild", "action": "none", "outcome": "痊愈"}
    return {**row, **days, "hospitalised": "N", "life_threatening": "N"}


def old_disease(person: Person) -> Row:
    """A disease found after the cut-off."""
    late = (CUTOFF + timedelta(days=30)).isoformat()
    return {"mh_id": "H905", "category": "past", "condition": "appendicitis", "onset_date": late, "severe": "N"}


def single_course(p: Planting) -> Who:
    """One biologic, stopped for a reason that counts."""
    rows = p.tables["biologic_history"]

    def suits(person: Person) -> bool:
        mine = [row for row in rows if row["patient_id"] == person.key]
        return person.analysed and len(mine) == 1 and "adher" not in mine[0]["stop_reason"]

    return suits


def at_least(p: Planting, table: str, count: int, row: Callable[[Row], bool] = lambda r: True) -> Who:
    """So many rows of the patient."""
    return lambda person: sum(r["patient_id"] == person.key and row(r) for r in p.tables[table]) >= count


def errors(p: Planting) -> list[Cell | Added]:
    """The list, those that few patients suit first."""
    week12 = p.has("visits", visit("W12", "第12周"))
    lymphopenic = p.has("adverse_events", lambda row: not plain_event(row))
    in_window, late = "reconcile: Lymphopenia, value without event", "reconcile: Lymphopenia, event without value"
    return [
        Added(
            "visits",
            lambda q, row: {"visit_id": "V9002", "visit_number": "12", "visit_date": q.on(61).isoformat()},
            "planned", "a second week-8 visit", "two rows", "planned_visit_twice",
            who=lambda q: not week12(q) and q.horizon > 61, row=visit("W8", "第8周"),
        ),
        Cell(
            "labs", "result", "20", "a count a tenth of the others", "own history", "PLT: own history",
            who=at_least(p, "labs", 3, of_test("PLT")), row=of_test("PLT"),
        ),
        Added(
            "adverse_events", lambda q, row: two_days_later(row), "onset_date",
            "an event entered again two days later", "two rows", "event_twice", row=plain_event,
        ),
        Added(
            "concomitant_medication", lambda q, row: {"med_id": "M901"}, "drug",
            "a medicine entered twice", "two rows", "medication_twice", row=lambda row: True,
        ),
        Cell("concomitant_medication", "start_date", "1901-03-04", "prescribed before birth", "date order"),
        Cell(
            "biologic_history", "stop_reason", "", "no reason for a stop", "expected", "stop_reason_given",
            "prior_biologic unknown", who=single_course(p),
        ),
        Cell(
            "visits", "visit_date", lambda q, row: q.on(45).isoformat(), "a visit two weeks late",
            "window", "visit_on_time", row=visit("W4", "第4周"),
        ),
        Cell(
            "visits", "weight_kg", lambda q, row: str(float(row["weight_kg"]) + 30), "a gain of thirty kilograms",
            "rule", "weight_steady", who=lambda q: q.weight < 70, row=visit("W12", "第12周"),
        ),
        Cell("labs", "result", "72", "a count beyond what is seen", "plausible", "WBC: plausible", row=of_test("WBC")),
        Cell("labs", "result", "6-Apr", "a result turned into a date", "type", row=of_test("ESR")),
        Added("labs", lambda q, row: {"lab_id": "L90005"}, "patient_id", "one sample entered twice", "key",
              row=of_test("FC")),
        Added(
            "labs", lambda q, row: sample(4, "LYM", q.on(40).isoformat(), "0.6", "10^9/L"), "result",
            "few lymphocytes and no event", "reconcile", in_window, who=lambda q: not lymphopenic(q) and q.horizon > 40,
        ),
        Added("adverse_events", lambda q, row: lymphopenia(q), "term", "lymphopenia and no count", "reconcile", late,
              who=lambda q: not lymphopenic(q) and q.horizon > 50),
        Added("medical_history", lambda q, row: old_disease(q), "onset_date", "after the cut-off", "date order"),
        Cell("follow_up", "status", "死亡", "dead without a date", "expected"),
        Cell("follow_up", "death_date", lambda q, row: q.last_contact.isoformat(), "a date of death of the living",
             "not valid", "death_date_of_the_dead"),
        Cell("exposure", "dose_mg", "60", "a dose above the label", "query", "dose_above_label"),
        Cell("exposure", "dose_mg", "-15", "a dose below zero", "range"),
        Cell("screening", "HBsAg", "弱阳性", "undeclared code", "code"),
    ]  # fmt: skip


def more(p: Planting) -> None:
    """The list, and what is no single cell or row."""
    _eight_visits(p)
    p.spoil(errors(p))
    _after_death(p)
    _total(p)
    _column(p)


def _eight_visits(p: Planting) -> None:
    """Unscheduled visits on top of five."""
    person = p.take(lambda q: at_least(p, "visits", 5)(q) and q.horizon > 140)
    last = dict([r for r in p.tables["visits"] if r["patient_id"] == person.key][-1])
    for n, day in enumerate((105, 115, 125), 1):
        place = {"visit_id": f"V910{n}", "visit_number": f"1{n}", "visit_date": person.on(day).isoformat()}
        p.tables["visits"].append({**last, **place, "visit_name": "UNS", "planned": "N"})
    index = p.index("patients", person)
    p.note("patients", index, "", "eight visits", "rule", "visits_expected", "")


def _after_death(p: Planting) -> None:
    """A sample of a patient who had died three days before."""
    person = p.take(lambda q: q.horizon > 100 and q.last_contact + timedelta(days=3) < CUTOFF)
    row = p.tables["follow_up"][p.index("follow_up", person)]
    row["status"], row["death_date"] = "死亡", person.last_contact.isoformat()
    late = (person.last_contact + timedelta(days=3)).isoformat()
    cells = {"patient_id": person.key, **sample(6, "PLT", late, "251", "G/L")}
    p.append("labs", cells, "collected_at", "a sample after death", "date order")


def _total(p: Planting) -> None:
    """A line below the table that counts it."""
    row = dict.fromkeys(p.tables["labs"][0], "")
    p.append("labs", {**row, "lab_id": "合计", "result": "2840"}, "lab_id", "a row of totals", "total row")


def _column(p: Planting) -> None:
    """A column of remarks."""
    for row in p.tables["screening"]:
        row["备注"] = ""
    p.note_table("screening", "备注", "a column that nobody declared", "unexpected column")
