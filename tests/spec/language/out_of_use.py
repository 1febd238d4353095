"""What rests on a cell that a failed check took out of use, and what a check itself may see.

A check sees every cell as it is, whatever other checks say of it.
"""

from spec_format import Spec

EXAMS = """
tables:
  parts:
    file: parts.csv
    one row for each: line
    patient without rows: none
    columns: {patient: text, exam: text, total: whole number, score: whole number}
groups:
  exam:
    rows of: parts
    one for each: exam
    same on every row: [patient, total]
    fields: {summed: sum score in parts, double: total * 2}
checks:
"""
ADDS_UP = "  adds_up: {each: exam, rule: total = summed, on fail: unknown}\n"
ZERO = "  zero: {each: parts, rule: score = 0, on fail: unknown}\n"
NAMED = '  named: {each: parts, rule: exam is not "e2", on fail: unknown}\n'
PARTS = """
    | patient | exam | total | score |
    | right   | e1   | 3     | 1     |
    | right   | e1   | 3     | 2     |
    | wrong   | e2   | 4     | 1     |
    | wrong   | e2   | 4     | 2     |
    | blank   | e3   |       | 3     |
"""

SPECS = [
    Spec(
        "a group's field that reads a cell out of use is unknown, too",
        study=EXAMS + ADDS_UP,
        rule="any exam where (double > 5)",
        tables={"parts": PARTS},
        expect={"right": True, "wrong": None, "blank": None, "no rows": False},
    ),
    Spec(
        "a check of a group sees its records as they are, whatever a check of the records says",
        study=EXAMS + ADDS_UP + ZERO,
        rule="any exam where (total > 2)",
        tables={"parts": PARTS},
        # all scores are out of use, and still only the total that they contradict is
        expect={"right": True, "wrong": None, "blank": None},
    ),
    Spec(
        "a group whose key is out of use is still there, but nobody can tell its key",
        study=EXAMS + NAMED,
        rule='any exam where (exam is one of ("e1", "e2") and summed >= 3)',
        tables={"parts": PARTS},
        expect={"right": True, "wrong": None, "blank": False},
    ),
    Spec(
        "and it is counted",
        study=EXAMS + NAMED,
        rule="number of exam",
        tables={"parts": PARTS},
        expect={"right": "1", "wrong": "1", "no rows": "0"},
    ),
    Spec(
        "whether a cell is expected can't be told from one out of use",
        study="""
          tables: {drugs: {columns: {dose: {type: number, expected if: drug is IFX}}}}
          checks: {known: {each: drugs, rule: drug is not ADA, on fail: unknown}}
        """,
        rule="number of drugs where (dose is missing)",
        tables={
            "drugs": """
                | patient  | drug | dose |
                | expected | IFX  |      |
                | not so   | UST  |      |
                | unknown  | ADA  |      |
            """
        },
        expect={"expected": "1", "not so": "0", "unknown": "0 to 1"},
    ),
]
