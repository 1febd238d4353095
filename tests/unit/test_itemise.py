"""Every reason that blocks names each finding, patient, gap and check behind it, as many as it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_study

import prelock
from prelock.lock.gate import Item, Verdict

LOCK = """
lock:
  block on: [errors, warnings, undetermined eligibility, missing required items]
  allow: {CRP at week 12: at most 40 % missing}
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """The verdict on the tiny study, whose lab file is without a row."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "study.yaml").write_text(tiny_study.STUDY + LOCK, encoding="utf-8")
    for name, text in tiny_study.DATA.items():
        text = text.split("\n")[0] + "\n" if name == "doses" else text
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with prelock.load(folder).check(folder) as run:
        return run.lock()


def items(answer: Verdict, rule: str) -> list[Item]:
    return [item for blocker in answer.blockers if blocker.rule == rule for item in blocker.items]


def test_as_many_items_as_counted(answer: Verdict) -> None:
    assert {b.rule for b in answer.blockers} >= {
        "errors",
        "undetermined eligibility",
        "missing required items",
        "allow",
    }
    for blocker in answer.blockers:
        assert len(blocker.items) == blocker.count, blocker.rule


def test_a_finding_has_its_cell(answer: Verdict) -> None:
    [item] = [item for item in items(answer, "errors") if item.rule == "weight_sane"]
    assert (item.patient, item.table, item.key) == ("P5", "patients", "patient_id=P5")
    assert len(item.finding_id) == 16
    assert (item.owner, item.age) == ("", None)


def test_undetermined_patients_come_with_the_cells_that_would_decide(answer: Verdict) -> None:
    # P3 has no answer on consent, P6 no birth date; P2 and P4 refused.
    found = {item.patient: item for item in items(answer, "undetermined eligibility")}
    assert set(found) == {"P3", "P6"}
    assert (found["P3"].rule, found["P6"].rule) == ("consent", "age")
    assert "birth_date" in found["P6"].text


def test_gaps_name_the_patient_and_what_is_missing(answer: Verdict) -> None:
    assert [(i.rule, i.patient) for i in items(answer, "missing required items")] == [("sex at baseline", "P6")]
    # Of P1, P5 and P6 (who consented) and P3 (who may have) only P1 has a readable CRP; P5's says `not done`.
    assert [(i.patient, i.text) for i in items(answer, "allow")] == [
        ("P3", "missing"),
        ("P5", "not done"),
        ("P6", "missing"),
    ]


def test_checks_with_nothing_to_check_are_named(answer: Verdict) -> None:
    assert "no_overlap" in {item.rule for item in items(answer, "empty checks")}


def test_a_table_that_cannot_be_read_never_locks(tmp_path: Path) -> None:
    study = tiny_study.STUDY + "\nlock: {block on: [warnings]}\n"
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    for name in ("patients", "labs", "events"):
        (tmp_path / f"{name}.csv").write_text(tiny_study.DATA[name], encoding="utf-8")
    with prelock.load(tmp_path).check(tmp_path) as run:
        [blocker] = [b for b in run.lock().blockers if b.rule == "checks not run"]
    told = {item.rule: item.text for item in blocker.items}
    assert "no_overlap" in told
    assert all(told.values())
