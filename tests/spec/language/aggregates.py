"""earliest, latest, highest, lowest, sum, mean, median, only: strict, unless `recorded` says otherwise."""

from spec_format import Spec

DOSES = """
    | patient  | dose |
    | known    | 4    |
    | known    | 6    |
    | known    | 5    |
    | blank    | 4    |
    | blank    |      |
    | words    | 4    |
    | words    | x    |
    | n/a      | 4    |
    | n/a      | NA   |
    | one      | 4    |
    | only na  | NA   |
    | empty    |      |
    | empty na |      |
    | empty na | NA   |
"""
GIVEN = """
    | patient | given      | response |
    | sure    | 2024-02-01 | yes      |
    | sure    | 2024-03-01 | yes      |
    | later   | 2024-02-01 | yes      |
    | later   | 2024-03-01 |          |
    | earlier | 2024-02-01 |          |
    | earlier | 2024-03-01 | yes      |
    | only in doubt | 2024-03-01 |     |
    | out     | 2024-03-01 | no       |
    | partial | 2024-02    | yes      |
    | partial | 2024-02-20 | yes      |
    | undated |            | yes      |
    | undated | 2024-02-20 | yes      |
"""


def _doses(how: str, **expect: str) -> Spec:
    names = {"na": "n/a", "only_na": "only na", "no_rows": "no rows", "empty_na": "empty na"}
    return Spec(
        f"`{how}` over values that are known, blank, unreadable, not applicable",
        rule=f"{how} dose in drugs",
        tables={"drugs": DOSES},
        expect={names.get(name, name): value for name, value in expect.items()},
    )


NONE = {"one": "4", "only_na": "not applicable", "no_rows": "missing"}

