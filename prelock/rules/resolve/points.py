"""Measures at timepoints: `X at point`, change between two points, aggregates from one point to another."""

from __future__ import annotations

from decimal import Decimal

from prelock.rules.nodes import Arithmetic, AtPoint, Literal, Node, PointsAggregate
from prelock.rules.resolve.censored import CALCULATING, calculated, counted
from prelock.rules.resolve.context import Context, listing, name_text, nearest
from prelock.rules.resolve.numbers import as_number
from prelock.rules.syntax import Syntax
from prelock.rules.types import NUMBER, PATIENT, STUDY, Kind, Type

NOT_A_POINT_AGGREGATE = {"only": "`only` needs rows: `only … in TABLE where (…)`"}


def point(ctx: Context, part: Syntax) -> str:
    """The timepoint that is meant: one of the study's, or `day N` for that very day."""
    if part.kind == "day_point":
        return _day(ctx, part)
    number = part.parts[1]
    name = name_text(part.part(0)) + (f" {number.text}" if number else "")
    if name in ctx.scope.points:
        return ctx.scope.points[name]
    hint = nearest(name, ctx.scope.points) or listing("timepoints", ctx.scope.points)
    raise ctx.broken(
        "unknown-timepoint", part, f"there is no timepoint `{name}`", hint or "declare it under `timepoints:`"
    )


def _day(ctx: Context, part: Syntax) -> str:
    text = part.part(0).text
    if "." in text:
        raise ctx.broken("wrong-type", part, f"a study day is a whole number, not {text}")
    name = f"day {int(text)}"
    if name in ctx.scope.points:
        return ctx.scope.points[name]
    need_day_zero(ctx, part)
    if ctx.scope.cdisc_days and int(text) == 0:
        raise ctx.broken(
            "no-day-zero", part, "with `day_one` there is no day 0", "the first dose is day 1, the day before day -1"
        )
    return name


def need_day_zero(ctx: Context, part: Syntax) -> None:
    """Days can be counted only from a declared day."""
    if not ctx.scope.has_day_zero:
        message = f"`{part.text}` counts days, and the study says no day to count from"
        raise ctx.broken("no-day-zero", part, message, "add `day_zero: VARIABLE` to study.yaml")


def at_point(ctx: Context, part: Syntax) -> Node:
    """A measure, or another field of the row that was chosen, at a timepoint."""
    name, when = part.part(0), part.part(1)
    measure, field = measured(ctx, name)
    return _at(ctx, measure, field, point(ctx, when))


def _at(ctx: Context, measure: str, field: str | None, when: str) -> AtPoint:
    known = ctx.scope.measures[measure]
    return AtPoint(
        type=known.fields[field] if field else known.type, grain=PATIENT, measure=measure, point=when, field=field
    )


def measured(ctx: Context, name: Syntax) -> tuple[str, str | None]:
    """The measure that a name means, and the field after its dot."""
    text, measures = name_text(name), ctx.scope.measures
    if text in measures:
        return text, None
    head, _, field = text.rpartition(".")
    if head in measures:
        if field in measures[head].fields:
            return head, field
        hint = nearest(field, measures[head].fields) or listing("fields", measures[head].fields)
        raise ctx.broken(
            "unknown-field", name, f"measure `{head}` brings no field `{field}`", hint or "add it under `with:`"
        )
    if text in ctx.scope.variables or any(
        item.one_row and text in item.columns for item in ctx.scope.relations.values()
    ):
        raise ctx.broken(
            "wrong-type", name, f"`{text}` has one value a patient, whatever the timepoint", f"say `{text}` alone"
        )
    hint = nearest(text, measures) or listing("measures", measures)
    raise ctx.broken("unknown-measure", name, f"there is no measure `{text}`", hint)


def change(ctx: Context, part: Syntax) -> Node:
    """`fall in X from A to B` is A - B; `percent` is of A; `rise` and `change` are B - A."""
    percent, kind, name = part.parts[0], part.part(1), part.part(2)
    measure, field = measured(ctx, name)
    first, last = ctx.all_of(
        part.rest()[-2:], lambda item: counted(as_number(ctx, _at(ctx, measure, field, point(ctx, item)), name))
    )
    left, right = (first, last) if kind.text == "fall" else (last, first)
    difference = Arithmetic(type=first.type, grain=PATIENT, op="-", left=left, right=right)
    if percent is None:
        return difference
    ratio = Arithmetic(type=NUMBER, grain=PATIENT, op="/", left=difference, right=first)
    hundred = Literal(type=NUMBER, grain=STUDY, value=Decimal(100))
    return Arithmetic(type=Type(Kind.NUMBER, unit="%"), grain=PATIENT, op="*", left=ratio, right=hundred)


def aggregate_points(ctx: Context, part: Syntax) -> Node:
    """`highest CRP from baseline to week 12`: over all the measure's rows between the two windows."""
    how, recorded, name, start, end = part.part(0), part.parts[1], part.part(2), part.part(3), part.part(4)
    measure, field = measured(ctx, name)
    if field:
        raise ctx.broken(
            "wrong-type", name, f"`{how.text} … from … to …` reads a measure's own value, not its field `{field}`"
        )
    known = ctx.scope.measures[measure].type
    if how.text in NOT_A_POINT_AGGREGATE:
        raise ctx.broken("wrong-type", how, NOT_A_POINT_AGGREGATE[how.text])
    if how.text in {"highest", "lowest", "sum", "mean", "median"} and known.kind is not Kind.NUMBER:
        raise ctx.broken("wrong-type", name, f"`{how.text}` needs numbers, and `{measure}` is a {known}")
    calculates = how.text in CALCULATING
    return PointsAggregate(
        type=calculated(known) if calculates else known,
        grain=PATIENT,
        how={"earliest": "first", "latest": "last"}.get(how.text, how.text),
        measure=measure,
        start=point(ctx, start),
        end=point(ctx, end),
        recorded=recorded is not None,
        by=known.censored if calculates else None,
    )
