"""Records that are not one row with a cell a column: repeated columns, supplements, dates in parts, lookups."""

from spec_format import Spec

STACKED = """
tables:
  courses:
    file: registry.csv
    one row for each: [patient, number]
    patient without rows: none
    rows from columns:
      number: [1, 2, 3]
      drug: [drug_1, drug_2, drug_3]
      dose: [dose_1, none, dose_3]
    columns:
      number: whole number
      drug: {type: code, values: [IFX, ADA]}
      dose: number
      place: text
"""
REGISTRY = {
    "courses": """
        | patient | place | drug_1 | dose_1 | drug_2 | drug_3 | dose_3 |
        | three   | A     | IFX    | 1      | ADA    | IFX    | 3      |
        | one     | A     |        |        | ADA    |        |        |
        | none    | B     |        |        |        |        |        |
        | dose    | B     |        | 5      |        |        |        |
        | bad     | A     | IFX    |        | XYZ    |        |        |
        | two     | A     | IFX    | 1      |        |        |        |
        | two     | B     |        |        |        | ADA    | 2      |
    """
}
SUPPLIED = """
tables:
  events:
    file: events.csv
    one row for each: [patient, number]
    patient without rows: none
    supplement:
      file: suppevents.csv
      columns:
        emergent: {column: TRT, type: yes/no}
        weight: {column: WGT, type: number, optional: yes}
    columns: {number: whole number, term: text}
"""
EVENTS = {
    "events": """
        | patient  | number | term  |
        | yes      | 1      | fever |
        | yes      | 2      | cough |
        | no       | 1      | fever |
        | absent   | 1      | fever |
        | two      | 1      | fever |
        | spelled  | 3      | fever |
        | whole    | 1      | fever |
        | whole    | 2      | fever |
    """,
    "events supplement": """
        | patient  | IDVAR  | IDVARVAL | QNAM  | QVAL |
        | yes      | number | 1        | TRT   | yes  |
        | yes      | number | 2        | TRT   | no   |
        | no       | number | 1        | TRT   | no   |
        | no       | number | 1        | WGT   | 7    |
        | two      | number | 1        | TRT   | yes  |
        | two      | number | 1        | TRT   | no   |
        | spelled  | number | 3.0      | TRT   | yes  |
        | nobody   | number | 1        | TRT   | yes  |
        | absent   | number | 9        | TRT   | yes  |
        | absent   | other  | 1        | TRT   | yes  |
        | whole    |        |          | TRT   | yes  |
        | yes      | number | 1        | OTHER | x    |
    """,
}
PARTS = """
tables:
  patients:
    missing codes: {not known: [UN, "99"]}
    columns:
      born: {type: date, parts: {year: y, month: m, day: d}}
      came: {type: date and time, parts: {date: on, time: at}}
"""
BORN = {
    "patients": """
        | patient | y    | m   | d   | on         | at    |
        | whole   | 2024 | 3   | 5   | 2024-03-05 | 08:30 |
        | sheet   | 2024.0 | 3.0 | 05 | 2024-03-05 |      |
        | month   | 2024 | 03  |     |            | 08:30 |
        | year    | 2024 | UN  | UN  |            |       |
        | middle  | 2024 |     | 5   |            |       |
        | noyear  |      | 3   | 5   |            |       |
        | nothing |      |     |     |            |       |
        | coded   | UN   | 99  | 99  |            |       |
        | wrong   | 2024 | 13  | 1   |            |       |
        | late    | 2024 | 4   | 1   |            |       |
    """
}
LOOKUP = """
tables:
  patients:
    columns: {site: text}
  limits:
    file: limits.csv
    one row for each: [place, test]
    patient: none
    columns: {place: text, test: {type: code, values: [CRP, FC]}, top: {type: number, unit: mg/L}}
  labs:
    columns: {at_least: number}
    links: {limit: patients.site and test in limits}
measures:
  CRP: {normal: at most limit.top, unit column: unit}
"""
SITES = {
    "patients": """
        | patient  | site | start      |
        | within   | 1    | 2024-01-01 |
        | above    | b    | 2024-01-01 |
        | spelled  | 1.0  | 2024-01-01 |
        | wide     | Ｂ   | 2024-01-01 |
        | nowhere  | 7    | 2024-01-01 |
        | twice    | 3    | 2024-01-01 |
        | no limit | 4    | 2024-01-01 |
        | no site  |      | 2024-01-01 |
    """,
    "limits": """
        | place | test | top |
        | 1     | CRP  | 10  |
        | 1     | FC   | 1   |
        | B     | CRP  | 5   |
        | 3     | CRP  | 5   |
        | 3.0   | CRP  | 10  |
        | 4     | CRP  |     |
    """,
    "labs": """
        | patient  | test | taken      | result | unit |
        | within   | CRP  | 2024-01-01 | 8      | mg/L |
        | above    | CRP  | 2024-01-01 | 8      | mg/L |
        | spelled  | CRP  | 2024-01-01 | 8      | mg/L |
        | wide     | CRP  | 2024-01-01 | 8      | mg/L |
        | nowhere  | CRP  | 2024-01-01 | 8      | mg/L |
        | twice    | CRP  | 2024-01-01 | 8      | mg/L |
        | no limit | CRP  | 2024-01-01 | 8      | mg/L |
        | no site  | CRP  | 2024-01-01 | 8      | mg/L |
    """,
}
PARTED = """
tables:
  minimental:
    file: answers.csv
    one row for each: [patient, item]
    patient without rows: none
    only rows with: {sheet: [mini mental, MMSE], part: "1"}
    columns: {item: text, points: number, by: {type: text, optional: yes}, at: {type: text, optional: yes}}
"""
ANSWERS = {
    "minimental": """
        | patient | sheet       | part | item | points |
        | both    | mini mental | 1    | a    | 3      |
        | both    | MMSE        | 1    | b    | 4      |
        | both    | NPI         | 1    | a    | 90     |
        | both    | mmse        | 2    | c    | 90     |
        | case    | Mini Mental | 1    | a    | 5      |
        | other   | NPI         | 1    | a    | 90     |
        | nobody  |             | 1    | a    | 90     |
    """
}

