"""Codes and texts: equal after folding; patterns, beginnings, whole words."""

from spec_format import Spec

NOTES = """
    | patient   | note              |
    | plain     | ALT raised        |
    | wide      | ＡＬＴ　raised     |
    | chinese   | 谷丙ALT升高        |
    | inside    | SALT intake       |
    | digits    | ALT2 raised       |
    | end       | raised alt        |
    | other     | headache          |
    | blank     |                   |
"""

SPECS = [
    Spec(
        "a code is one of its declared spellings, whatever the case or width",
        rule="sex is male",
        tables={
            "patients": """
                | patient | sex  |
                | male    | male |
                | upper   | MALE |
                | wide    | ｍａｌｅ |
                | female  | female |
                | blank   |      |
                | unknown | x    |
                | n/a     | NA   |
            """
        },
        expect={
            "male": True,
            "upper": True,
            "wide": True,
            "female": False,
            "blank": None,
            "unknown": None,
            "n/a": False,
        },
    ),
    Spec(
        "`is not` is the opposite: unknown stays unknown",
        rule="sex is not male",
        tables={
            "patients": """
            | patient | sex    |
            | male    | male   |
            | female  | female |
            | blank   |        |
            | unknown | x      |
        """
        },
        expect={"male": False, "female": True, "blank": None, "unknown": None},
    ),
    Spec(
        "`is one of` a list of codes",
        rule="severity is one of (mild, severe)",
        tables={
            "patients": """
                | patient | severity |
                | mild    | mild     |
                | middle  | moderate |
                | severe  | severe   |
                | blank   |          |
                | n/a     | NA       |
            """
        },
        expect={"mild": True, "middle": False, "severe": True, "blank": None, "n/a": False},
    ),
    Spec(
        "texts compare after folding: width, case, and blanks around and within",
        rule='note is "drug withdrawn"',
        tables={
            "patients": """
                | patient | note             |
                | same    | drug withdrawn   |
                | case    | Drug  WITHDRAWN  |
                | wide    | Ｄｒｕｇ　withdrawn |
                | other   | drug reduced     |
                | blank   |                  |
            """
        },
        expect={"same": True, "case": True, "wide": True, "other": False, "blank": None},
    ),
    Spec(
        "`has the word` wants no Latin letter or digit beside it",
        rule='note has the word "ALT"',
        tables={"patients": NOTES},
        expect={
            "plain": True,
            "wide": True,
            "chinese": True,
            "inside": False,
            "digits": False,
            "end": True,
            "other": False,
            "blank": None,
        },
    ),
    Spec(
        "`starts with` looks at the folded beginning",
        rule='note starts with "alt"',
        tables={"patients": NOTES},
        expect={
            "plain": True,
            "wide": True,
            "chinese": False,
            "inside": False,
            "digits": True,
            "end": False,
            "other": False,
            "blank": None,
        },
    ),
    Spec(
        "`matches` looks for a pattern anywhere in the folded text",
        rule="note matches /raised|升高/",
        tables={"patients": NOTES},
        expect={
            "plain": True,
            "wide": True,
            "chinese": True,
            "inside": False,
            "digits": True,
            "end": True,
            "other": False,
            "blank": None,
        },
    ),
]
