"""What a study may say of a file: header, dialect, encoding, where the records end, which rows are none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from declared import column, table
from table_files import formatted, read, rows, workbook

from prelock.engine.session import Session
from prelock.engine.sources import delimited

ID, CRP, ESR = column("id"), column("crp", "result"), column("esr", "result")


@pytest.fixture
def session() -> Any:
    with Session(threads=2) as opened:
        yield opened


def noted(raw: Any) -> list[tuple[str, str]]:
    return [(problem.kind, problem.severity) for problem in raw.problems]


DIALECTS: dict[str, tuple[bytes, dict[str, Any]]] = {
    "pipes, not declared": (b"id|crp\nP1|5\nP2|6,5\n", {}),
    "pipes": (b"id|crp\nP1|5\nP2|6,5\n", {"delimiter": "|"}),
    "a delimiter that the header also holds": (b"id;crp;a,b\nP1;5;x\nP2;6,5;y\n", {"delimiter": ";"}),
    "single quotes": (b"id,crp\n'P1',5\nP2,'6,5'\n", {"quote": "'"}),
    "no quotes": (b'id;crp;note\nP1;5;5" tube\nP2;6,5;"\n', {"quote": "", "delimiter": ";"}),
    "titles above": (b"Export of 2024\n,,\nid;crp\nP1;5\nP2;6,5\n", {"header": (3, 3)}),
    "a title over two lines": (b'"Export\nof 2024"\nid;crp\nP1;5\nP2;6,5\n', {"header": (3, 3)}),
    "cp1250": ("id;crp;řídící\nP1;5;š\nP2;6,5;ž\n".encode("cp1250"), {"encoding": "cp1250"}),
    "legend below": (b"id;crp\nP1;5\nP2;6,5\n\nND = not done;;;\n", {"ends": ("blank row",)}),
    "total below": (b'id;crp\nP1;5\nP2;6,5\nTOTAL (n);"2\nND: open\n', {"ends": ("total",)}),
    "subtotals between": (b"id;crp\nP1;5\nSum;5\nP2;6,5\n\xef\xbc\xb3\xef\xbc\xb5\xef\xbc\xad;6,5\n",
                          {"left_out": {"id": ("sum",)}}),
}  # fmt: skip


@pytest.mark.parametrize("case", DIALECTS)
@pytest.mark.parametrize("slow", [False, True])
def test_dialects(case: str, slow: bool, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    content, how = DIALECTS[case]
    if slow:
        monkeypatch.setattr(delimited, "read_fast", lambda *_: None)
    (tmp_path / "t.csv").write_bytes(content)
    raw = read(tmp_path, session, formatted(ID, CRP, file="t.csv", **how))
    assert [cells for _, _, *cells in rows(raw, session)] == [["P1", "5"], ["P2", "6,5"]]
    assert [p for p in raw.problems if p.severity == "error"] == []
    lines = content.decode(how.get("encoding", "utf-8")).split("\n")
    for row, line, patient, _ in rows(raw, session):
        assert patient in lines[line - 1]
        assert row == line - next(n for n, text in enumerate(lines, 1) if "crp" in text)


def test_two_header_rows_become_one_header(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.csv").write_text("Lab export\n,Baseline,,Week 12,\nid,CRP,ESR,CRP,ESR\nP1,5,10,3,8\n")
    declared = formatted(ID, column("crp", header="Week 12 CRP"), file="t.csv", header=(2, 3))
    assert rows(read(tmp_path, session, declared), session) == [(1, 4, "P1", "3")]


def test_merged_headers_of_a_sheet_cover_their_own_columns_only(tmp_path: Path, session: Session) -> None:
    cells = [
        ["Ward 3", None, None, None, None],
        ["id", "Baseline", None, None, "Week 12"],
        [None, "CRP", "ESR", "note", "CRP"],
        ["P1", 5, 10, "fine", 3],
    ]
    workbook(tmp_path / "t.xlsx", Labs=cells)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book["Labs"].merge_cells("A2:A3")
    book["Labs"].merge_cells("B2:C2")
    book.save(tmp_path / "t.xlsx")
    columns = [ID, column("esr", header="Baseline ESR"), column("note"), column("crp", header="Week 12 CRP")]
    raw = read(tmp_path, session, formatted(*columns, file="t.xlsx", sheet="Labs", header=(2, 3)))
    assert rows(raw, session) == [(1, 4, "P1", "10", "fine", "3")]
    assert raw.headers == ("id", "Baseline CRP", "Baseline ESR", "note", "Week 12 CRP")


SHEET = [
    ["Labs of the ward", None],
    ["id", "crp"],
    ["P1", 5],
    [None, None],
    ["P2", "<0.5"],
    [None, "  "],
    ["ND: not done", None],
    ["Total", 2],
]


def test_rows_of_a_sheet_keep_their_place_and_what_is_below_is_counted(tmp_path: Path, session: Session) -> None:
    workbook(tmp_path / "t.xlsx", Labs=SHEET)
    raw = read(tmp_path, session, formatted(ID, CRP, file="t.xlsx", sheet="Labs", header=(2, 2), ends=("ND", "total")))
    assert raw.file == "t.xlsx [Labs]"
    assert rows(raw, session) == [(1, 3, "P1", "5"), (3, 5, "P2", "<0.5"), (4, 6, None, "  ")]
    assert noted(raw) == [("blank rows", "note"), ("rows below", "warning")]
    assert (raw.rows, raw.refused, raw.left_out) == (3, 0, 3)


def test_a_blank_row_may_end_the_records_and_records_below_it_are_told(tmp_path: Path, session: Session) -> None:
    workbook(tmp_path / "t.xlsx", Labs=SHEET)
    raw = read(tmp_path, session, formatted(ID, CRP, file="t.xlsx", ends=("blank row",)))
    assert rows(raw, session) == [(1, 3, "P1", "5")]
    assert (raw.rows, raw.left_out) == (1, 3)  # a row of blanks is none
    assert noted(raw) == [("rows below", "warning")]
    workbook(tmp_path / "t.xlsx", Labs=[*SHEET[:3], [None, None], ["ND: not done", None]])
    assert noted(read(tmp_path, session, formatted(ID, CRP, file="t.xlsx", ends=("blank row",)))) == [
        ("rows below", "note")
    ]


def test_a_sheet_that_ends_in_formatted_blank_rows_has_no_blank_records(tmp_path: Path, session: Session) -> None:
    workbook(tmp_path / "t.xlsx", Labs=[["id", "crp"], ["P1", 5], [None, None], [None, None]])
    raw = read(tmp_path, session, formatted(ID, CRP, file="t.xlsx"))
    assert (rows(raw, session), raw.problems, raw.left_out) == ([(1, 2, "P1", "5")], [], 0)


def test_a_declared_header_row_that_names_nothing_is_told(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.csv").write_text("id,crp\nP1,5\n")
    raw = read(tmp_path, session, formatted(ID, CRP, file="t.csv", header=(2, 2)))
    assert not raw.present
    assert "The declared header row of t.csv names none of the declared columns" in raw.problems[0].message
    beyond = read(tmp_path, session, formatted(ID, CRP, file="t.csv", header=(9, 10)))
    assert (beyond.present, beyond.problems[0].kind) == (False, "missing header")
    workbook(tmp_path / "u.xlsx", Labs=SHEET)
    sheet = read(tmp_path, session, formatted(ID, CRP, file="u.xlsx", header=(30, 30)))
    assert (sheet.present, sheet.problems[0].kind) == (False, "missing header")


def test_rows_that_are_no_records_are_counted(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.csv").write_text("id,crp\nP1,5\nTotal,5\n,\nP2\n合计,7\n")
    raw = read(tmp_path, session, formatted(ID, CRP, file="t.csv", left_out={"id": ("TOTAL", "合计")}))
    assert rows(raw, session) == [(1, 2, "P1", "5")]
    assert (raw.rows, raw.refused, raw.left_out) == (1, 1, 3)
    assert noted(raw) == [("refused row", "error"), ("blank rows", "note"), ("not records", "note")]


def test_a_missing_file_for_which_two_could_stand_is_not_guessed(tmp_path: Path, session: Session) -> None:
    workbook(tmp_path / "t.xlsx", Labs=SHEET)
    assert read(tmp_path, session, table("t", ID)).present
    (tmp_path / "t.tsv").write_text("id\nP1\n")
    raw = read(tmp_path, session, table("t", ID))
    assert not raw.present
    assert raw.problems[0].message == "The file t.csv is not there, and t.tsv and t.xlsx could stand for it; leave one."


def test_bytes_that_are_no_text_in_the_declared_encoding_refuse_their_row(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.csv").write_bytes("id,crp\nP1,男\n".encode("gb18030") + b"P2,\xff\xff\nP3,5\n")
    raw = read(tmp_path, session, formatted(ID, CRP, file="t.csv", encoding="gb18030"))
    assert [cells for _, _, *cells in rows(raw, session)] == [["P1", "男"], ["P3", "5"]]
    assert noted(raw) == [("refused row", "error")]


def test_serial_days_of_both_date_systems(tmp_path: Path, session: Session) -> None:
    """Excel's day 1 is 1900-01-01, or 1904-01-02 in a workbook that counts from 1904."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    workbook(tmp_path / "t.xlsx", Labs=[["id", "day"], ["P1", 45293], ["P2", datetime(2024, 1, 2)]])
    declared = formatted(ID, column("day", "date"), file="t.xlsx")
    assert [row[3] for row in rows(read(tmp_path, session, declared), session)] == ["2024-01-02", "2024-01-02"]
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "t.xlsx")
    assert [row[3] for row in rows(read(tmp_path, session, declared), session)] == ["2028-01-03", "2024-01-02"]


def test_a_percentage_of_a_sheet_is_what_it_is_shown_as(tmp_path: Path, session: Session) -> None:
    shares = [0.05, 0.4512, 1, "0.05", None, 0.07, 12]
    workbook(tmp_path / "t.xlsx", Labs=[["id", "share"], *([f"P{n}", share] for n, share in enumerate(shares))])
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    for line, form in enumerate(["0%", "0.0%", "0%", "0%", "0%", "General", '0"%"'], start=2):
        book["Labs"].cell(line, 2).number_format = form
    book.save(tmp_path / "t.xlsx")
    raw = read(tmp_path, session, formatted(ID, column("share"), file="t.xlsx"))
    # of the last one the sign is only written beside the number
    assert [row[3] for row in rows(raw, session)] == ["5%", "45.12%", "100%", "0.05", None, "0.07", "12"]
