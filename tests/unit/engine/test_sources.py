from __future__ import annotations

import csv
import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from declared import column, study, table
from table_files import rows, workbook

from prelock.engine.session import Session
from prelock.engine.sources import fast, open_data
from prelock.engine.sources.folder import find_file
from prelock.engine.sources.raw import RawTable, SourceProblem
from prelock.errors import CallError, DataError
from prelock.study.definition import FileFormat

ABC = table("t", column("a"), column("b"), column("c"))
OTHER = table("other", column("a"))


@pytest.fixture
def session() -> Any:
    with Session(threads=2) as opened:
        yield opened


def read(folder: Path, session: Session, declared: Any = ABC, **files: bytes) -> RawTable:
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    (folder / "first.csv").write_text("p,q\n1,2\n")
    return open_data(study(table("first", column("p")), declared), folder, session)[declared.name]


def problems(raw: RawTable) -> list[tuple[str, int | None, int | None]]:
    return [(problem.kind, problem.row, problem.line) for problem in raw.problems]


PLAIN = [(1, 2, "1", "x", "y"), (2, 3, "2", "u", "v")]

WELL_FORMED: dict[str, tuple[bytes, list[tuple[Any, ...]]]] = {
    "plain": (b"a,b,c\n1,x,y\n2,u,v\n", PLAIN),
    "no final line end": (b"a,b,c\n1,x,y\n2,u,v", PLAIN),
    "CRLF": (b"a,b,c\r\n1,x,y\r\n2,u,v\r\n", PLAIN),
    "CR alone": (b"a,b,c\r1,x,y\r2,u,v\r", PLAIN),
    "byte-order mark": (b"\xef\xbb\xbfa,b,c\n1,x,y\n2,u,v\n", PLAIN),
    "semicolons": (b"a;b;c\n1;x;y\n2;u;v\n", PLAIN),
    "tabs": (b"a\tb\tc\n1\tx\ty\n2\tu\tv\n", PLAIN),
    "other order, one column more": (b"c,d,b,a\ny,0,x,1\nv,0,u,2\n", PLAIN),
    "blanks around headers": (b" a,b ,c\n1,x,y\n2,u,v\n", PLAIN),
    "blank lines": (b"a,b,c\n\n1,x,y\n\n\n2,u,v\n\n", [(1, 3, "1", "x", "y"), (2, 6, "2", "u", "v")]),
    "blank lines first": (b"\n\na,b,c\n1,x,y\n", [(1, 4, "1", "x", "y")]),
    "quoted": (b'"a","b","c"\n"1","x, ""X""","y"\n', [(1, 2, "1", 'x, "X"', "y")]),
    "quoted line ends": (b'a,b,c\n1,"x\nX",y\n2,"u\r\nU",v\n3,p,q\n',
                         [(1, 2, "1", "x\nX", "y"), (2, 4, "2", "u\r\nU", "v"), (3, 6, "3", "p", "q")]),
    "line end in the header": (b'a,b,"c\n"\n1,x,y\n', [(1, 3, "1", "x", "y")]),
    "quote inside a cell": (b'a,b,c\n1,5" pipe,y\n', [(1, 2, "1", '5" pipe', "y")]),
    "blank cells": (b'a,b,c\n1,,""\n2,NULL,NA\n', [(1, 2, "1", None, None), (2, 3, "2", "NULL", "NA")]),
    "header alone": (b"a,b,c\n", []),
    "header alone, no line end": (b"a,b,c", []),
    "numbers stay as written": (b"a,b,c\n007,1e3,1:30\n", [(1, 2, "007", "1e3", "1:30")]),
}  # fmt: skip


@pytest.mark.parametrize("case", WELL_FORMED)
def test_text_files_give_every_cell_as_written_with_row_and_line(case: str, tmp_path: Path, session: Session) -> None:
    content, expected = WELL_FORMED[case]
    raw = read(tmp_path, session, t_csv=content)
    assert rows(raw, session) == expected
    assert raw.present
    assert [p.kind for p in raw.problems if p.severity != "note"] == []


