"""Checks on records, told apart by the key that asks their question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from prelock.documents.reading import Fields, read_mapping
from prelock.documents.tree import Element, Entry, Scalar, Sequence
from prelock.documents.tree import Mapping as Tree
from prelock.study.building import Building
from prelock.study.check_pairs import two_rows
from prelock.study.check_rows import in_window, only_if, query_if, required_if, rule
from prelock.study.definition import Check
from prelock.study.load_columns import SEVERITIES
from prelock.study.names_allowed import allowed_name


@dataclass(frozen=True)
class Form:
    """How a check of one form is read, and the keys that only go with some forms."""

    read: Callable[[Building, Fields], Check | None]
    keys: tuple[str, ...]


# By the key that asks the question; the last one is asked where none is there.
FORMS: Mapping[str, Form] = {
    "never": Form(two_rows, ("in each", "across patients", "where")),
    "required if": Form(required_if, ("each", "column")),
    "only if": Form(only_if, ("each", "column")),
    "query if": Form(query_if, ("each", "on fail")),
    "in window": Form(in_window, ("each", "date")),
    "rule": Form(rule, ("each", "when", "on fail")),
}
OF_EVERY_FORM = ("say", "severity", "text")
OF_SOME = tuple(dict.fromkeys(key for form in FORMS.values() for key in form.keys))
KEYS = (*OF_SOME, *FORMS, *OF_EVERY_FORM)
ON_FAIL = ("unknown", "keep")


def declare(b: Building, section: Element) -> None:
    """Declare the checks by name."""
    for entry in read_mapping(section, b.problems, "checks by name"):
        allowed_name(b, entry.key, "checks")


def finish(b: Building, section: Element) -> None:
    """Read every check."""
    for entry in read_mapping(section, [], "checks"):
        for name, one in _each(entry):
            with b.told_once():
                check = _check(b, one)
            if check and b.names("checks", entry.key):
                b.checks.append(replace(check, name=name))


def _each(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """A check of several tables as one for each of them, by the name `NAME in TABLE`."""
    described = entry.value
    each = described.get("each") if isinstance(described, Tree) else None
    if not isinstance(described, Tree) or each is None or not isinstance(each.value, Sequence):
        yield entry.key.text, entry
        return
    for item in each.value.items:
        entries = tuple(replace(other, value=item) if other is each else other for other in described)
        name = f"{entry.key.text} in {item.text}" if isinstance(item, Scalar) else entry.key.text
        yield name, Entry(entry.key, replace(described, entries=entries))


def _check(b: Building, entry: Entry) -> Check | None:
    fields = Fields(entry.value, KEYS, f"check {entry.key.text}", b.problems, at=entry.key)
    question = _question(fields)
    _strangers(b, fields, question)
    found = FORMS[question].read(b, fields)
    severity = fields.choice("severity", SEVERITIES) or "error"
    on_fail = fields.choice("on fail", ON_FAIL) if "on fail" in FORMS[question].keys else None
    say = fields.text("say")
    if found is None:
        return None
    return replace(
        found, name=entry.key.text, severity=severity, say=say, on_fail=on_fail or "keep", location=entry.key.location
    )


def _question(fields: Fields) -> str:
    """The key that asks; a check of two rows is known by its rows as well."""
    asked = next((key for key in FORMS if key in fields), None)
    pairs = any(key in fields for key in ("in each", "across patients"))
    return asked or ("never" if pairs else "rule")


def _strangers(b: Building, fields: Fields, question: str) -> None:
    """Note keys that belong to checks of another form."""
    own = FORMS[question].keys
    for key in (*OF_SOME, *FORMS):
        if key in fields and key != question and key not in own:
            hint = f"Beside `{question}` stand: {', '.join((*own, *OF_EVERY_FORM))}."
            b.note("key-without-use", f"`{key}` does not go with `{question}`", fields.key(key), hint)
