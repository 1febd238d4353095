"""Great Expectations beside Pandera: they agree on awkward cells, and a fault on either side is told."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from declared import column, study, table

from prelock.engine.clean import CleanTable, clean_tables
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.errors import CallError
from prelock.results import is_second
from prelock.schemas import Validated, opinion, opinion_frames, suite, validate_all
from prelock.schemas.constraints import VERDICTS, Verdict
from prelock.schemas.opinion import SecondOpinion
from prelock.study.definition import Table

D = Decimal
LOST = {"not done": ("ND", "未查"), "not known": ("-99",)}
AWKWARD = table(
    "people",
    column("id", pattern="P[0-9]+"),
    column("row", "number", minimum=D(0), maximum=D(10), plausible=(D(1), D(9)), missing_codes=LOST),
    column("size `x` (cm²)?", "whole number", minimum=D(3)),
    column("crp", "result", minimum=D(1), maximum=D(5), codes={"trace": ("tr",)}),
    column("性别", "code", codes={"male": ("男", "1"), "female": ("女", "2")}, required=True, missing_codes=LOST),
    column("ill", "yes/no", codes={"yes": ("是",), "no": ("否",)}, blank_means="no"),
    column("stop", "date", blank_means="ongoing"),
    column("from", "date"),
    column("seen", "date and time", required=True),
    column("stage", "code", codes={"I": (), "II": ()}, blank_means="not applicable", required=True, pattern="[A-Z]+"),
    column("absent", "number", minimum=D(1), optional=True),
    column("note", pattern="A|B", missing_codes=LOST),
    patient_column="id",
)
CELLS: dict[str, list[str | None]] = {
    "id": ["P1", "P2", "p3", None, "P5", "\ufeffP6 ", "P7", "P8"],
    "row": ["0", "10.000", "-0.0001", "-99.0", "ＮＤ", "１１", "1e1", "  "],
    "size `x` (cm²)?": ["3", "3.5", "2", "", "4.0", "four", None, "99"],
    "crp": ["<1", "<=1", ">5", ">=5", "<5", "tr", "0.99", "5,1"],
    "性别": ["男", "2.0", "M", "未查", "", "FEMALE", "　", "女 "],
    "ill": ["是", "yes", "y", "", None, "no", "否", "maybe"],
    "stop": ["2024-02-30", "", "2024-03", "2024", "3/4/2024", "20240101", "2024-01-01", "Apr-6"],
    "from": ["2024-02-29", None, "2023-02-29", "x", "", "2024", "2024-13", "2024-01-01"],
    "seen": ["2024-01-01T10:00", "2024-01-01 25:00", "2024-01-01", "", "ND", "2024-01-01 10:00:00", "2024", None],
    "stage": ["I", "ii", "III", "", None, "II", " I", "x"],
    "note": ["A", "B", "AB", "ND", "", "A\n", "a", "未查"],
}


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(threads=2) as opened:
        yield opened


def asked(session: Session, declared: Table = AWKWARD, cells: Mapping[str, list[str | None]] = CELLS) -> Validated:
    made = study(declared)
    data = {declared.name: pa.table({name: pa.array(texts, pa.string()) for name, texts in cells.items()})}
    raw = open_data(made, data, session)
    return validate_all(made, raw, clean_tables(made, raw, session), session, SecondOpinion())


def second(found: Validated) -> dict[str, dict[str, Any]]:
    return {row["check"].removesuffix(" (second opinion)"): row for row in found.checks if is_second(row["check"])}


def errors(found: Validated) -> dict[str, str]:
    return {name: row["error"] for name, row in second(found).items() if row["status"] == "error"}


def rows_told(found: Validated, session: Session) -> list[tuple[str, int]]:
    told = [f for f in session.arrow(found.findings).to_pylist() if f["kind"] == "second opinion"]
    assert all(f["severity"] == "error" and f["key"] and f["message"] for f in told)
    return sorted((f["column"], f["row"]) for f in told)


# ---- they agree -----------------------------------------------------------------------------------------------------
def test_they_agree_on_awkward_cells(session: Session) -> None:
    found = asked(session)
    own = {row["check"]: row for row in found.checks if "." in row["check"] and not is_second(row["check"])}
    assert set(second(found)) == set(own)
    assert len(own) == 22
    assert errors(found) == {}
    assert {row["status"] for row in second(found).values()} == {"passed"}
    assert sum(row["failed"] for row in own.values()) > 25
    assert rows_told(found, session) == []


def test_they_agree_batch_by_batch(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion_frames, "BATCH", 2048)
    cells = {name: [texts[i % 8] for i in range(5000)] for name, texts in CELLS.items()}
    found = second(asked(session, cells=cells))
    assert {(row["status"], row["passed"]) for row in found.values()} == {("passed", 5000)}


def test_a_table_without_rows_is_not_applicable(session: Session) -> None:
    found = second(asked(session, cells={name: [] for name in CELLS}))
    assert {row["status"] for row in found.values()} == {"not applicable"}


def test_a_column_that_is_not_there_is_not_compared(session: Session) -> None:
    found = asked(session, cells={name: texts for name, texts in CELLS.items() if name != "from"})
    assert not [name for name in second(found) if ".from:" in name]
    assert [row["status"] for row in found.checks if row["check"] == "people.from: type"] == ["error"]


# ---- a fault on one side --------------------------------------------------------------------------------------------
def test_a_bound_that_pandera_forgets(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows 3 (-0.0001) and 6 (11) lie outside 0 to 10; nothing else of `row` does."""
    monkeypatch.setitem(VERDICTS, "range", lambda constraint, facts: pl.lit(Verdict.PASSED))
    found = asked(session)
    told = errors(found)["people.row: range"]
    assert told == "Great Expectations fails 2 records that Pandera passes (row 3, 6)"
    assert second(found)["people.row: range"]["failed"] == 2
    assert ("row", 3) in rows_told(found, session)
    assert "people.row: plausible" not in errors(found)