REFUSED: dict[str, tuple[bytes, list[int], list[tuple[int, int]]]] = {
    "too few and too many cells": (b"a,b,c\n1,x,y\n2,u\n3,p,q,r\n4,k,l\n", [1, 4], [(2, 3), (3, 4)]),
    "text after a quote": (b'a,b,c\n1,"x"X,y\n2,u,v\n', [2], [(1, 2)]),
    "unclosed quote before a quoted cell": (b'a,b,c\n1,"x,y\n2,"u",v\n3,p,q\n', [2, 3], [(1, 2)]),
    "unclosed quote": (b'a,b,c\n1,x,y\n2,"u,v\n3,p,q\n4,k,l\n', [1, 3, 4], [(2, 3)]),
    "unclosed quote in the last row": (b'a,b,c\n1,x,y\n2,u,"v', [1], [(2, 3)]),
    "NUL": (b"a,b,c\n1,x\x00,y\n2,u,v\n", [2], [(1, 2)]),
    "after a quoted line end": (b'a,b,c\n1,"x\nX",y\n2,u\n3,p,q\n', [1, 3], [(2, 4)]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_row_is_told_with_row_and_line_and_nothing_else_is_lost(
    case: str, tmp_path: Path, session: Session
) -> None:
    content, kept, refused = REFUSED[case]
    raw = read(tmp_path, session, t_csv=content)
    assert [row[0] for row in rows(raw, session)] == kept
    assert problems(raw) == [("refused row", row, line) for row, line in refused]
    assert raw.refused == len(refused)


def test_a_refused_row_message_holds_no_value_and_no_position(tmp_path: Path, session: Session) -> None:
    raw = read(tmp_path, session, t_csv=b"a,b,c\nSECRET,2\n")
    assert raw.problems[0].message == (
        "A row could not be read: it has 2 cells where the header has 3. Please correct the line."
    )
    assert raw.problems[0].value == "SECRET,2"


CHINESE = "a,b,c\n1,男,C反应蛋白\n2,女,血沉升高，复查\n"
WESTERN = "a,b,c\n1,Müller,18 µg\n2,naïve,é\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"), (CHINESE, "utf-8-sig"), (CHINESE, "gb18030"), (CHINESE, "utf-16"), (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"), (WESTERN, "utf-8"), (WESTERN, "cp1252"), (WESTERN, "utf-16"),
    ],
)  # fmt: skip
def test_encodings(text: str, encoding: str, tmp_path: Path, session: Session) -> None:
    raw = read(tmp_path, session, t_csv=text.encode(encoding))
    expected = [tuple(line.split(",")) for line in text.splitlines()[1:]]
    assert [row[2:] for row in rows(raw, session)] == expected
    noted = [problem.kind for problem in raw.problems]
    assert noted == ([] if encoding.startswith("utf-8") else ["encoding"])


def test_bytes_of_no_safe_encoding_refuse_their_row_alone(tmp_path: Path, session: Session) -> None:
    content = "a,b,c\n1,男,y\n".encode() + b"2,\x81\xff,v\n3,p,q\n"
    raw = read(tmp_path, session, t_csv=content)
    kinds = [problem.kind for problem in raw.problems]
    if raw.present:
        assert [row[0] for row in rows(raw, session)] == [1, 3]
        assert kinds == ["refused row"]
    else:
        assert kinds == ["encoding"]


def test_rows_of_separators_are_left_out_and_noted(tmp_path: Path, session: Session) -> None:
    for content in (b"a,b,c\n1,x,y\n,,\n2,u,v\n,,\n", b"a,b,c\r1,x,y\r,,\r2,u,v\r,,\r"):
        raw = read(tmp_path, session, t_csv=content)
        assert rows(raw, session) == [(1, 2, "1", "x", "y"), (3, 4, "2", "u", "v")]
        assert [(p.kind, p.severity, p.message) for p in raw.problems] == [
            ("blank rows", "note", "2 rows without any value were left out.")
        ]


def test_missing_duplicate_and_undeclared_columns(tmp_path: Path, session: Session) -> None:
    raw = read(tmp_path, session, t_csv=b"a,B,c,c,d\n1,2,3,4,5\n")
    assert rows(raw, session) == [(1, 2, "1")]
    assert [(p.kind, p.column, p.severity) for p in raw.problems] == [
        ("missing column", "b", "error"),
        ("duplicate column", "c", "error"),
        ("unexpected column", "B", "note"),
        ("unexpected column", "d", "note"),
    ]
    assert "(it has 'B')" in raw.problems[0].message


