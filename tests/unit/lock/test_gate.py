"""The gate opens only when nothing blocks, and says of everything that blocks how much there is of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prelock.lock.gate import ALWAYS, Blocker, Counts, Item, ItemCount, verdict
from prelock.study.definition import Gate


def texts(gate: Gate, counts: Counts) -> list[str]:
    return [blocker.text for blocker in verdict(gate, counts).blockers]


def test_nothing_found_opens_the_gate() -> None:
    answer = verdict(Gate(), Counts())
    assert (answer.ready, answer.exit_code, answer.blockers) == (True, 0, ())


def test_without_a_lock_section_errors_unrun_checks_and_undetermined_patients_block() -> None:
    answer = verdict(Gate(), Counts(errors=1, warnings=9, undetermined=2, checks_not_run=("labs",)))
    assert [(b.rule, b.count) for b in answer.blockers] == [
        ("errors", 1),
        ("checks not run", 1),
        ("undetermined eligibility", 2),
    ]
    assert (answer.ready, answer.exit_code) == (False, 1)


def test_warnings_block_only_where_the_study_says_so() -> None:
    counts = Counts(warnings=3)
    assert texts(Gate(), counts) == []
    assert texts(Gate(block_on=("warnings",)), counts) == ["3 findings of severity warning"]


def test_long_lists_of_checks_are_cut() -> None:
    counts = Counts(checks_not_run=tuple("abcdefg"))
    assert texts(Gate(block_on=("checks not run",)), counts) == ["7 checks could not run: a, b, c, d, e, …"]


def test_a_required_item_may_not_be_missing_at_all() -> None:
    items = {
        ("CDAI", "baseline"): ItemCount(94, 1, required=True),
        ("FC", "baseline"): ItemCount(94, 22, required=False),
        ("height", "baseline"): ItemCount(94, 0, required=True),
    }
    assert texts(Gate(block_on=("missing required items",)), Counts(items=items)) == [
        "CDAI at baseline is required and missing for 1 patient of 94"
    ]
    assert texts(Gate(block_on=("errors",)), Counts(items=items)) == []


@pytest.mark.parametrize(
    ("missing", "expected", "blocked"),
    [(9, 20, False), (10, 20, True), (0, 0, False), (0, 20, False), (20, 20, True)],
)
def test_a_share_of_exactly_the_allowance_passes(missing: int, expected: int, blocked: bool) -> None:
    gate = Gate(block_on=(), allow={("FC", "week 12"): Decimal(45)})
    counts = Counts(items={("FC", "week 12"): ItemCount(expected, missing, required=False)})
    assert bool(texts(gate, counts)) is blocked


def test_an_allowance_replaces_the_rule_that_nothing_required_is_missing() -> None:
    gate = Gate(block_on=("missing required items",), allow={("FC", "week 12"): Decimal("45.5")})
    items = {("FC", "week 12"): ItemCount(200, 91, required=True)}
    assert texts(gate, Counts(items=items)) == []
    items = {("FC", "week 12"): ItemCount(200, 92, required=True)}
    assert texts(gate, Counts(items=items)) == [
        "FC at week 12 is missing for 92 of 200 patients; at most 45.5 % may be"
    ]


def test_an_allowance_for_something_that_was_not_counted_stays_closed() -> None:
    gate = Gate(block_on=(), allow={("FC", "week 12"): Decimal(45)})
    assert not verdict(gate, Counts()).ready


def test_a_lock_asks_more_than_the_gate_of_a_study_that_asks_for_nothing() -> None:
    counts = Counts(checks_not_run=("labs",), checks_empty=("events.term: required",))
    assert verdict(Gate(block_on=()), counts).ready
    asked = verdict(Gate(block_on=()), counts, ALWAYS)
    assert [(b.rule, b.count) for b in asked.blockers] == [("checks not run", 1), ("empty checks", 1)]


def test_what_the_gate_and_a_lock_both_ask_for_is_told_once() -> None:
    asked = verdict(Gate(block_on=("checks not run",)), Counts(checks_not_run=("labs",)), ALWAYS)
    assert [b.rule for b in asked.blockers] == ["checks not run"]


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ((), ["events.term: required", "events: rows", "CRP: range", "eventful"]),
        (("events",), ["CRP: range", "eventful"]),
        (("CRP", "eventful"), ["events.term: required", "events: rows"]),
    ],
)
def test_checks_that_may_be_empty(named: tuple[str, ...], left: list[str]) -> None:
    empty = ("events.term: required", "events: rows", "CRP: range", "eventful")
    [blocker] = verdict(Gate(block_on=(), may_be_empty=named), Counts(checks_empty=empty), ALWAYS).blockers
    assert blocker.text.split(": ", 1)[1] == ", ".join(left)


def test_a_verdict_with_its_items_is_the_same_verdict() -> None:
    answer = verdict(Gate(), Counts(errors=2, undetermined=1))

    def items(blocker: Blocker) -> list[Item]:
        return [Item(blocker.rule, f"P{n}") for n in range(blocker.count)]

    told = answer.itemised(items)
    assert [(b.rule, b.count, b.text) for b in told.blockers] == [(b.rule, b.count, b.text) for b in answer.blockers]
    assert [len(b.items) for b in told.blockers] == [2, 1]
