"""What the loaders of the sections share while a study is read: its problems, its drafts and the names in force."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from prelock.documents.align import place
from prelock.documents.reading import cut, note
from prelock.documents.tree import Element, Scalar, describe
from prelock.errors import Location, Problem
from prelock.rules.nodes import Column, Literal, Node
from prelock.rules.read import read_rule
from prelock.rules.scope import Relation, Scope
from prelock.rules.types import Kind, Substitution, Type
from prelock.study.definition import (
    AdverseEvents,
    Characteristic,
    Check,
    CompletenessPoint,
    Criterion,
    Endpoint,
    Example,
    Gate,
    Group,
    Measure,
    Named,
    Table,
    Timepoint,
    Waiver,
)
from prelock.study.lazy import Key, Resolver, UnresolvedError
from prelock.study.rewrite import rewrite

# Only a long text can nest deep, so only there is it counted.
LONG_RULE = 400
DEEPEST_RULE = 100
DAY_POINT = re.compile(r"day (-?\d+)", re.ASCII)
Expected = Kind | tuple[Kind, ...] | None


@dataclass
class Header:
    """What study.yaml says beside the sections."""

    title: str = ""
    version: str = ""
    language: str = "en"
    day_zero: str | None = None
    cdisc_days: bool = False
    data_cutoff: date | None = None
    patient_table: str = ""
    patient_column: str = ""
    patient_at: Element | None = None
    visit: tuple[str, str] | None = None
    site: tuple[str, str] | None = None
    ties: tuple[str, ...] = ()
    censored: Substitution | None = None


@dataclass(frozen=True)
class RuleAt:
    """A sound rule and where it stands."""

    place: Scalar
    node: Node


@dataclass
class Building:
    """A study while it is being loaded. Loaders fill it section by section; `scope` is set once names are declared."""

    sections: Mapping[str, Element]
    problems: list[Problem]
    resolver: Resolver
    drafts: dict[str, Any] = field(default_factory=dict)
    hidden_points: dict[str, tuple[str, Callable[[Timepoint], Timepoint]]] = field(default_factory=dict)
    hidden_measures: dict[str, tuple[str, Callable[[Measure], Measure]]] = field(default_factory=dict)
    header: Header = field(default_factory=Header)
    facts: dict[str, Literal] = field(default_factory=dict)
    unreadable: set[Key] = field(default_factory=set)
    scope: Scope = field(default_factory=lambda: Scope(relations={}))
    relations: dict[str, Relation] = field(default_factory=dict)
    declared: dict[str, dict[str, Scalar]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    timepoints: dict[str, Timepoint] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    variables: dict[str, Named] = field(default_factory=dict)
    criteria: list[Criterion] = field(default_factory=list)
    populations: dict[str, Named] = field(default_factory=dict)
    endpoints: list[Endpoint] = field(default_factory=list)
    adverse_events: AdverseEvents | None = None
    completeness: list[CompletenessPoint] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    characteristics: list[Characteristic] = field(default_factory=list)
    characteristics_population: str | None = None
    gate: Gate = field(default_factory=Gate)
    waivers: list[Waiver] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    column_types: tuple[str, ...] = ()
    read: list[RuleAt] = field(default_factory=list)
    empty_passes: set[str] = field(default_factory=set)

    def note(self, code: str, message: str, at: Element, hint: str | None = None) -> None:
        """Note a problem at a place."""
        note(self.problems, code, message, at, hint)

    @contextmanager
    def told_once(self) -> Iterator[None]:
        """What is declared once for many columns is told wrong once: places already told are not told again."""
        before = len(self.problems)
        known = {(p.code, p.location) for p in self.problems}
        yield
        fresh = [p for p in self.problems[before:] if (p.code, p.location) not in known]
        self.problems[before:] = fresh

    def rule(
        self,
        element: Element,
        row: str | None = None,
        expects: Expected = None,
        problems: list[Problem] | None = None,
        scope: Scope | None = None,
    ) -> Node | None:
        """A rule as a typed expression, seen from a row of `row` (None: one value a patient); None when faulty.

        `scope` are the names in force, where they are not the study's alone.
        """
        noted = self.problems if problems is None else problems
        if not isinstance(element, Scalar):
            hint = "A rule is one line of text; a text that begins with `[` or `{` needs quotes."
            note(noted, "expected-text", f"expected a rule, found {describe(element)}", element, hint)
            return None
        if cut(element, noted):
            return None
        if not element.text.strip():
            note(noted, "empty", "expected a rule, nothing is written here", element)
            return None
        found: list[Problem] = []
        try:
            names = (scope or self.scope).at_row(row)
            node = read_rule(element.text, placing(element), names, expects, found)
            node = None if node is None else self.written_out(node)
        except UnresolvedError:
            node = None
        except RecursionError:
            node = None
            found = [_too_deep(element)]
        if node is not None and len(element.text) > LONG_RULE and depth(node) > DEEPEST_RULE:
            found = [_too_deep(element)]
        noted.extend(_with_line(problem, element) for problem in found)
        if found or node is None:
            return None
        self.read.append(RuleAt(element, node))
        return node

    def declare_rule(
        self, key: Key, name: Scalar, element: Element, row: str | None = None, expects: Expected = None
    ) -> None:
        """Declare a named expression, to be resolved on first use."""
        self.resolver.declare(key, name, lambda: self.rule(element, row, expects))

    def type_of(self, *key: str) -> Type:
        """The type of a named expression, which resolves it; raises UnresolvedError when it is faulty."""
        node: Node = self.resolver.get(key)
        return node.type

    def written_out(self, node: Node) -> Node:
        """The node with the derived fields of tables written out."""
        return rewrite(node, self._write_out)

    def resolves(self, relation: str, name: str) -> bool:
        """Whether a column or field of a relation has a sound definition."""
        try:
            return self.relations[relation].columns[name] is not None
        except UnresolvedError:
            return False

    def _write_out(self, node: Node) -> Node:
        """A field that a table derives is written out where it is used."""
        if isinstance(node, Column) and self.is_derived(node.relation, node.name):
            written: Node = self.resolver.get(("field", node.relation, node.name))
            return written
        return node

    def point(self, name: str) -> Timepoint | None:
        """A timepoint of the author's, or one derived for a rival definition."""
        if name in self.hidden_points:
            base, change = self.hidden_points[name]
            found = self.point(base)
            return None if found is None else change(found)
        return self.timepoints.get(name) or single_day(name)

    def names(self, section: str, key: Scalar) -> bool:
        """Whether this key is the one that gave its name in a section (not refused, not a second of that name)."""
        return self.declared.get(section, {}).get(key.text) is key

    def measure_has_date(self, name: str) -> bool:
        """Whether the author gave a measure a date, sound or not."""
        draft = self.drafts.get(name)
        return draft is not None and "date" in draft.fields

    def is_derived(self, relation: str, name: str) -> bool:
        """Whether a column of a table is one of its own `fields`."""
        return relation in self.tables and f"{relation}.{name}" in self.declared.get("table fields", {})