def test_an_optional_column_may_be_absent(tmp_path: Path, session: Session) -> None:
    declared = table("t", column("a"), column("b", optional=True))
    raw = read(tmp_path, session, declared, t_csv=b"a,x\n1,2\n")
    assert [p.kind for p in raw.problems] == ["unexpected column"]


def test_columns_named_like_the_tables_own(tmp_path: Path, session: Session) -> None:
    declared = table("t", column("row"), column("line"), column("patient"))
    raw = read(tmp_path, session, declared, t_csv=b"row,line,patient\n7,8,P1\n")
    assert rows(raw, session) == [(1, 2, "7", "8", "P1")]
    assert raw.rel.columns == ("row", "line", "row|cell", "line|cell", "patient|cell")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty file"),
        (b" \n\r\n", "empty file"),
        (b"\xef\xbb\xbf", "empty file"),
        (b"1,2,3\n4,5,6\n", "missing header"),
    ],
)
def test_files_without_content_or_header(content: bytes, kind: str, tmp_path: Path, session: Session) -> None:
    raw = read(tmp_path, session, t_csv=content)
    assert (raw.present, [p.kind for p in raw.problems], rows(raw, session)) == (False, [kind], [])
    assert raw.rel.columns == ("row", "line", "a", "b", "c")


def test_a_missing_file_leaves_the_others_read(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,x,y\n")
    tables = open_data(study(ABC, OTHER), tmp_path, session)
    assert (tables["t"].present, tables["other"].present) == (True, False)
    assert [p.kind for p in tables["other"].problems] == ["missing file"]


def test_no_folder_or_no_patient_table_is_a_data_error(tmp_path: Path, session: Session) -> None:
    with pytest.raises(DataError, match="does not exist"):
        open_data(study(ABC), tmp_path / "nowhere", session)
    with pytest.raises(DataError, match=r"The patient table cannot be read. The file t.csv is not in the data folder"):
        open_data(study(ABC), tmp_path, session)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="is a file, not a folder"):
        open_data(study(ABC), tmp_path / "file", session)


@pytest.mark.parametrize("file", ["../t.csv", "link.csv", "sub/../../t.csv"])
def test_files_stay_inside_the_data_folder(file: str, tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "data" / "sub").mkdir(parents=True)
    (tmp_path / "data" / "link.csv").symlink_to(tmp_path / "t.csv")
    declared = table("t", column("a"), column("b"), column("c"), file=file)
    raw = read(tmp_path / "data", session, declared)
    assert not raw.present
    assert "outside the data folder" in raw.problems[0].message


def test_an_absolute_path_is_outside(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "data").mkdir()
    assert not read(tmp_path / "data", session, table("t", column("a"), file=str(tmp_path / "t.csv"))).present


def test_glob_characters_in_a_file_name_are_plain(tmp_path: Path, session: Session) -> None:
    (tmp_path / "labs [1]*.csv").write_text("a,b\n1,2\n")
    (tmp_path / "labs 1x.csv").write_text("a,b\n3,4\n")
    raw = read(tmp_path, session, table("t", column("a"), column("b"), file="labs [1]*.csv"))
    assert rows(raw, session) == [(1, 2, "1", "2")]


def written(path: Path, header: list[str], cells: list[list[str]], seed: int) -> None:
    chance = random.Random(seed)
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, quoting=quoting, lineterminator=chance.choice(["\n", "\r\n"]))
        writer.writerows([header, *cells])