SPECS = [
    _doses("highest", known="6", blank="at least 4", words="at least 4", na="4", empty="unknown", **NONE),
    _doses("lowest", known="4", blank="at most 4", words="at most 4", na="4", empty="unknown", **NONE),
    _doses("sum", known="15", blank="unknown", words="unknown", na="4", empty="unknown", **NONE),
    _doses("mean", known="5", blank="unknown", words="unknown", na="4", empty="unknown", **NONE),
    _doses("median", known="5", blank="unknown", words="unknown", na="4", empty="unknown", **NONE),
    _doses(
        "highest recorded",
        known="6",
        blank="4",
        words="at least 4",
        na="4",
        empty="missing",
        empty_na="missing",
        **NONE,
    ),
    _doses("sum recorded", known="15", blank="4", words="unknown", na="4", empty="missing", empty_na="missing", **NONE),
    _doses("mean recorded", known="5", blank="4", words="unknown", na="4", empty="missing", empty_na="missing", **NONE),
    Spec(
        "the median of an even number of values lies between the two in the middle",
        rule="median dose in drugs",
        tables={
            "drugs": """
            | patient | dose |
            | even    | 1    |
            | even    | 2    |
            | even    | 4    |
            | even    | 9    |
        """
        },
        expect={"even": "3"},
    ),
    Spec(
        "`earliest`: rows in doubt can only make it earlier",
        rule="earliest given in drugs where (response is yes)",
        tables={"drugs": GIVEN},
        expect={
            "sure": "2024-02-01",
            "later": "2024-02-01",
            "earlier": "2024-02-01 to 2024-03-01",
            "only in doubt": "unknown",
            "out": "missing",
            "partial": "2024-02-01 to 2024-02-20",
            "undated": "at most 2024-02-20",
            "no rows": "missing",
        },
        missing={"earlier": ("drugs row 5 response blank",), "undated": ("drugs row 11 given blank",)},
    ),
    Spec(
        "`latest` is its mirror image",
        rule="latest given in drugs where (response is yes)",
        tables={"drugs": GIVEN},
        expect={
            "sure": "2024-03-01",
            "later": "2024-02-01 to 2024-03-01",
            "earlier": "2024-03-01",
            "only in doubt": "unknown",
            "out": "missing",
            "partial": "2024-02-20 to 2024-02-29",
            "undated": "at least 2024-02-20",
            "no rows": "missing",
        },
    ),
    Spec(
        "an aggregate that is an interval may still decide",
        rule="earliest given in drugs where (response is yes) <= 2024-03-15",
        tables={"drugs": GIVEN},
        expect={"earlier": True, "undated": True, "only in doubt": None, "out": None},
    ),
    Spec(
        "an aggregate over nothing is missing, over rows in doubt unknown",
        rule="latest given in drugs where (response is yes) is missing",
        tables={"drugs": GIVEN},
        expect={"sure": False, "only in doubt": None, "out": True, "no rows": True},
    ),
    Spec(
        "a row in doubt adds its value to a sum, or nothing",
        rule="sum dose in drugs where (response is yes)",
        tables={
            "drugs": """
                | patient  | dose | response |
                | sure     | 4    | yes      |
                | sure     | 5    | yes      |
                | doubt    | 4    | yes      |
                | doubt    | 5    |          |
                | negative | 4    | yes      |
                | negative | -5   |          |
            """
        },
        expect={"sure": "9", "doubt": "4 to 9", "negative": "-1 to 4"},
    ),
    Spec(
        "with a row in doubt a mean is unknown",
        rule="mean dose in drugs where (response is yes)",
        tables={
            "drugs": """
                | patient | dose | response |
                | doubt   | 4    | yes      |
                | doubt   | 5    |          |
                | sure    | 4    | yes      |
                | sure    | 5    | no       |
            """
        },
        expect={"doubt": "unknown", "sure": "4"},
    ),
    Spec(
        "`only`: one distinct recorded value; blanks are passed over, two are a conflict",
        rule="only dose in drugs where (response is yes)",
        tables={
            "drugs": """
                | patient  | dose | response |
                | same     | 4    | yes      |
                | same     | 4.0  | yes      |
                | blank    | 4    | yes      |
                | blank    |      | yes      |
                | two      | 4    | yes      |
                | two      | 5    | yes      |
                | words    | 4    | yes      |
                | words    | x    | yes      |
                | doubt    | 4    | yes      |
                | doubt    | 5    |          |
                | agreed   | 4    | yes      |
                | agreed   | 4    |          |
                | perhaps  | 4    |          |
                | empty    |      | yes      |
                | n/a      | NA   | yes      |
            """
        },
        expect={
            "same": "4",
            "blank": "4",
            "two": "unknown",
            "words": "unknown",
            "doubt": "unknown",
            "agreed": "4",
            "perhaps": "unknown",
            "empty": "missing",
            "n/a": "not applicable",
            "no rows": "missing",
        },
        findings={"two": ("conflict",), "same": (), "words": ()},
        missing={"two": ("drugs row 5 dose conflict", "drugs row 6 dose conflict")},
    ),
    Spec(
        "where the absence of rows tells nothing, an aggregate over none is unknown",
        rule="latest year in history is missing",
        study="{tables: {history: {columns: {year: date}}}}",
        tables={
            "history": """
            | patient | year       |
            | had     | 2020-01-01 |
            | blank   |            |
        """
        },
        expect={"had": False, "blank": None, "no rows": None},
    ),
    Spec(
        "several values of one patient: strict",
        rule="sum of (a, b, c)",
        tables={
            "patients": """
                | patient | a | b | c  |
                | known   | 1 | 2 | 4  |
                | blank   | 1 | 2 |    |
                | words   | 1 | 2 | x  |
                | n/a     | 1 | 2 | NA |
            """
        },
        expect={"known": "7", "blank": "missing", "words": "unknown", "n/a": "3"},
    ),
    Spec(
        "or of those that are recorded",
        rule="mean recorded of (a, b, c)",
        tables={
            "patients": """
                | patient | a | b | c |
                | known   | 1 | 2 | 6 |
                | blank   | 1 | 2 |   |
                | words   | 1 | 2 | x |
                | none    |   |   |   |
            """
        },
        expect={"known": "3", "blank": "1.5", "words": "unknown", "none": "missing"},
    ),
    Spec(
        "the highest of several values is at least every known one",
        rule="highest of (a, b, c) >= 4",
        tables={
            "patients": """
                | patient   | a | b | c |
                | decided   | 1 | 5 |   |
                | undecided | 1 | 2 |   |
                | below     | 1 | 2 | 3 |
                | none      |   |   |   |
            """
        },
        expect={"decided": True, "undecided": None, "below": False, "none": None},
    ),
    Spec(
        "how many of several conditions hold, from surely to perhaps",
        rule="number of (a, b, c) that are missing",
        tables={
            "patients": """
                | patient    | a  | b | c |
                | two        |    |   | 3 |
                | one or two |    | x | 3 |
                | none       | 1  | 2 | 3 |
                | n/a        | NA |   | 3 |
            """
        },
        expect={"two": "2", "one or two": "1 to 2", "none": "0", "n/a": "1"},
    ),
]
