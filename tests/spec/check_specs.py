"""What checks mean: a check in YAML, a small table, and by hand the records that fail, pass or can't be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spec_format import Spec


class Counts(NamedTuple):
    """How many records, or pairs of records, came out how."""

    passed: int
    failed: int
    unknown: int
    not_applicable: int


@dataclass(frozen=True)
class CheckSpec:
    """One statement about checks. `failed` holds the numbers of failing records, or of the two of a failing pair;
    `told_elsewhere` those of which another check's finding tells."""

    says: str
    check: str
    tables: dict[str, str]
    counts: Counts
    failed: tuple[int | tuple[int, int], ...]
    tables_yaml: str = ""
    told_elsewhere: tuple[int, ...] = ()

    @property
    def spec(self) -> Spec:
        """The study and tables, as other specs have them."""
        study = f"checks:\n  asked: {self.check}\n{self.tables_yaml}"
        return Spec(self.says, "1 = 1", {}, self.tables, study, ask="eligible")


PATIENTS = """
    | patient | start      | birth      | sex    |
    | one     | 2024-01-01 | 1980-01-01 | male   |
    | two     | 2024-01-01 | 1980-01-01 | male   |
    | three   | 2024-01-01 |            | female |
    | four    |            | 1980       | male   |
"""
REASONS = """
    | patient | ended      | reason     | response |
    | one     | 2024-02-01 | inadequate | yes      |
    | one     | 2024-02-01 |            | yes      |
    | one     | 2024-02-01 | ND         | yes      |
    | one     | 2024-02-01 | because    | no       |
    | two     | 2024-03-01 | other      |          |
    | two     | 2024-03-01 |            |          |
    | two     |            | other      | perhaps  |
"""
VISITS = """
    | patient | given      | drug | times |
    | one     | 2024-01-01 | IFX  | 1     |
    | one     | 2024-01-22 | ADA  | 2     |
    | one     | 2024-02-05 | ADA  | 3     |
    | one     | 2024-02-06 | ADA  | 4     |
    | one     | 2024-01    | ADA  | 5     |
    | one     | 2024-06-01 | UST  | 6     |
    | four    | 2024-01-22 | ADA  | 1     |
    | two     |            | IFX  | 1     |
"""
PAIRS = """
    | patient | given      | drug | dose | times | course |
    | one     | 2024-01-01 | IFX  | 5    | 1     | a      |
    | one     | 2024-01-03 | IFX  | 5    | 2     | b      |
    | one     | 2024-02-01 | IFX  | 5    | 3     | c      |
    | one     | 2024-01-02 | ADA  | 5    | 4     | d      |
    | two     | 2024-01-01 | IFX  | 5    | 1     | e      |
    | two     | 2024-01    | IFX  | 5    | 2     | f      |
    | two     | 2024-03-01 |      | 5    | 3     | g      |
"""