SPECS = [
    Spec(
        "`only rows with`: the rows of a file that are this table's",
        study=PARTED,
        rule="sum points in minimental",
        tables=ANSWERS,
        expect={"both": "7", "case": "5", "other": "missing", "nobody": "missing"},
    ),
    Spec(
        "an optional column that the file lacks is missing in every record",
        study=PARTED,
        rule="any minimental where (by is missing)",
        tables=ANSWERS,
        expect={"both": True, "other": False},
    ),
    Spec(
        "repeated columns are rows; a set without any cell is none",
        study=STACKED,
        rule="number of courses",
        tables=REGISTRY,
        expect={"three": "3", "one": "1", "none": "0", "dose": "1", "bad": "2", "two": "2", "no file row": "0"},
    ),
    Spec(
        "each set's cells stand together; a column that a set lacks is blank there",
        study=STACKED,
        rule="any courses where (drug is ADA and dose is missing)",
        tables=REGISTRY,
        expect={"three": True, "one": True, "none": False, "dose": False, "bad": None, "two": False},
    ),
    Spec(
        "the set is a column of its own",
        study=STACKED,
        rule="highest number in courses where (drug is recorded)",
        tables=REGISTRY,
        expect={"three": "3", "one": "2", "none": "missing", "dose": "missing", "bad": "1 to 2", "two": "3"},
    ),
    Spec(
        "cells that are not repeated are those of the whole row",
        study=STACKED,
        rule='number of courses where (place is "A")',
        tables=REGISTRY,
        expect={"three": "3", "one": "1", "two": "1", "dose": "0"},
    ),
    Spec(
        "a supplement's rows are columns of the records that they name; two values for one cell are unknown",
        study=SUPPLIED,
        rule="any events where (emergent is yes)",
        tables=EVENTS,
        expect={
            "yes": True,
            "no": False,
            "absent": None,
            "two": None,
            "spelled": True,
            "whole": True,
            "nobody": False,
            "nothing": False,
        },
    ),
    Spec(
        "each of several records has its own supplement; one without IDVAR belongs to all of the patient's",
        study=SUPPLIED,
        rule="number of events where (emergent is yes)",
        tables=EVENTS,
        expect={"yes": "1", "whole": "2", "no": "0"},
    ),
    Spec(
        "a supplement brings several columns",
        study=SUPPLIED,
        rule="sum recorded weight in events",
        tables=EVENTS,
        expect={"no": "7", "yes": "missing", "two": "missing"},
    ),
    Spec(
        "without the supplement's file nothing is known of its columns; of an optional one, that it is missing",
        study=SUPPLIED,
        rule="any events where (emergent is yes or weight is recorded)",
        tables=EVENTS,
        absent=("events supplement",),
        expect={"yes": None, "no": None, "nothing": False},
    ),
    Spec(
        "a date is put together; what is not written of it is open, what lies before a written part can't be",
        study=PARTS,
        rule="born < 2024-04-01",
        tables=BORN,
        expect={
            "whole": True,
            "sheet": True,
            "month": True,
            "year": None,
            "middle": None,
            "noyear": None,
            "nothing": None,
            "coded": None,
            "wrong": None,
            "late": False,
        },
    ),
    Spec(
        "a date of which no part is written is missing; one that can't be read is not",
        study=PARTS,
        rule="born is missing",
        tables=BORN,
        expect={"whole": False, "year": False, "middle": None, "noyear": None, "nothing": True, "coded": True},
    ),
    Spec(
        "a day and its clock make a date and time; a clock without its day can't be read",
        study=PARTS,
        rule="came",
        tables=BORN,
        expect={"whole": "2024-03-05 08:30", "month": "unknown", "nothing": "missing"},
    ),
    Spec(
        "a limit is looked up by the patient's site and the record's test; no row or two: unknown",
        study=LOOKUP,
        rule="CRP at baseline is normal",
        tables=SITES,
        expect={
            "within": True,
            "above": False,
            "spelled": True,
            "wide": False,
            "nowhere": None,
            "twice": None,
            "no limit": None,
            "no site": None,
        },
    ),
    Spec(
        "what is looked up by a blank is missing; what is looked up in vain is unknown",
        study=LOOKUP,
        rule="any labs where (limit.top is missing)",
        tables=SITES,
        expect={"within": False, "nowhere": None, "twice": None, "no limit": True, "no site": True},
    ),
]
