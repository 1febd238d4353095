"""+ - * / ^ on numbers, days added to dates."""

from spec_format import Spec

PAIRS = """
    | patient | a   | b  |
    | both    | 6   | 4  |
    | tenth   | 0.1 | 3  |
    | minus   | -6  | 4  |
    | zero    | 6   | 0  |
    | blank   | 6   |    |
    | n/a     | 6   | NA |
    | words   | 6   | x  |
"""


def _pairs(op: str, both: str, tenth: str, minus: str, zero: str) -> Spec:
    return Spec(
        f"`{op}`: a blank leaves a blank, what can't be read leaves what is unknown",
        rule=f"a {op} b",
        tables={"patients": PAIRS},
        expect={
            "both": both,
            "tenth": tenth,
            "minus": minus,
            "zero": zero,
            "blank": "missing",
            "n/a": "not applicable",
            "words": "unknown",
        },
    )


SPECS = [
    _pairs("+", "10", "3.1", "-2", "6"),
    _pairs("-", "2", "-2.9", "-10", "6"),
    _pairs("*", "24", "0.3", "-24", "0"),
    _pairs("/", "1.5", "0.033333333", "-1.5", "unknown"),
    _pairs("^", "1296", "0.001", "1296", "1"),
    Spec(
        "a root of a negative number is unknown, and so is zero to a negative power",
        rule="a ^ b",
        tables={
            "patients": """
                | patient  | a  | b   |
                | root     | 4  | 0.5 |
                | negative | -4 | 0.5 |
                | zero     | 0  | -1  |
                | one over | 4  | -1  |
            """
        },
        expect={"root": "2", "negative": "unknown", "zero": "unknown", "one over": "0.25"},
    ),
    Spec(
        "division by zero is unknown, never infinite, and neither recorded nor missing",
        rule="(a / b) > 1 or (a / b) is missing",
        tables={
            "patients": """
                | patient | a | b |
                | zero    | 6 | 0 |
                | more    | 6 | 4 |
                | less    | 4 | 6 |
                | blank   |   | 6 |
            """
        },
        expect={"zero": None, "more": True, "less": False, "blank": True},
    ),
    Spec(
        "products bind tighter than sums, powers tighter than products",
        rule="a + b * 2 ^ 3",
        tables={
            "patients": """
            | patient | a | b |
            | one     | 1 | 1 |
        """
        },
        expect={"one": "9"},
    ),
    Spec(
        "days are added to dates",
        rule="start + 28 days",
        tables={
            "patients": """
            | patient | start      |
            | leap    | 2024-02-01 |
            | month   | 2024-02    |
            | blank   |            |
        """
        },
        expect={"leap": "2024-02-29", "month": "2024-02-29 to 2024-03-28", "blank": "missing"},
    ),
    Spec(
        "and taken from them",
        rule="start - 1 days",
        tables={
            "patients": """
            | patient | start      |
            | leap    | 2024-03-01 |
            | year    | 2023-01-01 |
        """
        },
        expect={"leap": "2024-02-29", "year": "2022-12-31"},
    ),
    Spec(
        "units are converted before numbers are added",
        rule="weight + 500 g",
        tables={
            "patients": """
            | patient | weight |
            | heavy   | 80.5   |
            | blank   |        |
        """
        },
        expect={"heavy": "81", "blank": "missing"},
    ),
    Spec(
        "a scored code stands for its number in sums",
        rule="severity + a",
        tables={
            "patients": """
                | patient | severity | a |
                | mild    | mild     | 1 |
                | severe  | severe   | 1 |
                | blank   |          | 1 |
                | n/a     | NA       | 1 |
            """
        },
        expect={"mild": "2", "severe": "5", "blank": "missing", "n/a": "not applicable"},
    ),
]
