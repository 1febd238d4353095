"""Two published randomised trials: their counts by arm, and the two records that contradict themselves."""

from __future__ import annotations

import pytest
from other_studies import TRIALS, checked, reads_trials

pytestmark = reads_trials


def by_arm(study: str, endpoint: str) -> dict[str, tuple[int, int]]:
    found = checked(study, TRIALS).outcome_summary
    rows = found[(found["endpoint"] == endpoint) & (found["missing_rule"] == "as observed")]
    return {row["definition"]: (row["achieved"], row["evaluable"]) for _, row in rows.iterrows()}


def test_streptomycin_improved_38_of_55_and_17_of_52() -> None:
    """Medical Research Council, BMJ 1948;2:769, Table II."""
    arms = by_arm("strep_tb", "improved")
    assert (arms["Streptomycin"], arms["Control"]) == ((38, 55), (17, 52))


@pytest.mark.parametrize(
    ("endpoint", "streptomycin", "control"), [("considerable_improvement", 28, 4), ("death", 4, 14)]
)
def test_streptomycin_table_2(endpoint: str, streptomycin: int, control: int) -> None:
    arms = by_arm("strep_tb", endpoint)
    assert (arms["Streptomycin"], arms["Control"]) == ((streptomycin, 55), (control, 52))


def test_no_record_of_the_streptomycin_trial_contradicts_itself() -> None:
    found = checked("strep_tb", TRIALS).findings
    assert found[found["severity"] != "note"].empty


def test_indomethacin_pancreatitis_in_27_of_295_and_52_of_307() -> None:
    """Elmunzer et al., N Engl J Med 2012;366:1414: 9.2 % and 16.9 %."""
    arms = by_arm("indo_rct", "pancreatitis")
    assert (arms["indomethacin"], arms["placebo"]) == ((27, 295), (52, 307))


def test_the_two_contradictory_records_are_found_and_nothing_else() -> None:
    found = checked("indo_rct", TRIALS).findings
    serious = found[found["severity"] != "note"]
    assert sorted(serious["patient"]) == ["1081.0", "4001.0"]
    assert set(serious["rule"]) == {"sphincter_type"}
