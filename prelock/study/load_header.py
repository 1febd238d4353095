"""The keys of study.yaml that are no section: title, version, day zero, patient key, ties, facts."""

from __future__ import annotations

import re
from decimal import Decimal

from prelock.documents.hints import nearest
from prelock.documents.reading import DATE, Fields, read_choice, read_date, read_mapping, read_number, read_text
from prelock.documents.tree import Element, Scalar
from prelock.rules.nodes import Literal
from prelock.rules.types import DATE as DATE_TYPE
from prelock.rules.types import STUDY, TEXT, Kind, Type
from prelock.rules.units import canonical, nearest_spelling
from prelock.study import load_censored
from prelock.study.building import Building
from prelock.study.every_date import every_date
from prelock.study.names_allowed import allowed_name

TIES = ("later day", "earlier day", "scheduled", "later time", "earlier time")
LANGUAGES = ("en", "zh")
QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s*(\S.*))?", re.ASCII)
KEYS = (
    "study",
    "version",
    "language",
    "query language",
    "day_zero",
    "day_one",
    "data_cutoff",
    "patient",
    "visit",
    "site",
    "every date",
    "ties",
    "facts",
    load_censored.KEY,
)


def declare(b: Building, main: Fields) -> None:
    """Read the header into `b.header` and the study's facts into the scope."""
    b.header.title = main.text("study") or ""
    b.header.version = main.text("version") or ""
    for key in ("study", "version", "patient"):
        main.need(key)
    _language(b, main)
    _day_zero(b, main)
    cutoff = main.get("data_cutoff")
    b.header.data_cutoff = read_date(cutoff, b.problems) if cutoff else None
    table, column = _dotted(b, main.get("patient"), "patients.patient_id") or ("", "")
    b.header.patient_table, b.header.patient_column = table, column
    b.header.patient_at = main.get("patient") if table else None
    b.header.visit = _dotted(b, main.get("visit"), "visits.visit_name")
    b.header.site = _dotted(b, main.get("site"), "patients.site")
    ties = [read_choice(item, TIES, b.problems) for item in main.items("ties")]
    b.header.ties = tuple(t for t in ties if t)
    b.header.censored = load_censored.read_censored(b, main.get(load_censored.KEY))
    _facts(b, main.get("facts"))


def _language(b: Building, main: Fields) -> None:
    language = main.get("language")
    number = read_number(language, b.problems) if language else None
    if language and number is not None and number != 1:
        b.note("language-version", f"this prelock reads language 1, not {number}", language, "Write `language: 1`.")
    b.header.language = main.choice("query language", LANGUAGES) or "en"


def _day_zero(b: Building, main: Fields) -> None:
    if "day_zero" in main and "day_one" in main:
        b.note("two-day-zeros", "a study has `day_zero` or `day_one`, not both", main.key("day_one"))
    b.header.cdisc_days = "day_one" in main and "day_zero" not in main
    b.header.day_zero = main.text("day_one" if b.header.cdisc_days else "day_zero")


def _dotted(b: Building, element: Element | None, example: str) -> tuple[str, str] | None:
    text = read_text(element, b.problems) if element else None
    if element is None or text is None:
        return None
    table, dot, column = text.partition(".")
    if not (table and dot and column):
        b.note("wrong-form", f"expected a table and its column, as `{example}`, found `{text}`", element)
        return None
    return table, column


def _facts(b: Building, element: Element | None) -> None:
    facts: dict[str, Literal] = {}
    if b.header.data_cutoff:
        facts["data_cutoff"] = Literal(type=DATE_TYPE, grain=STUDY, value=b.header.data_cutoff)
    for entry in read_mapping(element, b.problems, "facts by name") if element else ():
        text = read_text(entry.value, b.problems, "a number, a date or a text")
        if allowed_name(b, entry.key, "facts") and text is not None and isinstance(entry.value, Scalar):
            fact = _fact(b, entry.value, text)
            if fact:
                facts[entry.key.text] = fact
    b.facts = facts


def _fact(b: Building, element: Scalar, text: str) -> Literal | None:
    if element.style in ("'", '"'):
        return Literal(type=TEXT, grain=STUDY, value=text)
    if DATE.fullmatch(text):
        day = read_date(element, b.problems)
        return Literal(type=DATE_TYPE, grain=STUDY, value=day) if day else None
    match = QUANTITY.fullmatch(text)
    if not match:
        return Literal(type=TEXT, grain=STUDY, value=text)
    unit = canonical(match[2]) if match[2] else None
    if match[2] and unit is None:
        near = nearest_spelling(match[2])
        hint = (f"Did you mean `{near}`? " if near else "") + "Put a text in quotes."
        b.note("unknown-unit", f"`{match[2]}` is no unit that prelock knows", element, hint)
        return None
    return Literal(type=Type(Kind.NUMBER, unit), grain=STUDY, value=Decimal(match[1]))


def finish(b: Building, main: Fields) -> None:
    """Check that the names in the header exist."""
    for key, named in (("visit", b.header.visit), ("site", b.header.site)):
        if named:
            _exists(b, main.get(key), *named)
    _site_of_a_patient(b, main)
    bounds = main.get("every date")
    if bounds:
        every_date(b, bounds)
    day_zero = main.get("day_one" if b.header.cdisc_days else "day_zero")
    if day_zero is None or not b.header.day_zero:
        return
    if b.header.day_zero not in b.variables and b.header.day_zero not in b.declared.get("variables", {}):
        hint = nearest(b.header.day_zero, b.declared.get("variables", {}), "The variables are")
        b.note("unknown-name", f"`{b.header.day_zero}` is no variable", day_zero, hint)
        return
    day = b.variables.get(b.header.day_zero)
    if day and day.node.type.kind is not Kind.DATE:
        b.note("wrong-type", f"day zero must be a date; `{day.name}` is a {day.node.type}", day_zero)


def _site_of_a_patient(b: Building, main: Fields) -> None:
    """A patient has one site: it stands in a table with one row a patient."""
    site, element = b.header.site, main.get("site")
    table = b.tables.get(site[0]) if site else None
    if element and table and table.key != (table.patient_column,):
        hint = f"Name a column of {b.header.patient_table}, or of another table with one row a patient."
        b.note("wrong-form", f"{table.name} has several rows a patient, so it can't say the site", element, hint)


def _exists(b: Building, element: Element | None, table: str, column: str) -> None:
    if element is None or not table:
        return
    if table not in b.tables:
        b.note("unknown-name", f"`{table}` is no table", element, nearest(table, b.tables, "The tables are"))
    elif column not in b.tables[table].columns:
        hint = nearest(column, b.tables[table].columns, f"The columns of {table} are")
        b.note("unknown-name", f"`{column}` is no column of {table}", element, hint)
