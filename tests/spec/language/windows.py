"""The value at a timepoint: who is a candidate, and which candidate is chosen."""

from spec_format import Spec

START = "2024-01-01"  # day 0; day 70 is 2024-03-11, day 84 2024-03-25, day 98 2024-04-08


def _patients(*names: str) -> str:
    return "| patient | start |\n" + "\n".join(f"| {name} | {START} |" for name in names)


def _spec(
    says: str, rows: str, expect: dict[str, object], study: str = "", rule: str = "CRP at week 12", **more
) -> Spec:
    """Rows are drawn as patient, day of March or April, result; the unit is mg/L where none is drawn."""
    return Spec(
        says, rule=rule, study=study, tables={"labs": rows, "patients": _patients(*expect)}, expect=expect, **more
    )


def _drawn(*rows: str) -> str:
    """`patient date result` or `patient date result key=value …`, one row each."""
    lines = ["| patient | test | taken | result | unit | planned |"]
    for row in rows:
        patient, taken, result, *more = row.split()
        extra = dict(pair.split("=") for pair in more)
        cells = (patient, extra.get("test", "CRP"), taken.replace("T", " "), result, extra.get("unit", "mg/L"))
        drawn = [cell.replace("_", "") for cell in (*cells, extra.get("planned", ""))]
        lines.append("| " + " | ".join(drawn) + " |")
    return "\n".join(lines)


