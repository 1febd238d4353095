"""Dates: written ones, the time between two, study days."""

from __future__ import annotations

from datetime import date, datetime

from prelock.rules.nodes import DayOf, Literal, Node, Span
from prelock.rules.resolve.context import Context
from prelock.rules.resolve.numbers import DATES
from prelock.rules.resolve.points import need_day_zero
from prelock.rules.syntax import Syntax
from prelock.rules.types import DATE, MOMENT, NUMBER, STUDY, Kind, Type


def written(ctx: Context, part: Syntax) -> Node:
    """A date, or a date and time, written in the rule."""
    text = part.part(0).text
    if len(text) == len("2024-03"):
        raise ctx.broken("wrong-date", part, f"`{text}` is a month, not a day", f"write the whole date: {text}-01")
    try:
        if len(text) > len("2024-03-01"):
            return Literal(type=MOMENT, grain=STUDY, value=datetime.fromisoformat(text))
        return Literal(type=DATE, grain=STUDY, value=date.fromisoformat(text))
    except ValueError:
        message = f"`{text}` is not a day of the calendar"
        raise ctx.broken("wrong-date", part, message, "write year-month-day, such as 2024-03-01") from None


def span(ctx: Context, part: Syntax) -> Node:
    """`years from A to B`; completed years and months, exact weeks, days and hours, exact months."""
    exact, unit, start_part, end_part = part.parts[0], part.part(1), part.part(2), part.part(3)
    if exact and unit.text != "months":
        raise ctx.broken(
            "wrong-type", exact, "only months have an exact form", f"{unit.text} from … to … says it already"
        )
    start, end = ctx.all_of((start_part, end_part), lambda item: _dated(ctx, item))
    moments = start.type.kind is end.type.kind is Kind.MOMENT
    if unit.text == "hours" and not moments:
        dateless = start_part if start.type.kind is Kind.DATE else end_part
        raise ctx.broken(
            "wrong-type", dateless, f"`{dateless.text}` is a date without a time; hours need both times", "say days"
        )
    name = "exact months" if exact else unit.text
    return Span(type=Type(Kind.NUMBER, unit=unit.text), grain=ctx.grain_of(start, end), unit=name, start=start, end=end)


def _dated(ctx: Context, part: Syntax) -> Node:
    node = ctx.node(part)
    if node.type.kind not in DATES:
        raise ctx.broken("wrong-type", part, f"`{part.text}` is a {node.type}, and a date is needed here")
    return node


def day_of(ctx: Context, part: Syntax) -> Node:
    """The study day of a date: a plain number."""
    node = _dated(ctx, part.part(0))
    need_day_zero(ctx, part)
    return DayOf(type=NUMBER, grain=node.grain, value=node)
