"""Nodes that are true, false or unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from prelock.engine.interval import Scalar, State, Truth, Val, compare, kleene_and, kleene_not, kleene_or, of_truth
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import And, Compare, HasState, IsAnswer, Node, Not, OneOf, Or, TextTest
from prelock.rules.text import TEXT_TESTS, fold
from prelock.rules.types import Kind


def both(run: Run, node: And, here: Here) -> Part:
    """Kleene's and."""
    parts = tuple(run.evaluate(part, here) for part in node.parts)
    return Part(node, of_truth(kleene_and(*(part.truth for part in parts))), parts)


def either(run: Run, node: Or, here: Here) -> Part:
    """Kleene's or."""
    parts = tuple(run.evaluate(part, here) for part in node.parts)
    return Part(node, of_truth(kleene_or(*(part.truth for part in parts))), parts)


def negation(run: Run, node: Not, here: Here) -> Part:
    """Kleene's not."""
    part = run.evaluate(node.part, here)
    return Part(node, of_truth(kleene_not(part.truth)), (part,))


def comparison(run: Run, node: Compare, here: Here) -> Part:
    """Two values compared; ordered codes by their order."""
    left, right = run.evaluate(node.left, here), run.evaluate(node.right, here)
    truth = compare(node.op, ranked(node.left, left.value), ranked(node.right, right.value))
    return Part(node, of_truth(truth), (left, right))


def ranked(node: Node, value: Val) -> Val:
    """An ordered code as its place in the order; any other value as it is."""
    if node.type.kind is not Kind.CODE or not node.type.ordered:
        return value
    return replace(value, low=_place(node, value.low), high=_place(node, value.high))


def _place(node: Node, code: Scalar | None) -> int | None:
    return node.type.codes.index(str(code)) if code is not None else None


def one_of(run: Run, node: OneOf, here: Here) -> Part:
    """A code or text is among those listed."""
    part = run.evaluate(node.value, here)
    listed = {fold(value) for value in node.values}
    return Part(node, of_truth(_tested(part.value, lambda text: fold(text) in listed)), (part,))


def _tested(value: Val, test: Callable[[str], bool]) -> Truth:
    if value.state is State.NOT_APPLICABLE:
        return False
    return test(str(value.low)) if value.exact else None


def text_test(run: Run, node: TextTest, here: Here) -> Part:
    """A pattern, a beginning or a whole word, in the folded text; or one of the codes of a cell."""
    part = run.evaluate(node.value, here)
    if node.how == "includes":
        return Part(node, of_truth(_tested(part.value, lambda text: node.pattern in text.split("; "))), (part,))
    return Part(node, of_truth(_tested(part.value, lambda text: TEXT_TESTS[node.how](text, node.pattern))), (part,))


def has_state(run: Run, node: HasState, here: Here) -> Part:
    """Recorded or missing; unknown where it can't be told, false of both for 'not applicable'."""
    part = run.evaluate(node.value, here)
    return Part(node, of_truth(part.value.recorded if node.state == "recorded" else part.value.missing), (part,))


def is_answer(run: Run, node: IsAnswer, here: Here) -> Part:
    """A yes/no value is yes, or no; not applicable is neither."""
    part = run.evaluate(node.value, here)
    if part.value.state is State.NOT_APPLICABLE:
        return Part(node, of_truth(False), (part,))
    truth = part.truth
    return Part(node, of_truth(truth if node.answer else kleene_not(truth)), (part,))
