"""What doubt leaves open: bounds, order in time, what conditions and groups read.

Random studies brought these to light, too.
"""

from found_studies import CATALOGUE, EXAMS, EXPECTED, LINKED, TAKEN, patients_drawn
from spec_format import Spec

SPECS = [
    Spec(
        "the median is recorded once it is settled, whatever the value that is in doubt",
        rule="median recorded of (5, 4, (4 if flag is yes otherwise 0)) is recorded",
        tables={
            "patients": """
                | patient | flag |
                | yes     | yes  |
                | blank   |      |
            """
        },
        expect={"yes": True, "blank": True},
    ),
    Spec(
        "unknown is the mean of a value of which only an upper bound is known, and not missing",
        rule="mean CRP from baseline to week 12 is missing",
        tables={
            "patients": patients_drawn("known", "below", "none"),
            "labs": """
                | patient | test | taken      | result | unit |
                | known   | CRP  | 2024-01-02 | 4      | mg/L |
                | below   | CRP  | 2024-01-02 | <5     | mg/L |
            """,
        },
        expect={"known": False, "below": None, "none": True},
    ),
    Spec(
        "a day alone and a moment of that day are two values, though neither comes before the other",
        rule="number of different taken in labs",
        tables={"labs": TAKEN},
        expect={"both": "2", "twice": "1", "times": "2"},
    ),
    Spec(
        "and `only` can't choose between them",
        rule="(only taken in labs) = 2024-01-01",
        tables={"labs": TAKEN},
        expect={"both": None, "twice": True, "times": None},
    ),
    Spec(
        "of the rows of a day nobody can tell what came before, if one has no time of day",
        rule="number of labs where (previous lower by taken >= 1)",
        tables={
            "labs": """
                | patient | taken            | lower |
                | times   | 2024-01-01 08:00 | 1     |
                | times   | 2024-01-01 09:00 | 2     |
                | shared  | 2024-01-01       | 1     |
                | shared  | 2024-01-01 09:00 | 2     |
                | later   | 2024-01-01       | 1     |
                | later   | 2024-01-02 09:00 | 2     |
                | agree   | 2024-01-01       | 1     |
                | agree   | 2024-01-01 09:00 | 1     |
                | agree   | 2024-01-02       | 0     |
            """
        },
        expect={"times": "1", "shared": "0 to 2", "later": "1", "agree": "1 to 3"},
    ),
    Spec(
        "a group's field may look back to the group before",
        study=EXAMS.replace("heavy: summed > a", "before: previous summed by done"),
        rule="before of latest exam by done",
        tables={
            "patients": patients_drawn("two", "one", a="4", b="2"),
            "parts": """
                | patient | exam | done       | score |
                | two     | e1   | 2024-01-01 | 2     |
                | two     | e1   | 2024-01-01 | 3     |
                | two     | e2   | 2024-02-01 | 1     |
                | one     | e3   | 2024-01-01 | 9     |
            """,
        },
        expect={"two": "5", "one": "not applicable"},
    ),
    Spec(
        "a cell's condition may count days",
        study="{tables: {drugs: {columns: {dose: {type: number, expected if: day of given >= 0}}}}}",
        rule="number of drugs where (dose is missing)",
        tables={
            "patients": patients_drawn("after", "before", "undated"),
            "drugs": """
                | patient | given      | dose |
                | after   | 2024-01-01 |      |
                | before  | 2023-12-31 |      |
                | undated |            |      |
            """,
        },
        expect={"after": "1", "before": "0", "undated": "0 to 1"},
    ),
    Spec(
        "a cell's condition may look something up",
        study=LINKED + EXPECTED,
        rule="number of drugs where (dose is missing)",
        tables={
            "catalogue": CATALOGUE,
            "drugs": """
                | patient | times | dose |
                | yes     | 1     |      |
                | n/a     | 2     |      |
                | no key  |       |      |
            """,
        },
        expect={"yes": "1", "n/a": "0", "no key": "0 to 1"},
    ),
    Spec(
        "a row that is looked up keeps the conditions of its cells, also those that read the patient",
        study="""
          tables:
            labs: {one row for each: lab, columns: {lab: whole number, upper: {type: number, valid if: sex is male}}}
            drugs: {links: {of: times in labs}}
        """,
        rule="any drugs where (of.upper > 3)",
        tables={
            "patients": """
                | patient | sex    |
                | male    | male   |
                | female  | female |
            """,
            "labs": """
                | lab | patient | upper |
                | 1   | male    | 5     |
                | 2   | female  | 5     |
            """,
            "drugs": """
                | patient | times |
                | male    | 1     |
                | female  | 2     |
            """,
        },
        expect={"male": True, "female": None},
    ),
    Spec(
        "inside a group a finer one may have no rows that can be told: unknown, where no rows mean nothing",
        study=EXAMS.replace("{patient: text", "{place: text, patient: text")
        + "    site: {rows of: parts, one for each: [exam, place], fields: {most: highest score in parts}}",
        rule="any exam where (no site where (most > 5))",
        tables={
            "patients": patients_drawn("known", "no key", a="4", b="2"),
            "parts": """
                | patient | exam | place | score |
                | known   | e1   | left  | 2     |
                | no key  | e2   |       | 2     |
            """,
        },
        expect={"known": True, "no key": None},
    ),
    Spec(
        "below 5 is surely below 5: it never stands in the way of the highest",
        study="{timepoints: {peak: {window: 0 to 90, choose: highest}}}",
        rule="CRP at peak",
        tables={
            "patients": patients_drawn("open", "closed", "above"),
            "labs": """
                | patient | test | taken      | result | unit |
                | open    | CRP  | 2024-01-02 | 5      | mg/L |
                | open    | CRP  | 2024-02-01 | <5     | mg/L |
                | closed  | CRP  | 2024-01-02 | 5      | mg/L |
                | closed  | CRP  | 2024-02-01 | ≤5     | mg/L |
                | above   | CRP  | 2024-01-02 | >5     | mg/L |
                | above   | CRP  | 2024-02-01 | 5      | mg/L |
            """,
        },
        # `≤5` may be 5, and then the later day decides
        expect={"open": "5", "closed": "unknown", "above": "above 5"},
    ),
    Spec(
        "whether a record without a date comes before others of its visit by its time can't be told",
        study="""
          timepoints: {visit: {visit: planned is yes, choose: closest}}
          ties: [later time]
        """,
        rule="CRP at visit",
        tables={
            "patients": patients_drawn("dated", "alone", "undated"),
            "labs": """
                | patient | test | taken            | result | unit | planned |
                | dated   | CRP  | 2024-01-01 08:00 | 4      | mg/L | yes     |
                | dated   | CRP  | 2024-01-01 09:00 | 5      | mg/L | yes     |
                | alone   | CRP  |                  | 4      | mg/L | yes     |
                | undated | CRP  | 2024-01-01 08:00 | 4      | mg/L | yes     |
                | undated | CRP  |                  | 5      | mg/L | yes     |
            """,
        },
        expect={"dated": "5", "alone": "4", "undated": "unknown"},
    ),
    Spec(
        "a row that may not count is no threat once one that surely counts comes before it",
        study="""
          timepoints: {visit: {visit: planned is yes, choose: closest}}
          ties: [later time]
        """,
        rule="CRP at visit",
        tables={
            "patients": patients_drawn("behind", "before"),
            "labs": """
                | patient | test | taken            | result | unit | planned |
                | behind  | CRP  |                  | 5      | mg/L | yes     |
                | behind  | CRP  | 2024-01-01       | 5      | mg/L | yes     |
                | behind  |      | 2024-01-01 08:00 | 20     | mg/L | yes     |
                | before  | CRP  |                  | 5      | mg/L | yes     |
                | before  | CRP  | 2024-01-01 07:00 | 5      | mg/L | yes     |
                | before  |      | 2024-01-01 08:00 | 20     | mg/L | yes     |
            """,
        },
        # without a time of day a row comes before all others
        expect={"behind": "5", "before": "unknown"},
    ),
    Spec(
        "a day in December is before day zero: as near as day 1 it comes second where later days come first",
        rule="CRP at baseline",
        study="{timepoints: {baseline: {day: 0, window: -10 to 1, choose: closest}}}",
        tables={
            "patients": patients_drawn("later", "nearer"),
            "labs": """
                | patient | test | taken      | result | unit |
                | later   | CRP  | 2024-01-02 | 5      | mg/L |
                | later   | CRP  | 2023-12    | 4      | mg/L |
                | nearer  | CRP  | 2023-12-30 | 5      | mg/L |
                | nearer  | CRP  | 2023-12    | 4      | mg/L |
            """,
        },
        expect={"later": "5", "nearer": "unknown"},
    ),
    Spec(
        "the highest of several values is above what the highest of them is above",
        rule="highest of (CRP at baseline, 1 mg/L)",
        tables={
            "patients": patients_drawn("above", "below", "known"),
            "labs": """
                | patient | test | taken      | result | unit |
                | above   | CRP  | 2024-01-01 | >20    | mg/L |
                | below   | CRP  | 2024-01-01 | <5     | mg/L |
                | known   | CRP  | 2024-01-01 | 5      | mg/L |
            """,
        },
        expect={"above": "above 20", "below": "1 to 5", "known": "5"},
    ),
    Spec(
        "a value that is bounded on one side only leaves the median unknown, and not missing",
        rule="median of (CRP at baseline, 1 mg/L, 2 mg/L) is missing",
        tables={
            "patients": patients_drawn("below", "known", "none"),
            "labs": """
                | patient | test | taken      | result | unit |
                | below   | CRP  | 2024-01-01 | <5     | mg/L |
                | known   | CRP  | 2024-01-01 | 5      | mg/L |
            """,
        },
        expect={"below": None, "known": False, "none": True},
    ),
    Spec(
        "a median may be an end that one value leaves out, if another reaches it",
        rule="median of (lowest of (CRP at baseline, 5 mg/L), 0 mg/L, 0 mg/L) > 0 mg/L",
        tables={
            "patients": patients_drawn("above", "known"),
            "labs": """
                | patient | test | taken      | result | unit |
                | above   | CRP  | 2024-01-01 | >0     | mg/L |
                | known   | CRP  | 2024-01-01 | 10     | mg/L |
            """,
        },
        expect={"above": False, "known": False},
    ),
    Spec(
        "a median lies past an end that all its values leave out",
        rule="median of (lowest of (CRP at baseline, 5 mg/L), lowest of (CRP at baseline, 6 mg/L)) > 0 mg/L",
        tables={
            "patients": patients_drawn("above", "at least", "known"),
            "labs": """
                | patient  | test | taken      | result | unit |
                | above    | CRP  | 2024-01-01 | >0     | mg/L |
                | at least | CRP  | 2024-01-01 | >=0    | mg/L |
                | known    | CRP  | 2024-01-01 | 10     | mg/L |
            """,
        },
        expect={"above": True, "at least": None, "known": True},
    ),
    Spec(
        "where nobody can tell which case applies, a bound that one of them reaches is reached",
        rule="(CRP at baseline if flag is yes otherwise 20 mg/L) >= 20 mg/L and "
        "(CRP at baseline if flag is yes otherwise 21 mg/L) > 20 mg/L",
        tables={
            "patients": """
                | patient | start      | flag |
                | above   | 2024-01-01 |      |
                | twenty  | 2024-01-01 |      |
            """,
            "labs": """
                | patient | test | taken      | result | unit |
                | above   | CRP  | 2024-01-01 | >20    | mg/L |
                | twenty  | CRP  | 2024-01-01 | 20     | mg/L |
            """,
        },
        expect={"above": True, "twenty": None},
    ),
    Spec(
        "the first recorded value is found behind a blank of an earlier day",
        rule="first recorded CRP from baseline to week 12",
        tables={
            "patients": patients_drawn("one", "doubt"),
            "labs": """
                | patient | test | taken      | result | unit  |
                | one     | CRP  | 2024-01-02 |        | mg/L  |
                | one     | CRP  | 2024-01-03 | 5      | mg/L  |
                | doubt   | CRP  | 2024-01-02 |        | mg/L  |
                | doubt   | CRP  | 2024-01-03 | 5      | boxes |
            """,
        },
        expect={"one": "5", "doubt": "unknown"},
    ),
    Spec(
        "hours from a moment that is missing are missing, whether or not the other one has a time of day",
        rule="hours from seen to left is missing",
        tables={
            "patients": """
                | patient | seen             | left       |
                | missing |                  | 2024-01-02 |
                | day     | 2024-01-01 08:00 | 2024-01-02 |
            """
        },
        expect={"missing": True, "day": None},
    ),
    Spec(
        "a row of which the order does not apply comes before none, and none before it",
        rule="number of drugs where (previous dose by times >= 1)",
        tables={
            "drugs": """
                | patient | times | dose |
                | n/a     | 1     | 1    |
                | n/a     | 2     | 2    |
                | n/a     | NA    | 3    |
                | blank   | 1     | 1    |
                | blank   | 2     | 2    |
                | blank   |       | 3    |
                | two     | NA    | 1    |
                | two     |       | 2    |
            """
        },
        expect={"n/a": "1", "blank": "0 to 3", "two": "0"},
    ),
    Spec(
        "the last of several rows may be told though no day is: day zero is some day of January for all of them",
        rule="last CRP from baseline to week 12",
        tables={
            "patients": """
                | patient | start   |
                | sure    | 2024-01 |
                | apart   | 2024-01 |
                | agree   | 2024-01 |
            """,
            "labs": """
                | patient | test | taken      | result | unit |
                | sure    | CRP  | 2024-02-01 | 4      | mg/L |
                | sure    | CRP  | 2024-03-05 | 5      | mg/L |
                | apart   | CRP  | 2024-02-01 | 4      | mg/L |
                | apart   | CRP  | 2024-02-20 | 5      | mg/L |
                | agree   | CRP  | 2024-02-01 | 5      | mg/L |
                | agree   | CRP  | 2024-02-20 | 5      | mg/L |
            """,
        },
        # days 1 to 31 and 34 to 64; days 1 to 31 and 20 to 50 might be in either order
        expect={"sure": "5", "apart": "unknown", "agree": "5"},
    ),
    Spec(
        "whether a value is normal is unknown where there is none, and so is whether that is recorded",
        rule="tested is recorded",
        study="variables: {tested: CRP at baseline is normal}",
        tables={
            "patients": patients_drawn("normal", "blank", "none"),
            "labs": """
                | patient | test | taken      | result | unit |
                | normal  | CRP  | 2024-01-01 | 4      | mg/L |
                | blank   | CRP  | 2024-01-01 |        | mg/L |
            """,
        },
        expect={"normal": True, "blank": None, "none": None},
    ),
    Spec(
        "where every case is missing, so is the value, whichever of them applies",
        rule="(a if flag is yes otherwise b) is missing",
        tables={
            "patients": """
                | patient | a | b | flag |
                | neither |   |   |      |
                | one     | 1 |   |      |
                | both    | 1 | 1 |      |
            """
        },
        expect={"neither": True, "one": None, "both": False},
    ),
    Spec(
        "a result that was not done is no candidate, in whatever unit the measure has it",
        rule="Dose at baseline is missing",
        study="""
          tables: {drugs: {columns: {dose: {type: number, unit: kg}}}}
          measures: {Dose: {from: drugs.dose, date: given, unit: g}}
        """,
        tables={
            "patients": patients_drawn("not done", "blank", "given"),
            "drugs": """
                | patient  | given      | dose |
                | not done | 2024-01-01 | ND   |
                | blank    | 2024-01-01 |      |
                | given    | 2024-01-01 | 1    |
            """,
        },
        expect={"not done": True, "blank": None, "given": False},
    ),
    Spec(
        "a group's field may count rows of another table, and these look back on their own",
        study=EXAMS.replace("heavy: summed > a", "risen: any drugs where (dose > previous dose by given)"),
        rule="any exam where (risen)",
        tables={
            "patients": patients_drawn("up", "down", a="4", b="2"),
            "parts": """
                | patient | exam | done       | score |
                | up      | e1   | 2024-01-01 | 2     |
                | down    | e2   | 2024-01-01 | 2     |
            """,
            "drugs": """
                | patient | given      | dose |
                | up      | 2024-01-01 | 1    |
                | up      | 2024-01-02 | 2    |
                | down    | 2024-01-01 | 2    |
                | down    | 2024-01-02 | 1    |
            """,
        },
        expect={"up": True, "down": False},
    ),
    Spec(
        "a row without its group's key belongs to none: what the group would say of it is missing",
        study=EXAMS.replace("one row for each: line", "one row for each: [exam, line]"),
        rule="any parts where (exam.summed is missing)",
        tables={
            "patients": patients_drawn("keyed", "no key", a="4", b="2"),
            "parts": """
                | patient | exam | line | score |
                | keyed   | e1   | 1    | 2     |
                | no key  |      | 2    | 2     |
            """,
        },
        expect={"keyed": False, "no key": True, "none": None},
    ),
]