CHECKS = [
    CheckSpec(
        "`required if`: where the condition holds, the cell is filled in, or says why it is not",
        "{each: drugs, column: reason, required if: response is yes}",
        {"patients": PATIENTS, "drugs": REASONS},
        # 1 filled, 2 blank, 3 not done; 4 excused; of 5 to 7 nobody can tell whether it is asked for
        Counts(passed=2, failed=1, unknown=3, not_applicable=1),
        (2,),
    ),
    CheckSpec(
        "`only if`: a value is allowed only where the condition holds; a blank, or a reason for it, is no value",
        "{each: drugs, column: reason, only if: response is yes}",
        {"patients": PATIENTS, "drugs": REASONS.replace("because    | no ", "other      | no ")},
        Counts(passed=1, failed=1, unknown=2, not_applicable=3),
        (4,),
    ),
    CheckSpec(
        "`query if`: a finding where the condition surely holds",
        "{each: drugs, query if: reason is missing and response is yes}",
        {"patients": PATIENTS, "drugs": REASONS},
        # 2 and 3 have no reason and a response; 4's reason can't be read, but its response says no; 6 is open
        Counts(passed=4, failed=2, unknown=1, not_applicable=0),
        (2, 3),
    ),
    CheckSpec(
        "`in window`: the study day lies in the window of its visit, both ends included; other visits have none",
        "{each: drugs, date: given, in window: {IFX: 0 to 0, ADA: 21 to 35}}",
        {"patients": PATIENTS, "drugs": VISITS},
        # day 0; 21; 35; 36; some day of January; UST has no window; no day zero; no date
        Counts(passed=3, failed=1, unknown=3, not_applicable=1),
        (4,),
        "tables: {drugs: {visit: drug}}",
    ),
    CheckSpec(
        "two rows of a patient that agree on something: one finding for all of them, and a blank agrees with nothing",
        "{in each: patient's drugs with the same drug and dose, never: two rows}",
        {"patients": PATIENTS, "drugs": PAIRS},
        # IFX of one (three rows), ADA of one, IFX of two (two rows); g has no drug
        Counts(passed=1, failed=2, unknown=1, not_applicable=0),
        (1, 5),
        "",
    ),
    CheckSpec(
        "records entered twice under one key fail, told as a repeated key; without a key they are told here",
        "{in each: patient's drugs with the same drug and dose, never: two rows}",
        {
            "patients": PATIENTS,
            "drugs": """
                | patient | course | drug | dose |
                | one     | 1      | IFX  | 5    |
                | one     | 1      | IFX  | 5    |
                | two     |        | IFX  | 5    |
                | two     |        | IFX  | 5    |
                | three   | 3      | IFX  | 5    |
            """,
        },
        Counts(passed=1, failed=2, unknown=0, not_applicable=0),
        (3,),
        told_elsewhere=(1,),
    ),
    CheckSpec(
        "a censored result agrees with one that was recorded just so, and with no other; a partial date with none",
        "{in each: patient's labs with the same test and taken and result, never: two rows}",
        {
            "patients": PATIENTS,
            "labs": """
                | patient | test | taken      | result | unit |
                | one     | CRP  | 2024-01-01 | <0.5   | mg/L |
                | one     | CRP  | 2024-01-01 | ＜0.50 | mg/L |
                | one     | CRP  | 2024-01-01 | 0.5    | mg/L |
                | one     | CRP  | 2024-01-01 | ≤0.5   | mg/L |
                | one     | CRP  | 2024-01-02 | >0.5   | mg/L |
                | one     | CRP  | 2024-01-02 | 0.5    | mg/L |
                | two     | CRP  | 2024-01    | 3      | mg/L |
                | two     | CRP  | 2024-01    | 3      | mg/L |
                | two     | CRP  | 2024-01-03 | high   | mg/L |
                | two     | CRP  | 2024-01-03 | high   | mg/L |
            """,
        },
        # 1 and 2 are one record twice; 3 to 6 stand alone; of 7 to 10 nobody can tell
        Counts(passed=4, failed=1, unknown=4, not_applicable=0),
        (1,),
    ),
    CheckSpec(
        "two rows for which a rule holds, whichever is the first; unknown where a partial date leaves it open",
        "{in each: patient's drugs with the same drug, never: two rows, "
        "where: days from given to other.given is between 0 days and 3 days}",
        {"patients": PATIENTS, "drugs": PAIRS},
        # one: a-b (2 days), a-c and b-c far apart, d has no other; two: e-f is 0 to 30 days; g can't be paired
        Counts(passed=3, failed=1, unknown=2, not_applicable=0),
        ((1, 2),),
    ),
    CheckSpec(
        "the order of the file does not matter: a rule that reads one row as the first holds for the pair",
        "{in each: patient's drugs, never: two rows, where: times < other.times and given > other.given}",
        {"patients": PATIENTS, "drugs": PAIRS},
        # one: d (4) is dated before b (2) and c (3) is after it; two: f may be dated before e
        Counts(passed=7, failed=2, unknown=0, not_applicable=0),
        ((2, 4), (3, 4)),
    ),
    CheckSpec(
        "`across patients`: rows of different patients alone are compared",
        "{across patients: patients with the same birth and sex, never: two rows}",
        {"patients": PATIENTS},
        # one and two share both; three has no birth date and four a partial one
        Counts(passed=0, failed=1, unknown=2, not_applicable=0),
        (1,),
    ),
    CheckSpec(
        "`across patients` with a rule: pairs that agree and for which it holds",
        "{across patients: drugs with the same drug, never: two rows, where: given = other.given}",
        {"patients": PATIENTS, "drugs": PAIRS},
        # a, b, c of one beside e and f of two: a-e the same day; a-f, b-f some day of January; d has no other
        Counts(passed=4, failed=1, unknown=3, not_applicable=0),
        ((1, 5),),
    ),
    CheckSpec(
        "two rows that overlap share a day, ends included; an open end overlaps all that is later",
        "{in each: patient's drugs with the same drug, never: two rows overlap from given to ended}",
        {
            "patients": PATIENTS,
            "drugs": """
                | patient | drug | given      | ended      |
                | one     | IFX  | 2024-01-01 | 2024-01-31 |
                | one     | IFX  | 2024-01-31 | 2024-02-10 |
                | one     | IFX  | 2024-02-11 |            |
                | one     | ADA  | 2024-01-01 |            |
                | two     | IFX  | 2024-01-01 |            |
                | two     | IFX  | 2024-06-01 | 2024-06-02 |
            """,
        },
        Counts(passed=2, failed=2, unknown=0, not_applicable=0),
        ((1, 2), (5, 6)),
    ),
]
