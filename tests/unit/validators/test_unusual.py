"""Values that are possible but unusual, rows of totals, bounds for every date, and where findings belong."""

from __future__ import annotations

from typing import Any

import pytest
from tiny_study import DOSES, LABS, PATIENTS, STUDY

Rows = list[dict[str, Any]]
OWN = STUDY.replace("    normal: at least 1.1 10^9/L", "    own history: within 5 times\n    plausible: 0.2 to 10")
HEADER = LABS.splitlines()[0] + "\n"


def values(*cells: tuple[str, str, str]) -> str:
    """Lymphocyte counts: patient, result, unit."""
    return HEADER + "".join(f"L{n},{who},LYM,2024-02-0{n % 9 + 1},{v},{u}\n" for n, (who, v, u) in enumerate(cells, 1))


def told(found: Rows, kind: str) -> list[tuple[str, str, str]]:
    return sorted((f["key"], f["column"], f["severity"]) for f in found if f["kind"] == kind)


def row(found: dict[str, Rows], name: str) -> tuple[int, ...]:
    (check,) = [c for c in found["checks"] if c["check"] == name]
    return tuple(check[part] for part in ("passed", "failed", "unknown", "not_applicable"))


G, M = "10^9/L", "10^6/L"


@pytest.mark.parametrize(
    ("cells", "failing", "counts"),
    [
        # a slip by ten, either way; the nearest other value is what counts
        (
            [("P1", "1.5", G), ("P1", "1.6", G), ("P1", "16", G), ("P1", "0.16", G)],
            ["lab_id=L3", "lab_id=L4"],
            (2, 2, 0, 0),
        ),
        # exactly five times is within; all is compared in the measure's unit
        ([("P1", "1.5", G), ("P1", "7.5", G), ("P1", "1500", M)], [], (3, 0, 0, 0)),
        ([("P1", "1.5", G), ("P1", "7.51", G), ("P1", "1.4", G)], ["lab_id=L2"], (2, 1, 0, 0)),
        # an equal value is the nearest, at the lower and the upper end too
        ([("P1", "1.5", G), ("P1", "1.5", G)], [], (2, 0, 0, 0)),
        ([("P1", "15", G), ("P1", "1.5", G), ("P1", "15", G)], ["lab_id=L2"], (2, 1, 0, 0)),
        ([("P1", "1.5", G), ("P1", "15", G), ("P1", "1500", M)], ["lab_id=L2"], (2, 1, 0, 0)),
        # other patients do not count, and nobody can be compared with himself
        ([("P1", "1.5", G), ("P2", "15", G)], [], (0, 0, 0, 2)),
        # of two values nobody knows which is wrong: one finding
        ([("P1", "1.5", G), ("P1", "15", G)], ["lab_id=L1"], (0, 2, 0, 0)),
        # censored, without a unit, unreadable: unknown; zero and not done: nothing to compare
        ([("P1", "1.5", G), ("P1", "1.6", G), ("P1", "<0.1", G), ("P1", "16", ""), ("P1", "?", G)], [], (2, 0, 3, 0)),
        ([("P1", "1.5", G), ("P1", "1.6", G), ("P1", "0", G), ("P1", "ND", G)], [], (2, 0, 0, 2)),
    ],
)
def test_a_value_far_from_the_patients_own(check: Any, cells: Any, failing: list[str], counts: tuple[int, ...]) -> None:
    found = check({"labs": values(*cells), "events": ""}, OWN.replace("    plausible: 0.2 to 10", ""))
    assert [key for key, _, _ in told(found["findings"], "own history")] == failing
    assert row(found, "LYM: own history") == counts


def test_of_two_values_the_other_is_a_related_cell(check: Any) -> None:
    found = check({"labs": values(("P1", "1.5", G), ("P1", "15", G))}, OWN)
    (only,) = [f for f in found["findings"] if f["kind"] == "own history"]
    assert "labs.csv row 2 result = 15" in only["related_cells"]


def test_plausible_is_a_warning_and_possible_an_error(check: Any) -> None:
    study = OWN.replace("    plausible:", "    range: 0 to 20\n    plausible:").replace(
        "    own history: within 5 times\n", ""
    )
    found = check({"labs": values(("P1", "0.2", G), ("P1", "10.1", G), ("P2", "20.1", G), ("P3", "0.1", G))}, study)
    assert told(found["findings"], "plausible") == [
        ("lab_id=L2", "result", "warning"),
        ("lab_id=L4", "result", "warning"),
    ]
    assert told(found["findings"], "range") == [("lab_id=L3", "result", "error")]
    assert row(found, "LYM: plausible") == (1, 3, 0, 0)  # L3 is implausible too, and told as impossible alone


