"""What is declared once for many columns, codes or tables."""

from spec_format import Spec

TYPES = """
tables:
  column types:
    answer: {type: yes/no, yes: [J], no: [N]}
    grade: {type: code, values: {low: ["1"], high: ["2"]}}
  patients:
    columns:
      flag: answer
      other: {type: answer, blank means: no}
      severity: drop
      fitness: {type: grade, column: KPS}
"""
SPREAD = """
tables:
  items:
    file: items.csv
    one row for each: [visit, item]
    patient without rows: none
    missing codes: {not applicable: [NA]}
    columns:
      patient: text
      visit: text
      item: {type: code, values: [pain, stools, "well being"]}
      score: whole number
groups:
  sheet:
    rows of: items
    one for each: visit
    same on every row: [patient]
    fields for each: {item: score}
    fields:
      total: pain + 2 * stools
"""
SHEETS = {
    "items": """
        | patient | visit | item       | score |
        | whole   | v1    | pain       | 1     |
        | whole   | v1    | stools     | 2     |
        | whole   | v1    | well being | 0     |
        | half    | v2    | pain       | 1     |
        | twice   | v3    | pain       | 1     |
        | twice   | v3    | stools     | 1     |
        | twice   | v3    | stools     | 2     |
        | inapt   | v4    | pain       | 1     |
        | inapt   | v4    | stools     | NA    |
    """
}
EACH = """
measures:
  CRP: drop
  each test in labs:
    from: labs.result
    date: taken
    unit column: unit
    unit: {CRP: mg/L, FC: µg/g}
    where: planned is yes
    normal: from lower to upper
"""
LABS = {
    "patients": """
        | patient | start      |
        | both    | 2024-01-01 |
        | other   | 2024-01-01 |
        | high    | 2024-01-01 |
        | extra   | 2024-01-01 |
    """,
    "labs": """
        | patient | test | taken      | result | unit  | planned | lower | upper |
        | both    | CRP  | 2024-01-01 | 0.4    | mg/dL | yes     | 0     | 5     |
        | both    | FC   | 2024-01-01 | 100    | mg/kg | yes     | 0     | 250   |
        | other   | FC   | 2024-01-01 | 100    | µg/g  | yes     | 0     | 250   |
        | high    | CRP  | 2024-01-01 | 7      | mg/L  | yes     | 0     | 5     |
        | extra   | CRP  | 2024-01-01 | 7      | mg/L  | no      | 0     | 5     |
    """,
}

SPECS = [
    Spec(
        "a type of column by a name of its own; what a column says itself goes before it",
        study=TYPES,
        rule="flag is yes or other is no or fitness is high",
        tables={
            "patients": """
                | patient | flag | other | KPS |
                | flag    | J    | J     | 1   |
                | blank   | N    |       | 1   |
                | fit     | N    | J     | 2   |
                | none    | N    | J     | low |
                | unknown |      | J     | 1   |
            """
        },
        expect={"flag": True, "blank": True, "fit": True, "none": False, "unknown": None},
    ),
    Spec(
        "`fields for each`: every item of a long table is a field named after its code",
        study=SPREAD,
        rule="highest total in sheet",
        tables=SHEETS,
        expect={"whole": "5", "half": "unknown", "twice": "unknown", "inapt": "not applicable", "none": "missing"},
    ),
    Spec(
        "a field of an item whose name has a blank in it",
        study=SPREAD,
        rule='any sheet where ("well being" is recorded)',
        tables=SHEETS,
        expect={"whole": True, "half": False, "none": False},
    ),
    Spec(
        "`each test in labs`: a measure for every code, each in its own unit",
        study=EACH,
        rule="FC at baseline > 10 * CRP at baseline / 1 mg/L * 1 µg/g",
        tables=LABS,
        expect={"both": True, "other": None, "high": None, "extra": None},
    ),
    Spec(
        "what holds for each measure of many holds for this one",
        study=EACH,
        rule="CRP at baseline is normal",
        tables=LABS,
        expect={"both": True, "other": None, "high": False, "extra": None},
    ),
]
