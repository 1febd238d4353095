"""Adverse events: where they come from, which are treatment-emergent or serious, and their categories."""

from __future__ import annotations

import re

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_mapping, read_text
from prelock.documents.tree import Element, Entry
from prelock.rules.nodes import Node
from prelock.rules.types import Kind
from prelock.study.building import Building
from prelock.study.ctcae import find, scales
from prelock.study.definition import AdverseEvents, Category, Grading, Reconcile, Table
from prelock.study.load_columns import SEVERITIES
from prelock.study.load_populations import read_population
from prelock.study.names_allowed import allowed_name
from prelock.study.patterns import check_pattern

KEYS = (
    "source",
    "term",
    "onset",
    "end",
    "population",
    "treatment emergent",
    "if onset is missing",
    "serious",
    "grade",
    "categories",
    "reconcile",
    "text",
)
CATEGORY_KEYS = ("terms", "grade", "text")
GRADE_KEYS = ("measure", "by", "within")
RECONCILE_KEYS = ("grade at least", "within", "severity")
ONSET_MISSING = ("unknown", "counted")
GRADES = ("1", "2", "3", "4", "5")
DAYS = re.compile(r"(\d+) days?", re.ASCII)
DEFAULT_DAYS = 7


def declare(b: Building, section: Element) -> None:
    """Nothing of this section is named by rules."""


def finish(b: Building, section: Element) -> None:
    """Read the section."""
    fields = Fields(section, KEYS, "adverse_events", b.problems)
    source = fields.need("source")
    name = read_text(source, b.problems, "a table") if source else None
    table = b.tables.get(name) if name else None
    if source and name and table is None:
        b.note("unknown-name", f"`{name}` is no table", source, nearest(name, b.tables, "The tables are"))
    categories = _categories(b, fields)
    reconcile = _reconcile(b, fields, categories)
    if table is None:
        return
    b.adverse_events = AdverseEvents(
        source=table.name,
        term=_column(b, fields, "term", table, "term") or "term",
        onset=_column(b, fields, "onset", table, "onset_date", optional=True),
        population=read_population(b, fields.get("population")),
        emergent=_truth(b, fields, "treatment emergent", table.name),
        onset_missing=fields.choice("if onset is missing", ONSET_MISSING) or "unknown",
        serious=_truth(b, fields, "serious", table.name),
        grade_column=_column(b, fields, "grade", table, None, optional=True),
        categories=categories,
        location=section.location,
        end=_column(b, fields, "end", table, "end_date", optional=True),
        reconcile=reconcile,
    )


def _truth(b: Building, fields: Fields, key: str, table: str) -> Node | None:
    element = fields.get(key)
    return b.rule(element, table, Kind.TRUTH) if element else None


def _column(
    b: Building, fields: Fields, key: str, table: Table, default: str | None, optional: bool = False
) -> str | None:
    """The column that `key` names, or the usual one where it is declared."""
    element = fields.get(key)
    name = read_text(element, b.problems, "a column's name") if element else default
    if name is None or name in table.columns:
        return name
    if element is not None:
        hint = nearest(name, table.columns, f"The columns of {table.name} are")
        b.note("unknown-name", f"`{name}` is no column of {table.name}", element, hint)
    elif not optional:
        b.note(
            "missing-key", f"{table.name} has no column `{name}`", fields.element, f"Write `{key}: ` and the column."
        )
    return None


def _categories(b: Building, fields: Fields) -> tuple[Category, ...]:
    section = fields.get("categories")
    entries = read_mapping(section, b.problems, "categories by name") if section else ()
    return tuple(_category(b, entry) for entry in entries if allowed_name(b, entry.key, "categories"))


def _category(b: Building, entry: Entry) -> Category:
    fields = Fields(entry.value, CATEGORY_KEYS, f"category {entry.key.text}", b.problems, at=entry.key)
    fields.need("terms")
    texts, patterns, words = [], [], []
    for item in fields.items("terms"):
        term = read_text(item, b.problems, "a term, a /pattern/ or `word ALT`")
        if term and len(term) > 1 and term.startswith("/") and term.endswith("/"):
            if check_pattern(b, item, term[1:-1]):
                patterns.append(term[1:-1])
        elif term and term.startswith("word "):
            words.append(term.removeprefix("word ").strip().strip('"'))
        elif term:
            texts.append(term)
    grade = fields.get("grade")
    grading = _grading(b, grade) if grade else None
    return Category(entry.key.text, tuple(texts), tuple(patterns), tuple(words), grading, entry.key.location)


def _grading(b: Building, element: Element) -> Grading | None:
    fields = Fields(element, GRADE_KEYS, "a grade", b.problems)
    measure_at, scale_at = fields.need("measure"), fields.need("by")
    measure = read_text(measure_at, b.problems, "a measure") if measure_at else None
    scale = read_text(scale_at, b.problems, "a grading scale") if scale_at else None
    if measure_at and measure and measure not in b.scope.measures:
        b.note(
            "unknown-name",
            f"`{measure}` is no measure",
            measure_at,
            nearest(measure, b.scope.measures, "The measures are"),
        )
        return None
    if scale_at and scale and not _known_scale(b, scale_at, scale):
        return None
    within = fields.get("within")
    days = _days(b, within) if within else DEFAULT_DAYS
    return Grading(measure, scale, days) if measure and scale and days is not None else None


def _known_scale(b: Building, element: Element, scale: str) -> bool:
    if find(scale) is not None:
        return True
    b.note("unknown-name", f"`{scale}` is no grading that prelock knows", element, nearest(scale, scales(), "It knows"))
    return False


def _days(b: Building, element: Element) -> int | None:
    text = read_text(element, b.problems, "a number of days, as `7 days`")
    match = DAYS.fullmatch(text or "")
    if text and not match:
        b.note("wrong-form", f"expected a number of days, as `7 days`, found `{text}`", element)
    return int(match[1]) if match else None


def _reconcile(b: Building, fields: Fields, categories: tuple[Category, ...]) -> Reconcile | None:
    """What values and events must agree on; only categories that are graded by a measure can be asked."""
    section = fields.get("reconcile")
    if section is None:
        return None
    part = Fields(section, RECONCILE_KEYS, "reconcile", b.problems)
    grade, within = part.choice("grade at least", GRADES), part.get("within")
    days = _days(b, within) if within else DEFAULT_DAYS
    severity = part.choice("severity", SEVERITIES) or "warning"
    if not any(category.grading for category in categories):
        hint = "Grade a category by a measure, as `grade: {measure: ALT, by: CTCAE v5 ALT increased}`."
        b.note("nothing-to-reconcile", "no category is graded by a measure", fields.key("reconcile"), hint)
    return None if days is None else Reconcile(int(grade or 1), days, severity)
