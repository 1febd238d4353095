"""Groups: rows gathered into an examination, with fields worked out over their rows; a measure on them."""

from spec_format import Spec

EXAMS = """
tables:
  endoscopy:
    file: endoscopy.csv
    one row for each: line
    patient without rows: none
    missing codes: {not done: [ND], not applicable: [NA]}
    columns:
      patient: text
      exam: text
      done: date
      segment: {type: code, values: [ileum, colon, rectum]}
      item: {type: code, values: [size, surface]}
      score: {type: whole number, min: 0, max: 3}
      total: whole number
groups:
  examination:
    rows of: endoscopy
    one for each: exam
    same on every row: [patient, done, total]
    fields:
      summed: sum score in endoscopy
      calm: every endoscopy has (score <= 1)
      rows: number of endoscopy
  part:
    rows of: endoscopy
    one for each: [exam, segment]
    same on every row: [patient, done]
    fields:
      size: only score in endoscopy where (item is size)
      surface: only score in endoscopy where (item is surface)
measures:
  SES: {from: examination.total, date: done, if disagrees: {total = summed: unknown}, with: [calm, summed]}
"""
ROWS = """
    | patient  | exam | done       | segment | item    | score | total |
    | agrees   | e1   | 2024-01-01 | ileum   | size    | 1     | 3     |
    | agrees   | e1   | 2024-01-01 | ileum   | surface | 2     | 3     |
    | disagree | e2   | 2024-01-01 | ileum   | size    | 1     | 4     |
    | disagree | e2   | 2024-01-01 | ileum   | surface | 2     | 4     |
    | half     | e3   | 2024-01-01 | ileum   | size    | 1     | 1     |
    | half     | e3   | 2024-01-01 | ileum   | surface |       | 1     |
    | totals   | e4   | 2024-01-01 | ileum   | size    | 1     | 3     |
    | totals   | e4   | 2024-01-01 | ileum   | surface | 2     | 2     |
    | blank    | e5   | 2024-01-01 | ileum   | size    | 1     |       |
    | blank    | e5   | 2024-01-01 | ileum   | surface | 1     | 2     |
    | two      | e6   | 2024-01-01 | ileum   | size    | 1     | 1     |
    | two      | e7   | 2024-01-02 | ileum   | size    | 0     | 0     |
"""
NAMES = ("agrees", "disagree", "half", "totals", "blank", "two")
STARTS = "| patient | start |\n" + "\n".join(f"| {name} | 2024-01-01 |" for name in NAMES)
TABLES = {"endoscopy": ROWS, "patients": STARTS}

SPECS = [
    Spec(
        "a total that disagrees with its parts is unknown; one that can't be checked stands",
        study=EXAMS,
        rule="SES at baseline",
        tables=TABLES,
        expect={
            "agrees": "3",
            "disagree": "unknown",
            "half": "1",
            "totals": "unknown",
            "blank": "2",
            "two": "1",
            "none": "missing",
        },
        findings={"agrees": (), "disagree": ("disagreement", "doubtful"), "totals": ("conflict", "doubtful")},
    ),
    Spec(
        "a field that is read of the chosen examination",
        study=EXAMS,
        rule="SES.calm at baseline is yes",
        tables=TABLES,
        expect={
            "agrees": False,
            "disagree": None,
            "half": None,
            "totals": None,
            "blank": True,
            "two": True,
            "none": None,
        },
    ),
    Spec(
        "a fold over a group sees one row an examination",
        study=EXAMS,
        rule="number of examination where (rows = 2)",
        tables=TABLES,
        expect={"agrees": "1", "two": "0", "none": "0"},
    ),
    Spec(
        "a number that is a sum of parts counts on rows",
        study=EXAMS,
        rule="highest summed in examination",
        tables=TABLES,
        expect={"agrees": "3", "half": "unknown", "two": "1", "none": "missing"},
    ),
    Spec(
        "items of a long table are fields of a group: size with its own surface",
        study=EXAMS,
        rule="any part where (size >= 1 and surface = 0)",
        tables={
            "endoscopy": """
                | patient | exam | segment | item    | score |
                | same    | e1   | ileum   | size    | 1     |
                | same    | e1   | ileum   | surface | 0     |
                | apart   | e2   | ileum   | size    | 1     |
                | apart   | e2   | ileum   | surface | 2     |
                | apart   | e2   | colon   | size    | 0     |
                | apart   | e2   | colon   | surface | 0     |
                | blank   | e3   | ileum   | size    | 1     |
                | blank   | e3   | ileum   | surface |       |
                | absent  | e4   | ileum   | size    | 1     |
                | inapt   | e5   | ileum   | size    | 1     |
                | inapt   | e5   | ileum   | surface | NA    |
            """
        },
        expect={"same": True, "apart": False, "blank": None, "absent": None, "inapt": False, "none": False},
    ),
    Spec(
        "inside rows of one group and then of another, an aggregate reads the records of the innermost",
        study=EXAMS,
        rule="any part where (number of examination where (number of endoscopy = 2) = 1)",
        tables={
            "endoscopy": """
                | patient | exam | segment | item    |
                | two     | e1   | ileum   | size    |
                | two     | e1   | colon   | size    |
                | three   | e2   | ileum   | size    |
                | three   | e2   | ileum   | surface |
                | three   | e2   | colon   | size    |
            """
        },
        expect={"two": True, "three": False},
    ),
    Spec(
        "the group that a row belongs to is that of the innermost row, whatever rows it is read inside",
        study=EXAMS,
        rule="any endoscopy where (number of part where (examination.rows = 2) = 2)",
        tables={
            "endoscopy": """
                | patient | exam | segment | item    |
                | two     | e1   | ileum   | size    |
                | two     | e1   | colon   | size    |
                | two     | e2   | ileum   | size    |
                | single  | e3   | ileum   | size    |
                | single  | e3   | ileum   | surface |
            """
        },
        expect={"two": True, "single": False},
    ),
    Spec(
        "a value that stands in for a missing one may not apply: then there is none at that examination",
        study=EXAMS.replace("if disagrees: {total = summed: unknown}", "if missing: summed"),
        rule="SES at baseline",
        tables={
            "patients": "| patient | start |\n| inapt | 2024-01-02 |\n| blank | 2024-01-02 |",
            "endoscopy": """
                | patient | exam | done       | segment | item | score | total |
                | inapt   | e1   | 2024-01-01 | ileum   | size | 2     | 2     |
                | inapt   | e2   | 2024-01-02 | ileum   | size | NA    |       |
                | blank   | e3   | 2024-01-01 | ileum   | size | 2     | 2     |
                | blank   | e4   | 2024-01-02 | ileum   | size |       |       |
            """,
        },
        expect={"inapt": "2", "blank": "unknown"},
    ),
]