SPECS = [
    _spec(
        "a window's first and last day belong to it",
        _drawn("first 2024-03-11 1", "last 2024-04-08 2", "before 2024-03-10 3", "after 2024-04-09 4"),
        {"first": "1", "last": "2", "before": "missing", "after": "missing", "none": "missing"},
    ),
    _spec(
        "the days of a window are days of the calendar, whatever the time",
        _drawn("late 2024-04-08T23:59 2", "early 2024-03-11T00:00 1", "over 2024-04-09T00:00 3"),
        {"late": "2", "early": "1", "over": "missing"},
    ),
    _spec(
        "the row closest to the target day is chosen",
        _drawn(
            "both 2024-03-20 1", "both 2024-03-26 2", "both 2024-04-08 3", "exact 2024-03-25 4", "exact 2024-03-24 5"
        ),
        {"both": "2", "exact": "4"},
    ),
    _spec(
        "`first` and `last` go by day",
        _drawn("p 2024-03-20 1", "p 2024-03-26 2", "p 2024-04-08 3"),
        {"p": "2"},
        study="""
          timepoints:
            early: {window: 70 to 98, choose: first}
            late: {day: 84, window: 70 to 98, choose: last}
        """,
        rule="CRP at late - CRP at early",
    ),
    _spec(
        "`lowest` and `highest` go by value",
        _drawn("p 2024-03-20 1.5", "p 2024-03-26 0.5", "p 2024-04-08 3"),
        {"p": "2.5"},
        study="""
          timepoints:
            low: {day: 84, window: 70 to 98, choose: lowest}
            high: {day: 84, window: 70 to 98, choose: highest}
        """,
        rule="CRP at high - CRP at low",
    ),
    _spec(
        "a row that `where` leaves out is no candidate; one that it may leave out is in doubt",
        _drawn(
            "out 2024-03-25 1 test=FC",
            "out 2024-03-26 2",
            "doubt 2024-03-25 1 test=_",
            "doubt 2024-03-26 2",
            "behind 2024-03-25 1",
            "behind 2024-03-27 2 test=_",
            "alike 2024-03-25 2 test=_",
            "alike 2024-03-26 2",
            "alone 2024-03-25 1 test=_",
        ),
        {"out": "2", "doubt": "unknown", "behind": "1", "alike": "2", "alone": "unknown"},
        findings={"out": (), "doubt": ("doubtful",), "behind": ("doubtful",), "alone": ("doubtful",)},
        missing={"doubt": ("labs row 3 test blank",)},
    ),
    _spec(
        "a blank or unreadable value in front of the chosen one makes it unknown; behind it, it stands",
        _drawn(
            "front 2024-03-25 _",
            "front 2024-03-26 2",
            "behind 2024-03-25 1",
            "behind 2024-03-26 _",
            "words 2024-03-25 haemolysed",
            "words 2024-03-26 2",
            "unknown 2024-03-25 NK",
            "unknown 2024-03-26 2",
            "alone 2024-03-25 _",
        ),
        {"front": "unknown", "behind": "1", "words": "unknown", "unknown": "unknown", "alone": "unknown"},
        findings={"behind": ("doubtful",), "front": ("doubtful",)},
        missing={"front": ("labs row 1 result blank",), "words": ("labs row 5 result unreadable",)},
    ),
    _spec(
        "a row marked not done, refused or not applicable is skipped",
        _drawn(
            "done 2024-03-25 ND",
            "done 2024-03-26 2",
            "refused 2024-03-25 RF",
            "refused 2024-03-26 2",
            "inapt 2024-03-25 NA",
            "inapt 2024-03-26 2",
            "only 2024-03-25 ND",
        ),
        {"done": "2", "refused": "2", "inapt": "2", "only": "missing"},
        findings={"done": (), "only": ()},
    ),
    _spec(
        "an undated row may be the one, unless it says the same",
        _drawn(
            "undated _ 1",
            "undated 2024-03-26 2",
            "same _ 2",
            "same 2024-03-26 2",
            "alone _ 2",
            "month 2024-03 1",
            "month 2024-03-26 2",
            "far 2024-02 1",
            "far 2024-03-26 2",
            "year 2024 3",
        ),
        {"undated": "unknown", "same": "2", "alone": "unknown", "month": "unknown", "far": "2", "year": "unknown"},
        missing={"undated": ("labs row 1 taken blank",), "month": ("labs row 6 taken partial",)},
    ),
    _spec(
        "a partial date that can't come first leaves the chosen row",
        _drawn("p 2024-04 1", "p 2024-03-25 2", "q 2024-04 1", "q 2024-04-05 2"),
        {"p": "2", "q": "unknown"},
    ),
    _spec(
        "is it missing? Only where no row could be chosen",
        _drawn("value 2024-03-25 1", "blank 2024-03-25 _", "done 2024-03-25 ND", "undated _ 1", "outside 2024-02-01 1"),
        {"value": False, "blank": None, "done": True, "undated": None, "outside": True, "none": True},
        rule="CRP at week 12 is missing",
    ),
    _spec(
        "without day zero no row has a day",
        _drawn("start 2024-01-01 1", "none 2024-01-01 1"),
        {"start": "1"},
        rule="CRP at baseline",
    ),
    Spec(
        "a patient without day zero: unknown where there are rows, missing where there are none",
        rule="CRP at baseline",
        tables={
            "patients": """
                | patient | start |
                | rows    |       |
                | no rows |       |
            """,
            "labs": """
                | patient | test | taken      | result | unit |
                | rows    | CRP  | 2024-01-01 | 1      | mg/L |
            """,
        },
        expect={"rows": "unknown", "no rows": "missing"},
    ),
    _spec(
        "a table without its file: unknown for everyone",
        _drawn(),
        {"someone": "unknown"},
        absent=("labs",),
    ),
    _spec(
        "a timepoint without a window is that day alone",
        _drawn("day 2024-03-25 1", "next 2024-03-26 2"),
        {"day": "1", "next": "missing"},
        study="{timepoints: {exactly: {day: 84}}}",
        rule="CRP at exactly",
    ),
    _spec(
        "a timepoint may be told by its visit, and then needs no window",
        _drawn("visit 2024-05-01 1 planned=yes", "visit 2024-03-25 2 planned=no", "doubt 2024-03-25 3"),
        {"visit": "1", "doubt": "unknown", "none": "missing"},
        study="{timepoints: {visit: {visit: planned is yes}}}",
        rule="CRP at visit",
    ),
    _spec(
        "a visit and a window must both hold",
        _drawn("both 2024-03-25 1 planned=yes", "early 2024-01-25 2 planned=yes", "other 2024-03-25 3 planned=no"),
        {"both": "1", "early": "missing", "other": "missing"},
        study="{timepoints: {visit: {day: 84, window: 70 to 98, visit: planned is yes}}}",
        rule="CRP at visit",
    ),
    _spec(
        "other fields are read from the chosen row",
        _drawn("p 2024-03-20 1 planned=yes", "p 2024-03-25 2 planned=no", "none 2024-02-01 1 planned=yes"),
        {"p": False, "none": None},
        rule="CRP.planned at week 12 is yes",
    ),
    _spec(
        "fall, rise, and percent fall from one timepoint to another",
        _drawn("p 2024-01-01 8.2", "p 2024-03-25 4.1", "q 2024-01-01 8.2", "q 2024-03-25 4.11", "r 2024-03-25 4.1"),
        {"p": True, "q": False, "r": None},
        rule="percent fall in CRP from baseline to week 12 >= 50 %",
    ),
    _spec(
        "exactly 100 points are 100 points: 284.7 to 184.7",
        _drawn("p 2024-01-01 284.7", "p 2024-03-25 184.7", "q 2024-01-01 284.7", "q 2024-03-25 184.8"),
        {"p": True, "q": False},
        rule="fall in CRP from baseline to week 12 >= 100 mg/L",
    ),
    _spec(
        "exactly 150 is not under 150",
        _drawn("p 2024-03-25 150", "q 2024-03-25 149.9", "r 2024-03-25 <150"),
        {"p": False, "q": True, "r": True},
        rule="CRP at week 12 < 150 mg/L",
    ),
    _spec(
        "a percent change from zero is unknown",
        _drawn("p 2024-01-01 0", "p 2024-03-25 4.1"),
        {"p": "unknown"},
        rule="percent fall in CRP from baseline to week 12",
    ),
]
