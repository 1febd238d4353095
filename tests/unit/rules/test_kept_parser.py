"""The parser's tables are kept between runs, and a file that can't be used costs time, never an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from prelock.rules import syntax

RULE = "age >= 18 and sex is female"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "prelock"


def read_anew() -> syntax.Syntax:
    syntax.parser.cache_clear()
    return syntax.parse(RULE)


def test_the_second_run_reads_what_the_first_kept(kept: Path) -> None:
    first = read_anew()
    (file,) = kept.iterdir()
    written = file.stat().st_mtime_ns
    assert read_anew() == first
    assert file.stat().st_mtime_ns == written


@pytest.mark.parametrize("damage", [b"", b"nothing of the kind", None])
def test_a_damaged_file_is_written_anew(kept: Path, damage: bytes | None) -> None:
    first = read_anew()
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert read_anew() == first


def test_where_nothing_can_be_kept_rules_are_read_all_the_same(kept: Path) -> None:
    kept.parent.joinpath("prelock").write_text("a file where the folder should be", encoding="utf-8")
    assert read_anew().kind == "conjunction"
