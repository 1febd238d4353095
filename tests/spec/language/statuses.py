"""Eligibility and endpoints: what the three values come to."""

from spec_format import Spec

CRITERIA = """
  eligibility:
    include:
      adult: {text: Adults, rule: a >= 18}
      treated: {rule: flag is yes}
    exclude:
      excluded: {rule: other is yes}
"""
PATIENTS = """
    | patient   | a  | flag | other |
    | all       | 18 | yes  | no    |
    | young     | 17 | yes  | no    |
    | excluded  | 18 | yes  | yes   |
    | blank     | 18 | yes  |       |
    | fails too | 17 |      |       |
    | two       |    |      | no    |
"""
ENDPOINT = """
  populations: {everyone: flag is recorded, treated: flag is yes}
  endpoints:
    response:
      text: CRP at least halved
      population: treated
      achieved: percent fall in CRP from baseline to week 12 >= 50 %
      also reported as:
        any fall: {achieved: fall in CRP from baseline to week 12 > 0 mg/L}
        all patients: {population: everyone}
"""
LABS = """
    | patient    | test | taken      | result | unit |
    | half       | CRP  | 2024-01-01 | 8.2    | mg/L |
    | half       | CRP  | 2024-03-25 | 4.1    | mg/L |
    | less       | CRP  | 2024-01-01 | 8.2    | mg/L |
    | less       | CRP  | 2024-03-25 | 4.2    | mg/L |
    | no second  | CRP  | 2024-01-01 | 8.2    | mg/L |
    | blank      | CRP  | 2024-01-01 | 8.2    | mg/L |
    | blank      | CRP  | 2024-03-25 |        | mg/L |
    | outside    | CRP  | 2024-01-01 | 8.2    | mg/L |
    | outside    | CRP  | 2024-03-25 | 4.1    | mg/L |
    | unknown    | CRP  | 2024-01-01 | 8.2    | mg/L |
    | unknown    | CRP  | 2024-03-25 | 4.1    | mg/L |
    | from zero  | CRP  | 2024-01-01 | 0      | mg/L |
    | from zero  | CRP  | 2024-03-25 | 0      | mg/L |
"""
STARTS = """
    | patient   | start      | flag |
    | half      | 2024-01-01 | yes  |
    | less      | 2024-01-01 | yes  |
    | no second | 2024-01-01 | yes  |
    | blank     | 2024-01-01 | yes  |
    | outside   | 2024-01-01 | no   |
    | unknown   | 2024-01-01 |      |
    | from zero | 2024-01-01 | yes  |
"""
TABLES = {"labs": LABS, "patients": STARTS}

SPECS = [
    Spec(
        "one failed criterion decides: ineligible comes before undetermined",
        rule="",
        ask="eligible",
        study=CRITERIA,
        tables={"patients": PATIENTS},
        expect={
            "all": "eligible",
            "young": "ineligible",
            "excluded": "ineligible",
            "blank": "undetermined",
            "fails too": "ineligible",
            "two": "undetermined",
        },
    ),
    Spec(
        "an inclusion passes where its rule holds",
        rule="",
        ask="adult",
        study=CRITERIA,
        tables={"patients": PATIENTS},
        expect={
            "all": "passes",
            "young": "fails",
            "excluded": "passes",
            "blank": "passes",
            "fails too": "fails",
            "two": "unknown",
        },
    ),
    Spec(
        "an exclusion whose rule holds fails",
        rule="",
        ask="excluded",
        study=CRITERIA,
        tables={"patients": PATIENTS},
        expect={
            "all": "passes",
            "young": "passes",
            "excluded": "fails",
            "blank": "unknown",
            "fails too": "unknown",
            "two": "passes",
        },
    ),
    Spec(
        "`is met` is the criterion's own rule, the same way round for both kinds",
        rule="adult is met and excluded is met",
        study=CRITERIA,
        tables={"patients": PATIENTS},
        expect={"all": False, "young": False, "excluded": True, "blank": None, "fails too": False, "two": False},
    ),
    Spec(
        "`eligible` may be asked by name",
        rule="eligible",
        study=CRITERIA,
        tables={"patients": PATIENTS},
        expect={"all": True, "young": False, "excluded": False, "blank": None, "fails too": False, "two": None},
    ),
    Spec(
        "an endpoint: outside the population, not evaluable, undetermined, achieved or not",
        rule="",
        ask="response",
        study=ENDPOINT,
        tables=TABLES,
        expect={
            "half": "achieved",
            "less": "not achieved",
            "no second": "not evaluable",
            "blank": "undetermined",
            "outside": "not applicable",
            "unknown": "undetermined",
            "from zero": "undetermined",
        },
    ),
    Spec(
        "a rival definition changes what it names and nothing else",
        rule="",
        ask="response any fall",
        study=ENDPOINT,
        tables=TABLES,
        expect={
            "half": "achieved",
            "less": "achieved",
            "no second": "not evaluable",
            "blank": "undetermined",
            "outside": "not applicable",
            "unknown": "undetermined",
            "from zero": "not achieved",
        },
    ),
    Spec(
        "a rival population",
        rule="",
        ask="response all patients",
        study=ENDPOINT,
        tables=TABLES,
        expect={
            "half": "achieved",
            "less": "not achieved",
            "no second": "not evaluable",
            "blank": "undetermined",
            "outside": "achieved",
            "unknown": "not applicable",
            "from zero": "undetermined",
        },
    ),
    Spec(
        "`is achieved` wants population, evaluability and achievement",
        rule="response is achieved",
        study=ENDPOINT,
        tables=TABLES,
        expect={
            "half": True,
            "less": False,
            "no second": False,
            "blank": None,
            "outside": False,
            "unknown": None,
            "from zero": None,
        },
    ),
    Spec(
        "`complete` asks for every required item of a timepoint",
        rule="complete(baseline)",
        study="{completeness: {baseline: {require: [CRP, weight], expect: [sex]}}}",
        tables={
            "patients": """
                | patient | start      | weight |
                | both    | 2024-01-01 | 80     |
                | one     | 2024-01-01 |        |
                | blank   | 2024-01-01 | 80     |
                | neither | 2024-01-01 |        |
            """,
            "labs": """
                | patient | test | taken      | result | unit |
                | both    | CRP  | 2024-01-01 | 1      | mg/L |
                | one     | CRP  | 2024-01-01 | 1      | mg/L |
                | blank   | CRP  | 2024-01-01 |        | mg/L |
                | neither | CRP  | 2024-01-01 |        | mg/L |
            """,
        },
        expect={"both": True, "one": False, "blank": None, "neither": False},
    ),
]
