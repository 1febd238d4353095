"""any, no, every, number of: many rows, one truth or count."""

from spec_format import Spec

DOSES = """
    | patient   | dose |
    | sure      | 6    |
    | sure      |      |
    | perhaps   |      |
    | perhaps   | 4    |
    | not       | 5    |
    | not       | NA   |
    | two       | 6    |
    | two       | 7    |
    | two or so | 6    |
    | two or so | x    |
"""
HISTORY = """
    | patient | item    |
    | had     | surgery |
    | other   | abscess |
    | blank   |         |
"""

SPECS = [
    Spec(
        "`any`: a sure row makes it true, a row in doubt unknown, no row false",
        rule="any drugs where (dose > 5)",
        tables={"drugs": DOSES},
        expect={"sure": True, "perhaps": None, "not": False, "two": True, "two or so": True, "no rows": False},
        missing={"perhaps": ("drugs row 3 dose blank",)},
    ),
    Spec(
        "`no` is its opposite",
        rule="no drugs where (dose > 5)",
        tables={"drugs": DOSES},
        expect={"sure": False, "perhaps": None, "not": True, "two": False, "two or so": False, "no rows": True},
    ),
    Spec(
        "`at least 2` counts from those that hold to those that might",
        rule="at least 2 drugs where (dose > 5)",
        tables={"drugs": DOSES},
        expect={"sure": None, "perhaps": False, "not": False, "two": True, "two or so": None, "no rows": False},
    ),
    Spec(
        "`at most 1` looks from the other side",
        rule="at most 1 drugs where (dose > 5)",
        tables={"drugs": DOSES},
        expect={"sure": None, "perhaps": True, "not": True, "two": False, "two or so": None, "no rows": True},
    ),
    Spec(
        "`exactly 1` wants both sides to meet",
        rule="exactly 1 drugs where (dose > 5)",
        tables={"drugs": DOSES},
        expect={"sure": None, "perhaps": None, "not": False, "two": False, "two or so": None, "no rows": False},
    ),
    Spec(
        "`number of` is an interval where rows are in doubt",
        rule="number of drugs where (dose > 5)",
        tables={"drugs": DOSES},
        expect={"sure": "1 to 2", "perhaps": "0 to 1", "not": "0", "two": "2", "two or so": "1 to 2", "no rows": "0"},
    ),
    Spec(
        "without `where` every row counts",
        rule="number of drugs",
        tables={"drugs": DOSES},
        expect={"sure": "2", "not": "2", "no rows": "0"},
    ),
    Spec(
        "`every … has (…)` is false with one row that fails, unknown with one in doubt, true over none",
        rule="every drugs has (dose > 5)",
        tables={"drugs": DOSES},
        expect={"sure": None, "perhaps": False, "not": False, "two": True, "two or so": None, "no rows": True},
        missing={"sure": ("drugs row 2 dose blank",)},
    ),
    Spec(
        "a row that `where` may leave out counts against `every` only in doubt",
        rule="every drugs where (response is yes) has (dose > 5)",
        tables={
            "drugs": """
                | patient | response | dose |
                | fails   | yes      | 4    |
                | out     | no       | 4    |
                | doubt   |          | 4    |
                | fine    |          | 6    |
            """
        },
        expect={"fails": False, "out": True, "doubt": None, "fine": True},
    ),
    Spec(
        "where the absence of rows tells nothing, no row makes all of them unknown",
        rule="any history where (item is surgery)",
        tables={"history": HISTORY},
        expect={"had": True, "other": False, "blank": None, "no rows": None},
        missing={"no rows": ("history row 0  no rows",)},
    ),
    Spec(
        "`no` over rows that may be absent is unknown",
        rule="no history where (item is surgery)",
        tables={"history": HISTORY},
        expect={"had": False, "other": True, "blank": None, "no rows": None},
    ),
    Spec(
        "so is `every`",
        rule="every history has (item is surgery)",
        tables={"history": HISTORY},
        expect={"had": True, "other": False, "blank": None, "no rows": None},
    ),
    Spec(
        "and the number",
        rule="number of history where (item is surgery) <= 1",
        tables={"history": HISTORY},
        expect={"had": True, "other": True, "blank": True, "no rows": None},
    ),
    Spec(
        "a table without its file is unknown for everyone",
        rule="any drugs where (dose > 5)",
        absent=("drugs",),
        expect={"someone": None},
    ),
    Spec(
        "different values: surely those of sure rows, perhaps one more for each blank or row in doubt",
        rule="number of different drug in drugs where (dose > 5)",
        tables={
            "drugs": """
                | patient | drug | dose |
                | one     | IFX  | 6    |
                | one     | IFX  | 7    |
                | two     | IFX  | 6    |
                | two     | ADA  | 6    |
                | doubt   | IFX  | 6    |
                | doubt   | ADA  |      |
                | same    | IFX  | 6    |
                | same    | IFX  |      |
                | blank   | IFX  | 6    |
                | blank   |      | 6    |
                | n/a     | IFX  | 6    |
                | n/a     | NA   | 6    |
            """
        },
        expect={"one": "1", "two": "2", "doubt": "1 to 2", "same": "1", "blank": "1 to 2", "n/a": "1", "no rows": "0"},
    ),
    Spec(
        "the patient's own values are read in each row",
        rule="any drugs where (given <= stop and ended > first_dose)",
        tables={
            "patients": """
                | patient | start      | stop       |
                | still   | 2024-01-10 | 2024-06-01 |
                | before  | 2024-01-10 | 2024-06-01 |
                | blank   | 2024-01-10 |            |
            """,
            "drugs": """
                | patient | given      | ended      |
                | still   | 2023-12-01 |            |
                | before  | 2023-01-01 | 2024-01-10 |
                | blank   | 2023-01-01 |            |
            """,
        },
        expect={"still": True, "before": False, "blank": None},
    ),
    Spec(
        "a fold over another table may stand inside a filter",
        rule="any drugs where (response is no and number of labs where (taken > first_dose) >= 1)",
        tables={
            "patients": """
                | patient | start      |
                | yes     | 2024-01-01 |
                | no      | 2024-01-01 |
            """,
            "drugs": """
                | patient | given      | response |
                | yes     | 2024-01-01 | no       |
                | no      | 2024-01-01 | yes      |
            """,
            "labs": """
                | patient | test | taken      |
                | yes     | CRP  | 2024-01-02 |
                | no      | CRP  | 2024-01-02 |
            """,
        },
        expect={"yes": True, "no": False},
    ),
]