def test_an_unusual_value_is_told_once(check: Any) -> None:
    found = check({"labs": values(("P1", "1.5", G), ("P1", "1.6", G), ("P1", "16", G))}, OWN)
    assert told(found["findings"], "plausible") == [("lab_id=L3", "result", "warning")]
    assert told(found["findings"], "own history") == []
    assert row(found, "LYM: own history") == (2, 1, 0, 0)


def test_an_unusual_value_hides_no_check_that_fails_on_it(check: Any) -> None:
    """It may be right: the gate must see the error, not only the warning."""
    study = STUDY.replace("weight: number", "weight: {type: number, plausible: 30 to 85}")
    study = study.replace("  weight_sane:", "  not_heavy: {each: patients, rule: weight < 85}\n  weight_sane:")
    found = check({}, study)
    assert ("patient_id=P6", "weight", "warning") in told(found["findings"], "plausible")
    assert ("patient_id=P6", "weight", "error") in told(found["findings"], "rule")


@pytest.mark.parametrize("word", ["Total", "合计", "MEAN", "Grand Total:"])
def test_a_row_of_totals_is_one_finding(check: Any, word: str) -> None:
    found = check({"doses": DOSES + f"{word},,2024-13-01,\n", "patients": PATIENTS + f"{word},,,,,155\n"})
    mine = sorted((f["table"], f["kind"], f["row"]) for f in found["findings"] if f["value"] == word)
    assert mine == [("doses", "total row", 6), ("patients", "total row", 7)]
    assert not [f for f in found["findings"] if f["table"] == "doses" and f["row"] == 6 and f["kind"] != "total row"]
    assert row(found, "doses: no row of totals") == (5, 1, 0, 0)


def test_a_patient_who_is_called_so_is_found_in_part_only(check: Any) -> None:
    found = check({"doses": DOSES + "Totally,P1,2024-05-01,2024-05-02\n"})
    assert told(found["findings"], "total row") == []


DATED = STUDY.replace(
    "day_zero:", "every date: {not before: patients.birth_date, not after: data_cutoff, except: doses.ended}\nday_zero:"
).replace("day_zero:", "data_cutoff: 2024-06-30\nday_zero:", 1)


def test_every_date_keeps_the_bounds(check: Any) -> None:
    late = "2024-07-01"
    found = check(
        {
            "labs": HEADER + f"L1,P1,CRP,{late},3,mg/L\nL2,P1,CRP,1979-12-31,3,mg/L\nL3,P1,CRP,2024-06-30,3,mg/L\n",
            "events": f"ae_id,patient_id,term,onset_date,serious\nA1,P1,zoster,{late},N\nA2,P1,zoster,,N\n",
            "doses": f"dose_id,patient_id,begun,ended\nD1,P4,{late},{late}\n",
        },
        DATED,
    )
    assert told(found["findings"], "date order") == [
        ("ae_id=A1", "onset_date", "error"),
        ("dose_id=D1", "begun", "error"),
        ("lab_id=L1", "taken", "error"),
        ("lab_id=L2", "taken", "error"),
    ]
    names = [c["check"] for c in found["checks"]]
    assert names.count("labs: birth_date is not after taken") == 1  # the table says so too
    assert "events: onset_date is not after 2024-06-30" in names
    assert not [name for name in names if name.startswith("doses: ended is not after 2024")]


def test_the_severity_of_a_column_is_that_of_its_findings(check: Any) -> None:
    study = STUDY.replace("      taken: {type: date,", "      taken: {type: date, required: yes, severity: note,")
    found = check({"labs": HEADER + "L1,P1,CRP,,3,mg/L\nL2,P1,CRP,soon,3,mg/L\nL3,P1,CRP,1979-12-31,3,mg/L\n"}, study)
    mine = [f for f in found["findings"] if f["column"] == "taken" and f["kind"] in ("required", "type", "date order")]
    assert [(f["kind"], f["severity"]) for f in sorted(mine, key=lambda f: f["key"])] == [
        ("required", "note"),
        ("type", "note"),
        ("date order", "note"),
    ]


def test_findings_name_the_visit_and_the_site(check: Any) -> None:
    study = STUDY.replace(
        "patient: patients.patient_id", "patient: patients.patient_id\nsite: patients.sex", 1
    ).replace("    file: labs.csv", "    file: labs.csv\n    visit: test")
    found = check({"labs": LABS + "L11,P1,CRQ,2024-01-01,?,mg/L\n"}, study)
    where = {(f["key"], f["kind"]): (f["visit"], f["site"]) for f in found["findings"] if f["table"] == "labs"}
    assert where["lab_id=L7", "type"] == ("LYM", "male")
    assert where["lab_id=L8", "key"] == ("CRP", "female")
    assert where["lab_id=L11", "code"] == ("CRQ", "male")  # as written, where it is no code
    assert where["lab_id=L10", "orphan"] == ("CRP", "")
    assert {f["visit"] for f in found["findings"] if f["table"] == "doses"} == {""}
