"""Values without their event, and events without their value. Lymphocytes are low below 1.1; day zero is 2024-01-01."""

from __future__ import annotations

from typing import Any

from tiny_study import STUDY

ASKED = STUDY.replace("completeness:", "  reconcile: {grade at least: 1, within: 7 days}\ncompleteness:")
WITH_END = ASKED.replace("      onset_date: date\n", "      onset_date: date\n      end_date: date\n")
LABS = "lab_id,patient_id,test,taken,result,unit\n"
EVENTS = "ae_id,patient_id,term,onset_date,serious\n"
VALUE, EVENT = "reconcile: Lymphopenia, value without event", "reconcile: Lymphopenia, event without value"


def lab(n: int, patient: str, day: str, result: str, unit: str = "10^9/L") -> str:
    return f"L{n},{patient},LYM,{day},{result},{unit}\n"


def told(found: dict[str, Any], rule: str) -> tuple[list[str], tuple[int, ...]]:
    (check,) = [c for c in found["checks"] if c["check"] == rule]
    counts = tuple(check[part] for part in ("passed", "failed", "unknown", "not_applicable"))
    return sorted(f["key"] for f in found["findings"] if f["rule"] == rule), counts


def test_a_value_needs_an_event_near_its_day(check: Any) -> None:
    labs = (
        lab(1, "P1", "2024-02-08", "0.7")  # seven days after the onset
        + lab(2, "P1", "2024-01-25", "1.09")  # seven days before
        + lab(3, "P2", "2024-02-09", "0.7")  # eight days after
        + lab(4, "P3", "2024-02-01", "0.1")  # another category
        + lab(5, "P3", "2024-02-09", "0.1")  # the same patient again: one query
        + lab(6, "P4", "2024-02-01", "1.1")  # at the limit: no grade
        + lab(7, "P5", "2023-12-31", "0.1")  # before day zero
        + lab(8, "P6", "2024-01-01", "0.1")  # on it: baseline
        + lab(9, "P4", "2024-02-01", "ND")  # nothing measured
    )
    events = "".join(f"A{n},P{n},Lymphopenia,2024-02-01,N\n" for n in (1, 2)) + "A3,P3,zoster,2024-02-01,N\n"
    keys, counts = told(check({"labs": LABS + labs, "events": EVENTS + events}, ASKED), VALUE)
    assert keys == ["lab_id=L3", "lab_id=L4"]
    assert counts == (2, 3, 0, 3)  # L9 holds no value


def test_what_is_not_known_leaves_a_value_open(check: Any) -> None:
    labs = (
        lab(1, "P1", "2024-02-01", "<1.2")  # the grade
        + lab(2, "P2", "2024-02", "0.7")  # the day, and so which event is near
        + lab(3, "P3", "2024-02-01", "0.7", "")  # the unit
        + lab(4, "P4", "2024-02-01", "0.7")  # the onset
        + lab(5, "P5", "2024-02-01", "0.7")  # the onset may be near
        + lab(6, "P6", "2024-02-01", "0.7")  # nothing is near, whichever day of April
    )
    events = "A4,P4,Lymphopenia,,N\nA5,P5,Lymphopenia,2024-02,N\nA6,P6,Lymphopenia,2024-04,N\n"
    keys, counts = told(check({"labs": LABS + labs, "events": EVENTS + events}, ASKED), VALUE)
    assert (keys, counts) == (["lab_id=L6"], (0, 1, 5, 0))


def test_an_event_covers_its_whole_course(check: Any) -> None:
    labs = "".join(lab(n, f"P{n}", "2024-03-01", "0.7") for n in (1, 2, 3, 4))
    events = (
        "ae_id,patient_id,term,onset_date,end_date,serious\n"
        "A1,P1,Lymphopenia,2024-01-15,2024-02-23,N\n"  # ended seven days before
        "A2,P2,Lymphopenia,2024-01-15,2024-02-22,N\n"  # eight
        "A3,P3,Lymphopenia,2024-01-15,,N\n"  # goes on
        "A4,P4,Lymphopenia,2024-03-09,2024-03-20,N\n"  # begins eight days after
    )
    keys, counts = told(check({"labs": LABS + labs, "events": events}, WITH_END), VALUE)
    assert (keys, counts) == (["lab_id=L2", "lab_id=L4"], (2, 2, 0, 0))


def test_an_event_needs_a_value_near_its_onset(check: Any) -> None:
    labs = (
        lab(1, "P1", "2024-01-25", "0.7")
        + lab(2, "P2", "2024-01-24", "0.7")
        + lab(3, "P2", "2024-02-01", "1.1")  # near, and normal
        + lab(4, "P3", "2024-02-01", "<1.2")  # near, and open
        + lab(5, "P4", "2024-02", "0.7")  # near perhaps
        + lab(6, "P5", "2024-02-01", "0.7")
    )
    events = "".join(f"A{n},P{n},lymphopenia,2024-02-01,N\n" for n in (1, 2, 3, 4)) + "A5,P5,lymphopenia,,N\n"
    found = check({"labs": LABS + labs, "events": EVENTS + events + "A6,P6,zoster,2024-02-01,N\n"}, ASKED)
    assert told(found, EVENT) == (["ae_id=A2"], (1, 1, 3, 0))
    (finding,) = [f for f in found["findings"] if f["rule"] == EVENT]
    assert (finding["column"], finding["severity"], finding["kind"]) == ("term", "warning", "reconcile")


def test_the_grade_and_the_severity_are_the_studys(check: Any) -> None:
    study = ASKED.replace("grade at least: 1", "grade at least: 2, severity: error")
    labs = LABS + lab(1, "P1", "2024-02-01", "0.8") + lab(2, "P2", "2024-02-01", "0.79")  # 0.8 is still grade 1
    found = check({"labs": labs, "events": EVENTS}, study)
    assert told(found, VALUE) == (["lab_id=L2"], (0, 1, 0, 1))
    assert [f["severity"] for f in found["findings"] if f["rule"] == VALUE] == ["error"]


def test_without_its_table_a_check_is_an_error(check: Any) -> None:
    found = check({"labs": None}, ASKED)
    assert [c["status"] for c in found["checks"] if c["check"] in (VALUE, EVENT)] == ["error", "error"]
