"""A study after loading: frozen, resolved and typed, with no trace of YAML. Engines and validators read only this.

Every `rule`, `value` and `where` is a typed `Node`; names in mappings are the author's; order is the author's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from prelock.errors import Location
from prelock.rules.nodes import Column, Node
from prelock.rules.types import Type
from prelock.study.filed import Stack, Supplement

EMPTY: Mapping[str, Any] = MappingProxyType({})


class ColumnKind(StrEnum):
    """How a column's cells are read."""

    TEXT = "text"
    CODE = "code"
    CODES = "several codes"
    YES_NO = "yes/no"
    NUMBER = "number"
    WHOLE = "whole number"
    DATE = "date"
    MOMENT = "date and time"
    RESULT = "result"
    RANGE = "reference range"
    UNIT = "unit"


@dataclass(frozen=True)
class ColumnSpec:
    """One declared column. `header` is its name in the file; `codes` maps a canonical code to its other spellings.

    `separator` is a pattern for what stands between the answers of a cell of several codes. `parts` maps year, month,
    day, date or time to the header that holds it, for a date put together. `missing_codes` maps a class (`missing`,
    `not done`, `not known`, `refused`, `not applicable`) to texts, the table's already merged in. `decimal` is `comma`,
    `point`, or None where either is read if it can be told. `blank_means` is None, `ongoing`, `not applicable`, a
    canonical code (`no` for yes/no), or `none` for several codes. `severity` is that of what is found at it, where the
    study says so.
    """

    name: str
    header: str
    kind: ColumnKind
    type: Type
    location: Location
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    plausible: tuple[Decimal, Decimal] | None = None
    pattern: str | None = None
    separator: str = ""
    parts: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    required: bool = False
    optional: bool = False
    not_before: tuple[Node, ...] = ()
    not_after: tuple[Node, ...] = ()
    blank_means: str | None = None
    expected_if: Node | None = None
    valid_if: Node | None = None
    missing_codes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    decimal: str | None = None
    severity: str | None = None

    def weighs(self, usual: str = "error") -> str:
        """The severity of what is wrong with a cell: the column's own, else the usual one."""
        return self.severity or usual


@dataclass(frozen=True)
class FileFormat:
    """How a table lies in its file, as far as the author says so.

    `header` are the first and last line or sheet row of the header (from 1); `ends` the beginnings of the first row
    below the records (`blank row`: a row without any cell); `left_out` maps a column to texts that mark a row which is
    no record. `encoding` is Python's name of it; `quote` is '' where the file has none. `database` is the table or view
    in a database.
    """

    sheet: str | None = None
    header: tuple[int, int] | None = None
    ends: tuple[str, ...] = ()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    database: str | None = None


@dataclass(frozen=True)
class Link:
    """A to-one link: `columns`, of this table or of the patient (`patients.site`), are looked up in `target_columns`
    of `target`. `sources` are the columns as expressions of the record."""

    name: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    sources: tuple[Node, ...]
    location: Location


@dataclass(frozen=True)
class Table:
    """One table of records. `key` is what there is one row for each of; `unique` are further keys that must not repeat.

    `patient_column` is the declared column (name, not header) with the patient's key, None for a table about no
    patient (a lookup). `part` tells by header which rows of the file are this table's. `no_rows` is `none`, `unknown`,
    or None where it was not said. `visit` is the column that names the visit, if the table has one.
    """

    name: str
    file: str
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    patient_column: str | None
    no_rows: str | None
    columns: Mapping[str, ColumnSpec]
    links: Mapping[str, Link]
    location: Location
    visit: str | None = None
    file_format: FileFormat = FileFormat()
    supplement: Supplement | None = None
    stack: Stack | None = None
    part: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)

    @property
    def made(self) -> frozenset[str]:
        """The columns that are not read from one column of the file."""
        stacked = (self.stack.label, *self.stack.headers) if self.stack else ()
        supplied = self.supplement.columns if self.supplement else ()
        return frozenset((*stacked, *supplied, *(name for name, spec in self.columns.items() if spec.parts)))

    @property
    def sets(self) -> int:
        """How many records a row of the file may give."""
        return len(self.stack.labels) if self.stack else 1

    def file_row(self, row: int) -> int:
        """The number in the file of the row that record number `row` lies in; both count from 1."""
        return (row - 1) // self.sets + 1


@dataclass(frozen=True)
class Group:
    """Rows of a table gathered by a key (an examination). `same` columns must agree on every row.

    `fields` are expressions at the group's grain, in the order in which they may use each other.
    """

    name: str
    table: str
    key: tuple[str, ...]
    same: tuple[str, ...]
    fields: Mapping[str, Node]
    location: Location


