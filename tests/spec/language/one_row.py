"""Tables with one row a patient read bare, wherever a patient's value may stand."""

from spec_format import Spec

STUDY = """
  tables:
    follow_up:
      file: follow_up.csv
      one row for each: patient
      columns: {last_seen: date, lost: yes/no}
"""

SPECS = [
    Spec(
        "a table with one row a patient reads as the patient's own; without the row its columns are missing",
        rule="days from start to follow_up.last_seen",
        study=STUDY,
        tables={
            "patients": """
                | patient | start      |
                | seen    | 2024-01-01 |
                | blank   | 2024-01-01 |
                | absent  | 2024-01-01 |
            """,
            "follow_up": """
                | patient | last_seen  |
                | seen    | 2024-03-25 |
                | blank   |            |
            """,
        },
        expect={"seen": "84", "blank": "missing", "absent": "missing"},
    ),
    Spec(
        "two rows where one was declared: unknown unless they say the same",
        rule="follow_up.last_seen >= 2024-01-01",
        study=STUDY,
        tables={
            "follow_up": """
                | patient | last_seen  |
                | one     | 2024-03-25 |
                | two     | 2024-03-25 |
                | two     | 2023-03-25 |
                | same    | 2024-03-25 |
                | same    | 2024-03-25 |
            """
        },
        expect={"one": True, "two": None, "same": True, "none": None},
    ),
    Spec(
        "patients are told by their key: numbers as numbers, text after folding",
        rule="number of drugs",
        tables={
            "patients": """
                | patient |
                | 3       |
                | ab-1    |
            """,
            "drugs": """
                | patient | drug |
                | 3.0     | IFX  |
                | ＡＢ-1   | IFX  |
                | 4       | IFX  |
            """,
        },
        expect={"3": "1", "ab-1": "1"},
    ),
]
