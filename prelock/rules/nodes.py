"""The rule language after names are resolved and types checked: what every engine must be able to evaluate.

Each node is a frozen dataclass whose fields are its signature. Words that are only shorthand (`between`, `fall in`,
`complete(…)`, bands, `if … then`) are already spelled out in these nodes, so an engine has few to implement.
`AnyRow`, `CountRows` and the other folds read many rows of `Rows.relation` and give one value at a coarser grain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from prelock.rules.types import Grain, Substitution, Type


@dataclass(frozen=True, kw_only=True)
class Node:
    """A typed expression. `type` is what it gives, `grain` the keys it varies over."""

    type: Type
    grain: Grain

    def children(self) -> Iterator[Node]:
        """The direct parts of this node, in source order; parts inside `Rows` and `Cases` included."""
        for item in fields(self):
            yield from _nodes_in(getattr(self, item.name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, Rows):
        if value.where is not None:
            yield value.where
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_in(part)


@dataclass(frozen=True)
class Rows:
    """The rows of a table or group (`relation`) for which `where` holds; `where` has the relation's grain."""

    relation: str
    where: Node | None = None


# ---- values ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Literal(Node):
    """A constant. A code literal holds the canonical code; a TRUTH literal a bool; None is 'not applicable'."""

    value: bool | Decimal | date | datetime | str | None


@dataclass(frozen=True, kw_only=True)
class Column(Node):
    """A declared column of a table, or a field (or a `same on every row` column) of a group, in the row at hand."""

    relation: str
    name: str


# Where two rows of a relation are held against each other, the link that reaches the second one.
OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Linked(Node):
    """A column read through a declared to-one link of `relation`: no match is unknown, two matches a finding.

    In a check of two rows the link `OTHER` reaches the other row.
    """

    relation: str
    link: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Variable(Node):
    """A derived variable of the patient, by name (also `eligible` and the populations, as TRUTH)."""

    name: str


@dataclass(frozen=True, kw_only=True)
class AtPoint(Node):
    """The value of a measure at a timepoint, or another field of the row that was chosen (`field`)."""

    measure: str
    point: str
    field: str | None = None


@dataclass(frozen=True, kw_only=True)
class Arithmetic(Node):
    """`op` is one of + - * / ^ on numbers; - on two dates is not allowed (use Span); date ± days is."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True)
class Convert(Node):
    """`value * factor`, in `type.unit`."""

    value: Node
    factor: Decimal


@dataclass(frozen=True, kw_only=True)
class Substitute(Node):
    """`value` as arithmetic takes it: a censored one counts as a share of its limit, every other as it is."""

    value: Node
    by: Substitution


@dataclass(frozen=True, kw_only=True)
class Score(Node):
    """The number that a scored code stands for."""

    value: Node


@dataclass(frozen=True, kw_only=True)
class Cases(Node):
    """The value of the first branch whose condition holds, else `otherwise` (None: unknown).

    Where a condition is unknown, every branch that could apply counts: decided where they agree.
    """

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, kw_only=True)
class Span(Node):
    """Time from `start` to `end`, completed years or months; exact weeks, days, hours; exact months: days / 30.4375."""

    unit: str
    start: Node
    end: Node


@dataclass(frozen=True, kw_only=True)
class DayOf(Node):
    """The study day of a date, counted from the study's day zero (or CDISC day one: no day 0)."""

    value: Node


@dataclass(frozen=True, kw_only=True)
class RowsAggregate(Node):
    """`how` of `value` over rows: earliest, latest, highest, lowest, sum, mean, median, only.

    Strict: an interval (or unknown) as wide as the rows in doubt make it. `recorded` skips blank values on purpose.
    Over no rows at all the result is missing.
    """

    how: str
    value: Node
    rows: Rows
    recorded: bool = False


@dataclass(frozen=True, kw_only=True)
class PointsAggregate(Node):
    """`how` of a measure over all its rows from the first day of `start`'s window to the last day of `end`'s.

    `by` is what censored values count as, where `how` calculates with them.
    """

    how: str
    measure: str
    start: str
    end: str
    recorded: bool = False
    by: Substitution | None = None


@dataclass(frozen=True, kw_only=True)
class Listwise(Node):
    """`how` of several values of the same row or patient."""

    how: str
    values: tuple[Node, ...]
    recorded: bool = False


@dataclass(frozen=True, kw_only=True)
class Pick(Node):
    """`value` of the row with the highest (`latest`, `last`, `highest`) or lowest `by`; equal `by` and different
    values are a conflict: unknown."""

    value: Node
    which: str
    by: Node
    rows: Rows


@dataclass(frozen=True, kw_only=True)
class CountRows(Node):
    """The number of rows: an interval from those that hold to those that could."""

    rows: Rows


@dataclass(frozen=True, kw_only=True)
class CountDifferent(Node):
    """The number of different recorded values of `value` over rows, as an interval."""

    value: Node
    rows: Rows


@dataclass(frozen=True, kw_only=True)
class CountStates(Node):
    """How many of `conditions` hold, as an interval."""

    conditions: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Previous(Node):
    """`value` in the same patient's row with the next smaller `by`; none: not applicable; tied `by`: unknown."""

    value: Node
    by: Node
    relation: str


# ---- truths ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Compare(Node):
    """`op` is one of = < <= > >= on two values of one kind and unit (!= is Not of =)."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True)
class OneOf(Node):
    """A code or text is one of `values` (canonical codes, or texts compared after folding)."""

    value: Node
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TextTest(Node):
    """`how` is matches (linear-time pattern), starts (with) or word (has the word), text compared after folding; or
    includes, where `pattern` is one of the codes that stand in the cell."""

    how: str
    value: Node
    pattern: str


@dataclass(frozen=True, kw_only=True)
class HasState(Node):
    """`state` is recorded or missing. Unreadable, undated and conflicting give unknown; not applicable gives false."""

    value: Node
    state: str


@dataclass(frozen=True, kw_only=True)
class IsAnswer(Node):
    """A yes/no value is yes (`answer` True) or no (False); not applicable satisfies neither."""

    value: Node
    answer: bool


@dataclass(frozen=True, kw_only=True)
class IsNormal(Node):
    """A measure at a timepoint lies within its normal limits (which may depend on the patient or the record)."""

    value: AtPoint


@dataclass(frozen=True, kw_only=True)
class Met(Node):
    """A criterion's own rule holds for the patient (`section` criterion), or an endpoint is achieved (endpoint)."""

    section: str
    name: str


@dataclass(frozen=True, kw_only=True)
class And(Node):
    """Kleene's and."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Or(Node):
    """Kleene's or."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Not(Node):
    """Kleene's not."""

    part: Node


@dataclass(frozen=True, kw_only=True)
class AnyRow(Node):
    """At least one row; unknown where only rows in doubt could make it so."""

    rows: Rows


@dataclass(frozen=True, kw_only=True)
class EveryRow(Node):
    """`condition` holds on every row of `rows` (true over none, if the table says that none means none)."""

    rows: Rows
    condition: Node


FOLDS = (RowsAggregate, PointsAggregate, Pick, CountRows, CountDifferent, AnyRow, EveryRow)


def walk(node: Node) -> Iterator[Node]:
    """The node and all its parts, depth first, in source order."""
    yield node
    for child in node.children():
        yield from walk(child)