@dataclass(frozen=True)
class Timepoint:
    """A target day with its window (days from day zero, both ends included), or a rule on the visit.

    `choose` is closest, first, last, lowest or highest. `after_day_zero` keeps days > 0 only (last observation).
    `visits` maps a relation to the rule its rows must meet, for a timepoint told by visit.
    `shown` is the author's name for it, where `name` is one derived for a rival definition.
    """

    name: str
    shown: str
    day: int | None
    window: tuple[int, int] | None
    choose: str
    visits: Mapping[str, Node]
    after_day_zero: bool
    location: Location


@dataclass(frozen=True)
class NormalLimit:
    """Limits that apply where `condition` holds (None: always). Bounds are nodes at the measure's row grain in the
    measure's unit; `includes` says whether a value at (low, high) is normal. `within` is a column of reference ranges
    that stands for both, each with its own ends."""

    condition: Node | None
    low: Node | None
    high: Node | None
    includes: tuple[bool, bool] = (True, True)
    within: Node | None = None

    @property
    def parts(self) -> tuple[Node, ...]:
        """Every expression of the limits."""
        found = (self.condition, self.low, self.high, self.within)
        return tuple(node for node in found if node is not None)


@dataclass(frozen=True)
class Measure:
    """What can be read at a timepoint: `value` in each row of `relation` for which `where` holds, dated by `date`.

    `unit` is the canonical unit; `unit_column` the column with each record's own unit (None: all rows have `unit`);
    `factor` is the molar factor of the analyte, if any (g/mol). `fallback` replaces a missing value (`if missing`).
    A value outside `plausible`, or more than `own_history` times away from all others of the patient, is unusual.
    Where `disagrees` is false the value is unknown. `fields` are what else may be read of the chosen row.
    """

    name: str
    relation: str
    value: Node
    type: Type
    date: Node | None
    where: Node | None
    unit: str | None
    unit_column: str | None
    molar_mass: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    normal: tuple[NormalLimit, ...]
    fallback: Node | None
    agreement: Node | None
    scheduled: Node | None
    fields: Mapping[str, Node]
    location: Location
    shown: str = ""
    plausible: tuple[Decimal, Decimal] | None = None
    own_history: Decimal | None = None

    def prints(self, limit: Node) -> bool:
        """The limit is printed on the record itself, so it is in the record's own unit."""
        own = isinstance(limit, Column) and limit.relation == self.relation
        return own and self.unit_column is not None

    @property
    def derived(self) -> bool:
        """Made for a rival definition with limits of its own; `shown` is then the author's name."""
        return self.shown not in ("", self.name)


@dataclass(frozen=True)
class Named:
    """A named expression with the author's words: a variable, a population, a characteristic's rule."""

    name: str
    node: Node
    text: str
    source: str
    location: Location


@dataclass(frozen=True)
class Criterion:
    """An eligibility criterion, in attrition order. For `exclude` a rule that is true excludes."""

    name: str
    kind: str
    text: str
    rule: Node
    source: str
    location: Location


@dataclass(frozen=True)
class EndpointDefinition:
    """One definition of an endpoint: the main one (`name` '' is written `main`) or a rival.

    `missing_rules` are among `as observed`, `non-responder`, `last observation`; for the last, `locf_evaluable` and
    `locf_achieved` are the same rules with later timepoints read as the last value after day zero.
    """

    name: str
    population: str
    evaluable: Node
    achieved: Node
    missing_rules: tuple[str, ...]
    source: str
    locf_evaluable: Node | None = None
    locf_achieved: Node | None = None


@dataclass(frozen=True)
class Endpoint:
    """An endpoint with its definitions, the main one first; `interval` is wilson or clopper-pearson."""

    name: str
    text: str
    definitions: tuple[EndpointDefinition, ...]
    interval: str
    location: Location


@dataclass(frozen=True)
class Grading:
    """How an event of a category gets its grade from a measure: the scale's term and the days around onset."""

    measure: str
    scale: str
    within_days: int


@dataclass(frozen=True)
class Category:
    """An adverse-event category: a term belongs if it equals one of `texts`, matches one of `patterns`, or has one of
    `words`."""

    name: str
    texts: tuple[str, ...]
    patterns: tuple[str, ...]
    words: tuple[str, ...]
    grading: Grading | None
    location: Location


@dataclass(frozen=True)
class Reconcile:
    """Graded values and events are held against each other: from which grade on, and how many days apart."""

    grade: int
    within_days: int
    severity: str


