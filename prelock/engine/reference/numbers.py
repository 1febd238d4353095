"""Arithmetic on numbers and dates that may be intervals. What can't be calculated is unknown, never infinite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from prelock.engine.interval import ABSENT, MISSING, NOT_APPLICABLE, UNREADABLE, Scalar, State, Val
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import Arithmetic, Convert, Score, Substitute
from prelock.rules.types import Substitution


def lost(*values: Val) -> Val | None:
    """What is left where an operand has no value: not applicable, else unreadable, else missing; None: all have one."""
    if all(value.bounded for value in values):
        return None
    states = {value.state for value in values}
    if State.NOT_APPLICABLE in states:
        return NOT_APPLICABLE
    return UNREADABLE if State.UNREADABLE in states or not states & set(ABSENT) else MISSING


def told(*values: Val) -> State:
    """Recorded, unless one of the operands is in doubt."""
    return State.UNREADABLE if any(value.state is State.UNREADABLE for value in values) else State.RECORDED


def arithmetic(run: Run, node: Arithmetic, here: Here) -> Part:
    """`left op right`."""
    left, right = run.evaluate(node.left, here), run.evaluate(node.right, here)
    return Part(node, calculate(node.op, left.value, right.value), (left, right))


def calculate(op: str, left: Val, right: Val) -> Val:
    """Sums and differences of intervals are intervals; products, quotients and powers need exact operands."""
    gone = lost(left, right)
    if gone is not None:
        return gone
    if isinstance(left.low or left.high, date):
        return _shifted(left, right, 1 if op == "+" else -1)
    if op == "+":
        return _sum(left, right)
    if op == "-":
        return _sum(left, negated(right))
    if not (left.exact and right.exact):
        return UNREADABLE
    result = OPERATIONS[op](Fraction(left.low), Fraction(right.low))  # type: ignore[arg-type]
    return UNREADABLE if result is None else Val(result, result, state=told(left, right))


def _sum(left: Val, right: Val) -> Val:
    low, high = _added(left.low, right.low), _added(left.high, right.high)
    if low is None and high is None:
        return UNREADABLE
    open_ = (left.low_open or right.low_open, left.high_open or right.high_open)
    return Val(low, high, *open_, told(left, right))


def _added(left: Scalar | None, right: Scalar | None) -> Fraction | None:
    return None if left is None or right is None else Fraction(left) + Fraction(right)  # type: ignore[arg-type]


def negated(value: Val) -> Val:
    """Minus the value: its bounds change places."""
    return scaled(value, Fraction(-1))


def scaled(value: Val, factor: Fraction) -> Val:
    """A number times an exact factor; a state stays as it is."""
    low = None if value.low is None else Fraction(value.low) * factor  # type: ignore[arg-type]
    high = None if value.high is None else Fraction(value.high) * factor  # type: ignore[arg-type]
    if factor < 0:
        return Val(high, low, value.high_open, value.low_open, value.state)
    return Val(low, high, value.low_open, value.high_open, value.state)


def _shifted(day: Val, days: Val, sign: int) -> Val:
    """A date some whole days later or earlier."""
    if not days.exact:
        return UNREADABLE
    by = timedelta(days=sign * int(Fraction(days.low)))  # type: ignore[arg-type]
    return Val(_moved(day.low, by), _moved(day.high, by), day.low_open, day.high_open, told(day, days), day.timed)


def _moved(bound: Scalar | None, by: timedelta) -> Scalar | None:
    if not isinstance(bound, date):
        return None
    try:
        return bound + by
    except OverflowError:
        return datetime.max if isinstance(bound, datetime) else date.max


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if base == 0 and exponent < 0:
        return None
    if exponent.denominator == 1 and abs(exponent) <= 1000:
        return base**exponent.numerator
    return None if base < 0 else Fraction(float(base) ** float(exponent))


OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "*": lambda a, b: a * b,
    "/": lambda a, b: None if b == 0 else a / b,
    "^": _power,
}


SHARES = {Decimal(1): "its limit", Decimal("0.5"): "half its limit"}


def convert(run: Run, node: Convert, here: Here) -> Part:
    """A number in another unit."""
    part = run.evaluate(node.value, here)
    return Part(node, scaled(part.value, Fraction(node.factor)), (part,))


def substitute(run: Run, node: Substitute, here: Here) -> Part:
    """A value as arithmetic takes it; the trace says so where a limit stands for it."""
    part = run.evaluate(node.value, here)
    return substituted(part, node.by)


def substituted(part: Part, by: Substitution) -> Part:
    """The part itself, or one around it with the value that a censored one counts as."""
    share, limit = (by.below, part.value.high) if part.value.low is None else (by.above, part.value.low)
    censored = part.value.state is State.RECORDED and (part.value.low is None) != (part.value.high is None)
    if not censored or share is None or limit is None:
        return part
    number = Fraction(limit) * Fraction(share)  # type: ignore[arg-type]
    if share != 1 and number <= 0:  # half of such a limit would lie above it
        return part
    return Part(None, Val.of(number), (part,), words=f"counted as {SHARES[share]}")


def score(run: Run, node: Score, here: Here) -> Part:
    """The number that a scored code stands for."""
    part = run.evaluate(node.value, here)
    if not part.value.bounded:
        return Part(node, part.value, (part,))
    scores = dict(zip(node.value.type.codes, node.value.type.scores, strict=True))
    known = part.value.exact and part.value.low in scores
    return Part(node, Val.of(Fraction(scores[str(part.value.low)])) if known else UNREADABLE, (part,))