@pytest.mark.parametrize("seed", range(12))
def test_both_readers_agree_with_the_standard_library(
    seed: int, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    parts = ["x", "男", '"', ",", " ", "é", "0"] + (["\n"] if seed % 2 else [])
    cells = [[str(i), *("".join(chance.choices(parts, k=chance.randint(0, 6))) for _ in "bc")] for i in range(200)]
    written(tmp_path / "t.csv", ["a", "b", "c"], cells, seed)
    expected = [(i + 1, a, b or None, c or None) for i, (a, b, c) in enumerate(cells)]
    found = rows(read(tmp_path, session), session)
    assert [(row, *rest) for row, _, *rest in found] == expected
    monkeypatch.setattr("prelock.engine.sources.delimited.read_fast", lambda *_: None)
    assert rows(read(tmp_path, session), session) == found
    assert found[0][1] == 2


def test_a_plain_file_takes_the_fast_way(tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prelock.engine.sources.delimited.read_slow", None)
    content = b"a,b,c\n" + b"".join(b"%d,x,y\n" % i for i in range(100_000))
    raw = read(tmp_path, session, t_csv=content)
    wrong = raw.rel.filter((raw.rel.a.cast("int64") + 1 != raw.rel.row) | (raw.rel.row + 1 != raw.rel.line))
    assert session.scalars(raw.rel, n=raw.rel.count()) == {"n": 100_000}
    assert session.scalars(wrong, n=wrong.count()) == {"n": 0}


def test_the_survey_counts_lines_over_chunk_borders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "CHUNK", 3)
    for content, expected in [
        (b"ab\r\ncd\r\n", fast.Bytes(2, False)), (b"a\r\nb", fast.Bytes(2, False)), (b"ab\rcd\n", fast.Bytes(1, True)),
        (b"abc\ndef\0\n", fast.Bytes(2, True)),
    ]:  # fmt: skip
        (tmp_path / "x").write_bytes(content)
        assert fast.survey(tmp_path / "x") == expected


TYPED = table(
    "t",
    column("id"),
    column("day", "date"),
    column("at", "date and time"),
    column("x", "number"),
    column("f", "yes/no"),
)
MOMENT = datetime(2024, 1, 2, 3, 4, 5)


def frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [1, 2],
            "day": [date(2024, 1, 2), None],
            "at": [MOMENT, datetime(2024, 1, 2)],
            "x": [5.0, 0.1],
            "f": [True, None],
        }
    )


FRAME_ROWS = [
    (1, None, "1", "2024-01-02", "2024-01-02 03:04:05", "5", "true"),
    (2, None, "2", None, "2024-01-02", "0.1", None),
]


def test_parquet_is_read_in_place_of_the_declared_csv(tmp_path: Path, session: Session) -> None:
    frame().write_parquet(tmp_path / "t.parquet")
    raw = read(tmp_path, session, TYPED)
    assert raw.file == "t.parquet"
    assert rows(raw, session) == FRAME_ROWS


