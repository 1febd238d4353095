"""What random studies brought to light: each of these was once answered in two ways.

The expected values follow from the rules of the language, worked out by hand.
"""

from found_studies import CATALOGUE, EXAMS, LINKED, PARTS, patients_drawn
from spec_format import Spec

SPECS = [
    Spec(
        "`highest` of codes goes by their order, and the ties decide whose other fields are read",
        study="""
          timepoints: {peak: {window: 0 to 90, choose: highest}}
          measures: {Level: {from: drugs.level, date: given, with: [drug]}}
        """,
        rule="Level.drug at peak",
        tables={
            "patients": patients_drawn("order", "tie", "doubt"),
            "drugs": """
                | patient | drug | given      | level  |
                | order   | IFX  | 2024-01-05 | high   |
                | order   | ADA  | 2024-01-06 | middle |
                | tie     | IFX  | 2024-01-05 | high   |
                | tie     | ADA  | 2024-02-05 | high   |
                | doubt   | IFX  | 2024-01-05 | high   |
                | doubt   | ADA  |            | high   |
            """,
        },
        expect={"order": "IFX", "tie": "ADA", "doubt": "unknown"},
    ),
    Spec(
        "the field of a row that is in doubt is unknown, even where the cell itself does not apply",
        rule="CRP.planned at baseline is no",
        study="{tables: {labs: {columns: {planned: {type: yes/no, blank means: not applicable}}}}}",
        tables={
            "patients": patients_drawn("chosen", "doubt"),
            "labs": """
                | patient | test | taken      | result | unit | planned |
                | chosen  | CRP  | 2024-01-01 | 5      | mg/L |         |
                | doubt   | CRP  | 2024-01-01 | 5      | mg/L |         |
                | doubt   | CRP  |            | 6      | mg/L |         |
            """,
        },
        expect={"chosen": False, "doubt": None},
    ),
    Spec(
        "a value chosen at a timepoint compares after rounding: 0.47 mg/dL is 4.7 mg/L, no more and no less",
        rule="CRP at baseline >= 4.7 mg/L and CRP at baseline <= 4.7 mg/L",
        tables={
            "patients": patients_drawn("same", "below", "above"),
            "labs": """
                | patient | test | taken      | result | unit  |
                | same    | CRP  | 2024-01-01 | 0.47   | mg/dL |
                | below   | CRP  | 2024-01-01 | 0.469  | mg/dL |
                | above   | CRP  | 2024-01-01 | 0.471  | mg/dL |
            """,
        },
        expect={"same": True, "below": False, "above": False},
    ),
    Spec(
        "a condition on a column reads that column as it was written",
        rule="score > 5",
        study="{tables: {patients: {columns: {score: {type: number, valid if: score >= 0}}}}}",
        tables={
            "patients": """
                | patient | start      | score |
                | above   | 2024-01-01 | 7     |
                | at zero | 2024-01-01 | 0     |
                | invalid | 2024-01-01 | -3    |
                | blank   | 2024-01-01 |       |
            """
        },
        expect={"above": True, "at zero": False, "invalid": None, "blank": None},
    ),
    Spec(
        "a picked value may be a partial date, or not apply",
        rule="ended of latest drugs by given",
        tables={
            "drugs": """
                | patient | given      | ended   |
                | partial | 2024-01-01 | 2024-03 |
                | n/a     | 2024-01-01 | NA      |
                | ongoing | 2024-01-01 |         |
                | tie     | 2024-01-01 | 2024-03 |
                | tie     | 2024-01-01 | 2024-04 |
            """
        },
        expect={"partial": "2024-03-01 to 2024-03-31", "n/a": "not applicable", "ongoing": "ongoing", "tie": "unknown"},
    ),
    Spec(
        "a moment without a time of day comes neither before nor after another of its day",
        rule="result_of of first labs by taken",
        study="{tables: {labs: {columns: {result_of: {type: code, values: [one, two]}}}}}",
        tables={
            "labs": """
                | patient  | taken            | result_of |
                | same day | 2024-01-01       | one       |
                | same day | 2024-01-01 08:00 | two       |
                | agree    | 2024-01-01       | one       |
                | agree    | 2024-01-01 08:00 | one       |
                | day on   | 2024-01-01       | one       |
                | day on   | 2024-01-02 00:00 | two       |
                | clock    | 2024-01-01 09:00 | one       |
                | clock    | 2024-01-01 08:00 | two       |
            """
        },
        expect={"same day": "unknown", "agree": "one", "day on": "one", "clock": "two"},
    ),
    Spec(
        "a linked cell that does not apply does not apply here either; without a key there is no value",
        study=LINKED,
        rule="any courses where (of.strong is not yes)",
        tables={
            "catalogue": CATALOGUE,
            "courses": """
                | patient | number |
                | yes     | 1      |
                | n/a     | 2      |
                | no key  |        |
            """,
        },
        expect={"yes": False, "n/a": True, "no key": None},
    ),
    Spec(
        "a linked date may be partial",
        study=LINKED,
        rule="any courses where (of.since >= 2024-01-10)",
        tables={
            "catalogue": CATALOGUE,
            "courses": """
                | patient | number |
                | partial | 1      |
            """,
        },
        expect={"partial": None},
    ),
    Spec(
        "texts that differ in case or width only are one",
        rule="number of different note_of in drugs",
        study="{tables: {drugs: {columns: {note_of: text}}}}",
        tables={
            "drugs": """
                | patient | note_of |
                | one     | Rash    |
                | one     | ｒａｓｈ  |
                | two     | Rash    |
                | two     | crash   |
            """
        },
        expect={"one": "1", "two": "2"},
    ),
    Spec(
        "and `only` keeps them as one, unknown where they are two",
        rule='(only note_of in drugs) is "rash"',
        study="{tables: {drugs: {columns: {note_of: text}}}}",
        tables={
            "drugs": """
                | patient | note_of |
                | one     | Rash    |
                | one     | ｒａｓｈ  |
                | two     | Rash    |
                | two     | crash   |
            """
        },
        expect={"one": True, "two": None},
    ),
    Spec(
        "a date and time beside a date counts as its day",
        rule="earliest of (seen, start)",
        tables={
            "patients": """
                | patient | start      | seen             |
                | same    | 2024-01-01 | 2024-01-01 08:00 |
                | before  | 2024-01-01 | 2023-12-31 23:59 |
            """
        },
        expect={"same": "2024-01-01", "before": "2023-12-31"},
    ),
    Spec(
        "of two bounds that meet, the open one is left out of the highest only if no row holds it",
        rule="highest CRP from baseline to week 12 < 5 mg/L",
        tables={
            "patients": patients_drawn("open", "closed"),
            "labs": """
                | patient | test | taken      | result | unit |
                | open    | CRP  | 2024-01-01 | <5     | mg/L |
                | open    | CRP  | 2024-01-02 | 4      | mg/L |
                | closed  | CRP  | 2024-01-01 | <5     | mg/L |
                | closed  | CRP  | 2024-01-02 | 5      | mg/L |
            """,
        },
        expect={"open": True, "closed": False},
    ),
    Spec(
        "below 5 less below 3 may be anything: unknown, and not missing",
        rule="change in CRP from baseline to week 12 is missing",
        tables={
            "patients": patients_drawn("both", "none"),
            "labs": """
                | patient | test | taken      | result | unit |
                | both    | CRP  | 2024-01-01 | <5     | mg/L |
                | both    | CRP  | 2024-03-25 | <3     | mg/L |
            """,
        },
        expect={"both": None, "none": True},
    ),
    Spec(
        "where day zero does not apply, no row lies in a window",
        rule="CRP at baseline is missing",
        tables={
            "patients": """
                | patient | start      |
                | n/a     | NA         |
                | blank   |            |
                | dated   | 2024-01-01 |
            """,
            "labs": """
                | patient | test | taken      | result | unit |
                | n/a     | CRP  | 2024-01-01 | 5      | mg/L |
                | blank   | CRP  | 2024-01-01 | 5      | mg/L |
                | dated   | CRP  | 2024-01-01 | 5      | mg/L |
            """,
        },
        expect={"n/a": True, "blank": None, "dated": False},
    ),
    Spec(
        "of two rows where one was declared a blank is passed over",
        rule="follow_up.lost is yes",
        study="{tables: {follow_up: {file: f.csv, one row for each: patient, columns: {lost: yes/no}}}}",
        tables={
            "follow_up": """
                | patient | lost |
                | one     | yes  |
                | one     |      |
                | two     | yes  |
                | two     | no   |
            """
        },
        expect={"one": True, "two": None},
    ),
    Spec(
        "cases that ask for every code apply to no patient of whom the code does not apply",
        rule="(1 if sex is male, 2 if sex is female)",
        tables={
            "patients": """
                | patient | sex    |
                | female  | female |
                | blank   |        |
                | n/a     | NA     |
            """
        },
        expect={"female": "2", "blank": "1 to 2", "n/a": "unknown"},
    ),
    Spec(
        "a group's field may read the patient, and what its own fields say",
        study=EXAMS,
        rule="number of exam where (heavy)",
        tables={"patients": patients_drawn("two", "apart", a="4", b="2"), "parts": PARTS},
        expect={"two": "1", "apart": "1"},
    ),
    Spec(
        "a row without its group's key belongs to none; who has only such rows has none that tell anything",
        study=EXAMS,
        rule="any exam where (summed > 4)",
        tables={"patients": patients_drawn("two", "no key", "apart", a="4", b="2"), "parts": PARTS},
        expect={"two": True, "no key": None, "apart": True, "none": None},
    ),
    Spec(
        "what must be the same on every row passes over a blank; two dates are a conflict",
        study=EXAMS,
        rule="done of highest exam by summed",
        tables={"patients": patients_drawn("two", "apart", a="4", b="2"), "parts": PARTS},
        expect={"two": "2024-01-01", "apart": "unknown"},
    ),
    Spec(
        "a fold inside the rows of a group reads that group's own records",
        study=EXAMS,
        rule="every exam has (no parts where (score > 2))",
        tables={"patients": patients_drawn("two", "apart", a="4", b="2"), "parts": PARTS},
        expect={"two": False, "apart": False},
    ),
    Spec(
        "an endpoint may be asked for in a row's filter",
        study="{endpoints: {tall: {achieved: a > 3, evaluable: a is recorded}}}",
        rule="any drugs where (dose > 1 and tall is achieved)",
        tables={
            "patients": """
                | patient | a |
                | yes     | 4 |
                | no      | 2 |
                | open    |   |
            """,
            "drugs": """
                | patient | dose |
                | yes     | 2    |
                | no      | 2    |
                | open    | 2    |
            """,
        },
        expect={"yes": True, "no": False, "open": False},
    ),
]