def placing(element: Scalar) -> Callable[[int, int], Location]:
    """From (offset, length) in a rule's text to the place in the file; a rule may span lines or hold escapes."""
    return lambda offset, length: place(element, offset, length)


def _with_line(problem: Problem, element: Scalar) -> Problem:
    """The problem with the line of the file, its hint a sentence."""
    line = element.source.line(problem.location.line) if problem.location else None
    hint = problem.hint[:1].upper() + problem.hint[1:] if problem.hint else None
    return replace(problem, source_line=line, hint=hint)


def _too_deep(element: Scalar) -> Problem:
    message = f"the rule nests more than {DEEPEST_RULE} parts in one another"
    return Problem("rule-too-deep", message, element.location, "Split it: give its parts names in variables.yaml.")


def depth(node: Node) -> int:
    """How many nodes lie in one another; counted without recursion."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for part in level for child in part.children()]
    return deepest


def single_day(name: str) -> Timepoint | None:
    """The timepoint that a rule names as `day 56`: exactly that day."""
    match = DAY_POINT.fullmatch(name)
    if not match:
        return None
    day = int(match[1])
    return Timepoint(name, name, day, (day, day), "closest", {}, False, Location("study.yaml", 1, 1))


def source_text(element: Element) -> str:
    """A rule's text as the author wrote it, on one line."""
    return " ".join(element.text.split()) if isinstance(element, Scalar) else ""
