"""Aggregates of a measure from one timepoint to another."""

from spec_format import Spec

ROWS = """
    | patient | test | taken      | result | unit  |
    | known   | CRP  | 2024-01-01 | 4      | mg/L  |
    | known   | CRP  | 2024-02-01 | 9      | mg/L  |
    | known   | CRP  | 2024-04-08 | 0.6    | mg/dL |
    | outside | CRP  | 2023-12-03 | 9      | mg/L  |
    | outside | CRP  | 2023-12-04 | 4      | mg/L  |
    | outside | CRP  | 2024-04-08 | 5      | mg/L  |
    | outside | CRP  | 2024-04-09 | 9      | mg/L  |
    | blank   | CRP  | 2024-01-01 | 4      | mg/L  |
    | blank   | CRP  | 2024-02-01 |        | mg/L  |
    | undated | CRP  | 2024-01-01 | 4      | mg/L  |
    | undated | CRP  |            | 9      | mg/L  |
    | lower   | CRP  | 2024-01-01 | 4      | mg/L  |
    | lower   | CRP  |            | 3      | mg/L  |
    | not done | CRP | 2024-01-01 | 4      | mg/L  |
    | not done | CRP | 2024-02-01 | ND     | mg/L  |
    | other   | FC   | 2024-01-01 | 4      | mg/L  |
"""
NAMES = ("known", "outside", "blank", "undated", "lower", "not done", "other", "none")
TABLES = {
    "labs": ROWS,
    "patients": "| patient | start |\n" + "\n".join(f"| {name} | 2024-01-01 |" for name in NAMES),
}

SPECS = [
    Spec(
        "the highest from the first day of one window to the last day of the other",
        rule="highest CRP from baseline to week 12",
        tables=TABLES,
        expect={
            "known": "9",
            "outside": "5",
            "blank": "at least 4",
            "undated": "4 to 9",
            "lower": "4",
            "not done": "4",
            "other": "missing",
            "none": "missing",
        },
    ),
    Spec(
        "of what is recorded",
        rule="highest recorded CRP from baseline to week 12",
        tables=TABLES,
        expect={
            "known": "9",
            "outside": "5",
            "blank": "4",
            "undated": "4 to 9",
            "lower": "4",
            "not done": "4",
            "other": "missing",
            "none": "missing",
        },
    ),
    Spec(
        "mean",
        rule="mean CRP from baseline to week 12",
        tables=TABLES,
        expect={
            "known": "6.333333333",
            "outside": "4.5",
            "blank": "unknown",
            "undated": "unknown",
            "lower": "unknown",
            "not done": "4",
            "other": "missing",
            "none": "missing",
        },
    ),
    Spec(
        "the last goes by day, not by value",
        rule="last CRP from baseline to week 12",
        tables=TABLES,
        expect={
            "known": "6",
            "outside": "5",
            "blank": "unknown",
            "undated": "unknown",
            "lower": "unknown",
            "not done": "4",
            "other": "missing",
            "none": "missing",
        },
    ),
]
