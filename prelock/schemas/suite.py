"""A table's declarations as Great Expectations: the same demands as Pandera's, worked out a second time.

Built from the declared columns themselves, never from `constraints`: what one side forgets, the other shows. A cell
that a demand does not concern is null in the frame, which Great Expectations passes over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from prelock.schemas.libraries import beside_pyspark
from prelock.schemas.opinion_frames import ABOVE, ANSWER, BELOW, FORM, HIGH, READING
from prelock.study.definition import ColumnKind, ColumnSpec, Table

with beside_pyspark():
    import great_expectations.expectations as gxe
    from great_expectations.expectations.expectation import Expectation


@dataclass(frozen=True)
class Demand:
    """An expectation, and the check of `checks.csv` that it is a second opinion on.

    `counts` says that the cells it judges are all that the check judges, so that their numbers must agree too.
    """

    check: str
    expectation: Expectation
    counts: bool = True


def demands(table: Table, intervals: frozenset[str]) -> Iterator[Demand]:
    """Every expectation of a table. The cells of the columns `intervals` may lie between two bounds."""
    for name, spec in table.columns.items():
        for kind, expectation, counts in _column(spec, name in table.key, name in intervals):
            yield Demand(f"{table.name}.{name}: {kind}", expectation, counts)


def _column(spec: ColumnSpec, in_key: bool, interval: bool) -> Iterator[tuple[str, Expectation, bool]]:
    name = spec.name
    if spec.kind not in (ColumnKind.TEXT, ColumnKind.UNIT):
        kind = "code" if spec.kind in (ColumnKind.CODE, ColumnKind.CODES, ColumnKind.YES_NO) else "type"
        yield kind, gxe.ExpectColumnValueLengthsToBeBetween(column=name + READING, min_value=1), True
    if spec.kind is ColumnKind.CODE:
        yield "code", gxe.ExpectColumnValuesToBeInSet(column=name, value_set=list(spec.codes)), False
    if spec.required or in_key:
        yield "required", gxe.ExpectColumnValuesToNotBeNull(column=name + ANSWER), False
    if spec.minimum is not None or spec.maximum is not None:
        yield from _between("range", name, spec.minimum, spec.maximum, interval)
    if spec.plausible is not None:
        yield from _between("plausible", name, *spec.plausible, interval)
    if spec.pattern is not None:
        yield "pattern", gxe.ExpectColumnValuesToMatchRegex(column=name + FORM, regex=rf"^(?:{spec.pattern})\Z"), True


def _between(
    kind: str, name: str, low: Decimal | None, high: Decimal | None, interval: bool
) -> Iterator[tuple[str, Expectation, bool]]:
    """A cell is out if it lies out whole: `<0.5` is below 0.5, and out of 0.5 to 10."""
    floor, ceiling = (None if bound is None else float(bound) for bound in (low, high))
    expect = gxe.ExpectColumnValuesToBeBetween
    if not interval:
        yield kind, expect(column=name, min_value=floor, max_value=ceiling), True
    if interval and floor is not None:
        yield kind, expect(column=name + HIGH, min_value=floor), False
        yield kind, expect(column=name + BELOW, min_value=floor, strict_min=True), False
    if interval and ceiling is not None:
        yield kind, expect(column=name, max_value=ceiling), False
        yield kind, expect(column=name + ABOVE, max_value=ceiling, strict_max=True), False