@pytest.mark.parametrize(("content", "kind"), [(b"", "empty file"), (b"PAR1 not", "unreadable file")])
def test_a_broken_parquet_file_is_told(content: bytes, kind: str, tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.parquet").write_bytes(content)
    raw = read(tmp_path, session, TYPED)
    assert (raw.present, raw.problems[0].kind) == (False, kind)


@pytest.mark.parametrize("kind", ["polars", "arrow", "pandas"])
def test_frames(kind: str, session: Session) -> None:
    given: Any = {"polars": frame, "arrow": lambda: frame().to_arrow(), "pandas": lambda: frame().to_pandas()}[kind]()
    raw = open_data(study(TYPED), {"t": given}, session)["t"]
    assert rows(raw, session) == FRAME_ROWS
    assert raw.problems == []


def test_pandas_columns_of_mixed_types_zones_and_categories(session: Session) -> None:
    given = pd.DataFrame(
        {
            "id": [1, "B", None, Decimal("2.50")],
            "day": pd.Categorical(["2024-01-02", None, "x", "x"]),
            "at": pd.to_datetime(["2024-01-02 23:30"] * 4).tz_localize("Asia/Shanghai"),
            "x": [float("nan"), float("inf"), 1e-7, 3],
            "f": [True, False, None, True],
        },
        index=[9, 8, 7, 6],
    )
    raw = open_data(study(TYPED), {"t": given}, session)["t"]
    assert rows(raw, session) == [
        (1, None, "1", "2024-01-02", "2024-01-02 23:30:00", None, "true"),
        (2, None, "B", None, "2024-01-02 23:30:00", "inf", "false"),
        (3, None, None, "x", "2024-01-02 23:30:00", "1e-07", None),
        (4, None, "2.50", "x", "2024-01-02 23:30:00", "3", "true"),
    ]


def test_frames_that_are_none_or_of_no_table(session: Session) -> None:
    with pytest.raises(CallError, match=r"no table 'T'. Did you mean 't'\?"):
        open_data(study(TYPED), {"T": frame()}, session)
    with pytest.raises(CallError, match="no pandas, Polars or Arrow frame"):
        open_data(study(TYPED), {"t": 5}, session)
    both = open_data(study(ABC, OTHER), {"t": pa.table({"a": ["1"], "b": ["2"], "c": ["3"]})}, session)
    assert not both["other"].present


EXCEL = [
    ["Export of the ward", None],
    ["id", "day", "at", "x", "f"],
    [1, datetime(2024, 1, 2), MOMENT, 0.1 + 0.2, True],
    [],
    ["2", 45293, 45293.5, 5.0, "#N/A"],
    [3.0, 20240102, "2024-01-02", "<5", None],
]


def test_excel_gives_days_as_iso_and_numbers_as_plain_text(tmp_path: Path, session: Session) -> None:
    workbook(tmp_path / "t.xlsx", Data=EXCEL)
    raw = read(tmp_path, session, TYPED)
    assert raw.file == "t.xlsx"
    assert rows(raw, session) == [
        (1, 3, "1", "2024-01-02", "2024-01-02 03:04:05", "0.3", "true"),
        (3, 5, "2", "2024-01-02", "2024-01-02 12:00:00", "5", "#N/A"),
        (4, 6, "3", "20240102", "2024-01-02", "<5", None),
    ]


def test_excel_sheets_are_named(tmp_path: Path, session: Session) -> None:
    workbook(tmp_path / "book.xlsx", Legend=[["id"], ["x"]], Data=EXCEL)
    named = table("t", *TYPED.columns.values(), file="book.xlsx", file_format=FileFormat(sheet="Data"))
    assert len(rows(read(tmp_path, session, named), session)) == 3
    unnamed = read(tmp_path, session, table("t", column("id"), file="book.xlsx"))
    assert rows(unnamed, session) == [(1, 2, "x")]
    assert [p.kind for p in unnamed.problems] == ["several sheets"]
    absent = read(tmp_path, session, table("t", column("id"), file="book.xlsx", file_format=FileFormat(sheet="Date")))
    assert "it has Legend, Data" in absent.problems[0].message


@pytest.mark.parametrize(("content", "kind"), [(b"", "empty file"), (b"not a zip", "unreadable file")])
def test_a_broken_workbook_is_told(content: bytes, kind: str, tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.xlsx").write_bytes(content)
    raw = read(tmp_path, session, TYPED)
    assert (raw.present, raw.problems[0].kind) == (False, kind)


def test_an_unknown_kind_of_file_is_told(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.doc").write_bytes(b"x")
    raw = read(tmp_path, session, table("t", column("a"), file="t.doc"))
    assert (raw.present, raw.problems[0].kind) == (False, "unreadable file")


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path, session: Session) -> None:
    folder = tmp_path / "t.parquet"
    folder.mkdir()
    pl.DataFrame({"a": ["3"], "b": ["w"], "c": [None]}, schema_overrides={"c": pl.String}).write_parquet(
        folder / "2.parquet"
    )
    pl.DataFrame({"b": ["x", "y"], "a": ["1", "2"]}).write_parquet(folder / "1.parquet")
    (folder / "_SUCCESS").touch()
    raw = read(tmp_path, session)
    assert raw.rows == 3
    assert sorted(rows(raw, session)) == [
        (1, None, "1", "x", None),
        (2, None, "2", "y", None),
        (3, None, "3", "w", None),
    ]


def test_an_empty_folder_of_parquet_files_is_no_table(tmp_path: Path, session: Session) -> None:
    (tmp_path / "t.parquet").mkdir()
    assert problems(read(tmp_path, session)) == [("empty file", None, None)]


@pytest.mark.parametrize(("there", "said"), [("lab.txt", "The folder has lab.txt."), ("visits.csv", "please send it.")])
def test_a_file_of_a_like_name_is_told_and_no_other(there: str, said: str, tmp_path: Path) -> None:
    (tmp_path / there).write_text("x\n", encoding="utf-8")
    found = find_file(tmp_path, "labs.csv", (".csv", ".xlsx"))
    assert isinstance(found, SourceProblem)
    assert found.message.endswith(said)
