"""Values in the record's own unit, read in the measure's; normal limits."""

from spec_format import Spec

ROWS = """
    | patient  | test | taken      | result | unit   |
    | mg/L     | CRP  | 2024-01-01 | 4.7    | mg/L   |
    | mg/dL    | CRP  | 2024-01-01 | 0.47   | mg/dL  |
    | limit    | CRP  | 2024-01-01 | 0.5    | mg/dL  |
    | over     | CRP  | 2024-01-01 | 0.51   | mg/dL  |
    | chinese  | CRP  | 2024-01-01 | 4.7    | 毫克/升 |
    | below    | CRP  | 2024-01-01 | <0.1   | mg/dL  |
    | no unit  | CRP  | 2024-01-01 | 4.7    |        |
    | nonsense | CRP  | 2024-01-01 | 4.7    | boxes  |
    | other    | CRP  | 2024-01-01 | 4.7    | mm/h   |
    | blank    | CRP  | 2024-01-01 |        | mg/dL  |
"""
NAMES = ("mg/L", "mg/dL", "limit", "over", "chinese", "below", "no unit", "nonsense", "other", "blank")
STARTS = "| patient | start |\n" + "\n".join(f"| {name} | 2024-01-01 |" for name in NAMES)
TABLES = {"labs": ROWS, "patients": STARTS}
ESR = """
  tables: {labs: {columns: {test: {type: code, values: [CRP, FC, ESR]}}}}
  measures:
    ESR:
      from: labs.result
      where: test is ESR
      date: taken
      unit: mm/h
      unit column: unit
      normal: {if sex is male: at most 15 mm/h, if sex is female: at most 20 mm/h}
"""
RANGES = "{tables: {labs: {columns: {printed: reference range}}}, measures: {CRP: {normal: within printed}}}"
RANGED = (
    *("at end", "above", "lowest", "below", "limit", "open", "too low", "included", "its unit"),
    *("censored", "undecided", "damaged", "twice", "blank", "not so", "no unit"),
)

