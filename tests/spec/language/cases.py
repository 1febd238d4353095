"""Cases and bands: the first branch that holds; where that is unknown, what the branches agree on."""

from spec_format import Spec

LIMITS = "(15 if sex is male, 20 if sex is female)"

SPECS = [
    Spec(
        "the first branch that holds gives the value",
        rule="(1 if a < 10, 2 if a < 20, otherwise 3)",
        tables={
            "patients": """
                | patient | a  |
                | first   | 5  |
                | second  | 10 |
                | else    | 20 |
                | blank   |    |
                | n/a     | NA |
            """
        },
        expect={"first": "1", "second": "2", "else": "3", "blank": "1 to 3", "n/a": "3"},
    ),
    Spec(
        "no branch holds and there is no `otherwise`: unknown",
        rule="(1 if a < 10, 2 if a < 20)",
        tables={
            "patients": """
            | patient | a  |
            | first   | 5  |
            | none    | 20 |
            | blank   |    |
        """
        },
        expect={"first": "1", "none": "unknown", "blank": "unknown"},
    ),
    Spec(
        "cases that ask for every code leave nothing out: 12 is at most either limit, whatever the sex",
        rule=f"a <= {LIMITS}",
        tables={
            "patients": """
                | patient  | sex    | a  |
                | male     | male   | 16 |
                | female   | female | 16 |
                | either   |        | 12 |
                | neither  |        | 21 |
                | depends  |        | 16 |
            """
        },
        expect={"male": False, "female": True, "either": True, "neither": False, "depends": None},
    ),
    Spec(
        "with `otherwise`, an unknown condition leaves both values in play",
        rule="a <= (15 if sex is male, otherwise 20)",
        tables={
            "patients": """
                | patient  | sex    | a  |
                | male     | male   | 16 |
                | female   | female | 16 |
                | below    |        | 12 |
                | above    |        | 21 |
                | between  |        | 16 |
            """
        },
        expect={"male": False, "female": True, "below": True, "above": False, "between": None},
        missing={"between": ("patients row 5 sex blank",)},
    ),
    Spec(
        "codes agree or are unknown",
        rule="(severity if a < 18, otherwise worst) is severe",
        study="{tables: {patients: {columns: {worst: {type: code, values: [mild, moderate, severe]}}}}}",
        tables={
            "patients": """
                | patient | a  | severity | worst  |
                | first   | 5  | severe   | mild   |
                | other   | 50 | mild     | severe |
                | agreed  |    | severe   | severe |
                | neither |    | mild     | mild   |
                | differ  |    | mild     | severe |
            """
        },
        expect={"first": True, "other": True, "agreed": True, "neither": False, "differ": None},
    ),
    Spec(
        "bands put a number in its class; bounds are as written",
        rule="age_group is A2",
        study="""
          variables:
            age_group: {bands of: a, A1: at most 16, A2: 17 to 40, A3: above 40}
        """,
        tables={
            "patients": """
                | patient | a    |
                | A1      | 16   |
                | low     | 17   |
                | high    | 40   |
                | A3      | 40.5 |
                | gap     | 16.5 |
                | blank   |      |
            """
        },
        expect={"A1": False, "low": True, "high": True, "A3": False, "gap": None, "blank": None},
    ),
]
