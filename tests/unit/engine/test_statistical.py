"""Files of SAS, SPSS and Stata. What they hold is written by pyreadstat's own writers, or by SAS (the CDISC pilot)."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from declared import column
from table_files import formatted, read, rows

from prelock.engine.cells import State, read_cell
from prelock.engine.session import Session

XPT = Path(__file__).parents[4] / "shared" / "data" / "cdisc_pilot" / "xpt"
WRITERS: dict[str, Any] = {
    ".xpt": pyreadstat.write_xport,
    ".sav": pyreadstat.write_sav,
    ".zsav": lambda frame, path, **more: pyreadstat.write_sav(frame, path, compress=True, **more),
    ".dta": pyreadstat.write_dta,
}
ID = column("id")
COLUMNS = (ID, column("crp", "result"), column("day", "date"), column("at", "date and time"), column("clock"))
FRAME = pd.DataFrame(
    {
        "id": ["P1", "P2", ""],
        "crp": [5.0, 0.1, None],
        "day": [date(2024, 1, 2), None, date(1899, 12, 31)],
        "at": [datetime(2024, 1, 2, 3, 4, 5), datetime(2024, 1, 2), None],
        "clock": [time(8, 30), None, time(23, 59, 59)],
    }
)


@pytest.fixture
def session() -> Any:
    with Session(threads=2) as opened:
        yield opened


@pytest.mark.parametrize("suffix", [".xpt", ".sav", ".zsav"])
def test_numbers_days_and_moments_come_as_they_would_be_written(suffix: str, tmp_path: Path, session: Session) -> None:
    WRITERS[suffix](FRAME, tmp_path / f"t{suffix}")
    raw = read(tmp_path, session, formatted(*COLUMNS, file="t.csv"))
    assert raw.file == f"t{suffix}"
    assert rows(raw, session) == [
        (1, None, "P1", "5", "2024-01-02", "2024-01-02 03:04:05", "08:30:00"),
        (2, None, "P2", "0.1", None, "2024-01-02", None),
        (3, None, "", None, "1899-12-31", None, "23:59:59"),
    ]
    assert (raw.rows, raw.problems) == (3, [])


def test_stata_has_the_same_but_times(tmp_path: Path, session: Session) -> None:
    pyreadstat.write_dta(FRAME.drop(columns="clock"), tmp_path / "t.dta")
    raw = read(tmp_path, session, formatted(*COLUMNS[:4], file="t.dta"))
    assert [row[3:] for row in rows(raw, session)] == [
        ("5", "2024-01-02", "2024-01-02 03:04:05"), ("0.1", None, "2024-01-02"), (None, "1899-12-31", None),
    ]  # fmt: skip


def test_a_short_float_of_stata_is_the_number_that_was_entered(tmp_path: Path, session: Session) -> None:
    """As doubles these are 4.300000190734863, 7.900000095367432 and 0.10000000149011612: beyond a limit of 7.9."""
    entered = pd.DataFrame({"id": ["a", "b", "c", "d"], "crp": pd.Series([4.3, 7.9, 0.1, None], dtype="float32")})
    entered.to_stata(tmp_path / "t.dta", write_index=False)
    raw = read(tmp_path, session, formatted(ID, column("crp", "number"), file="t.dta"))
    assert [row[3] for row in rows(raw, session)] == ["4.3", "7.9", "0.1", None]


def test_missing_values_of_the_users_own_are_no_blanks(tmp_path: Path, session: Session) -> None:
    numbers = pd.DataFrame({"id": ["P1", "P2", "P3"], "crp": [5.0, -99.0, None]})
    pyreadstat.write_sav(numbers, tmp_path / "t.sav", missing_ranges={"crp": [-99]})
    assert [row[3] for row in rows(read(tmp_path, session, formatted(*COLUMNS[:2], file="t.sav")), session)] == [
        "5", "-99", None,
    ]  # fmt: skip
    tagged = pd.DataFrame({"id": ["P1", "P2", "P3"], "crp": [5.0, "a", None]}, dtype=object)
    pyreadstat.write_dta(tagged, tmp_path / "t.dta", missing_user_values={"crp": ["a"]})
    assert [row[3] for row in rows(read(tmp_path, session, formatted(*COLUMNS[:2], file="t.dta")), session)] == [
        "5", ".a", None,
    ]  # fmt: skip


def test_a_day_that_no_calendar_has_stays_a_number(tmp_path: Path, session: Session) -> None:
    days = pd.DataFrame({"id": ["P1", "P2"], "day": [23377.0, 9e9], "at": [23377.0, 0.0]})
    pyreadstat.write_xport(days, tmp_path / "t.xpt", variable_format={"day": "DATE9.", "at": "DATE9."})
    declared = formatted(column("id"), column("day", "date"), column("at", "date"), file="t.xpt")
    assert [row[3:] for row in rows(read(tmp_path, session, declared), session)] == [
        ("23377", "2024-01-02"), ("9000000000", "1960-01-01"),
    ]  # fmt: skip


WESTERN, CHINESE = "Alzheimer’s disease, Müller", "克罗恩病，复查"


@pytest.mark.parametrize(("text", "encoding"), [(WESTERN, "cp1252"), (CHINESE, "gb18030"), (CHINESE, "big5")])
@pytest.mark.parametrize("declared", [False, True])
def test_transport_files_in_any_encoding(
    text: str, encoding: str, declared: bool, tmp_path: Path, session: Session
) -> None:
    if encoding == "big5":
        text = "複查，克隆氏症"
    stand_in = text.encode(encoding).hex().upper()  # as long as two characters for each byte, all of them ASCII
    pyreadstat.write_xport(pd.DataFrame({"id": ["P1"], "term": [stand_in]}), tmp_path / "t.xpt")
    content = (tmp_path / "t.xpt").read_bytes()
    padded = text.encode(encoding).ljust(len(stand_in))
    (tmp_path / "t.xpt").write_bytes(content.replace(stand_in.encode(), padded))
    how = {"encoding": encoding} if declared else {}
    raw = read(tmp_path, session, formatted(column("id"), column("term"), file="t.xpt", **how))
    if declared:
        assert (rows(raw, session), raw.problems) == ([(1, None, "P1", text)], [])
    elif encoding == "big5":
        assert (raw.present, [p.kind for p in raw.problems]) == (False, ["encoding"])
    else:
        assert rows(raw, session) == [(1, None, "P1", text)]
        assert [(p.kind, p.severity) for p in raw.problems] == [("encoding", "note")]


def test_a_wrong_declared_encoding_is_told(tmp_path: Path, session: Session) -> None:
    pyreadstat.write_sav(pd.DataFrame({"id": ["Müller"]}), tmp_path / "t.sav")
    raw = read(tmp_path, session, formatted(column("id"), file="t.sav", encoding="ascii"))
    assert [p.message for p in raw.problems] == ["The file t.sav is not in the encoding ascii, as declared."]


@pytest.mark.parametrize("suffix", [".xpt", ".sas7bdat", ".sav", ".zsav", ".dta"])
@pytest.mark.parametrize(("content", "kind"), [(b"", "empty file"), (b"no such file" * 40, "unreadable file")])
def test_a_broken_file_is_told(suffix: str, content: bytes, kind: str, tmp_path: Path, session: Session) -> None:
    (tmp_path / f"t{suffix}").write_bytes(content)
    raw = read(tmp_path, session, formatted(column("id"), file=f"t{suffix}"))
    assert (raw.present, [p.kind for p in raw.problems]) == (False, [kind])


@pytest.mark.parametrize("suffix", [".xpt", ".sav", ".dta"])
def test_a_file_that_is_cut_off_is_never_read_in_part(suffix: str, tmp_path: Path, session: Session) -> None:
    frame = pd.DataFrame({"id": [f"P{i}" for i in range(500)], "crp": [float(i) for i in range(500)]})
    WRITERS[suffix](frame, tmp_path / f"t{suffix}")
    content = (tmp_path / f"t{suffix}").read_bytes()
    (tmp_path / f"t{suffix}").write_bytes(content[: len(content) * 2 // 3 + 7])
    raw = read(tmp_path, session, formatted(*COLUMNS[:2], file=f"t{suffix}"))
    assert (raw.present, [p.kind for p in raw.problems]) == (False, ["unreadable file"])


@pytest.mark.skipif(not XPT.is_dir(), reason="the CDISC pilot is not there")
def test_a_transport_file_with_one_byte_of_cp1252(session: Session, tmp_path: Path) -> None:
    (tmp_path / "ts.xpt").write_bytes((XPT / "ts.xpt").read_bytes())
    raw = read(tmp_path, session, formatted(column("TSPARMCD"), column("TSVAL"), file="ts.xpt"))
    titles = [value for _, _, code, value in rows(raw, session) if code == "TITLE"]
    assert titles == [
        "Safety and Efficacy of the Xanomeline Transdermal Therapeutic System (TTS) in Patients with Mild to Moderate "
        "Alzheimer’s Disease."
    ]
    assert [(p.kind, p.severity) for p in raw.problems if p.kind == "encoding"] == [("encoding", "note")]
    assert raw.problems[-1].message == "The file ts.xpt was read as cp1252; UTF-8 would leave no doubt."


LABELS = {"sex": {1.0: "Male", 2.0: "Female", 9.0: "Refused"}, "smoker": {1.0: "No", 2.0: "Yes"}}
CODED = pd.DataFrame({"id": ["P1", "P2", "P3"], "sex": [1.0, 2.0, 9.0], "smoker": [1.0, 2.0, None]})
SEX = {"male": ("Male",), "female": ("Female",)}
REFUSED = {"refused": ("Refused",)}


@pytest.mark.parametrize("suffix", [".sav", ".dta"])
def test_a_code_may_be_declared_by_its_label_or_by_its_value(suffix: str, tmp_path: Path, session: Session) -> None:
    WRITERS[suffix](CODED, tmp_path / f"t{suffix}", variable_value_labels=LABELS)

    def told(sex: Any, smoker: Any) -> list[tuple[Any, ...]]:
        return [
            row[3:] for row in rows(read(tmp_path, session, formatted(ID, sex, smoker, file=f"t{suffix}")), session)
        ]

    by_label = told(column("sex", "code", codes=SEX, missing_codes=REFUSED), column("smoker", "yes/no"))
    assert by_label == [("Male", "No"), ("Female", "Yes"), ("Refused", None)]
    codes = {"male": ("1",), "female": ("2",)}
    by_value = told(
        column("sex", "code", codes=codes, missing_codes={"refused": ("9",)}),
        column("smoker", "yes/no", codes={"no": ("1",), "yes": ("2",)}),
    )
    # a code's own name is a spelling of it, whatever others are declared
    assert by_value == [("Male", "No"), ("Female", "Yes"), ("9", None)]


def test_a_number_whose_label_is_a_missing_code_is_missing(tmp_path: Path, session: Session) -> None:
    frame = pd.DataFrame({"id": ["P1", "P2"], "weight": [71.5, 999.0]})
    pyreadstat.write_sav(frame, tmp_path / "t.sav", variable_value_labels={"weight": {999.0: "Refused"}})
    weight = column("weight", "number", missing_codes=REFUSED)
    raw = read(tmp_path, session, formatted(ID, weight, file="t.sav"))
    assert [row[3] for row in rows(raw, session)] == ["71.5", "Refused"]
    plain = read(tmp_path, session, formatted(ID, column("weight", "number"), file="t.sav"))
    assert [row[3] for row in rows(plain, session)] == ["71.5", "999"]


def test_a_value_and_its_label_that_mean_different_codes_are_neither(tmp_path: Path, session: Session) -> None:
    pyreadstat.write_sav(CODED, tmp_path / "t.sav", variable_value_labels=LABELS)
    swapped = {"male": ("2", "Male"), "female": ("1", "Female")}
    sex = column("sex", "code", codes=swapped)
    raw = read(tmp_path, session, formatted(ID, sex, file="t.sav"))
    texts = [row[3] for row in rows(raw, session)]
    assert texts == ["1 = Male", "2 = Female", "9"]
    assert {read_cell(text, sex).state for text in texts} == {State.UNREADABLE}


def test_labels_are_in_the_encoding_of_the_file(tmp_path: Path, session: Session) -> None:
    pyreadstat.write_sav(CODED, tmp_path / "t.sav", variable_value_labels={"sex": {1.0: "男", 2.0: "女"}})
    sex = column("sex", "code", codes={"male": ("男",), "female": ("女",)})
    raw = read(tmp_path, session, formatted(ID, sex, file="t.sav"))
    assert [row[3] for row in rows(raw, session)] == ["男", "女", "9"]
