"""The first rows of every table of a folder, whatever its format, as text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from prelock.engine import peek as peeking
from prelock.engine.peek import peek


def test_formats_and_encodings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,x\n2,\n", encoding="utf-8-sig")
    (tmp_path / "b.tsv").write_bytes("编号\t性别\n1\t男性患者\n".encode("gb18030"))
    (tmp_path / "c.csv").write_text("id;note\n1;a, b\n", encoding="utf-8")
    pq.write_table(pa.table({"id": [1, 2], "weight": [70.0, 71.5], "seen": [None, "2024"]}), tmp_path / "d.parquet")
    book = Workbook()
    book.active.append(["id", "day", "n"])
    book.active.append([1, datetime(2024, 1, 9), 2.0])
    book.save(tmp_path / "e.xlsx")
    assert peek(tmp_path) == {
        "a.csv": {"id": ["1", "2"], "name": ["x", ""]},
        "b.tsv": {"编号": ["1"], "性别": ["男性患者"]},
        "c.csv": {"id": ["1"], "note": ["a, b"]},
        "d.parquet": {"id": ["1", "2"], "weight": ["70", "71.5"], "seen": ["", "2024"]},
        "e.xlsx": {"id": ["1"], "day": ["2024-01-09"], "n": ["2"]},
    }


def test_what_holds_no_table_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "readme.md").write_text("id,name\n", encoding="utf-8")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "short.csv").write_text("a,b,,a\n1\n", encoding="utf-8")
    assert peek(tmp_path) == {"short.csv": {"a": ["1"], "b": [""]}}


def test_only_the_first_rows_are_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(peeking, "ROWS", 3)
    (tmp_path / "a.csv").write_text("id\n" + "".join(f"{i}\n" for i in range(100)), encoding="utf-8")
    assert peek(tmp_path) == {"a.csv": {"id": ["0", "1", "2"]}}
