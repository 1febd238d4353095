from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from declared import HERE, column, study, table

from prelock.engine.canonical import canonical, is_blank
from prelock.engine.cells import Cell, State, read_cell
from prelock.engine.clean import CleanTable, clean_tables
from prelock.engine.leftovers import ColumnFacts, Reading, facts_of
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.engine.spellings import key_of
from prelock.study.definition import ColumnKind, ColumnSpec, Link


@pytest.fixture(params=["in memory", "by the database"])
def session(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Every test of cleaning runs both ways: as a small table, and as a large one."""
    monkeypatch.setattr("prelock.engine.small.SMALL", 20_000 if request.param == "in memory" else -1)
    with Session(threads=2) as opened:
        yield opened


def cleaned(session: Session, spec: ColumnSpec, texts: list[str | None]) -> tuple[CleanTable, list[dict[str, Any]]]:
    declared = table("t", column("id"), spec)
    frame = pa.table({"id": [str(i) for i in range(len(texts))], spec.header: pa.array(texts, pa.string())})
    made = study(declared)
    clean = clean_tables(made, open_data(made, {"t": frame}, session), session)["t"]
    return clean, session.arrow(clean.rel.order_by("row")).to_pylist()


def stored(row: dict[str, Any], name: str, facts: ColumnFacts) -> Cell:
    """The cell that a clean row holds, by the rules of `CleanTable`."""
    low = row[name]
    high = row[f"{name}|high"] if facts.interval else low
    state = State(row[f"{name}|state"]) if facts.states else State.MISSING if low is None else State.RECORDED
    opens = [row[f"{name}|{end}"] if facts.interval else False for end in ("low_open", "high_open")]
    return Cell(low, high, *opens, state, row.get(f"{name}|timed", True))


def expected(cell: Cell) -> Cell:
    def plain(value: Any) -> Any:
        return float(value) if isinstance(value, Decimal) else value

    return Cell(plain(cell.low), plain(cell.high), cell.low_open, cell.high_open, cell.state, cell.timed)


MISSING_CODES = {"not done": ("ND", "未查", "1900-01-01"), "not known": ("-99", "9999"), "not applicable": ("NA",)}
CODES = {"male": ("男", "M", "1"), "female": ("女", "F", "2")}
SPELLED = {ColumnKind.CODE: CODES, ColumnKind.UNIT: {"mg/L": ("abc", "ab")}}
SEEDS = [
    "", " ", "\u3000", "5", "-5", "4.70", "007", "-99", "-99.0", "9999", "9999.00", "1e3", "<0.5", "≥ 1,800.5", "1,234",
    "-0", "+1", ".5", "5.", "123456789012345678", "0.1234567890123456789", "ND", "nd ", "NA", "n a", "未查", "Ａb",
    "abc",
    "2024-03-05", "2024-3-5", "2024-02-30", "2024-03", "2024", "1900-01-01", "20240305", "0024-01-01", "12024-01-01",
    "2024-03-05 08:00", "2024-03-05 08:00:00", "2024-03-05T08:00:00", "2024-03-05T08:00", "2024-03-05 24:00",
    "2024-03-05 08:00:00.5", "2024-03-05 08:00:00+08", "2024-03-05t08:00", "2024-03-05 00:00:00", "infinity", "epoch",
    "男", "M", "m", "female", "1", "1.0", "2", "X", "yes", "NO", "true", "1_000", "0x1F", "inf", "nan", "５", "a\nb",
    "a  b", "a b ", "\u200bx", "2999-12-31", "3000-01-01", "1000-01-01", "0999-01-01", "2024-03-05 8:00",
]  # fmt: skip


def texts(seed: int) -> list[str | None]:
    chance = random.Random(seed)
    letters = "0123456789.-/:<>eE+ TNDnda男\u3000,"
    made: list[str | None] = [None, *SEEDS]
    for _ in range(700):
        text = chance.choice(SEEDS)
        at = chance.randint(0, len(text))
        change = chance.choice(["add", "drop", "swap", "join"])
        if change == "add":
            text = text[:at] + chance.choice(letters) + text[at:]
        elif change == "drop":
            text = text[:at] + text[at + 1 :]
        elif change == "swap":
            text = text[:at] + chance.choice(letters) + text[at + 1 :]
        else:
            text = text + chance.choice(["", " "]) + chance.choice(SEEDS)
        made.append(text)
    for _ in range(200):
        made.append(f"{chance.uniform(-1000, 1000):.{chance.randint(0, 12)}f}")
        made.append(f"{chance.randint(999, 3001):04d}-{chance.randint(0, 13):02d}-{chance.randint(0, 32):02d}")
        made.append(f"2024-{chance.randint(1, 12):02d}-28 {chance.randint(0, 24):02d}:{chance.randint(0, 60):02d}")
    return made


NUMERIC = (ColumnKind.NUMBER, ColumnKind.WHOLE, ColumnKind.RESULT)
READINGS = [(kind, None) for kind in ColumnKind] + [(kind, sign) for kind in NUMERIC for sign in ("comma", "point")]


@pytest.mark.parametrize("codes", [{}, MISSING_CODES], ids=["no missing codes", "missing codes"])
@pytest.mark.parametrize(("kind", "sign"), READINGS)
def test_sql_and_python_read_the_same_from_generated_texts(
    kind: ColumnKind, sign: str | None, codes: Any, session: Session
) -> None:
    spec = column("x", kind, missing_codes=codes, codes=SPELLED.get(kind, {}), decimal=sign)
    given = texts(sum(map(ord, kind)))
    clean, rows = cleaned(session, spec, given)
    assert len(rows) == len(given)
    for text, row in zip(given, rows, strict=True):
        wanted = expected(read_cell(text, spec))
        if kind is ColumnKind.MOMENT and wanted.state is not State.RECORDED:
            row["x|timed"] = wanted.timed  # says nothing where nothing is recorded
        assert stored(row, "x", clean.facts["x"]) == wanted, text


NUMBERS = [
    0.0,
    -0.0,
    5.0,
    4.7,
    -99.0,
    9999.0,
    0.1 + 0.2,
    1e-4,
    9.9e-5,
    1e-7,
    -3e-5,
    999999999999999.0,
    1e15,
    -1e15,
    1e22,
    2.5,
    None,
]
DAYS = ["0001-01-01", "0999-12-31", "1000-01-01", "1900-01-01", "2024-02-29", "2999-12-31", "3000-01-01", "9999-12-31"]
TYPED = {
    "float64": pa.array([*NUMBERS, float("nan"), float("inf"), float("-inf")], pa.float64()),
    "float32": pa.array([0.1, 2.5, -99.0, None], pa.float32()),
    "int64": pa.array([0, 5, -99, 9999, 10**15 - 1, 10**15, -(10**15), -(2**63), 2**63 - 1, None], pa.int64()),
    "int8": pa.array([0, 5, -99, None], pa.int8()),
    "decimal": pa.array([Decimal("1.50"), Decimal("-99.00"), None], pa.decimal128(10, 2)),
    "date": pa.array([*map(date.fromisoformat, DAYS), None], pa.date32()),
    "moment": pa.array([datetime(2024, 3, 5), datetime(2024, 3, 5, 8, 0), None], pa.timestamp("us")),
    "boolean": pa.array([True, False, None], pa.bool_()),
}


@pytest.mark.parametrize("codes", [{}, MISSING_CODES], ids=["no missing codes", "missing codes"])
@pytest.mark.parametrize(("kind", "sign"), READINGS)
@pytest.mark.parametrize("typed", TYPED)
def test_typed_cells_mean_what_their_text_means(
    typed: str, kind: ColumnKind, sign: str | None, codes: Any, session: Session
) -> None:
    spec = column("x", kind, missing_codes=codes, codes=SPELLED.get(kind, {}), decimal=sign)
    given = TYPED[typed]
    made = study(table("t", column("id"), spec))
    raw = open_data(made, {"t": pa.table({"id": [str(i) for i in range(len(given))], "x": given})}, session)
    clean = clean_tables(made, raw, session)["t"]
    texts = session.arrow(raw["t"].rel.select("row", "x").order_by("row")).column("x").to_pylist()
    for text, row in zip(texts, session.arrow(clean.rel.order_by("row")).to_pylist(), strict=True):
        wanted = expected(read_cell(text, spec))
        if kind is ColumnKind.MOMENT and wanted.state is not State.RECORDED:
            row["x|timed"] = wanted.timed  # says nothing where nothing is recorded
        assert repr(stored(row, "x", clean.facts["x"])) == repr(wanted), text  # -0.0 is not 0.0


@pytest.mark.parametrize("kind", [ColumnKind.NUMBER, ColumnKind.RESULT, ColumnKind.DATE, ColumnKind.MOMENT])
def test_common_spellings_are_left_to_sql(kind: ColumnKind, session: Session) -> None:
    common = {
        ColumnKind.NUMBER: ["5", "4.7", "-0.25"], ColumnKind.RESULT: ["5", "4.7"], ColumnKind.DATE: ["2024-03-05"],
        ColumnKind.MOMENT: ["2024-03-05 08:00:00", "2024-03-05T08:00", "2024-03-05"],
    }[kind]  # fmt: skip
    spec = column("x", kind, missing_codes=MISSING_CODES)
    raw = open_data(study(table("t", spec)), {"t": pa.table({"x": common})}, session)["t"]
    by_sql = raw.rel.filter(canonical(raw.rel.x, spec) & ~is_blank(raw.rel.x))
    assert session.scalars(by_sql, n=by_sql.count()) == {"n": len(common)}


@pytest.mark.parametrize(
    ("cells", "facts"),
    [
        ([Cell(Decimal(5), Decimal(5)), Cell(state=State.MISSING)], ColumnFacts()),
        ([Cell(state=State.NOT_DONE)], ColumnFacts(states=True)),
        ([Cell(date(2024, 1, 1), date(2024, 1, 31))], ColumnFacts(interval=True)),
        ([Cell(None, Decimal(5), high_open=True)], ColumnFacts(interval=True, states=True)),
        ([Cell(Decimal(5), None)], ColumnFacts(interval=True)),
    ],
)
def test_facts_ask_only_for_what_the_cells_need(cells: list[Cell], facts: ColumnFacts) -> None:
    assert facts_of(cells) == facts


def test_columns_stand_only_where_they_are_needed(session: Session) -> None:
    clean, rows = cleaned(session, column("x", "number"), ["1", None, "2.5"])
    assert clean.facts["x"] == ColumnFacts()
    assert clean.rel.columns == ("row", "line", "patient", "id", "x", "id|fold")
    assert [row["x"] for row in rows] == [1.0, None, 2.5]
    clean, rows = cleaned(session, column("x", "result"), ["1", "<2"])
    assert set(clean.rel.columns) >= {"x|high", "x|low_open", "x|high_open", "x|state", "x|text"}
    assert rows[1]["x|text"] == "<2"
    assert (rows[1]["x"], rows[1]["x|high"], rows[1]["x|high_open"], rows[1]["x|state"]) == (None, 2.0, True, 0)


def test_moments_keep_whether_a_time_was_written(session: Session) -> None:
    _, rows = cleaned(session, column("x", "date and time"), ["2024-03-05", "2024-03-05 08:00", "2024/3/5 9:00"])
    assert [(row["x"], row["x|timed"]) for row in rows] == [
        (datetime(2024, 3, 5), False),
        (datetime(2024, 3, 5, 8), True),
        (datetime(2024, 3, 5, 9), True),
    ]


def test_a_result_with_declared_codes_holds_them_apart(session: Session) -> None:
    _, rows = cleaned(session, column("x", "result", codes={"positive": ("阳性",)}), ["阳性", "4", "x"])
    assert [(row["x"], row["x|code"], row["x|state"]) for row in rows] == [
        (None, "positive", 0),
        (4.0, None, 0),
        (None, None, 5),
    ]


def test_what_a_blank_means_reaches_the_table(session: Session) -> None:
    _, rows = cleaned(session, column("x", "date", blank_means="ongoing"), [None, " ", "2024-03-05"])
    assert [row["x"] for row in rows] == [date(9999, 12, 31), date(9999, 12, 31), date(2024, 3, 5)]
    _, rows = cleaned(session, column("x", "number", blank_means="not applicable"), [None, "3"])
    assert [(row["x"], row["x|state"]) for row in rows] == [(None, 6), (3.0, 0)]


def folder(path: Path, **files: str) -> Path:
    for name, content in files.items():
        (path / f"{name}.csv").write_text(content, encoding="utf-8")
    return path


PATIENTS = table("patients", column("patient_id"), patient_column="patient_id")


def patients_of(session: Session, path: Path, labs: str, patients: str, **more: Any) -> list[str | None]:
    lab = table("labs", column("lab_id"), column("pid", **more), patient_column="pid")
    made = study(PATIENTS, lab)
    data = folder(path, patients=f"patient_id\n{patients}", labs=f"lab_id,pid\n{labs}")
    clean = clean_tables(made, open_data(made, data, session), session)
    return [row["patient"] for row in session.arrow(clean["labs"].rel.order_by("row")).to_pylist()]


def test_patients_are_shown_as_the_patient_table_writes_them(tmp_path: Path, session: Session) -> None:
    labs = "1,P1\n2,p1\n3,Ｐ1 \n4,7.0\n5,0007\n6,ghost\n7,\n8, \n9,GHOST\n"
    assert patients_of(session, tmp_path, labs, "P1\n007\n") == [
        "P1", "P1", "P1", "007", "007", "GHOST", None, None, "GHOST",
    ]  # fmt: skip


def test_a_patient_key_may_be_a_missing_code(tmp_path: Path, session: Session) -> None:
    found = patients_of(session, tmp_path, "1,P1\n2,-99\n3,-99.0\n", "P1\n", missing_codes={"not known": ("-99",)})
    assert found == ["P1", None, None]


def test_two_spellings_of_one_patient_are_one(tmp_path: Path, session: Session) -> None:
    assert patients_of(session, tmp_path, "1,p1\n2,P1\n3,é1\n", "P1\np1\nÉ1\n") == ["P1", "P1", "É1"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("3", "3.0", True), ("003", "3", True), ("P1", "ｐ１ ", True), ("3", "3a", False), ("1e2", "100", False)],
)
def test_keys_compare_as_numbers_or_folded(one: str, other: str, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same


def test_absent_tables_and_columns_say_that_nothing_is_known(tmp_path: Path, session: Session) -> None:
    labs = table("labs", column("lab_id"), column("pid"), column("x", "number"), column("y", optional=True),
                 patient_column="pid")  # fmt: skip
    gone = table("gone", column("id"), column("when", "date"))
    made = study(PATIENTS, labs, gone)
    data = folder(tmp_path, patients="patient_id\nP1\n", labs="lab_id,pid\n1,P1\n")
    clean = clean_tables(made, open_data(made, data, session), session)
    assert session.arrow(clean["labs"].rel).to_pylist() == [
        {
            "row": 1,
            "line": 2,
            "patient": "P1",
            "lab_id": "1",
            "pid": "P1",
            "x": None,
            "x|state": 5,
            "y": None,
            "lab_id|fold": "1",
        }
    ]
    assert (clean["labs"].present, clean["gone"].present) == (True, False)
    assert session.arrow(clean["gone"].rel).num_rows == 0
    assert clean["gone"].rel.columns == ("row", "line", "patient", "id", "id|state", "when", "when|state", "id|fold")


def test_a_table_without_its_patients_is_not_present(tmp_path: Path, session: Session) -> None:
    labs = table("labs", column("lab_id"), column("pid"), patient_column="pid")
    made = study(PATIENTS, labs)
    data = folder(tmp_path, patients="patient_id\nP1\n", labs="lab_id,patient\n1,P1\n")
    clean = clean_tables(made, open_data(made, data, session), session)
    assert not clean["labs"].present


def test_readings_remember_what_could_not_be_read(session: Session) -> None:
    clean, _ = cleaned(session, column("x", "number"), ["1", "abc", "abc", "２"])
    reading = clean.readings["x"]
    assert isinstance(reading, Reading)
    assert {text for text, cell in reading.cells.items() if cell.why} == {"abc"}


def test_keys_and_links_have_the_form_in_which_they_compare(session: Session) -> None:
    link = Link("unit", ("unit_id",), "units", ("unit_code",), (), HERE)
    missing = {"not known": ("-99",)}
    labs = table("labs", column("id", missing_codes=missing), column("unit_id"), column("other"), links={"unit": link})
    units = table("units", column("n", "number"), column("unit_code"))
    made = study(labs, units)
    given = {
        "labs": pa.table(
            {
                "id": ["L1", "l1 ", "Ｌ１", "007", "7.0", "-99.0", None],
                "unit_id": ["A", None, "é", "É", "b c", " B  C", "00"],
                "other": ["x"] * 7,
            }
        ),
        "units": pa.table({"n": ["1"], "unit_code": ["a"]}),
    }
    clean = clean_tables(made, open_data(made, given, session), session)
    rows = session.arrow(clean["labs"].rel.order_by("row")).to_pylist()
    assert [row["id|fold"] for row in rows] == ["l1", "l1", "l1", "7", "7", None, None]
    assert [row["unit_id|fold"] for row in rows] == ["a", None, "é", "é", "b c", "b c", "0"]
    assert "other|fold" not in clean["labs"].rel.columns
    assert clean["units"].rel.columns == ("row", "line", "patient", "n", "unit_code", "unit_code|fold")
