"""Rows that are equally good: the study's ties in their order; what is left is a conflict."""

from spec_format import Spec

ROWS = """
    | patient   | test | taken            | result | unit | planned |
    | day       | CRP  | 2024-03-24       | 1      | mg/L | yes     |
    | day       | CRP  | 2024-03-26       | 2      | mg/L | no      |
    | scheduled | CRP  | 2024-03-25       | 1      | mg/L | no      |
    | scheduled | CRP  | 2024-03-25       | 2      | mg/L | yes     |
    | time      | CRP  | 2024-03-25 08:00 | 1      | mg/L | no      |
    | time      | CRP  | 2024-03-25 09:00 | 2      | mg/L | no      |
    | untimed   | CRP  | 2024-03-25       | 1      | mg/L | no      |
    | untimed   | CRP  | 2024-03-25 09:00 | 2      | mg/L | no      |
    | same      | CRP  | 2024-03-25 09:00 | 2      | mg/L | no      |
    | same      | CRP  | 2024-03-25 09:00 | 2.0    | mg/L | no      |
    | conflict  | CRP  | 2024-03-25 09:00 | 2      | mg/L | no      |
    | conflict  | CRP  | 2024-03-25 09:00 | 3      | mg/L | no      |
    | units     | CRP  | 2024-03-25 09:00 | 2      | mg/L | no      |
    | units     | CRP  | 2024-03-25 09:00 | 0.2    | mg/dL | no     |
    | blank     | CRP  | 2024-03-25 09:00 |        | mg/L | no      |
    | blank     | CRP  | 2024-03-25 10:00 | 3      | mg/L | no      |
    | blank 2   | CRP  | 2024-03-25 10:00 |        | mg/L | no      |
    | blank 2   | CRP  | 2024-03-25 10:00 | 3      | mg/L | no      |
"""
STARTS = "| patient | start |\n" + "\n".join(
    f"| {name} | 2024-01-01 |"
    for name in ("day", "scheduled", "time", "untimed", "same", "conflict", "units", "blank", "blank 2")
)
TABLES = {"labs": ROWS, "patients": STARTS}
SCHEDULED = {"day": "2", "scheduled": "2", "same": "2", "conflict": "unknown", "units": "2", "blank 2": "unknown"}

SPECS = [
    Spec(
        "a later day, then a scheduled row, then a later time: a record without a time comes first",
        rule="CRP at week 12",
        tables=TABLES,
        expect={**SCHEDULED, "time": "2", "untimed": "1", "blank": "3"},
        findings={
            "conflict": ("conflict",),
            "same": (),
            "units": (),
            "day": (),
            "blank": ("doubtful",),
            "blank 2": ("doubtful",),
        },
        missing={"conflict": ("labs row 11 result conflict", "labs row 12 result conflict")},
    ),
    Spec(
        "an earlier day and an earlier time turn it round",
        study="{ties: [earlier day, earlier time]}",
        rule="CRP at week 12",
        tables=TABLES,
        expect={
            "day": "1",
            "scheduled": "unknown",
            "time": "1",
            "untimed": "1",
            "same": "2",
            "conflict": "unknown",
            "units": "2",
            "blank": "unknown",
            "blank 2": "unknown",
        },
    ),
    Spec(
        "without ties, rows equally close are a conflict unless they say the same",
        study="{ties: drop}",
        rule="CRP at week 12",
        tables=TABLES,
        expect={
            "day": "unknown",
            "scheduled": "unknown",
            "time": "unknown",
            "untimed": "unknown",
            "same": "2",
            "conflict": "unknown",
            "units": "2",
            "blank": "unknown",
            "blank 2": "unknown",
        },
        findings={"day": ("conflict",)},
    ),
    Spec(
        "rows that share a value and not a field leave the field unknown",
        rule="CRP.planned at week 12 is yes",
        study="{ties: [later day]}",
        tables={
            "patients": """
                | patient | start      |
                | differ  | 2024-01-01 |
                | agree   | 2024-01-01 |
            """,
            "labs": """
                | patient | test | taken      | result | unit | planned |
                | differ  | CRP  | 2024-03-25 | 2      | mg/L | yes     |
                | differ  | CRP  | 2024-03-25 | 2      | mg/L | no      |
                | agree   | CRP  | 2024-03-25 | 2      | mg/L | yes     |
                | agree   | CRP  | 2024-03-25 | 2      | mg/L | yes     |
            """,
        },
        expect={"differ": None, "agree": True},
    ),
    Spec(
        "a partial date that can be no nearer is settled by the ties, if they tell it apart on each day that it may be",
        rule="CRP at baseline",
        tables={
            "patients": "| patient | start |\n| planned | 2024-01-01 |\n| alike | 2024-01-01 |",
            "labs": """
                | patient | test | taken      | result | unit | planned |
                | planned | CRP  | 2024-01-01 | 5      | mg/L | yes     |
                | planned | CRP  | 2024-01    | 9      | mg/L | no      |
                | alike   | CRP  | 2024-01-01 | 5      | mg/L | yes     |
                | alike   | CRP  | 2024-01    | 9      | mg/L | yes     |
            """,
        },
        expect={"planned": "5", "alike": "unknown"},
    ),
]
