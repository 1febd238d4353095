"""Time between dates; days of the study."""

from spec_format import Spec

AGES = """
    | patient       | birth      | start      |
    | eve of 18     | 2005-12-16 | 2023-12-15 |
    | 18 today      | 2005-12-15 | 2023-12-15 |
    | eve of 76     | 1947-12-16 | 2023-12-15 |
    | 76 today      | 1947-12-15 | 2023-12-15 |
    | leap, feb 28  | 2004-02-29 | 2022-02-28 |
    | leap, march 1 | 2004-02-29 | 2022-03-01 |
    | leap, leap    | 2004-02-29 | 2024-02-29 |
    | blank         |            | 2023-12-15 |
"""

SPECS = [
    Spec(
        "years are completed years; who was born on 29 February turns a year older on 1 March",
        rule="years from birth to start",
        tables={"patients": AGES},
        expect={
            "eve of 18": "17",
            "18 today": "18",
            "eve of 76": "75",
            "76 today": "76",
            "leap, feb 28": "17",
            "leap, march 1": "18",
            "leap, leap": "20",
            "blank": "missing",
        },
    ),
    Spec(
        "aged 18 to 75: from the 18th birthday to the day before the 76th",
        rule="years from birth to start is between 18 and 75",
        tables={"patients": AGES},
        expect={
            "eve of 18": False,
            "18 today": True,
            "eve of 76": True,
            "76 today": False,
            "leap, feb 28": False,
            "leap, march 1": True,
            "leap, leap": True,
            "blank": None,
        },
    ),
    Spec(
        "months are completed months",
        rule="months from birth to start",
        tables={
            "patients": """
                | patient   | birth      | start      |
                | same day  | 2024-01-15 | 2024-03-15 |
                | day short | 2024-01-15 | 2024-03-14 |
                | end       | 2024-01-31 | 2024-02-29 |
                | after     | 2024-01-31 | 2024-03-01 |
                | backwards | 2024-03-15 | 2024-01-15 |
            """
        },
        expect={"same day": "2", "day short": "1", "end": "0", "after": "1", "backwards": "-2"},
    ),
    Spec(
        "days and weeks are exact, backwards too",
        rule="weeks from start to stop",
        tables={
            "patients": """
                | patient   | start      | stop       |
                | week      | 2024-02-26 | 2024-03-04 |
                | half      | 2024-03-01 | 2024-03-08 |
                | backwards | 2024-03-08 | 2024-03-01 |
                | day       | 2024-03-01 | 2024-03-02 |
                | blank     | 2024-03-01 |            |
            """
        },
        expect={"week": "1", "half": "1", "backwards": "-1", "day": "0.142857143", "blank": "missing"},
    ),
    Spec(
        "days between a date and a moment are days of the calendar",
        rule="days from seen to start",
        tables={
            "patients": """
                | patient | seen             | start      |
                | late    | 2024-02-28 23:59 | 2024-03-01 |
                | none    |                  | 2024-03-01 |
            """
        },
        expect={"late": "2", "none": "missing"},
    ),
    Spec(
        "exact months are days / 30.4375",
        rule="exact months from start to stop",
        tables={
            "patients": """
                | patient | start      | stop       |
                | year    | 2023-01-01 | 2024-01-01 |
                | four    | 2021-01-01 | 2025-01-01 |
            """
        },
        expect={"year": "11.991786448", "four": "48"},
    ),
    Spec(
        "hours need a time of day on both sides",
        rule="hours from seen to left",
        tables={
            "patients": """
                | patient | seen             | left             |
                | half    | 2024-03-01 08:00 | 2024-03-01 08:30 |
                | night   | 2024-03-01 20:00 | 2024-03-02 06:00 |
                | untimed | 2024-03-01       | 2024-03-02 06:00 |
                | blank   |                  | 2024-03-02 06:00 |
            """
        },
        expect={"half": "0.5", "night": "10", "untimed": "unknown", "blank": "missing"},
    ),
    Spec(
        "day 0 is day zero, the day before it is day -1",
        rule="day of stop",
        tables={
            "patients": """
                | patient | start      | stop       |
                | day 0   | 2024-03-01 | 2024-03-01 |
                | day 1   | 2024-03-01 | 2024-03-02 |
                | day -1  | 2024-03-01 | 2024-02-29 |
                | month   | 2024-03-01 | 2024-03    |
                | blank   | 2024-03-01 |            |
                | no zero |            | 2024-03-01 |
            """
        },
        expect={
            "day 0": "0",
            "day 1": "1",
            "day -1": "-1",
            "month": "0 to 30",
            "blank": "missing",
            "no zero": "missing",
        },
    ),
    Spec(
        "with `day_one` the first day is day 1 and there is no day 0",
        study="{day_zero: drop, day_one: first_dose, timepoints: drop, measures: drop}",
        rule="day of stop",
        tables={
            "patients": """
                | patient | start      | stop       |
                | day 1   | 2024-03-01 | 2024-03-01 |
                | day 2   | 2024-03-01 | 2024-03-02 |
                | day -1  | 2024-03-01 | 2024-02-29 |
            """
        },
        expect={"day 1": "1", "day 2": "2", "day -1": "-1"},
    ),
]
