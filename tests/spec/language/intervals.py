"""What is known only to lie between bounds: partial dates and results beyond a limit of detection."""

from spec_format import Spec


def _result(says: str, rule: str, **expect: bool | None) -> Spec:
    results = {"low": "<0.5", "low_or_equal": "<=0.5", "some": "<100", "high": ">1800", "high_or_equal": "≥1800"}
    drawn = "| patient | test | taken | result | unit |\n" + "\n".join(
        f"| {name} | CRP | 2024-01-01 | {results[name]} | mg/L |" for name in expect
    )
    starts = "| patient | start |\n" + "\n".join(f"| {name} | 2024-01-01 |" for name in expect)
    return Spec(says, rule=rule, tables={"labs": drawn, "patients": starts}, expect=expect)


SPECS = [
    _result(
        "below a limit is at most what lies above it", "CRP at baseline <= 5 mg/L", low=True, some=None, high=False
    ),
    _result(
        "above a limit is not below what lies under it", "CRP at baseline < 60 mg/L", low=True, some=None, high=False
    ),
    _result(
        "`<0.5` is less than 0.5, `<=0.5` may be 0.5",
        "CRP at baseline < 0.5 mg/L",
        low=True,
        low_or_equal=None,
        high=False,
    ),
    _result("`<0.5` is never 0.5", "CRP at baseline = 0.5 mg/L", low=False, low_or_equal=None, high=False),
    _result("`<0.5` is not at least 0.5", "CRP at baseline >= 0.5 mg/L", low=False, low_or_equal=None, high=True),
    _result(
        "`>1800` is more than 1800, `≥1800` may be 1800", "CRP at baseline > 1800 mg/L", high=True, high_or_equal=None
    ),
    _result("`≥1800` is at least 1800", "CRP at baseline >= 1800 mg/L", high=True, high_or_equal=True, some=False),
    _result("beyond a limit is recorded", "CRP at baseline is recorded", low=True, some=True, high=True),
    Spec(
        "a month without a day is some day of it",
        rule="start >= 2024-02-20",
        tables={
            "patients": """
                | patient    | start      |
                | march      | 2024-03    |
                | february   | 2024-02    |
                | january    | 2024-01    |
                | this year  | 2024       |
                | next year  | 2025       |
                | day        | 2024-02-20 |
            """
        },
        expect={"march": True, "february": None, "january": False, "this year": None, "next year": True, "day": True},
        missing={"february": ("patients row 2 start partial",)},
    ),
    Spec(
        "a partial date is recorded",
        rule="start is recorded",
        tables={
            "patients": """
            | patient | start      |
            | month   | 2024-03    |
            | blank   |            |
            | wrong   | 2024-02-30 |
        """
        },
        expect={"month": True, "blank": False, "wrong": None},
    ),
    Spec(
        "years between partial dates lie between the fewest and the most",
        rule="years from birth to start",
        tables={
            "patients": """
                | patient | birth      | start      |
                | day     | 2000-06-15 | 2024-06-14 |
                | month   | 2000-06    | 2024-06-14 |
                | year    | 2000       | 2024-06-14 |
                | blank   |            | 2024-06-14 |
            """
        },
        expect={"day": "23", "month": "23 to 24", "year": "23 to 24", "blank": "missing"},
    ),
    Spec(
        "an age from a partial birth date may still decide",
        rule="years from birth to start >= 18",
        tables={
            "patients": """
                | patient | birth | start      |
                | adult   | 2000  | 2024-06-14 |
                | child   | 2008  | 2024-06-14 |
                | either  | 2006  | 2024-06-14 |
            """
        },
        expect={"adult": True, "child": False, "either": None},
    ),
    Spec(
        "an open end lies after every date; a blank one may lie anywhere",
        rule="until > 2024-01-01 and stop > 2024-01-01",
        tables={
            "patients": """
                | patient    | until      | stop       |
                | both       |            | 2024-06-01 |
                | blank stop |            |            |
                | closed     | 2023-12-31 |            |
            """
        },
        expect={"both": True, "blank stop": None, "closed": False},
    ),
]
