"""= < <= > >=, between, within: numbers to nine decimals, codes in their order, dates by day."""

from spec_format import Spec

FIVE = {
    "patients": """
        | patient | a    |
        | four    | 4    |
        | five    | 5    |
        | six     | 6    |
        | blank   |      |
        | words   | five |
        | n/a     | NA   |
    """
}


def _five(op: str, four: bool, five: bool, six: bool) -> Spec:
    return Spec(
        f"`{op}`: unknown for a blank or unreadable side, false for what is not applicable",
        rule=f"a {op} 5",
        tables=FIVE,
        expect={"four": four, "five": five, "six": six, "blank": None, "words": None, "n/a": False},
    )


SPECS = [
    _five("=", False, True, False),
    _five("<", True, False, False),
    _five("<=", True, True, False),
    _five(">", False, False, True),
    _five(">=", False, True, True),
    Spec(
        "`is between` takes both ends in",
        rule="a is between 4 and 5",
        tables={
            "patients": """
                | patient | a     |
                | below   | 3.999 |
                | low     | 4     |
                | high    | 5.0   |
                | above   | 5.001 |
                | blank   |       |
            """
        },
        expect={"below": False, "low": True, "high": True, "above": False, "blank": None},
    ),
    Spec(
        "`is not between` is its opposite",
        rule="a is not between 4 and 5",
        tables={
            "patients": """
            | patient | a     |
            | below   | 3.999 |
            | low     | 4     |
            | blank   |       |
        """
        },
        expect={"below": True, "low": False, "blank": None},
    ),
    Spec(
        "between two bounds of which one is blank may still be false",
        rule="a is between b and c",
        tables={
            "patients": """
                | patient | a | b | c |
                | inside  | 5 | 4 | 6 |
                | over    | 5 |   | 4 |
                | under   | 5 | 6 |   |
                | unknown | 5 | 4 |   |
            """
        },
        expect={"inside": True, "over": False, "under": False, "unknown": None},
    ),
    Spec(
        "`is within` counts both ways, the limit included",
        rule="a is within 2 of b",
        tables={
            "patients": """
                | patient | a | b    |
                | up      | 5 | 7    |
                | down    | 5 | 3    |
                | out     | 5 | 7.01 |
                | blank   | 5 |      |
            """
        },
        expect={"up": True, "down": True, "out": False, "blank": None},
    ),
    Spec(
        "numbers are those that were written: 8.2 is twice 4.1, 0.1 and 0.2 make 0.3",
        rule="a + b = c",
        tables={
            "patients": """
                | patient | a   | b   | c   |
                | tenths  | 0.1 | 0.2 | 0.3 |
                | twice   | 4.1 | 4.1 | 8.2 |
                | not     | 0.1 | 0.2 | 0.4 |
            """
        },
        expect={"tenths": True, "twice": True, "not": False},
    ),
    Spec(
        "both sides are rounded half-up to nine decimals before they are compared",
        rule="a / b >= c",
        tables={
            "patients": """
                | patient | a | b | c            |
                | third   | 1 | 3 | 0.333333333  |
                | two     | 2 | 3 | 0.666666667  |
                | more    | 2 | 3 | 0.666666668  |
            """
        },
        expect={"third": True, "two": True, "more": False},
    ),
    Spec(
        "ordered codes compare in the order in which they are declared",
        rule="severity is at least moderate",
        tables={
            "patients": """
                | patient | severity |
                | mild    | mild     |
                | middle  | Moderate |
                | severe  | severe   |
                | blank   |          |
                | other   | terrible |
                | n/a     | NA       |
            """
        },
        expect={"mild": False, "middle": True, "severe": True, "blank": None, "other": None, "n/a": False},
    ),
    Spec(
        "`is at most` looks down the order",
        rule="severity is at most moderate",
        tables={
            "patients": """
                | patient | severity |
                | mild    | mild     |
                | middle  | moderate |
                | severe  | severe   |
                | blank   |          |
            """
        },
        expect={"mild": True, "middle": True, "severe": False, "blank": None},
    ),
    Spec(
        "dates compare by day",
        rule="start <= stop",
        tables={
            "patients": """
                | patient | start      | stop       |
                | before  | 2024-03-01 | 2024-03-02 |
                | same    | 2024-03-01 | 2024-03-01 |
                | after   | 2024-03-02 | 2024-03-01 |
                | blank   | 2024-03-02 |            |
            """
        },
        expect={"before": True, "same": True, "after": False, "blank": None},
    ),
    Spec(
        "a date and time compares with a date by day",
        rule="seen <= start",
        tables={
            "patients": """
                | patient | seen             | start      |
                | morning | 2024-03-01 08:00 | 2024-03-01 |
                | next    | 2024-03-02 00:00 | 2024-03-01 |
                | undated |                  | 2024-03-01 |
            """
        },
        expect={"morning": True, "next": False, "undated": None},
    ),
    Spec(
        "two moments compare to the minute",
        rule="seen < left",
        tables={
            "patients": """
                | patient | seen             | left             |
                | before  | 2024-03-01 08:00 | 2024-03-01 08:01 |
                | same    | 2024-03-01 08:00 | 2024-03-01 08:00 |
                | after   | 2024-03-01 08:01 | 2024-03-01 08:00 |
            """
        },
        expect={"before": True, "same": False, "after": False},
    ),
    Spec(
        "a moment without a time is a day: it compares by day",
        rule="seen < left",
        tables={
            "patients": """
                | patient  | seen       | left             |
                | same day | 2024-03-01 | 2024-03-01 08:00 |
                | earlier  | 2024-02-29 | 2024-03-01 08:00 |
            """
        },
        expect={"same day": False, "earlier": True},
    ),
]
