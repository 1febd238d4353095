"""Patients worked through in batches, as when memory can't hold them all at once: not a byte of a result changes."""

from __future__ import annotations

from pathlib import Path

import pytest

import prelock
from prelock.engine import session
from prelock.results import TABLES

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"


def written(out: Path, memory: str | None = None) -> tuple[int, dict[str, bytes]]:
    """How many batches there were, and every result table as bytes."""
    with prelock.load(STUDY).check(STUDY / "data_with_errors", out, memory=memory) as run:
        return len(run._session.batches), {name: (out / f"{name}.csv").read_bytes() for name in TABLES}


def test_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, plain = written(tmp_path / "plain")
    monkeypatch.setattr(session.Session, "small", False)
    monkeypatch.setattr(session, "BYTES_A_ROW", 300_000)
    batches, divided = written(tmp_path / "divided", "500MB")
    assert at_once == 1
    assert batches > 4
    assert [name for name in TABLES if plain[name] != divided[name]] == []


@pytest.mark.parametrize("memory", ["much", "", "-1GB", "8 patients"])
def test_memory_that_is_no_amount_is_refused(memory: str, tmp_path: Path) -> None:
    with pytest.raises(prelock.CallError, match="write it as 8GB"):
        prelock.load(STUDY).check(STUDY / "data", tmp_path / "out", memory=memory)


def test_too_little_memory_is_said(tmp_path: Path) -> None:
    with pytest.raises(prelock.CallError, match="more memory"):
        prelock.load(STUDY).check(STUDY / "data", tmp_path / "out", memory="3MB")
