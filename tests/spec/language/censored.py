"""The study's rule for censored results: what `<0.5` and `>1800` count as in arithmetic.

A comparison takes them as they are: somewhere below or above their limit. Without the rule, so does arithmetic.
"""

from spec_format import Spec

HALF = "{censored results: {below: half the limit, above: at the limit}}"
LABS = """
    | patient | test | taken      | result | unit  |
    | low     | CRP  | 2024-01-01 | 8      | mg/L  |
    | low     | CRP  | 2024-03-25 | <5     | mg/L  |
    | high    | CRP  | 2024-01-01 | >20    | mg/dL |
    | high    | CRP  | 2024-03-25 | 50     | mg/L  |
    | both    | CRP  | 2024-01-01 | >=200  | mg/L  |
    | both    | CRP  | 2024-03-25 | ≤0.4   | mg/dL |
    | plain   | CRP  | 2024-01-01 | 8      | mg/L  |
    | plain   | CRP  | 2024-03-25 | 4      | mg/L  |
    | blank   | CRP  | 2024-01-01 | <5     | mg/L  |
    | blank   | CRP  | 2024-03-25 |        | mg/L  |
    | no unit | CRP  | 2024-01-01 | 8      | mg/L  |
    | no unit | CRP  | 2024-03-25 | <5     |       |
"""
NAMES = ("low", "high", "both", "plain", "blank", "no unit", "none")
TABLES = {
    "labs": LABS,
    "patients": "| patient | start |\n" + "\n".join(f"| {name} | 2024-01-01 |" for name in NAMES),
}
UNKNOWN = {"blank": "unknown", "no unit": "unknown", "none": "missing"}