def test_a_bound_that_great_expectations_has_otherwise(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    really = suite._between

    def shifted(kind: str, name: str, low: Decimal | None, high: Decimal | None, interval: bool) -> Any:
        return really(kind, name, None if low is None else low + 1, high, interval)

    monkeypatch.setattr(suite, "_between", shifted)
    found = asked(session)
    assert "Great Expectations fails 1 record that Pandera passes (row 1)" in errors(found)["people.row: range"]
    assert ("row", 1) in rows_told(found, session)


def test_a_code_that_pandera_lets_through(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERDICTS, "code", lambda constraint, facts: pl.lit(Verdict.NOT_APPLICABLE))
    assert errors(asked(session))["people.性别: code"].endswith("(row 3)")


def test_a_check_that_one_side_lacks(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    really, listed = suite.demands, opinion.constraints
    monkeypatch.setattr(
        suite, "demands", lambda *given: [d for d in really(*given) if d.check != "people.note: pattern"]
    )
    monkeypatch.setattr(
        opinion, "constraints", lambda given: [c for c in listed(given) if c.name != "people.row: plausible"]
    )
    assert errors(asked(session)) == {
        "people.note: pattern": "Great Expectations has no expectation for this check",
        "people.row: plausible": "Pandera has no check for this expectation",
    }


def test_a_value_lost_on_the_way(session: Session) -> None:
    """A number that was written and is a blank among the clean cells: Pandera sees a blank."""
    declared = table("t", column("id"), column("x", "number"))
    made = study(declared)
    raw = open_data(made, {"t": pa.table({"id": ["a", "b", "c"], "x": ["1", "2", "3"]})}, session)
    clean = clean_tables(made, raw, session)["t"]
    lossy = session.store(
        f"SELECT * REPLACE (CASE WHEN row = 2 THEN NULL ELSE x END AS x) FROM ({session.sql(clean.rel)})"
    )
    found = validate_all(made, raw, {"t": lost(clean, lossy)}, session, SecondOpinion())
    assert [row["status"] for row in found.checks if row["check"] == "t.x: type"] == ["passed"]
    assert errors(found) == {"t.x: type": "Great Expectations fails 1 record that Pandera passes (row 2)"}


def lost(clean: CleanTable, rel: Any) -> CleanTable:
    return replace(clean, rel=rel)


def test_an_expectation_that_cannot_run(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "ANSWER", "|nowhere")
    told = errors(asked(session))
    assert told["people.id: required"] == "Great Expectations could not run it"
    assert "people.id: pattern" not in told


def test_cells_that_only_one_side_looked_at(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERDICTS, "type", lambda constraint, facts: pl.lit(Verdict.NOT_APPLICABLE))
    found = asked(session, table("t", column("id"), column("x", "number")), {"id": ["a", "b"], "x": ["1", None]})
    assert errors(found) == {"t.x: type": "Great Expectations judged 1 cells, Pandera 0"}


# ---- its surroundings -----------------------------------------------------------------------------------------------
def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion, "find_spec", lambda name: None)
    with pytest.raises(CallError, match=r"prelock\[expectations\]"):
        SecondOpinion()


def test_nothing_is_sent_anywhere(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*given: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    second_opinion = SecondOpinion()
    made = study(AWKWARD)
    data = {AWKWARD.name: pa.table({name: pa.array(texts, pa.string()) for name, texts in CELLS.items()})}
    raw = open_data(made, data, session)
    validate_all(made, raw, clean_tables(made, raw, session), session, second_opinion)
    second_opinion.write_docs(tmp_path / "docs")
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"
    assert second_opinion._context.config.analytics_enabled is False
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "docs").rglob("*.html")]
    assert len(pages) == 3
    assert any("size `x` (cm²)?" in page for page in pages)