SPECS = [
    Spec(
        "0.47 mg/dL is 4.7 mg/L; a unit that is missing, unknown or of another kind leaves the value unknown",
        rule="CRP at baseline",
        tables=TABLES,
        expect={
            "mg/L": "4.7",
            "mg/dL": "4.7",
            "limit": "5",
            "over": "5.1",
            "chinese": "4.7",
            "below": "below 1",
            "no unit": "unknown",
            "nonsense": "unknown",
            "other": "unknown",
            "blank": "unknown",
        },
        findings={"mg/dL": (), "no unit": ("doubtful", "unit"), "nonsense": ("doubtful", "unit")},
        missing={"no unit": ("labs row 7 unit no unit",), "nonsense": ("labs row 8 unit unknown unit",)},
    ),
    Spec(
        "`is normal` compares in the measure's unit, the limit itself being normal",
        rule="CRP at baseline is normal",
        tables=TABLES,
        expect={
            "mg/L": True,
            "mg/dL": True,
            "limit": True,
            "over": False,
            "chinese": True,
            "below": True,
            "no unit": None,
            "nonsense": None,
            "other": None,
            "blank": None,
            "no row": None,
        },
    ),
    Spec(
        "`under` a limit leaves the limit out",
        study="{measures: {CRP: {normal: under 5 mg/L}}}",
        rule="CRP at baseline is normal",
        tables=TABLES,
        expect={
            "mg/L": True,
            "mg/dL": True,
            "limit": False,
            "over": False,
            "chinese": True,
            "below": True,
            "no unit": None,
            "nonsense": None,
            "other": None,
            "blank": None,
        },
    ),
    Spec(
        "limits that depend on the patient are decided where they agree",
        study=ESR,
        rule="ESR at baseline is normal",
        tables={
            "patients": """
                | patient | sex    | start      |
                | male    | male   | 2024-01-01 |
                | female  | female | 2024-01-01 |
                | low     |        | 2024-01-01 |
                | between |        | 2024-01-01 |
            """,
            "labs": """
                | patient | test | taken      | result | unit  |
                | male    | ESR  | 2024-01-01 | 16     | mm/h  |
                | female  | ESR  | 2024-01-01 | 16     | mm/hr |
                | low     | ESR  | 2024-01-01 | 12     | mm/h  |
                | between | ESR  | 2024-01-01 | 16     | mm/h  |
            """,
        },
        expect={"male": False, "female": True, "low": True, "between": None},
    ),
    Spec(
        "limits printed on the record are in the record's own unit",
        study="{measures: {CRP: {normal: from lower to upper}}}",
        rule="CRP at baseline is normal",
        tables={
            "patients": """
                | patient | start      |
                | inside  | 2024-01-01 |
                | above   | 2024-01-01 |
                | no top  | 2024-01-01 |
                | below   | 2024-01-01 |
            """,
            "labs": """
                | patient | test | taken      | result | unit  | lower | upper |
                | inside  | CRP  | 2024-01-01 | 0.5    | mg/dL | 0     | 0.5   |
                | above   | CRP  | 2024-01-01 | 0.6    | mg/dL | 0     | 0.5   |
                | no top  | CRP  | 2024-01-01 | 0.4    | mg/dL | 0     |       |
                | below   | CRP  | 2024-01-01 | 0.4    | mg/dL | 0.5   |       |
            """,
        },
        expect={"inside": True, "above": False, "no top": None, "below": False},
    ),
    Spec(
        "a record's own reference range stands in one cell: both ends of `0-5` are normal, of `<5` the limit is not",
        study=RANGES,
        rule="CRP at baseline is normal",
        tables={
            "patients": "| patient | start |\n" + "\n".join(f"| {name} | 2024-01-01 |" for name in RANGED),
            "labs": """
                | patient  | test | taken      | result | unit  | printed |
                | at end   | CRP  | 2024-01-01 | 5      | mg/L  | 0-5     |
                | above    | CRP  | 2024-01-01 | 5.1    | mg/L  | 0–5     |
                | lowest   | CRP  | 2024-01-01 | -2     | mg/L  | -2 - 5  |
                | below    | CRP  | 2024-01-01 | -2.1   | mg/L  | −2~5    |
                | limit    | CRP  | 2024-01-01 | 5      | mg/L  | <5      |
                | open     | CRP  | 2024-01-01 | 900    | mg/L  | >60     |
                | too low  | CRP  | 2024-01-01 | 60     | mg/L  | >60     |
                | included | CRP  | 2024-01-01 | 60     | mg/L  | ≥60     |
                | its unit | CRP  | 2024-01-01 | 0.4    | mg/dL | 0,1-0,5 |
                | censored | CRP  | 2024-01-01 | <3     | mg/L  | <5      |
                | undecided | CRP | 2024-01-01 | <3     | mg/L  | 1-5     |
                | damaged  | CRP  | 2024-01-01 | 3      | mg/L  | 6-Apr   |
                | twice    | CRP  | 2024-01-01 | -3     | mg/L  | -5--1   |
                | blank    | CRP  | 2024-01-01 | 3      | mg/L  |         |
                | not so   | CRP  | 2024-01-01 | 3      | mg/L  | NA      |
                | no unit  | CRP  | 2024-01-01 | 3      |       | 0-5     |
            """,
        },
        expect={
            "at end": True,
            "above": False,
            "lowest": True,
            "below": False,
            "limit": False,
            "open": True,
            "too low": False,
            "included": True,
            "its unit": True,
            "censored": True,
            "undecided": None,
            "damaged": None,
            "twice": None,
            "blank": None,
            "not so": False,
            "no unit": None,
        },
    ),
    Spec(
        "limits by the record's own reference range where it applies, else by what is declared",
        study="""
          tables: {labs: {columns: {printed: reference range}}}
          measures: {CRP: {normal: {if planned is yes: within printed, otherwise: at most 5 mg/L}}}
        """,
        rule="CRP at baseline is normal",
        tables={
            "patients": """
                | patient | start      |
                | own     | 2024-01-01 |
                | other   | 2024-01-01 |
                | agree   | 2024-01-01 |
                | differ  | 2024-01-01 |
            """,
            "labs": """
                | patient | test | taken      | result | unit | printed | planned |
                | own     | CRP  | 2024-01-01 | 8      | mg/L | 0-10    | yes     |
                | other   | CRP  | 2024-01-01 | 8      | mg/L | 0-10    | no      |
                | agree   | CRP  | 2024-01-01 | 3      | mg/L | 0-10    |         |
                | differ  | CRP  | 2024-01-01 | 8      | mg/L | 0-10    |         |
            """,
        },
        expect={"own": True, "other": False, "agree": True, "differ": None},
    ),
    Spec(
        "a value outside the measure's range is impossible and decides nothing",
        study="{measures: {CRP: {range: 0 to 500}}}",
        rule="CRP at baseline",
        tables={
            "patients": """
                | patient  | start      |
                | most     | 2024-01-01 |
                | more     | 2024-01-01 |
                | negative | 2024-01-01 |
            """,
            "labs": """
                | patient  | test | taken      | result | unit  |
                | most     | CRP  | 2024-01-01 | 50     | mg/dL |
                | more     | CRP  | 2024-01-01 | 50.1   | mg/dL |
                | negative | CRP  | 2024-01-01 | -1     | mg/L  |
            """,
        },
        expect={"most": "500", "more": "unknown", "negative": "unknown"},
    ),
    Spec(
        "a bare column's unit is converted to that of the number beside it",
        rule="weight < 80500 g",
        tables={
            "patients": """
                | patient | weight |
                | less    | 80.4   |
                | same    | 80.5   |
            """
        },
        expect={"less": True, "same": False},
    ),
]
