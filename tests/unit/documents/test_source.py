"""Bytes that are no plain text, each with the reason and the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from prelock.documents.source import LARGEST, read_source
from prelock.errors import Problem


def problems_of(data: bytes, tmp_path: Path) -> list[Problem]:
    (tmp_path / "f.yaml").write_bytes(data)
    problems: list[Problem] = []
    read_source(tmp_path / "f.yaml", "f.yaml", problems)
    return problems


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    problems: list[Problem] = []
    source = read_source(tmp_path / "f.yaml", "f.yaml", problems)
    assert source is not None
    assert source.text == "a: 1\n"
    assert not problems


def test_windows_line_ends_keep_the_lines(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"a: 1\r\nb: 2\r\n")
    source = read_source(tmp_path / "f.yaml", "f.yaml", [])
    assert source is not None
    assert source.lines == ("a: 1", "b: 2")


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"a: 1\nb\x00: 2\n", "unseen-character", "f.yaml:2:2"),
        ("a: 1\n男: 'x".encode() + b"\xff'\n", "not-utf8", "f.yaml:2:6"),
        ("a: 1\n".encode("utf-16"), "not-utf8", "f.yaml:1:1"),
        (b"a:\tb\n", "tab", "f.yaml:1:3"),
        ("a: x\u2028y\n".encode(), "unseen-character", "f.yaml:1:5"),
        ("a: \u202etxet\n".encode(), "unseen-character", "f.yaml:1:4"),
        (b"#" * (LARGEST + 1), "file-too-large", "f.yaml:1:1"),
    ],
)
def test_unusable_bytes_are_located(data: bytes, code: str, place: str, tmp_path: Path) -> None:
    (problem,) = problems_of(data, tmp_path)
    assert (problem.code, str(problem.location)) == (code, place)


def test_every_tab_line_is_named(tmp_path: Path) -> None:
    assert [str(p.location) for p in problems_of(b"\ta: 1\nb: 2\n\tc: 3\n", tmp_path)] == ["f.yaml:1:1", "f.yaml:3:1"]


def test_a_folder_in_place_of_a_file_is_a_problem(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read_source(tmp_path, "f.yaml", problems) is None
    assert [p.code for p in problems] == ["file-unreadable"]
