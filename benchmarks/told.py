"""What the hand-written query says beside a decision: the parts it rests on with their values, and what is open."""

from __future__ import annotations

from benchmarks.rules import INTERVALS, NAMES, POINTS, TABLES, VARIABLES, recorded

PLAIN = {"status": ("status", "lost"), "start_choice": ("start_choice", "preference"), "active_cd": ("active_cd", "active_cd"),
         "prior": ("prior", "prior"), "severe": ("severe", "severe"), "concurrent": ("concurrent", "concurrent"),
         "calm_w": ("SES-CD.calm at week 12", "calm_w"), "clear_w": ("SES-CD.surface_clear at week 12", "clear_w")}  # fmt: skip
KNOWN = {
    "age": "age_known",
    "BMI": "bmi_known",
    "first_dose": "CASE WHEN first_dose IS NOT NULL THEN true WHEN NOT dosed THEN false END",
}


def label(part: str) -> str:
    """A part's name as people know it."""
    if part in PLAIN:
        return PLAIN[part][0]
    measure, _, point = part.rpartition("_")
    return f"{NAMES[measure]} at {POINTS[point][0]}" if measure in NAMES and point in POINTS else part


def is_measure(part: str) -> bool:
    """The part is a measure at a timepoint."""
    return part[:-2] in NAMES and part[-2:] in ("_b", "_w")


def measure_text(column: str) -> str:
    """A measure's chosen value as text."""
    return f"censored(shown({column}), shown({column}_hi))" if column[:-2] in INTERVALS else f"shown({column})"


def value(part: str) -> str:
    """A part's value as text, empty where there is none."""
    if is_measure(part):
        return measure_text(part)
    if part in VARIABLES:
        return VARIABLES[part]
    return "coalesce(location, '')" if part == "montreal_location" else f"three({PLAIN[part][1]}, 'yes', 'no')"


def known(part: str) -> str:
    """Whether there is a value: true, false, or null where nobody can tell."""
    if is_measure(part):
        return recorded(part)
    return KNOWN.get(part, f"({value(part)}) <> ''")


def evidence(parts: tuple[str, ...]) -> str:
    """`SES-CD at week 12 = 3 (2024-03-01, exam row 17); age = 34`."""
    return " || '; ' || ".join(_one(part) for part in parts)


def _one(part: str) -> str:
    text = f"CASE WHEN ({known(part)}) IS NULL THEN 'unknown' ELSE coalesce(nullif({value(part)}, ''), 'missing') END"
    if is_measure(part):
        relation = TABLES.get(part[:-2], "labs")
        text += f" || CASE WHEN {part}_row IS NULL THEN '' ELSE ' (' || coalesce(CAST({part}_day AS VARCHAR) || ', ', '') || '{relation} row ' || CAST({part}_row AS VARCHAR) || ')' END"
    return f"'{label(part)} = ' || {text}"


def missing(parts: tuple[str, ...]) -> str:
    """The parts that are not known, with the rows in the way."""
    told = []
    for part in parts:
        text = f"'{label(part)}'"
        if is_measure(part):
            relation = TABLES.get(part[:-2], "labs")
            text += f" || coalesce(' [{relation} row ' || replace({part}_rows, ', ', '; {relation} row ') || ']', ' [no value in {relation}]')"
        told.append(f"CASE WHEN ({known(part)}) IS NOT true OR ({value(part)}) LIKE '% %' THEN {text} END")
    return f"concat_ws('; ', {', '.join(told)})"
