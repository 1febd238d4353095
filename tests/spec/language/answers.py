"""Several answers in one cell; and two statements that hold together."""

from spec_format import Spec

STUDY = """
tables:
  patients:
    columns:
      ticked: {type: several codes, values: {"8": [herpes], "9": [], "18": [other]}}
      listed: {type: several codes, values: [a, b], separator: ／, blank means: none}
"""
TICKED = {
    "patients": """
        | patient  | ticked      | listed |
        | one      | 8           | a      |
        | several  | 9; 8        | a / B  |
        | inside   | 18,9        | b      |
        | spelled  | ９；Herpes  | b/b    |
        | number   | 8.0         | c      |
        | strange  | 8; 77       | NK     |
        | blank    |             |        |
        | n/a      | NA          | NA     |
        | signs    | ;           | /      |
    """
}

SPECS = [
    Spec(
        "a cell of several codes includes each that stands in it, whatever its spelling; one not declared: unknown",
        rule="ticked includes 8",
        study=STUDY,
        tables=TICKED,
        expect={
            "one": True,
            "several": True,
            "inside": False,
            "spelled": True,
            "number": True,
            "strange": None,
            "blank": None,
            "n/a": False,
            "signs": None,
        },
    ),
    Spec(
        "`includes one of`: any of them",
        rule="ticked includes one of (8, 18)",
        study=STUDY,
        tables=TICKED,
        expect={"one": True, "several": True, "inside": True, "strange": None, "blank": None, "n/a": False},
    ),
    Spec(
        "`blank means: none`: nothing was ticked, which is an answer",
        rule="not (listed includes a)",
        study=STUDY,
        tables=TICKED,
        expect={
            "one": False,
            "several": False,
            "inside": True,
            "spelled": True,
            "number": None,
            "strange": None,
            "blank": True,
            "n/a": True,
            "signs": None,
        },
    ),
    Spec(
        "several codes are shown in the order in which they are declared, each once",
        rule="only ticked in patients",
        study=STUDY,
        tables=TICKED,
        expect={"several": "8; 9", "inside": "9; 18", "spelled": "8; 9", "strange": "unknown", "blank": "missing"},
    ),
    Spec(
        "several codes are recorded or missing as a whole",
        rule="ticked is recorded",
        study=STUDY,
        tables=TICKED,
        expect={"one": True, "strange": None, "blank": False, "n/a": False},
    ),
    Spec(
        "`a exactly when b`: both or neither; unknown where either is",
        rule="flag is yes exactly when a > 1",
        tables={
            "patients": """
                | patient | flag | a  |
                | both    | yes  | 2  |
                | neither | no   | 1  |
                | first   | yes  | 1  |
                | second  | no   | 2  |
                | blank a | yes  |    |
                | blank   |      | 2  |
                | nothing |      |    |
            """
        },
        expect={
            "both": True,
            "neither": True,
            "first": False,
            "second": False,
            "blank a": None,
            "blank": None,
            "nothing": None,
        },
    ),
]