SPECS = [
    Spec(
        "without a rule a difference with a censored result keeps its bounds",
        rule="fall in CRP from baseline to week 12",
        tables=TABLES,
        expect={"low": "above 3", "high": "above 150", "both": "at least 196", "plain": "4", **UNKNOWN},
    ),
    Spec(
        "without a rule a ratio with a censored result is unknown",
        rule="percent fall in CRP from baseline to week 12",
        tables=TABLES,
        expect={"low": "unknown", "high": "unknown", "both": "unknown", "plain": "50", **UNKNOWN},
    ),
    Spec(
        "without a rule a mean of censored results is unknown, not missing",
        rule="mean CRP from baseline to week 12 is missing",
        tables=TABLES,
        expect={"low": None, "high": None, "both": None, "plain": False, "blank": None, "no unit": None, "none": True},
    ),
    Spec(
        "without a rule a sum of a patient's values is unknown where one is censored",
        rule="sum of (CRP at baseline, CRP at week 12) is missing",
        tables=TABLES,
        expect={"low": None, "high": None, "both": None, "plain": False, "blank": None, "no unit": None, "none": True},
    ),
    Spec(
        "a result below its limit may count as half the limit, one above it as the limit, in the measure's unit",
        rule="fall in CRP from baseline to week 12",
        study=HALF,
        tables=TABLES,
        expect={"low": "5.5", "high": "150", "both": "198", "plain": "4", **UNKNOWN},
    ),
    Spec(
        "a percent change takes what the result counts as, at both ends",
        rule="percent fall in CRP from baseline to week 12",
        study=HALF,
        tables=TABLES,
        expect={"low": "68.75", "high": "75", "both": "99", "plain": "50", **UNKNOWN},
    ),
    Spec(
        "a comparison takes the result as it is: `<5` is not surely below 3, whatever it counts as",
        rule="CRP at week 12 < 3 mg/L",
        study=HALF,
        tables=TABLES,
        expect={"low": None, "high": False, "both": None, "plain": False, "blank": None, "no unit": None, "none": None},
    ),
    Spec(
        "a normal limit takes the result as it is",
        rule="CRP at baseline is normal",
        study="{censored results: at the limit, measures: {CRP: {normal: under 5 mg/L}}}",
        tables=TABLES,
        expect={"low": False, "high": False, "both": False, "plain": False, "blank": True, "no unit": False},
    ),
    Spec(
        "the chosen value itself stays censored",
        rule="CRP at week 12",
        study=HALF,
        tables=TABLES,
        expect={"low": "below 5", "high": "50", "both": "at most 4", "plain": "4", "none": "missing"},
    ),
    Spec(
        "a mean, a sum and a median take what the results count as; `highest` and `lowest` keep the limits",
        rule="mean CRP from baseline to week 12",
        study=HALF,
        tables=TABLES,
        expect={"low": "5.25", "high": "125", "both": "101", "plain": "6", "blank": "unknown", "no unit": "unknown"},
    ),
    Spec(
        "a sum over time takes what the results count as, a blank passed over on purpose",
        rule="sum recorded CRP from baseline to week 12",
        study=HALF,
        tables=TABLES,
        expect={"low": "10.5", "high": "250", "both": "202", "plain": "12", "blank": "2.5", "no unit": "unknown"},
    ),
    Spec(
        "a median over time takes what the results count as",
        rule="median CRP from baseline to week 12",
        study="{censored results: at the limit}",
        tables=TABLES,
        expect={"low": "6.5", "high": "125", "both": "102", "plain": "6", "blank": "unknown"},
    ),
    Spec(
        "the highest value is at least the highest limit, whatever results count as",
        rule="highest CRP from baseline to week 12",
        study=HALF,
        tables=TABLES,
        expect={"low": "8", "high": "above 200", "both": "at least 200", "plain": "8"},
    ),
    Spec(
        "what is calculated from a highest value takes the limit, where nothing but a limit is known of it",
        rule="highest CRP from baseline to week 12 - 10 mg/L",
        study="{censored results: at the limit}",
        tables=TABLES,
        expect={"low": "-2", "high": "190", "both": "190", "plain": "-2"},
    ),
    Spec(
        "the column's rule goes before the study's, the measure's before the column's",
        rule="fall in CRP from baseline to week 12",
        study="""
          censored results: at the limit
          tables: {labs: {columns: {result: {type: result, censored results: {below: half the limit}}}}}
        """,
        tables=TABLES,
        expect={"low": "5.5", "high": "above 150", "both": "at least 198", "plain": "4"},
    ),
    Spec(
        "a measure may keep the bounds where the study has a rule",
        rule="fall in CRP from baseline to week 12",
        study="{censored results: at the limit, measures: {CRP: {censored results: not substituted}}}",
        tables=TABLES,
        expect={"low": "above 3", "high": "above 150", "both": "at least 196", "plain": "4"},
    ),
    Spec(
        "a variable that holds a censored result counts by the same rule",
        rule="2 * (at_start if flag is yes otherwise 1 mg/L)",
        study="{censored results: at the limit, variables: {at_start: CRP at baseline}}",
        tables={
            "labs": LABS,
            "patients": """
                | patient | start      | flag |
                | blank   | 2024-01-01 | yes  |
                | low     | 2024-01-01 | yes  |
                | none    | 2024-01-01 | no   |
            """,
        },
        expect={"blank": "10", "low": "16", "none": "2"},
    ),
    Spec(
        "half of a limit at or below zero would lie above it: the result keeps its bounds",
        rule="CRP at week 12 + 1 mg/L",
        study=HALF,
        tables={
            "patients": """
                | patient | start      |
                | zero    | 2024-01-01 |
                | under   | 2024-01-01 |
                | above   | 2024-01-01 |
            """,
            "labs": """
                | patient | test | taken      | result | unit |
                | zero    | CRP  | 2024-03-25 | <0     | mg/L |
                | under   | CRP  | 2024-03-25 | <-2    | mg/L |
                | above   | CRP  | 2024-03-25 | >-2    | mg/L |
            """,
        },
        expect={"zero": "below 1", "under": "below -1", "above": "-1"},
    ),
    Spec(
        "a sum or a median of several values of a patient takes what each counts as",
        rule="median of (CRP at baseline, CRP at week 12, 6 mg/L)",
        study=HALF,
        tables=TABLES,
        expect={"low": "6", "high": "50", "both": "6", "plain": "6", "blank": "unknown"},
    ),
    Spec(
        "a censored result stays below its limit where another value may stand in for a missing one",
        study="{tables: {labs: {columns: {upper: {type: number, unit: mg/L}}}}, measures: {CRP: {if missing: upper}}}",
        rule="CRP at baseline < 5 mg/L",
        tables={
            "patients": "| patient | start |\n| below | 2024-01-01 |\n| instead | 2024-01-01 |",
            "labs": """
                | patient | test | taken      | result | unit | upper |
                | below   | CRP  | 2024-01-01 | <5     | mg/L | 9     |
                | instead | CRP  | 2024-01-01 |        | mg/L | 5     |
            """,
        },
        expect={"below": True, "instead": False},
    ),
]
