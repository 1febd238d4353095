"""The CDISC pilot from its SDTM tables alone, against the sponsor's analysis tables, patient by patient.

There is nothing to explain away: a difference, were there one, is named by its patient and flag.
"""

from __future__ import annotations

import pytest
from other_studies import PILOT, checked, key_rows, reads_pilot

pytestmark = reads_pilot
TREATED, EVENTS = 254, 1191
DATES = {"TRTSDT": "first_dose", "TRTEDT": "last_dose"}
COMPLETED = {"COMP8FL": "completed_week_8", "COMP16FL": "completed_week_16", "COMP24FL": "completed_week_24"}
POPULATIONS = {"SAFFL": "safety", "ITTFL": "intention to treat", "EFFFL": "efficacy"}
YES = {"Y": "yes", "N": "no", "": "no"}


def variables() -> dict[tuple[str, str], str]:
    found = checked("cdisc_pilot", PILOT / "sdtm").variables
    return dict(zip(zip(found["patient"], found["variable"], strict=True), found["value"], strict=True))


@pytest.mark.parametrize("flag", [*DATES, *COMPLETED, "DSRAEFL"])
def test_a_variable_equals_the_sponsors_for_every_treated_patient(flag: str) -> None:
    ours, theirs = variables(), {row["USUBJID"]: row[flag] for row in key_rows("adsl")}
    name = {**DATES, **COMPLETED, "DSRAEFL": "stopped_for_adverse_event"}[flag]
    wanted = theirs if flag in DATES else {patient: YES[value] for patient, value in theirs.items()}
    different = {
        patient: (ours[patient, name], value) for patient, value in wanted.items() if ours[patient, name] != value
    }
    assert len(theirs) == TREATED
    assert different == {}


@pytest.mark.parametrize("flag", POPULATIONS)
def test_a_population_equals_the_sponsors_for_every_treated_patient(flag: str) -> None:
    found = checked("cdisc_pilot", PILOT / "sdtm").populations.set_index("patient")[POPULATIONS[flag]]
    theirs = {row["USUBJID"]: YES[row[flag]] for row in key_rows("adsl")}
    assert {p: (found[p], value) for p, value in theirs.items() if found[p] != value} == {}
    outside = [patient for patient in found.index if patient not in theirs and found[patient] != "no"]
    assert outside == []


def test_the_treatment_emergent_flag_equals_the_sponsors_for_every_event() -> None:
    found = checked("cdisc_pilot", PILOT / "sdtm").adverse_events
    ours = dict(zip(found["key"], found["treatment_emergent"], strict=True))
    theirs = {
        f"USUBJID={row['USUBJID']}, AESEQ={float(row['AESEQ']):.0f}": YES[row["TRTEMFL"]] for row in key_rows("adae")
    }
    assert len(theirs) == EVENTS
    assert {key: (ours.get(key), flag) for key, flag in theirs.items() if ours.get(key) != flag} == {}
    assert ours.keys() == theirs.keys()


def test_the_sum_of_the_mini_mental_equals_the_sponsors_for_every_treated_patient() -> None:
    ours = variables()
    assert {
        row["USUBJID"]: ours[row["USUBJID"], "mini_mental"]
        for row in key_rows("adsl")
        if float(ours[row["USUBJID"], "mini_mental"]) != float(row["MMSETOT"])
    } == {}


def test_what_the_sponsor_put_beside_the_tables_agrees_and_the_one_fault_of_the_tables_is_found() -> None:
    run = checked("cdisc_pilot", PILOT / "sdtm")
    checks = run.checks.set_index("check")
    agreeing = checks[checks.index.str.endswith("_agrees")]
    assert len(agreeing) == 7
    assert set(agreeing["status"]) == {"passed"}
    assert agreeing.loc["emergent_agrees", "passed"] == EVENTS
    assert checks.loc["adas_adds_up", "failed"] == 0
    serious = run.findings[run.findings["severity"] == "error"]
    assert list(zip(serious["rule"], serious["row"], strict=True)) == [("sv: one row for each USUBJID, VISITNUM", 2555)]


def test_six_last_doses_are_asked_for() -> None:
    """Of the 591 dose periods six have no end; the sponsor took the day on which the patient left."""
    found = checked("cdisc_pilot", PILOT / "sdtm").findings
    asked = found[found["rule"] == "last_dose_known"]["patient"]
    assert sorted(asked) == ["01-704-1233", "01-705-1018", "01-705-1031", "01-705-1303", "01-705-1377", "01-705-1382"]
