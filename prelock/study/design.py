"""What is wrong with a study whose every rule can be read: each check asks one question."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prelock.study.building import Building
from prelock.study.design_circles import circles
from prelock.study.design_criteria import criteria_twice, criteria_without_data, nobody_eligible
from prelock.study.design_logic import never_or_always
from prelock.study.design_names import one_meaning
from prelock.study.design_records import (
    failing_reads_own_record,
    other_row_is_read_plainly,
    patient_cells_stand_alone,
)
from prelock.study.design_times import day_in_window, days_have_a_zero, measures_have_dates, patient_key

CHECKS: Mapping[str, Callable[[Building], None]] = {
    "Does a name depend on itself?": circles,
    "Does a name mean two things?": one_meaning,
    "Are days counted from something?": days_have_a_zero,
    "Does a timepoint's window hold its day?": day_in_window,
    "Can a measure be placed in time where it is read?": measures_have_dates,
    "Has the patient table one row for each patient?": patient_key,
    "Can a rule be both true and false?": never_or_always,
    "Does a criterion pass a patient of whom nothing is known?": criteria_without_data,
    "Is a criterion there twice?": criteria_twice,
    "Can a patient pass all criteria?": nobody_eligible,
    "Does a check that makes cells unknown read only its own record?": failing_reads_own_record,
    "Does a check of two rows read the other one's cells alone?": other_row_is_read_plainly,
    "Does what a patient's cell means depend on its own row alone?": patient_cells_stand_alone,
}


def check_design(b: Building) -> None:
    """Note every fault of design in `b.problems`; where names clash or run in circles, rules mean nothing yet."""
    if any(problem.code in ("name-clash", "circle") for problem in b.problems):
        return
    for check in CHECKS.values():
        check(b)
        if any(problem.code == "circle" for problem in b.problems):
            return