@dataclass(frozen=True)
class AdverseEvents:
    """The adverse-event section. `emergent` and `serious` are rules at the grain of `source`'s rows."""

    source: str
    term: str
    onset: str | None
    population: str
    emergent: Node | None
    onset_missing: str
    serious: Node | None
    grade_column: str | None
    categories: tuple[Category, ...]
    location: Location
    end: str | None = None
    reconcile: Reconcile | None = None


@dataclass(frozen=True)
class CompletenessItem:
    """An item at a timepoint: `value` at patient grain; `required` decides `complete(point)`; `expected` is the rule
    for whether it is expected (None: always)."""

    name: str
    value: Node
    required: bool
    expected: Node | None


@dataclass(frozen=True)
class CompletenessPoint:
    """What should be there at a timepoint, once `due` holds (None: always)."""

    point: str
    due: Node | None
    items: tuple[CompletenessItem, ...]
    location: Location


@dataclass(frozen=True)
class Check:
    """A question put to records: true is fine, false a finding, unknown could not be checked.

    `form` is `rule` (with `rule`), `filled` (`column` holds a value or says why it has none), `overlap` (two rows share
    a day from `start` to `end`) or `two rows` (two rows for which `rule` holds, which reads the other one by the link
    `OTHER`; None: any two). `when` restricts the first two forms. Two rows are of one patient, or of different ones
    where it looks `across` patients, and agree on the columns `same`. `kind` is that of its findings; `column` the cell
    at which they stand (None: the first that the rule reads). With `on_fail` unknown, the cells that the rule reads
    count as unreadable for other rules.
    """

    relation: str
    form: str
    kind: str
    source: str
    rule: Node | None = None
    when: Node | None = None
    column: str | None = None
    same: tuple[str, ...] = ()
    across: bool = False
    start: Node | None = None
    end: Node | None = None
    name: str = ""
    severity: str = "error"
    say: str | None = None
    on_fail: str = "keep"
    location: Location = field(default=Location("checks.yaml", 1, 1))


@dataclass(frozen=True)
class Characteristic:
    """A row of Table 1. `form` is count (`node` a truth, `among` its denominator), levels (a code) or number."""

    name: str
    text: str
    form: str
    node: Node
    among: Node | None
    location: Location


@dataclass(frozen=True)
class Gate:
    """What closes the gate: `block_on` among errors, warnings, undetermined eligibility, missing required items,
    checks not run, empty checks, ended waivers, open queries; `allow` maps (item, timepoint) to the percentage that
    may be missing; `may_be_empty` names the checks that may have nothing to check, or their tables, columns or
    measures."""

    block_on: tuple[str, ...] = ("errors", "checks not run", "undetermined eligibility")
    allow: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    may_be_empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiver:
    """A finding, or all findings of a rule for a patient, that a person accepted from `on` until `until`.

    `cells` and `rule_hash` stand for what the cells and the rule said then: where one says something else the waiver
    has ended. What is not named is empty.
    """

    name: str
    finding: str
    rule: str
    patient: str
    cells: str
    rule_hash: str
    by: str
    on: date
    why: str
    until: date
    location: Location


@dataclass(frozen=True)
class Example:
    """An example patient with the statuses that the author expects."""

    patient: Mapping[str, str]
    expect: Mapping[str, str]
    location: Location


@dataclass(frozen=True)
class StudyDefinition:
    """The whole study. `ties` are among `later day`, `earlier day`, `scheduled`, `later time`, `earlier time`.

    `site` is the table and column that say a patient's site.
    `language` is that of query texts; `digests` maps each study file to its SHA-256.
    """

    title: str
    version: str
    folder: str
    day_zero: str | None
    cdisc_days: bool
    data_cutoff: date | None
    language: str
    patient_table: str
    patient_column: str
    site: tuple[str, str] | None
    ties: tuple[str, ...]
    tables: Mapping[str, Table]
    groups: Mapping[str, Group]
    timepoints: Mapping[str, Timepoint]
    measures: Mapping[str, Measure]
    variables: Mapping[str, Named]
    criteria: tuple[Criterion, ...]
    populations: Mapping[str, Named]
    endpoints: tuple[Endpoint, ...]
    adverse_events: AdverseEvents | None
    completeness: tuple[CompletenessPoint, ...]
    checks: tuple[Check, ...]
    characteristics: tuple[Characteristic, ...]
    characteristics_population: str | None
    gate: Gate
    waivers: tuple[Waiver, ...]
    examples: tuple[Example, ...]
    digests: Mapping[str, str]
