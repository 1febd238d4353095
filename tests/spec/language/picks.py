"""One row chosen by the order of another value; the row before this one."""

from spec_format import Spec

SPECS = [
    Spec(
        "the value of the latest row: unknown where more than one value may be it",
        rule="drug of latest drugs by given",
        tables={
            "drugs": """
                | patient  | drug | given      |
                | plain    | IFX  | 2024-01-01 |
                | plain    | ADA  | 2024-02-01 |
                | tie      | IFX  | 2024-02-01 |
                | tie      | ADA  | 2024-02-01 |
                | same     | IFX  | 2024-02-01 |
                | same     | IFX  | 2024-02-01 |
                | undated  | IFX  |            |
                | undated  | ADA  | 2024-02-01 |
                | alike    | ADA  |            |
                | alike    | ADA  | 2024-02-01 |
                | month    | IFX  | 2024-02    |
                | month    | ADA  | 2024-02-10 |
                | earlier  | IFX  | 2024-01    |
                | earlier  | ADA  | 2024-02-10 |
                | blank    | IFX  | 2024-01-01 |
                | blank    |      | 2024-02-01 |
                | single   | IFX  |            |
            """
        },
        expect={
            "plain": "ADA",
            "tie": "unknown",
            "same": "IFX",
            "undated": "unknown",
            "alike": "ADA",
            "month": "unknown",
            "earlier": "ADA",
            "blank": "missing",
            "single": "IFX",
            "none": "missing",
        },
        findings={"tie": ("conflict",), "plain": ()},
        missing={"undated": ("drugs row 7 given blank",), "tie": ("drugs row 3 drug conflict",)},
    ),
    Spec(
        "rows in doubt count where they may come first and say something else",
        rule="drug of latest drugs by given where (response is no)",
        tables={
            "drugs": """
                | patient | drug | given      | response |
                | behind  | IFX  | 2024-01-01 |          |
                | behind  | ADA  | 2024-02-01 | no       |
                | before  | IFX  | 2024-03-01 |          |
                | before  | ADA  | 2024-02-01 | no       |
                | alike   | ADA  | 2024-03-01 |          |
                | alike   | ADA  | 2024-02-01 | no       |
                | only    | ADA  | 2024-03-01 |          |
                | out     | ADA  | 2024-03-01 | yes      |
            """
        },
        expect={"behind": "ADA", "before": "unknown", "alike": "ADA", "only": "unknown", "out": "missing"},
    ),
    Spec(
        "`lowest … by` and `earliest` look from the other end",
        rule="drug of lowest drugs by dose",
        tables={
            "drugs": """
                | patient | drug | dose |
                | plain   | IFX  | 5    |
                | plain   | ADA  | 4    |
                | tie     | IFX  | 4    |
                | tie     | ADA  | 4.0  |
                | blank   | IFX  | 5    |
                | blank   | ADA  |      |
            """
        },
        expect={"plain": "ADA", "tie": "unknown", "blank": "unknown"},
    ),
    Spec(
        "the previous row is the one with the next smaller value; the first has none",
        rule="any drugs where (dose < previous dose by given)",
        tables={
            "drugs": """
                | patient | given      | dose |
                | falls   | 2024-02-01 | 4    |
                | falls   | 2024-01-01 | 5    |
                | rises   | 2024-01-01 | 4    |
                | rises   | 2024-02-01 | 5    |
                | skips   | 2024-01-01 | 5    |
                | skips   | 2024-02-01 | 3    |
                | skips   | 2024-03-01 | 4    |
                | single  | 2024-01-01 | 4    |
                | blank   | 2024-01-01 |      |
                | blank   | 2024-02-01 | 5    |
            """
        },
        expect={"falls": True, "rises": False, "skips": True, "single": False, "blank": None},
    ),
    Spec(
        "a tie before this row, or a row that can't be placed, leaves the previous value unknown unless it is the same",
        rule="any drugs where (dose > previous dose by given)",
        tables={
            "drugs": """
                | patient | given      | dose |
                | tie     | 2024-01-01 | 4    |
                | tie     | 2024-01-01 | 6    |
                | tie     | 2024-02-01 | 5    |
                | same    | 2024-01-01 | 4    |
                | same    | 2024-01-01 | 4    |
                | same    | 2024-02-01 | 5    |
                | undated | 2024-01-01 | 4    |
                | undated |            | 6    |
                | undated | 2024-02-01 | 5    |
                | partial | 2023       | 4    |
                | partial | 2024-02-01 | 5    |
            """
        },
        expect={"tie": None, "same": True, "undated": None, "partial": None},
    ),
]
