"""Checks on records: a rule at each row, or rows of a patient that must not overlap in time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_mapping, read_text
from prelock.documents.tree import Element, Entry, Scalar
from prelock.rules.nodes import Column, Node
from prelock.rules.types import Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import Check, Table
from prelock.study.names_allowed import allowed_name

KEYS = ("each", "in each", "when", "rule", "never", "say", "severity", "on fail", "text")
SEVERITIES = ("error", "warning", "note")
ON_FAIL = ("unknown", "keep")
IN_EACH = re.compile(r"patient's (?P<table>\S+|\"[^\"]+\")(?: with the same (?P<same>.+))?")
OVERLAP = re.compile(r"two rows overlap from (?P<start>.+) to (?P<end>.+)")
PATIENT = "patient"


@dataclass(frozen=True)
class _Form:
    """What is particular to one of the two forms."""

    name: str
    relation: str
    rule: Node | None = None
    when: Node | None = None
    same: tuple[str, ...] = ()
    start: Node | None = None
    end: Node | None = None
    source: str = ""


def declare(b: Building, section: Element) -> None:
    """Declare the checks by name."""
    for entry in read_mapping(section, b.problems, "checks by name"):
        allowed_name(b, entry.key, "checks")


def finish(b: Building, section: Element) -> None:
    """Read every check."""
    for entry in read_mapping(section, [], "checks"):
        check = _check(b, entry)
        if check and b.names("checks", entry.key):
            b.checks.append(check)


def _check(b: Building, entry: Entry) -> Check | None:
    fields = Fields(entry.value, KEYS, f"check {entry.key.text}", b.problems, at=entry.key)
    form = _overlap(b, fields) if "in each" in fields or "never" in fields else _rule(b, fields)
    severity = fields.choice("severity", SEVERITIES) or "error"
    on_fail = fields.choice("on fail", ON_FAIL) or "keep"
    say = fields.text("say")
    if form is None:
        return None
    return Check(
        name=entry.key.text,
        relation=form.relation,
        form=form.name,
        rule=form.rule,
        when=form.when,
        same=form.same,
        start=form.start,
        end=form.end,
        severity=severity,
        say=say,
        on_fail=on_fail,
        source=form.source,
        location=entry.key.location,
    )


def _rule(b: Building, fields: Fields) -> _Form | None:
    each, rule_at, when_at = fields.need("each"), fields.need("rule"), fields.get("when")
    relation = read_text(each, b.problems, "a table, a group or `patient`") if each else None
    if each is None or relation is None:
        return None
    known = [PATIENT, *b.relations]
    if relation not in known:
        b.note("unknown-name", f"`{relation}` is no table and no group", each, nearest(relation, known, "There are"))
        return None
    row = None if relation == PATIENT else relation
    rule = b.rule(rule_at, row, Kind.TRUTH) if rule_at else None
    when = b.rule(when_at, row, Kind.TRUTH) if when_at else None
    if rule is None or rule_at is None or (when_at and when is None):
        return None
    return _Form("rule", relation, rule=rule, when=when, source=source_text(rule_at))


def _overlap(b: Building, fields: Fields) -> _Form | None:
    for key in ("each", "when", "rule"):
        if key in fields:
            hint = "A check is {each, rule} or {in each, never}."
            b.note("key-without-use", f"`{key}` does not go with `in each` and `never`", fields.key(key), hint)
    each, never = fields.need("in each"), fields.need("never")
    rows = _matched(b, each, IN_EACH, "patient's exposure with the same drug") if each else None
    span = _matched(b, never, OVERLAP, "two rows overlap from start_date to end_date") if never else None
    if each is None or never is None or rows is None or span is None:
        return None
    table = b.tables.get(rows["table"].strip('"'))
    if table is None:
        name = rows["table"]
        b.note("unknown-name", f"`{name}` is no table", each, nearest(name, b.tables, "The tables are"))
        return None
    same = tuple(s.strip() for s in re.split(r",| and ", rows["same"] or "") if s.strip())
    _known(b, each, table, same)
    start, end = _date(b, never, table, span["start"]), _date(b, never, table, span["end"])
    if start is None or end is None:
        return None
    return _Form("overlap", table.name, same=same, start=start, end=end, source=source_text(never))


def _matched(b: Building, element: Element, form: re.Pattern[str], example: str) -> re.Match[str] | None:
    text = read_text(element, b.problems, f"`{example}`")
    match = form.fullmatch(text or "")
    if text and not match:
        b.note("wrong-form", f"expected `{example}`, found `{text}`", element)
    return match


def _known(b: Building, element: Element, table: Table, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in table.columns:
            hint = nearest(name, table.columns, f"The columns of {table.name} are")
            b.note("unknown-name", f"`{name}` is no column of {table.name}", element, hint)


def _date(b: Building, element: Element, table: Table, name: str) -> Node | None:
    if not isinstance(element, Scalar):
        return None
    _known(b, element, table, (name,))
    if name not in table.columns:
        return None
    kind = table.columns[name].type
    if ("column", table.name, name) in b.unreadable:
        return None
    if kind.kind not in (Kind.DATE, Kind.MOMENT):
        b.note("wrong-type", f"`{name}` is a {kind}; rows overlap from a date to a date", element)
        return None
    return Column(type=kind, grain=b.relations[table.name].grain, relation=table.name, name=name)
