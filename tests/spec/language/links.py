"""A column read through a declared to-one link."""

from spec_format import Spec

STUDY = """
  tables:
    concept:
      file: concept.csv
      one row for each: concept_id
      patient: none
      columns:
        concept_id: whole number
        class: {type: code, values: [biologic, steroid]}
        strength: number
    courses:
      file: courses.csv
      one row for each: course
      patient without rows: none
      columns:
        patient: text
        concept: whole number
      links: {of: concept in concept}
"""
TABLES = {
    "concept": """
        | concept_id | class    | strength |
        | 1          | biologic | 10       |
        | 2          | steroid  |          |
        | 3          | biologic | 30       |
        | 3          | steroid  | 30       |
    """,
    "courses": """
        | patient   | concept |
        | biologic  | 1.0     |
        | steroid   | 2       |
        | no match  | 9       |
        | two       | 3       |
        | blank     |         |
        | biologic2 | 2       |
        | biologic2 | 1       |
    """,
}

SPECS = [
    Spec(
        "no match and two matches are unknown",
        rule="any courses where (of.class is biologic)",
        study=STUDY,
        tables=TABLES,
        expect={
            "biologic": True,
            "steroid": False,
            "no match": None,
            "two": None,
            "blank": None,
            "biologic2": True,
            "none": False,
        },
    ),
    Spec(
        "a linked column that is blank is missing; a link that leads nowhere is neither",
        rule="any courses where (of.strength is missing)",
        study=STUDY,
        tables=TABLES,
        expect={"biologic": False, "steroid": True, "no match": None, "two": None, "biologic2": True, "none": False},
    ),
]
