"""Eligibility criteria in attrition order, and the examples beside them."""

from __future__ import annotations

import re

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_choice, read_mapping, read_text
from prelock.documents.tree import Element, Entry, Mapping, Scalar
from prelock.rules.types import Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import Criterion, Example
from prelock.study.names_allowed import allowed_name

KEYS = ("include", "exclude", "examples", "populations")
CRITERION_KEYS = ("text", "rule", "no data")
EXAMPLE_KEYS = ("patient", "expect")
STATUSES = ("passes", "fails", "unknown")
NO_DATA = ("passes",)
SPAN = re.compile(r"-?[\d.]+ (?:to|-|–|and) -?[\d.]+", re.ASCII)


def declare(b: Building, section: Element) -> None:
    """Declare the criteria by name."""
    fields = Fields(section, KEYS, "eligibility", b.problems)
    for kind in ("include", "exclude"):
        part = fields.get(kind)
        for entry in read_mapping(part, b.problems, "criteria by name") if part else ():
            allowed_name(b, entry.key, "criteria")


def finish(b: Building, section: Element) -> None:
    """Read the rules of the criteria, in the order of the file."""
    for part in read_mapping(section, [], "eligibility"):
        if part.key.text in ("include", "exclude"):
            for entry in read_mapping(part.value, [], "criteria"):
                _criterion(b, part.key.text, entry)
    fields = Fields(section, KEYS, "eligibility", [])
    b.examples = [e for item in fields.items("examples") if (e := _example(b, item))]


def _criterion(b: Building, kind: str, entry: Entry) -> None:
    name = entry.key.text
    fields = Fields(entry.value, CRITERION_KEYS, f"criterion {name}", b.problems, _bare_hint(entry), entry.key)
    rule = fields.need("rule")
    node = b.rule(rule, None, Kind.TRUTH) if rule else None
    if fields.choice("no data", NO_DATA):
        b.empty_passes.add(name)
    text = fields.text("text") or ""
    if node is not None and rule is not None and b.names("criteria", entry.key):
        b.criteria.append(Criterion(name, kind, text, node, source_text(rule), entry.key.location))


def _bare_hint(entry: Entry) -> str | None:
    """What to write where a criterion is given as plain text (`Age: 18 to 75`)."""
    if not isinstance(entry.value, Scalar) or not entry.value.text:
        return None
    text = source_text(entry.value)
    name = entry.key.text
    spoken = re.sub(r" (?:to|-|–) ", " and ", text)
    rule = f"{name.casefold()} is between {spoken}" if SPAN.fullmatch(text) else text
    return f"A criterion is a name with a rule, as `{name.casefold()}: {{text: …, rule: {rule}}}`."


def _example(b: Building, element: Element) -> Example | None:
    fields = Fields(element, EXAMPLE_KEYS, "an example", b.problems)
    patient, expect = fields.need("patient"), fields.need("expect")
    if patient is None or expect is None:
        return None
    return Example(_patient(b, patient), _expected(b, expect), element.location)


def _patient(b: Building, element: Element) -> dict[str, str]:
    known = [*b.scope.variables]
    known += [c for r in b.relations.values() if r.one_row for c in r.columns]
    cells = {}
    for entry in read_mapping(element, b.problems, "the patient's values by name"):
        name = entry.key.text
        if name not in known:
            hint = nearest(name, known, "Variables and patient columns are")
            b.note("unknown-name", f"`{name}` is no variable and no column of a patient", entry.key, hint)
        text = "" if isinstance(entry.value, Scalar) and entry.value.absent else read_text(entry.value, b.problems)
        cells[name] = text or ""
    return cells


def _expected(b: Building, element: Element) -> dict[str, str]:
    criteria = b.declared.get("criteria", {})
    found = {}
    for entry in read_mapping(element, b.problems, "the expected status of criteria"):
        if entry.key.text not in criteria:
            hint = nearest(entry.key.text, criteria, "The criteria are")
            b.note("unknown-name", f"`{entry.key.text}` is no criterion", entry.key, hint)
        status = read_choice(entry.value, STATUSES, b.problems)
        if status:
            found[entry.key.text] = status
    return found


def populations_in(section: Element | None) -> Element | None:
    """The populations that stand beside the criteria, if any."""
    entry = section.get("populations") if isinstance(section, Mapping) else None
    return entry.value if entry else None
