"""A value by cases: the first branch that holds; where that is unknown, whatever all branches in play agree on."""

from __future__ import annotations

from prelock.engine.exhaustive import exhaustive
from prelock.engine.interval import UNREADABLE, State, Truth, Val, same
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import Cases


def cases(run: Run, node: Cases, here: Here) -> Part:
    """Conditions are tried in order up to the first that is true."""
    tried: list[Part] = []
    in_play: list[Part] = []
    whole = node.otherwise is None and exhaustive([condition for condition, _ in node.branches])
    reached: Truth = None
    for number, (condition, value) in enumerate(node.branches, start=1):
        tried.append(run.evaluate(condition, here))
        reached = applies(tried[-1].truth, whole and number == len(node.branches))
        if reached is not False:
            in_play.append(run.evaluate(value, here))
        if reached:
            break
    if not reached:
        in_play.append(run.evaluate(node.otherwise, here) if node.otherwise else Part(None, UNREADABLE, words="else"))
    return Part(node, hull([part.value for part in in_play]), (*tried, *in_play))


def applies(truth: Truth, last_of_all: bool) -> Truth:
    """Does a branch apply? The last of cases that leave nothing out does unless it surely does not."""
    return True if truth is None and last_of_all else truth


def hull(values: list[Val]) -> Val:
    """One value that holds whichever of `values` is the right one; where they differ nobody can tell which it is."""
    first = values[0]
    if all(same(first, other) for other in values[1:]):
        return first
    lows, highs = [value.low for value in values], [value.high for value in values]
    if any(isinstance(bound, str | bool) for bound in lows):
        return UNREADABLE
    low = None if None in lows else min(lows)  # type: ignore[type-var]
    high = None if None in highs else max(highs)  # type: ignore[type-var]
    low_open = low is not None and all(value.low_open for value in values if value.low == low)
    high_open = high is not None and all(value.high_open for value in values if value.high == high)
    return Val(low, high, low_open, high_open, State.UNREADABLE)
