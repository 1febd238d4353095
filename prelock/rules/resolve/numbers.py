"""Numbers and their units: quantities, arithmetic, and bringing the right side to the left side's unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from prelock.rules import units
from prelock.rules.nodes import Arithmetic, Convert, DayOf, Literal, Node, Score
from prelock.rules.resolve.censored import counted
from prelock.rules.resolve.context import BrokenRuleError, Context
from prelock.rules.syntax import Syntax
from prelock.rules.text import plain_number
from prelock.rules.types import NUMBER, STUDY, Kind, Type

DATES = (Kind.DATE, Kind.MOMENT)
# An age is so often written bare that `age >= 18` is let pass; every other unit must be said.
BARE_ALLOWED = "years"
# What people divide or multiply by to get from one unit to the next.
SCALES = tuple(Decimal(text) for text in ("100", "1000", "1000000", "0.01", "0.001"))


def quantity(ctx: Context, part: Syntax) -> Node:
    """A number, with its unit where one is written."""
    number, unit = part.part(0), part.parts[1]
    return Literal(type=Type(Kind.NUMBER, unit=_unit(ctx, unit)), grain=STUDY, value=Decimal(number.text))


def _unit(ctx: Context, unit: Syntax | None) -> str | None:
    if unit is None:
        return None
    found = units.canonical(unit.text)
    if found is None:
        near = units.nearest_spelling(unit.text)
        hint = (
            f"did you mean `{near}`?" if near else "units are written as on a laboratory's report: mg/L, 10^9/L, µg/g"
        )
        raise ctx.broken("unknown-unit", unit, f"`{unit.text}` is not a unit known here", hint)
    return found


def as_number(ctx: Context, node: Node, part: Syntax) -> Node:
    """The node as a number; a scored code gives its score."""
    if node.type.kind is Kind.NUMBER:
        return node
    if node.type.scores:
        return Score(type=NUMBER, grain=node.grain, value=node)
    raise ctx.broken("wrong-type", part, f"`{part.text}` is a {node.type}, and a number is needed here")


def number(ctx: Context, part: Syntax) -> Node:
    """The number that a part gives."""
    return as_number(ctx, ctx.node(part), part)


def aligned(ctx: Context, left: Node, right: Node, left_part: Syntax, right_part: Syntax) -> Node:
    """`right` in the unit of `left`."""
    source, target = right.type.unit, left.type.unit
    if source == target:
        return right
    if source is None or target is None:
        if BARE_ALLOWED in (source, target):
            return right
        with_unit, bare = (left_part, right_part) if source is None else (right_part, left_part)
        raise _bare(ctx, with_unit, target or source or "", bare, right if source is None else left)
    return converted(ctx, right, target, right_part, left_part)


def converted(ctx: Context, node: Node, target: str, part: Syntax, other: Syntax) -> Node:
    """`node` in the unit `target`, where a factor between the two units exists."""
    source = node.type.unit or ""
    factor = units.factor(source, target)
    if factor is None:
        message = f"`{other.text}` is in {target} and `{part.text}` in {source}; one can't be turned into the other"
        raise ctx.broken("unit-clash", part, message, _span_hint(source, target))
    return Convert(type=replace(node.type, unit=target), grain=node.grain, value=node, factor=factor)


def _span_hint(source: str, target: str) -> str | None:
    calendar = {"years", "months"}
    if {source, target} & calendar and {source, target} <= calendar | {"weeks", "days", "hours"}:
        return "months and years differ in length: count both sides in the same unit"
    return None


def _bare(ctx: Context, with_unit: Syntax, unit: str, bare: Syntax, node: Node) -> BrokenRuleError:
    if not isinstance(node, Literal) or not isinstance(node.value, Decimal):
        hint = "a study day is a plain number" if isinstance(node, DayOf) else None
        return ctx.broken("bare-number", bare, f"`{bare.text}` has no unit; `{with_unit.text}` is in {unit}", hint)
    value = node.value
    if unit == "%" and 0 < abs(value) <= 1:
        hint = f"did you mean {plain_number(value * 100)} %?"
    else:
        hint = f"say {plain_number(value)} {unit}, or whichever unit is meant"
    return ctx.broken(
        "bare-number", bare, f"`{with_unit.text}` is in {unit}, and {plain_number(value)} has no unit", hint
    )


def arithmetic(ctx: Context, part: Syntax) -> Node:
    """A sum, product or power; days may be added to a date."""
    left_part, sign, right_part = part.part(0), part.part(1).text, part.part(2)
    _torn_unit(ctx, part)
    left, right = ctx.all_of((left_part, right_part), ctx.node)
    _scaled_by_hand(ctx, part, left, right)
    if sign in "+-" and left.type.kind in DATES:
        return _shifted(ctx, sign, left, right, part)
    left, right = counted(as_number(ctx, left, left_part)), counted(as_number(ctx, right, right_part))
    grain = ctx.grain_of(left, right)
    if sign in "+-":
        right = aligned(ctx, left, right, left_part, right_part)
        unit = left.type.unit or right.type.unit
        return Arithmetic(type=Type(Kind.NUMBER, unit=unit), grain=grain, op=sign, left=left, right=right)
    unit, factor = _product_unit(ctx, sign, left, right, part)
    node = Arithmetic(type=Type(Kind.NUMBER, unit=unit), grain=grain, op=sign, left=left, right=right)
    return node if factor == 1 else Convert(type=node.type, grain=grain, value=node, factor=factor)


def _torn_unit(ctx: Context, part: Syntax) -> None:
    """`5 mg / L` divides by a thing called L."""
    left, right = part.part(0), part.part(2)
    unit = left.parts[1] if left.kind == "quantity" else None
    if unit is not None and part.part(1).text == "/" and right.kind == "value_name":
        whole = f"{unit.text}/{right.text}"
        if units.canonical(whole):
            raise ctx.broken("torn-unit", right, "a unit has no blanks inside", f"write `{left.part(0).text} {whole}`")


def _scaled_by_hand(ctx: Context, part: Syntax, left: Node, right: Node) -> None:
    """`height_cm / 100` is still in cm: whoever means metres would compare numbers a hundred times too small."""
    scale = right.value if isinstance(right, Literal) and right.type.unit is None else None
    if part.part(1).text not in "*/" or scale not in SCALES or not units.is_size(left.type.unit or ""):
        return
    name, unit = part.part(0).text, left.type.unit
    message = f"`{name}` is in {unit}, and `{part.text}` is too: a plain number changes no unit"
    hint = f"say `{name}` alone; a comparison converts it to the unit it is compared with"
    raise ctx.broken("scaled-unit", part.part(2), message, hint)


def _product_unit(ctx: Context, sign: str, left: Node, right: Node, part: Syntax) -> tuple[str | None, Decimal]:
    if sign == "^":
        whole = isinstance(right, Literal) and isinstance(right.value, Decimal) and right.value % 1 == 0
        if right.type.unit or (left.type.unit and not whole):
            raise ctx.broken(
                "unit-clash", part.part(2), "a power must be a plain number, and whole where the base has a unit"
            )
        exponent = int(right.value) if whole and isinstance(right, Literal) and isinstance(right.value, Decimal) else 1
        return units.power(left.type.unit, exponent) if left.type.unit else None, Decimal(1)
    return units.product(left.type.unit, right.type.unit, divide=sign == "/")


def _shifted(ctx: Context, sign: str, left: Node, right: Node, part: Syntax) -> Node:
    right_part = part.part(2)
    if right.type.kind in DATES:
        message = "two dates can't be added" if sign == "+" else "the time between two dates needs its unit"
        hint = f"say `days from {right_part.text} to {part.part(0).text}`, or years, months, weeks"
        raise ctx.broken("wrong-type", part, message, hint)
    right = counted(as_number(ctx, right, right_part))
    if right.type.unit not in {"days", "weeks"}:
        raise ctx.broken(
            "unit-clash", right_part, "only days or weeks can be added to a date", f"such as `{right_part.text} days`"
        )
    if right.type.unit == "weeks":
        right = converted(ctx, right, "days", right_part, part)
    return Arithmetic(type=left.type, grain=ctx.grain_of(left, right), op=sign, left=left, right=right)
