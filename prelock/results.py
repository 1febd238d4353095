"""The result tables: what each file of a run holds, its columns, their types and meaning, the sort order and the key.

Validators return expressions with these columns; writers, `Run` and the documentation read this one description.
Statuses and names are a contract: columns may be added, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cell(StrEnum):
    """How a column's cells are written. A number goes through `number_text`; empty is an empty field."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"


@dataclass(frozen=True)
class ResultColumn:
    """One column: its name, its meaning, the type of its cells and, where they are few, the values it may hold."""

    name: str
    meaning: str
    cell: Cell = Cell.TEXT
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultTable:
    """One result file. `row` says what a row is; rows are sorted by `sort` (bytewise, empty last) and told by `key`.

    `further` describes the columns that follow those listed (one a criterion, one a population), None: none do.
    A sort that starts with `ORDER` keeps the study's order, from a whole-number column `order` that is not written.
    """

    name: str
    row: str
    columns: tuple[ResultColumn, ...]
    sort: tuple[str, ...]
    key: tuple[str, ...]
    further: ResultColumn | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the declared columns, in order."""
        return tuple(column.name for column in self.columns)


ORDER = "order"
SECOND = "second opinion"


def second(check: str) -> str:
    """The name of the second opinion on a check."""
    return f"{check} ({SECOND})"


def is_second(check: str) -> bool:
    """Whether a check is a second opinion on another."""
    return check.endswith(f"({SECOND})")


ELIGIBILITY = ("eligible", "ineligible", "undetermined")
CRITERION = ("passes", "fails", "unknown")
OUTCOME = ("achieved", "not achieved", "not evaluable", "not applicable", "undetermined")
COMPLETENESS = ("recorded", "missing", "not done", "not expected", "not due", "recorded though not expected")
CHECK = ("error", "not applicable", "failed", "passed")
SEVERITY = ("error", "warning", "note")
THREE = ("yes", "no", "unknown")
MISSING_RULE = ("as observed", "non-responder", "last observation")


def _text(name: str, meaning: str, values: tuple[str, ...] = ()) -> ResultColumn:
    return ResultColumn(name, meaning, Cell.TEXT, values)


def _whole(name: str, meaning: str) -> ResultColumn:
    return ResultColumn(name, meaning, Cell.WHOLE)


def _number(name: str, meaning: str) -> ResultColumn:
    return ResultColumn(name, meaning, Cell.NUMBER)


_PATIENT = _text("patient", "the patient's key, as in the patient table")
_EVIDENCE = _text("evidence", "the values used, each with its date and its row in the source file")
_MISSING = _text("missing", "if undecided: the cells that would settle it")

_FINDINGS = ResultTable(
    "findings",
    "a problem in a record, or a query raised by a rule",
    (
        _text("finding_id", "stable identifier, made from rule, table, declared key and column, never from position"),
        _text("rule", "the check, column rule or definition that raised it"),
        _text("kind", "the kind of problem: type, range, code, pattern, required, key, orphan, date order, unit, …"),
        _text("severity", "how much it weighs at the gate", SEVERITY),
        _text("grain", "what it is about: study, table, column, record, group or patient"),
        _text("table", "the table, as the study names it"),
        _text("file", "the source file; of a workbook also the sheet, `book.xlsx [Sheet]`"),
        _whole("row", "the record's number in the file, from 1, the header not counted"),
        _whole("line", "the record's line in a text file, or its row in a sheet"),
        _text("key", "the record's declared key, `column=value` parts joined by `, `"),
        _PATIENT,
        _text("site", "the patient's site, where the study says which column it is"),
        _text("visit", "the visit, where the table has one"),
        _text("column", "the column, as the study names it"),
        _text("value", "the cell as written in the file"),
        _text("related_cells", "other cells that belong to the problem: `file row N column = value`, joined by `; `"),
        _text("message", "a query that can be sent to the site"),
        _text("decides", "the criteria and endpoints of this patient that read the cell, joined by `; `"),
    ),
    ("patient", "table", "key", "column", "rule", "finding_id"),
    ("finding_id",),
)

_CHECKS = ResultTable(
    "checks",
    "a rule or check",
    (
        _text("check", "the check's name"),
        _text("grain", "what it looks at: table, column, record, group or patient"),
        _whole("checked", "how many it looked at: passed + failed + unknown + not_applicable"),
        _whole("passed", "how many are fine"),
        _whole("failed", "how many are not"),
        _whole("unknown", "how many could not be judged"),
        _whole("not_applicable", "how many it does not apply to"),
        _text("error", "why it could not run"),
        _text("status", "the verdict; a check that could not run is an error and never passes", CHECK),
    ),
    ("check",),
    ("check",),
)

_VARIABLES = ResultTable(
    "variables",
    "a patient and a derived variable",
    (
        _PATIENT,
        _text("variable", "the variable's name"),
        _text("value", "its value; empty if unknown or missing"),
        _text("unit", "its unit"),
        _EVIDENCE,
        _MISSING,
    ),
    ("patient", "variable"),
    ("patient", "variable"),
)

_MEASURES = ResultTable(
    "measures",
    "a patient, a measure and a timepoint",
    (
        _PATIENT,
        _text("measure", "the measure's name"),
        _text("timepoint", "the timepoint's name"),
        _text("value", "the chosen value, in `unit`"),
        _text("unit", "the measure's unit"),
        _text("reported", "the value as reported, in the record's own unit"),
        _text("date", "the record's date"),
        _whole("day", "the study day of that date"),
        _text("table", "the table of the record"),
        _whole("row", "the record's number in its file"),
        _text("normal", "within the normal limits, where the measure has any", THREE),
        _text("counted_as", "what arithmetic takes for a censored value, by the study's rule; empty for every other"),
    ),
    ("patient", "measure", "timepoint"),
    ("patient", "measure", "timepoint"),
)

_POPULATIONS = ResultTable(
    "populations",
    "a patient",
    (_PATIENT,),
    ("patient",),
    ("patient",),
    further=_text("(population)", "one column a population, named after it", THREE),
)

_ELIGIBILITY = ResultTable(
    "eligibility",
    "a patient",
    (
        _PATIENT,
        _text("status", "any criterion fails: ineligible; else any unknown: undetermined; else eligible", ELIGIBILITY),
        _text("reason", "the first criterion, in the order of the study, that fails or is unknown"),
        _MISSING,
    ),
    ("patient",),
    ("patient",),
    further=_text("(criterion)", "one column a criterion, named after it", CRITERION),
)

_CRITERIA = ResultTable(
    "criteria",
    "a patient and a criterion",
    (
        _PATIENT,
        _text("criterion", "the criterion's name"),
        _text("kind", "the side it stands on", ("include", "exclude")),
        _text("status", "whether the patient gets past it: an exclusion whose rule holds fails", CRITERION),
        _EVIDENCE,
        _MISSING,
    ),
    ("patient", "criterion"),
    ("patient", "criterion"),
)

_ATTRITION = ResultTable(
    "attrition",
    "a step of the flow; step 0 is all patients",
    (
        _whole("step", "the step's number"),
        _text("criterion", "the criterion of the step"),
        _whole("excluded", "patients who leave here: the first criterion that fails"),
        _whole("excluded_any", "patients whom this criterion excludes, whatever the others say"),
        _whole("excluded_only", "patients whom this criterion alone excludes"),
        _whole("undetermined", "patients who leave here undetermined: none fails, and this is the first unknown"),
        _whole("remaining", "patients left after the step; after the last one the eligible"),
    ),
    ("step",),
    ("step",),
)

_OUTCOMES = ResultTable(
    "outcomes",
    "a patient, an endpoint and one of its definitions",
    (
        _PATIENT,
        _text("endpoint", "the endpoint's name"),
        _text("definition", "the definition's name; the study's own is `main`"),
        _text("status", "the patient's status by that definition", OUTCOME),
        _EVIDENCE,
        _MISSING,
    ),
    ("patient", "endpoint", "definition"),
    ("patient", "endpoint", "definition"),
)

_OUTCOME_SUMMARY = ResultTable(
    "outcome_summary",
    "an endpoint, a definition and a rule for missing data",
    (
        _text("endpoint", "the endpoint's name"),
        _text("definition", "the definition's name; the study's own is `main`"),
        _text("population", "the population's name"),
        _whole("population_n", "patients in the population"),
        _text("missing_rule", "how missing data count", MISSING_RULE),
        _whole("achieved", "patients who achieved it"),
        _whole("denominator", "as observed: achieved + not achieved; non-responder: population_n"),
        _whole("evaluable", "achieved + not achieved"),
        _whole("not_evaluable", "patients of the population who can't be evaluated"),
        _whole("undetermined", "patients whose evaluability or achievement is unknown"),
        _whole("membership_unknown", "patients who may belong to the population; in no denominator"),
        _number("percent", "100 × achieved / denominator, unrounded"),
        _number("ci_low", "lower limit of the 95 % interval, a fraction"),
        _number("ci_high", "upper limit of the 95 % interval, a fraction"),
        _text("ci_method", "the interval's method", ("wilson", "clopper-pearson")),
    ),
    (ORDER, "endpoint", "definition", "missing_rule"),
    ("endpoint", "definition", "missing_rule"),
)

_CHARACTERISTICS = ResultTable(
    "characteristics",
    "a characteristic and one of its levels",
    (
        _text("characteristic", "the characteristic's name"),
        _text("level", "the level; empty for a number"),
        _whole("n", "patients of that level; for a number, patients with a value"),
        _whole("denominator", "patients with a value"),
        _text("population", "the population's name"),
        _number("percent", "100 × n / denominator, unrounded"),
        _whole("missing", "patients of the population without a value"),
        _number("mean", "mean"),
        _number("sd", "standard deviation (n − 1)"),
        _number("median", "median"),
        _number("q1", "lower quartile, interpolated (type 7)"),
        _number("q3", "upper quartile, interpolated (type 7)"),
        _number("min", "lowest value"),
        _number("max", "highest value"),
        _whole("substituted", "patients whose number rests on a censored result counted by its limit"),
    ),
    (ORDER, "characteristic", "level"),
    ("characteristic", "level"),
)

_ADVERSE_EVENTS = ResultTable(
    "adverse_events",
    "an event",
    (
        _PATIENT,
        _text("key", "the record's declared key"),
        _text("term", "the event as reported"),
        _text("category", "the study's category; empty if it fits none"),
        _text("treatment_emergent", "whether it counts as treatment-emergent", THREE),
        _text("serious", "whether it is serious", THREE),
        _whole("grade", "its grade"),
        _text("grading", "the dictionary and term that the grade comes from"),
    ),
    ("patient", "key", "category"),
    ("patient", "key", "category"),
)

_ADVERSE_EVENT_SUMMARY = ResultTable(
    "adverse_event_summary",
    "a category; the first row is any event",
    (
        _text("category", "the category's name"),
        _whole("events", "treatment-emergent events"),
        _whole("patients", "patients with at least one"),
        _number("percent", "100 × patients / denominator, unrounded"),
        _whole("denominator", "patients in the safety population"),
        _whole(
            "unknown_events",
            "events that might count: treatment-emergent or not, or of a patient of whom that is not known",
        ),
        _whole("unknown_patients", "patients with such events and no other: they might have to be counted"),
    ),
    (ORDER, "category"),
    ("category",),
)

_COMPLETENESS = ResultTable(
    "completeness",
    "a patient, an item and a timepoint",
    (
        _PATIENT,
        _text("item", "the measure, column or variable"),
        _text("timepoint", "the timepoint's name"),
        _text("expected", "whether it should be there", THREE),
        _text("status", "what is there", COMPLETENESS),
        _whole("days_from_target", "days from the timepoint's target day to the chosen record"),
    ),
    ("patient", "item", "timepoint"),
    ("patient", "item", "timepoint"),
)

_COMPLETENESS_SUMMARY = ResultTable(
    "completeness_summary",
    "an item and a timepoint",
    (
        _text("item", "the measure, column or variable"),
        _text("timepoint", "the timepoint's name"),
        _whole("expected", "patients for whom it is, or may be, expected"),
        _whole("recorded", "of these, patients with a value"),
        _number("percent", "100 × recorded / expected, unrounded"),
    ),
    (ORDER, "item", "timepoint"),
    ("item", "timepoint"),
)

TABLES: dict[str, ResultTable] = {
    "findings": _FINDINGS,
    "checks": _CHECKS,
    "variables": _VARIABLES,
    "measures": _MEASURES,
    "populations": _POPULATIONS,
    "eligibility": _ELIGIBILITY,
    "criteria": _CRITERIA,
    "attrition": _ATTRITION,
    "outcomes": _OUTCOMES,
    "outcome_summary": _OUTCOME_SUMMARY,
    "characteristics": _CHARACTERISTICS,
    "adverse_events": _ADVERSE_EVENTS,
    "adverse_event_summary": _ADVERSE_EVENT_SUMMARY,
    "completeness": _COMPLETENESS,
    "completeness_summary": _COMPLETENESS_SUMMARY,
}

FINDING_COLUMNS: tuple[str, ...] = _FINDINGS.names


def number_text(value: float | int | None) -> str:
    """A number as every result writes it: at most 9 decimals, no exponent, no trailing zeros; None is empty."""
    if value is None or value != value:
        return ""
    text = f"{value:.9f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
