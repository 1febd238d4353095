"""The interpreter's register and the parts of it that no spec can show: group rows, keys, traces."""

from __future__ import annotations

from dataclasses import is_dataclass
from decimal import Decimal
from fractions import Fraction

import pytest

from prelock.engine.exhaustive import exhaustive
from prelock.engine.interval import MISSING, NOT_APPLICABLE, UNREADABLE, State, Val
from prelock.engine.reference import CellRef, Lack, Part, cells_read, missing_cells
from prelock.engine.reference.handlers import HANDLERS
from prelock.engine.reference.listed import Item, aggregate, listed
from prelock.engine.reference.numbers import calculate
from prelock.engine.reference.records import key_text
from prelock.engine.reference.statuses import status_of
from prelock.rules import nodes
from prelock.rules.nodes import IsAnswer, Literal, OneOf
from prelock.rules.types import PATIENT, TRUTH, Kind, Type


def _node_classes() -> set[type[nodes.Node]]:
    found = {c for c in vars(nodes).values() if isinstance(c, type) and issubclass(c, nodes.Node) and is_dataclass(c)}
    return found - {nodes.Node}


def test_every_node_has_a_handler_and_every_handler_a_node() -> None:
    assert set(HANDLERS) == _node_classes()


# ---- traces ---------------------------------------------------------------------------------------------------------
CELL = CellRef("labs", 3, "result", MISSING, "")
LACK = Lack("labs", 3, "result", "blank")
BLANK = Part(None, MISSING, cells=(CELL,), lacks=(LACK,))


def test_a_blank_under_a_decided_part_is_not_missing() -> None:
    decided = Part(None, Val.of(False), (BLANK,))
    assert missing_cells(decided) == ()
    assert cells_read(decided) == (CELL,)


def test_a_blank_under_an_undecided_part_is_named_once() -> None:
    undecided = Part(None, UNREADABLE, (BLANK, BLANK, Part(None, Val.of(True), (BLANK,))))
    assert missing_cells(undecided) == (LACK,)


def test_what_is_not_applicable_is_settled() -> None:
    assert Part(None, NOT_APPLICABLE, (BLANK,)).settled


def test_an_interval_is_not_settled() -> None:
    assert not Part(None, Val(1, 2)).settled


# ---- keys -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "key"),
    [("3", "3"), ("3.0", "3"), ("ＡB ", "ab"), ("3.5", "3.5"), ("1e3", "1e3"), ("007", "7"), (Decimal("3.0"), "3")],
)
def test_keys(cell: str | Decimal, key: str) -> None:
    assert key_text(Val.of(cell)) == key


def test_a_blank_is_no_key() -> None:
    assert key_text(MISSING) is None
    assert key_text(None) is None


# ---- aggregates -----------------------------------------------------------------------------------------------------
def test_open_bounds_reach_the_extremes() -> None:
    below = Val(None, Decimal("0.5"), high_open=True)
    lowest = aggregate("lowest", [Item(below), Item(Val.of(3))])
    assert (lowest.low, lowest.high, lowest.high_open) == (None, Decimal("0.5"), True)
    highest = aggregate("highest", [Item(below), Item(Val.of(3))])
    assert (highest.low, highest.high) == (3, 3)


def test_a_row_in_doubt_widens_one_side_only() -> None:
    highest = aggregate("highest", [Item(Val.of(3)), Item(Val.of(9), sure=False), Item(Val.of(1), sure=False)])
    assert (highest.low, highest.high, highest.state) == (3, 9, State.UNREADABLE)


def test_rows_in_doubt_that_change_nothing() -> None:
    highest = aggregate("highest", [Item(Val.of(3)), Item(Val.of(1), sure=False)])
    assert highest.exact
    assert highest.recorded is True


def test_a_list_that_lacks_a_value_is_missing_where_rows_are_unknown() -> None:
    items = [Item(Val.of(3)), Item(MISSING)]
    assert listed("sum", items) == MISSING
    assert aggregate("sum", items) == UNREADABLE


# ---- arithmetic -----------------------------------------------------------------------------------------------------
def test_difference_of_intervals() -> None:
    found = calculate("-", Val(1, 2), Val(Decimal("0.5"), 3, low_open=True))
    assert (found.low, found.high, found.low_open, found.high_open) == (-2, Fraction(3, 2), False, True)


def test_half_an_interval_keeps_its_bound() -> None:
    found = calculate("+", Val(1800, None, low_open=True), Val.of(1))
    assert (found.low, found.high, found.low_open) == (1801, None, True)


def test_products_of_intervals_are_unknown() -> None:
    assert calculate("*", Val(1, 2), Val.of(2)) == UNREADABLE


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((State.MISSING, State.NOT_DONE), State.MISSING),
        ((State.MISSING, State.UNREADABLE), State.UNREADABLE),
        ((State.UNREADABLE, State.NOT_APPLICABLE), State.NOT_APPLICABLE),
    ],
)
def test_which_absence_wins(states: tuple[State, State], expected: State) -> None:
    assert calculate("+", Val(state=states[0]), Val(state=states[1])).state is expected


# ---- statuses -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("belongs", "evaluable", "met", "status"),
    [
        (False, None, True, "not applicable"),
        (None, True, True, "undetermined"),
        (None, False, True, "undetermined"),
        (True, False, None, "not evaluable"),
        (True, None, False, "undetermined"),
        (True, True, True, "achieved"),
        (True, True, False, "not achieved"),
        (True, True, None, "undetermined"),
    ],
)
def test_endpoint_status(belongs: bool | None, evaluable: bool | None, met: bool | None, status: str) -> None:
    assert status_of(belongs, evaluable, met) == status


# ---- cases that leave nothing out -----------------------------------------------------------------------------------
SEX = Literal(type=Type(Kind.CODE, codes=("male", "female")), grain=PATIENT, value="male")
FLAG = Literal(type=TRUTH, grain=PATIENT, value=True)


def _is(*codes: str, value: nodes.Node = SEX) -> OneOf:
    return OneOf(type=TRUTH, grain=PATIENT, value=value, values=codes)


def test_cases_over_every_code_leave_nothing_out() -> None:
    assert exhaustive([_is("male"), _is("female")])
    assert exhaustive([_is("male", "female")])


def test_cases_over_some_codes_or_other_values_do() -> None:
    other = Literal(type=SEX.type, grain=PATIENT, value="female")
    assert not exhaustive([_is("male")])
    assert not exhaustive([_is("male"), _is("female", value=other)])
    assert not exhaustive([])


def test_both_answers_leave_nothing_out() -> None:
    yes, no = (IsAnswer(type=TRUTH, grain=PATIENT, value=FLAG, answer=answer) for answer in (True, False))
    assert exhaustive([yes, no])
    assert not exhaustive([yes])


def test_a_row_that_may_add_nothing_leaves_the_bound_of_a_sum_possible() -> None:
    five, above_nothing = Val.of(5), Val(Fraction(0), Fraction(3), low_open=True)
    surely = aggregate("sum", [Item(five), Item(above_nothing)])
    perhaps = aggregate("sum", [Item(five), Item(above_nothing, sure=False)])
    assert (surely.low, surely.low_open, surely.high) == (5, True, 8)
    assert (perhaps.low, perhaps.low_open, perhaps.high) == (5, False, 8)
