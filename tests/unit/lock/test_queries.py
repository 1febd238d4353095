"""Query states over time: single steps by hand, and long generated histories against a model that looks back."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prelock.lock.history import CHANGES, RUN, History
from prelock.lock.queries import (
    ACTIONS,
    STATES,
    Change,
    Found,
    Query,
    after_run,
    cells_digest,
    changed,
    refused,
)
from prelock.lock.record import Entry, Record


def finding(number: str, cells: str = "a") -> Found:
    return Found(number, "weight: range", "error", "P1", "visits", "visit_id=V1", "weight", "610", "Too heavy", cells)


def query(state: str, cells: str = "a", before: str = "") -> dict[str, Query]:
    return {"q": Query(finding("q", cells), state, "2025-01-01", "2025-01-02", before=before)}


# The whole machine, by hand: a state, and what it becomes when a run sees the finding with the same cells or others,
# does not see it, or could not look; and when it is answered or closed (`-`: that is refused).
TABLE = """
state                   | same     | other                   | absent   | unchecked           | answer   | close
new                     | open     | changed but still wrong | resolved | no longer checkable | answered | closed
open                    | open     | changed but still wrong | resolved | no longer checkable | answered | closed
changed but still wrong | open     | changed but still wrong | resolved | no longer checkable | answered | closed
reopened                | open     | changed but still wrong | resolved | no longer checkable | answered | closed
answered                | answered | changed but still wrong | resolved | no longer checkable | answered | closed
closed                  | closed   | reopened                | resolved | closed              | -        | -
resolved                | reopened | reopened                | resolved | resolved            | -        | -
no longer checkable     | before   | before                  | resolved | no longer checkable | -        | closed
"""
LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
MACHINE = {(row[0], event): after for row in LINES[1:] for event, after in zip(LINES[0][1:], row[1:], strict=True)}
RUN_EVENTS, EDIT_EVENTS = ("same", "other", "absent", "unchecked"), ("answer", "close")
STEPS = [
    (state, event) for state, event in MACHINE if state != "no longer checkable" or event in ("absent", "unchecked")
]


@pytest.mark.parametrize(("state", "event"), [step for step in STEPS if step[1] in RUN_EVENTS])
def test_one_run(state: str, event: str) -> None:
    found = {"same": [finding("q")], "other": [finding("q", "b")]}.get(event, [])
    [then] = after_run(query(state), found, {"q"} if event == "unchecked" else set(), "2025-02-01").values()
    assert then.state == MACHINE[state, event]
    assert (then.first_seen, then.last_seen) == ("2025-01-01", "2025-02-01" if found else "2025-01-02")


@pytest.mark.parametrize(("state", "event"), [step for step in MACHINE if step[1] in EDIT_EVENTS])
def test_one_edit(state: str, event: str) -> None:
    change = Change("q", event, "a reason")
    if MACHINE[state, event] == "-":
        assert refused(query(state), change)
    else:
        assert not refused(query(state), change)
        assert changed(query(state), change)["q"].state == MACHINE[state, event]


def test_the_machine_has_every_state() -> None:
    assert {state for state, _ in MACHINE} == set(STATES)


@pytest.mark.parametrize(
    ("before", "cells", "after"),
    [("open", "a", "open"), ("answered", "a", "answered"), ("answered", "b", "changed but still wrong")],
)
def test_what_can_be_checked_again_is_what_it_was(before: str, cells: str, after: str) -> None:
    [then] = after_run(query("no longer checkable", before=before), [finding("q", cells)], set(), "2025-02-01").values()
    assert (then.state, then.before) == (after, "")


def test_a_check_that_runs_again_and_finds_nothing_resolves() -> None:
    [then] = after_run(query("no longer checkable", before="open"), [], set(), "2025-02-01").values()
    assert then.state == "resolved"


def test_age_counts_days_from_the_first_run_that_saw_it() -> None:
    assert query("open")["q"].age(date(2025, 3, 1)) == 59


@pytest.mark.parametrize(
    ("state", "action", "text", "told"),
    [
        ("open", "answer", "The scale was broken", ""),
        ("no longer checkable", "close", "The row was a duplicate", ""),
        ("resolved", "assign", "Bo", ""),
        ("resolved", "close", "done", "query q is resolved and can't be closed"),
        ("closed", "answer", "again", "query q is closed and can't be answered"),
        ("no longer checkable", "answer", "?", "query q is no longer checkable: close it with a reason"),
        ("open", "close", " ", "query q: closing needs a reason"),
    ],
)
def test_what_people_may_do(state: str, action: str, text: str, told: str) -> None:
    assert refused(query(state), Change("q", action, text)).startswith(told)
    assert bool(refused(query(state), Change("q", action, text))) is bool(told)


def test_a_query_that_is_not_there() -> None:
    assert refused({}, Change("q", "close", "x")) == "there is no query q"


def test_cells_are_the_same_in_another_order_of_rows() -> None:
    one = cells_digest("2024-01-06", "exposure.csv row 47 end = 2024-01-09; exposure.csv row 48 start = 2024-01-06")
    other = cells_digest("2024-01-06", "exposure.csv row 3 start = 2024-01-06; exposure.csv row 9 end = 2024-01-09")
    changed_cell = cells_digest(
        "2024-01-06", "exposure.csv row 47 end = 2024-01-10; exposure.csv row 48 start = 2024-01-06"
    )
    assert one == other != changed_cell
    assert cells_digest("", "") != cells_digest("0", "")


# ---- long histories against the table -------------------------------------------------------------------------------
class Model:
    """One finding by the table alone: its state, its cells when it was last seen, and the state it had when it could
    still be checked."""

    def __init__(self) -> None:
        self.state, self.cells, self.before = "", "", ""

    def run(self, event: str) -> None:
        """`a` or `b`: seen with these cells; `absent`; `unchecked`."""
        if not self.state:
            if event in "ab":
                self.state, self.cells = "new", event
            return
        told = ("same" if event == self.cells else "other") if event in "ab" else event
        after = MACHINE[self.state, told]
        if after == "before":
            after = MACHINE[self.before, told]
        if told == "unchecked" and after != self.state:
            self.before = self.state
        self.state, self.cells = after, event if event in "ab" else self.cells

    def edit(self, action: str) -> bool:
        """Whether it may be made."""
        if not self.state or (action != "assign" and MACHINE[self.state, action] == "-"):
            return False
        self.state = self.state if action == "assign" else MACHINE[self.state, action]
        return True


def entry(what: str, body: dict[str, Any]) -> Entry:
    return Entry(1, "", "", what, "", body, "", "")


def lived(draw: random.Random, runs: int) -> Counter[str]:
    """A history of `runs` runs with edits between them, compared with the model after each; the states met."""
    models = {f"f{n}": Model() for n in range(8)}
    history, met = History(), Counter[str]()
    for number in range(runs):
        events = {i: draw.choice(["a", "a", "b", "absent", "unchecked"]) for i in models}
        if draw.random() < 0.3:  # a quiet time, in which nothing moves
            events = {i: m.cells if m.state and m.state != "resolved" else "absent" for i, m in models.items()}
        found = [finding(i, event) for i, event in events.items() if event in "ab"]
        draw.shuffle(found)
        unchecked = [i for i, event in events.items() if event == "unchecked" and i in history.queries]
        day = date.fromordinal(738000 + number).isoformat()
        history.take(entry(RUN, history.run_body(found, unchecked, day)))
        for i, model in models.items():
            model.run(events[i])
        for _ in range(draw.randrange(4)):
            change = Change(draw.choice(list(models)), draw.choice(ACTIONS), "a reason")
            allowed = models[change.finding_id].edit(change.action)
            assert allowed is not bool(refused(history.queries, change))
            if allowed:
                history.take(entry(CHANGES, {"changes": [[change.finding_id, change.action, change.text]]}))
        states = {i: q.state for i, q in history.queries.items()}
        assert states == {i: model.state for i, model in models.items() if model.state}
        met.update(states.values())
    return met


def test_two_hundred_runs_with_edits_between_equal_the_model() -> None:
    met: Counter[str] = Counter()
    for seed in range(25):
        met += lived(random.Random(seed), 200)
    assert set(met) == set(STATES)


@given(st.randoms(use_true_random=False))
def test_short_histories_equal_the_model(draw: random.Random) -> None:
    lived(draw, 6)


def test_the_record_gives_the_same_queries_when_it_is_read_again(tmp_path: Path) -> None:
    record, history = Record(tmp_path / "record.sqlite"), History()
    cells = ["a", "a", "b", None, "b"]
    for number, written in enumerate(cells):
        found = [] if written is None else [finding("q", written)]
        with record.writing() as writing:
            made = writing.append(RUN, "Ana", "", history.run_body(found, [], f"2025-01-0{number + 1}"))
        history.take(made)
    with record.writing() as writing:
        history.take(writing.append(CHANGES, "Bo", "", {"changes": [["q", "assign", "Cy"], ["q", "close", "as is"]]}))
    assert History.of(record.entries()) == history
    [left] = history.queries.values()
    assert left == replace(Query(finding("q", "b"), "closed", "2025-01-01", "2025-01-05"), owner="Cy", comment="as is")


def test_a_run_that_finds_what_the_last_one_found_adds_nothing_but_its_day() -> None:
    history = History()
    history.take(entry(RUN, history.run_body([finding("q")], [], "2025-01-01")))
    body = history.run_body([finding("q")], [], "2025-01-02")
    assert body == {"day": "2025-01-02", "found": [], "gone": [], "unchecked": []}


def test_changes_apply_to_the_query_named_and_no_other() -> None:
    before = {"q": query("open")["q"], "r": query("open")["q"]}
    after = changed(before, Change("r", "answer", "checked at the site"))
    assert after["q"] == before["q"]
    assert (after["r"].state, after["r"].comment) == ("answered", "checked at the site")
