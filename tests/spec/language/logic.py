"""and, or, not, if … then: Kleene's three values."""

from spec_format import Spec

NINE = {
    "patients": """
        | patient | flag | other |
        | yes-yes | yes  | yes   |
        | yes-no  | yes  | no    |
        | yes-?   | yes  |       |
        | no-yes  | no   | yes   |
        | no-no   | no   | no    |
        | no-?    | no   |       |
        | ?-yes   |      | yes   |
        | ?-no    |      | no    |
        | ?-?     |      |       |
    """
}

SPECS = [
    Spec(
        "`and` is false if one side is, and true only if both are",
        rule="flag is yes and other is yes",
        tables=NINE,
        expect={
            "yes-yes": True,
            "yes-no": False,
            "yes-?": None,
            "no-yes": False,
            "no-no": False,
            "no-?": False,
            "?-yes": None,
            "?-no": False,
            "?-?": None,
        },
        missing={
            "yes-?": ("patients row 3 other blank",),
            "?-?": ("patients row 9 flag blank", "patients row 9 other blank"),
        },
    ),
    Spec(
        "`or` is true if one side is, and false only if both are",
        rule="flag is yes or other is yes",
        tables=NINE,
        expect={
            "yes-yes": True,
            "yes-no": True,
            "yes-?": True,
            "no-yes": True,
            "no-no": False,
            "no-?": None,
            "?-yes": True,
            "?-no": None,
            "?-?": None,
        },
    ),
    Spec(
        "`not` turns true and false round, and leaves unknown",
        rule="not flag is yes",
        tables={
            "patients": """
            | patient | flag |
            | true    | yes  |
            | false   | no   |
            | unknown |      |
        """
        },
        expect={"true": False, "false": True, "unknown": None},
    ),
    Spec(
        "`if … then …` asks nothing of those whom the condition leaves out",
        rule="if flag is yes then other is yes",
        tables=NINE,
        expect={
            "yes-yes": True,
            "yes-no": False,
            "yes-?": None,
            "no-yes": True,
            "no-no": True,
            "no-?": True,
            "?-yes": True,
            "?-no": None,
            "?-?": None,
        },
    ),
    Spec(
        "yes and no are answers; a blank, a refusal or an unreadable cell is neither; not applicable satisfies nothing",
        rule="flag is yes",
        tables={
            "patients": """
                | patient        | flag  |
                | yes            | yes   |
                | no             | no    |
                | blank          |       |
                | refused        | RF    |
                | unreadable     | maybe |
                | not applicable | NA    |
            """
        },
        expect={
            "yes": True,
            "no": False,
            "blank": None,
            "refused": None,
            "unreadable": None,
            "not applicable": False,
        },
        missing={"unreadable": ("patients row 5 flag unreadable",), "refused": ("patients row 4 flag refused",)},
    ),
    Spec(
        "`is no` is as strict as `is yes`: not applicable is no answer",
        rule="flag is no",
        tables={
            "patients": """
            | patient | flag |
            | yes     | yes  |
            | no      | no   |
            | blank   |      |
            | n/a     | NA   |
        """
        },
        expect={"yes": False, "no": True, "blank": None, "n/a": False},
    ),
]
