"""A failed check may take its cells out of use."""

from spec_format import Spec

CHECK = """
  checks:
    dose_and_times: {each: drugs, when: response is recorded, rule: dose <= times, on fail: unknown}
"""
DRUGS = """
    | patient  | dose | times | response |
    | fine     | 4    | 5     | yes      |
    | fails    | 6    | 5     | yes      |
    | excused  | 6    | 5     |          |
    | unknown  | 6    |       | yes      |
    | two      | 6    | 5     | yes      |
    | two      | 6    | 7     | yes      |
"""

SPECS = [
    Spec(
        "with `on fail: unknown` the cells that the failed rule read are unreadable to every other rule",
        rule="any drugs where (dose > 5)",
        study=CHECK,
        tables={"drugs": DRUGS},
        expect={"fine": False, "fails": None, "excused": True, "unknown": True, "two": True},
        missing={"fails": ("drugs row 2 dose failed a check",)},
    ),
    Spec(
        "cells that it did not read stay",
        rule="any drugs where (response is yes)",
        study=CHECK,
        tables={"drugs": DRUGS},
        expect={"fine": True, "fails": True, "excused": None, "unknown": True, "two": True},
    ),
    Spec(
        "and without it nothing is taken away",
        rule="any drugs where (dose > 5)",
        study="{checks: {dose_and_times: {each: drugs, rule: dose <= times}}}",
        tables={"drugs": DRUGS},
        expect={"fine": False, "fails": True, "excused": True, "unknown": True, "two": True},
    ),
    Spec(
        "a value that a check took out of use leaves its row a candidate: it might be the chosen one",
        rule="Ceiling at baseline",
        study="""
          measures: {Ceiling: {from: labs.upper, date: taken}}
          checks: {limits: {each: labs, rule: lower <= upper, on fail: unknown}}
        """,
        tables={
            "patients": """
                | patient | start      |
                | fine    | 2024-01-01 |
                | fails   | 2024-01-01 |
                | behind  | 2024-01-01 |
            """,
            "labs": """
                | patient | taken      | lower | upper |
                | fine    | 2024-01-01 | 1     | 2     |
                | fails   | 2024-01-01 | 3     | 2     |
                | fails   | 2023-12-30 | 1     | 2.5   |
                | behind  | 2024-01-01 | 1     | 2     |
                | behind  | 2023-12-30 | 3     | 2.5   |
            """,
        },
        expect={"fine": "2", "fails": "unknown", "behind": "2"},
    ),
]
