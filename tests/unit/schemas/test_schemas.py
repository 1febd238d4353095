from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from subprocess import run
from typing import Any

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pytest
from declared import column, study, table
from pandera.config import config_context

from prelock.engine.clean import clean_tables
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.results import TABLES
from prelock.schemas import Validated, pandera_schema, validate, validate_all
from prelock.schemas import run as running
from prelock.schemas.constraints import constraints
from prelock.schemas.rows import check_row
from prelock.schemas.script import script
from prelock.study.definition import ColumnKind, Table

D = Decimal
MISSING_CODES = {"not done": ("ND",)}
WEIGHT = column("weight", "number", minimum=D(20), maximum=D(200), plausible=(D(40), D(150)), header="Gewicht")
SEX = column("sex", "code", codes={"male": ("男",), "female": ("女",)}, required=True, missing_codes=MISSING_CODES)
CRP = column("crp", "result", minimum=D(1))
PATIENTS = table("patients", column("pid", pattern="P[0-9]+"), SEX, WEIGHT, CRP, patient_column="pid")


@pytest.fixture
def session() -> Any:
    with Session(threads=2) as opened:
        yield opened


def validated(session: Session, declared: Table, cells: dict[str, list[str | None]]) -> Validated:
    made = study(declared)
    raw = open_data(made, {declared.name: pa.table({k: pa.array(v, pa.string()) for k, v in cells.items()})}, session)
    return validate(declared, raw[declared.name], clean_tables(made, raw, session)[declared.name], session)


def counts(found: Validated) -> dict[str, tuple[int, int, int, int, str]]:
    """check → passed, failed, unknown, not applicable, status."""
    return {
        c["check"]: (c["passed"], c["failed"], c["unknown"], c["not_applicable"], c["status"]) for c in found.checks
    }


def findings(found: Validated, session: Session) -> list[dict[str, Any]]:
    return sorted(session.arrow(found.findings).to_pylist(), key=lambda f: (f["row"] or 0, f["rule"]))


CELLS: dict[str, list[str | None]] = {
    "pid": ["P1", "P2", "x3", "P4", "P5"],
    "sex": ["男", None, "X", "ND", "female"],
    "Gewicht": ["19.9", "200", "heavy", None, "39"],
    "crp": ["<1", "<2", ">0.5", "1", "0.99"],
}


def test_every_constraint_counts_every_cell(session: Session) -> None:
    found = counts(validated(session, PATIENTS, CELLS))
    assert found == {
        "patients: file": (1, 0, 0, 0, "passed"),
        "patients: columns": (4, 0, 0, 0, "passed"),
        "patients: rows": (5, 0, 0, 0, "passed"),
        "patients.pid: required": (5, 0, 0, 0, "passed"),
        "patients.pid: pattern": (4, 1, 0, 0, "failed"),
        "patients.sex: code": (2, 1, 0, 2, "failed"),
        "patients.sex: required": (3, 1, 1, 0, "failed"),
        "patients.weight: type": (3, 1, 0, 1, "failed"),
        "patients.weight: range": (2, 1, 1, 1, "failed"),
        "patients.weight: plausible": (0, 3, 1, 1, "failed"),
        "patients.crp: type": (5, 0, 0, 0, "passed"),
        "patients.crp: range": (1, 2, 2, 0, "failed"),
    }


def test_findings_carry_place_key_value_and_a_query(session: Session) -> None:
    found = findings(validated(session, PATIENTS, CELLS), session)
    assert [(f["row"], f["rule"], f["value"]) for f in found] == [
        (1, "patients.crp: range", "<1"),
        (1, "patients.weight: plausible", "19.9"),
        (1, "patients.weight: range", "19.9"),
        (2, "patients.sex: required", ""),
        (2, "patients.weight: plausible", "200"),
        (3, "patients.pid: pattern", "x3"),
        (3, "patients.sex: code", "X"),
        (3, "patients.weight: type", "heavy"),
        (5, "patients.crp: range", "0.99"),
        (5, "patients.weight: plausible", "39"),
    ]
    by_rule = {(f["row"], f["rule"]): f for f in found}
    weight = by_rule[3, "patients.weight: type"]
    assert (weight["kind"], weight["severity"], weight["grain"]) == ("type", "error", "record")
    assert (weight["key"], weight["patient"], weight["column"]) == ("pid=x3", "x3", "weight")
    assert weight["message"] == ("Gewicht: 'heavy' is not a number. Please correct it, or say why there is no value.")
    assert by_rule[1, "patients.weight: range"]["message"] == (
        "Gewicht: 19.9 is not between 20 and 200. Please correct it."
    )
    assert by_rule[3, "patients.sex: code"]["message"] == (
        "sex: 'X' is none of the declared codes (male, female). Please correct it."
    )
    assert by_rule[1, "patients.weight: plausible"]["severity"] == "warning"
    assert tuple(found[0]) == TABLES["findings"].names


def test_queries_in_chinese_name_the_reason(session: Session) -> None:
    made = study(PATIENTS, language="zh")
    raw = open_data(made, {"patients": pa.table(CELLS)}, session)
    found = findings(validate_all(made, raw, clean_tables(made, raw, session), session), session)
    messages = {f["rule"]: f["message"] for f in found if f["row"] == 3}
    assert messages["patients.weight: type"] == "Gewicht：“heavy”不是数字，请更正或说明缺失原因。"


def test_every_reason_has_its_chinese() -> None:
    from prelock.engine.cells import read_cell
    from prelock.schemas.messages import WHY_ZH
    from prelock.study.definition import ColumnKind

    texts = ("x", "3.5", "03/04/2024", "14/02/1970", "2024-02-30", "6-Apr", "-5--1", "5%", "2024-03-05 25:00")
    whys = {read_cell(text, column("c", kind)).why for kind in ColumnKind for text in texts} - {None}
    assert whys == set(WHY_ZH)


def test_no_rows_are_not_applicable_never_passed(session: Session) -> None:
    found = validated(session, PATIENTS, {name: [] for name in CELLS})
    assert {status for check, (*_, status) in counts(found).items() if "." in check} == {"not applicable"}


def test_cells_that_nobody_can_read_leave_a_check_without_verdict(session: Session) -> None:
    declared = table("t", column("id"), column("x", "number", minimum=D(0)))
    found = counts(validated(session, declared, {"id": ["1"], "x": ["?"]}))
    assert found["t.x: type"] == (0, 1, 0, 0, "failed")
    assert found["t.x: range"] == (0, 0, 1, 0, "error")


def test_a_missing_column_is_an_error_of_its_checks_and_the_others_run(session: Session) -> None:
    cells = {name: values for name, values in CELLS.items() if name != "Gewicht"}
    found = validated(session, PATIENTS, cells)
    by_name = {c["check"]: c for c in found.checks}
    assert by_name["patients: columns"]["failed"] == 1
    assert by_name["patients.weight: range"]["status"] == "error"
    assert by_name["patients.weight: range"]["error"] == "the file has no column 'Gewicht'"
    assert by_name["patients.sex: code"]["failed"] == 1
    column_finding = next(f for f in findings(found, session) if f["kind"] == "missing column")
    assert (column_finding["rule"], column_finding["column"], column_finding["grain"]) == (
        "patients: columns", "weight", "column",
    )  # fmt: skip


def test_an_optional_column_that_is_absent_applies_to_nothing(session: Session) -> None:
    declared = table("t", column("id"), column("x", "number", optional=True, minimum=D(0)))
    found = counts(validated(session, declared, {"id": ["1", "2"]}))
    assert found["t: columns"] == (1, 0, 0, 1, "passed")
    assert found["t.x: range"] == (0, 0, 0, 2, "not applicable")


def test_missing_files_and_refused_rows(tmp_path: Path, session: Session) -> None:
    labs = table("labs", column("lab_id"), column("x", "number"))
    gone = table("gone", column("id"), column("x", "number"))
    made = study(labs, gone)
    (tmp_path / "labs.csv").write_text("lab_id,x\n1,2\n2\n3,4\n")
    raw = open_data(made, tmp_path, session)
    found = validate_all(made, raw, clean_tables(made, raw, session), session)
    checks = counts(found)
    assert checks["labs: rows"] == (2, 1, 0, 0, "failed")
    assert checks["gone: file"] == (0, 1, 0, 0, "failed")
    assert checks["gone.x: type"][-1] == "error"
    refused, absent = sorted(findings(found, session), key=lambda f: -(f["row"] or 0))
    assert (refused["kind"], refused["row"], refused["line"], refused["value"]) == ("refused row", 2, 3, "2")
    assert (absent["kind"], absent["table"], absent["severity"]) == ("missing file", "gone", "error")


@pytest.mark.parametrize(
    ("line", "key", "patient"),
    [
        ("3,P1", "lab_id=3", "P1"),
        ("3,P1,5,6", "lab_id=3", "P1"),
        ("P1,3,4,5", "", ""),
        ("3", "", ""),
        ('3,P1,"5', "", ""),
    ],
)
def test_a_refused_row_has_its_key_where_its_cells_stand_right(
    line: str, key: str, patient: str, tmp_path: Path, session: Session
) -> None:
    labs = table("labs", column("lab_id"), column("pid"), column("x", "number"), patient_column="pid")
    (tmp_path / "labs.csv").write_text(f"lab_id,pid,x\n1,P1,2\n2,P2,2\n{line}\n")
    made = study(labs)
    raw = open_data(made, tmp_path, session)
    found = findings(validate_all(made, raw, clean_tables(made, raw, session), session), session)
    assert [(f["row"], f["key"], f["patient"]) for f in found] == [(3, key, patient)]


def test_lines_and_raw_spelling_of_a_pattern_on_a_code(tmp_path: Path, session: Session) -> None:
    declared = table("t", column("id"), column("x", "code", codes={"a": ("A1",)}, pattern="[A-Z][0-9]"))
    (tmp_path / "t.csv").write_text('id,x\n"1\n",A1\n2,a\n')
    made = study(declared)
    raw = open_data(made, tmp_path, session)
    found = findings(validate_all(made, raw, clean_tables(made, raw, session), session), session)
    assert [(f["rule"], f["row"], f["line"], f["value"]) for f in found] == [("t.x: pattern", 2, 4, "a")]


@pytest.mark.parametrize("pattern", ["A|B", "A"])
def test_a_pattern_is_of_the_whole_text(pattern: str, session: Session) -> None:
    declared = table("t", column("id", pattern=pattern))
    found = counts(validated(session, declared, {"id": ["A", "AX", "XA"]}))
    assert found["t.id: pattern"][:2] == (1, 2)


def test_large_tables_go_in_batches_and_keep_their_rows(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prelock.schemas.run.BATCH", 2048)
    values: list[str | None] = [str(i % 1000) for i in range(10_000)]
    declared = table("t", column("id"), column("x", "number", maximum=D(998)))
    found = validated(session, declared, {"id": [f"k{i}" for i in range(10_000)], "x": values})
    assert counts(found)["t.x: range"] == (9990, 10, 0, 0, "failed")
    rows = findings(found, session)
    assert [(f["row"], f["key"]) for f in rows] == [(1000 * i, f"id=k{1000 * i - 1}") for i in range(1, 11)]


@pytest.mark.slow
def test_a_table_larger_than_the_memory_it_may_use(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million rows of 90 characters, in batches, where the database may hold less than half of them."""
    seen: list[int] = []
    really = running.frames

    def watched(*given: Any) -> Any:
        for frame in really(*given):
            seen.append(frame.height)
            yield frame

    monkeypatch.setattr(running, "frames", watched)
    monkeypatch.setattr(running, "BATCH", 100_352)
    session.duck.execute(
        "COPY (SELECT 'k' || i AS id, 'P' || i // 20 AS pid, 'what the laboratory said, number ' || i AS said, "
        "'what the site said, which is longer, number ' || i AS site, CAST(i % 1000 AS VARCHAR) AS x "
        f"FROM range(1000000) t(i)) TO '{tmp_path / 'labs.parquet'}' (FORMAT parquet)"
    )
    session.duck.execute(f"SET temp_directory = '{tmp_path / 'spill'}'")
    session.duck.execute("SET memory_limit = '48MB'")
    declared = table(
        "labs", column("id"), column("pid"), column("said", pattern="[a-z, 0-9]+"), column("site", required=True),
        column("x", "number", maximum=D(998)), patient_column="pid", file="labs.parquet",
    )  # fmt: skip
    made = study(declared)
    raw = open_data(made, tmp_path, session)
    clean = clean_tables(made, raw, session)
    found = counts(validate_all(made, raw, clean, session))
    labs = session.sql(clean["labs"].rel)
    [(size,)] = session.rows(f"SELECT sum(length(id) + length(said) + length(site)) FROM ({labs})")
    assert size > 2 * 48_000_000 * 0.9
    assert found["labs.x: range"] == (999_000, 1000, 0, 0, "failed")
    assert found["labs.said: pattern"] == (1_000_000, 0, 0, 0, "passed")
    assert sum(seen) == 1_000_000
    assert max(seen) <= 100_352


# ---- fail closed ----------------------------------------------------------------------------------------------------
def test_checks_that_pandera_skips_are_errors(session: Session) -> None:
    """With validation switched off Pandera runs nothing and complains of nothing."""
    with config_context(validation_enabled=False):
        found = validated(session, PATIENTS, CELLS)
    cells = [c for c in found.checks if "." in c["check"]]
    assert {c["status"] for c in cells} == {"error"}
    assert {c["error"] for c in cells} == {"it ran on 0 of 5 rows"}


def test_a_check_that_pandera_forgets_to_report_is_an_error(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    validate_really = pandera.DataFrameSchema.validate

    def forgetful(self: Any, frame: Any, **more: Any) -> Any:
        try:
            return validate_really(self, frame, **more)
        except pandera.errors.SchemaErrors:
            return frame

    monkeypatch.setattr(pandera.DataFrameSchema, "validate", forgetful)
    found = counts(validated(session, PATIENTS, CELLS))
    assert found["patients.sex: code"][-1] == "error"
    assert found["patients.crp: type"][-1] == "passed"


def test_a_column_of_the_wrong_type_stops_its_checks(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    really = running.frames
    monkeypatch.setattr(
        running, "frames", lambda *given: (f.with_columns(pl.col("weight").cast(pl.String)) for f in really(*given))
    )
    by_name = {c["check"]: c for c in validated(session, PATIENTS, CELLS).checks}
    assert by_name["patients.weight: range"]["status"] == "error"
    assert by_name["patients.sex: code"]["status"] == "failed"


def test_a_check_that_raises_is_an_error(session: Session) -> None:
    declared = table("t", column("id", pattern="(?=lookaround)"), column("x", "number"))
    by_name = {c["check"]: c for c in validated(session, declared, {"id": ["1"], "x": ["2"]}).checks}
    assert by_name["t.id: pattern"]["status"] == "error"
    assert by_name["t.x: type"]["status"] == "passed"


# ---- the schema to take away ----------------------------------------------------------------------------------------
def test_the_public_schema_judges_typed_frames() -> None:
    schema = pandera_schema(study(PATIENTS), "patients")
    good = pl.DataFrame({"pid": ["P1"], "sex": ["male"], "weight": [50.0], "crp": [1.5]})
    assert schema.validate(good, lazy=True).equals(good)
    bad = pl.DataFrame({"pid": ["P1", "x"], "sex": ["m", None], "weight": [250.0, 10.0], "crp": [0.0, None]})
    with pytest.warns(UserWarning, match="in_range"), pytest.raises(pandera.errors.SchemaErrors) as raised:
        schema.validate(bad, lazy=True)
    failed = {(column, index) for column, index in raised.value.failure_cases.select("column", "index").iter_rows()}
    assert failed == {("pid", 1), ("sex", 0), ("sex", 1), ("weight", 0), ("weight", 1), ("crp", 0)}


TYPED = pl.DataFrame(
    {"pid": ["P1", "x"], "sex": ["m", None], "weight": [250.0, 10.0], "crp": [0.0, None]},
    schema_overrides={"crp": pl.Float64},
)


@pytest.mark.filterwarnings("ignore:.*in_range")
def test_the_printed_schema_is_the_public_one() -> None:
    for declared in (PATIENTS, table("t", column("id"), *(column(k.value.replace("/", " "), k) for k in ColumnKind))):
        schema = pandera_schema(study(declared), declared.name)
        names: dict[str, Any] = {}
        exec(script(schema, 'A "study" of \\ things', "1.0"), names)
        assert names["schema"] == schema
    with pytest.raises(pandera.errors.SchemaErrors) as public:
        pandera_schema(study(PATIENTS), "patients").validate(TYPED, lazy=True)
    exec(script(pandera_schema(study(PATIENTS), "patients"), "T", "1"), names)
    with pytest.raises(pandera.errors.SchemaErrors) as printed:
        names["schema"].validate(TYPED, lazy=True)
    assert printed.value.failure_cases.equals(public.value.failure_cases)


def test_a_check_that_has_no_source_is_not_left_out() -> None:
    own = pandera.DataFrameSchema({"x": pandera.Column(pl.Int64, pandera.Check(lambda data: True, name="mine"))})
    with pytest.raises(ValueError, match="mine"):
        script(own, "T", "1")


def test_every_kind_of_constraint_is_declared_once() -> None:
    names = [constraint.name for constraint in constraints(PATIENTS)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"passed": 1}, "passed"),
        ({"passed": 1, "failed": 1}, "failed"),
        ({"failed": 1, "error": "x"}, "error"),
        ({}, "not applicable"),
        ({"not_applicable": 3}, "not applicable"),
        ({"unknown": 2}, "error"),
        ({"unknown": 2, "passed": 1}, "passed"),
    ],
)
def test_a_status_goes_by_precedence(given: dict[str, Any], status: str) -> None:
    assert check_row("c", "record", **given)["status"] == status


def test_nothing_but_schemas_imports_pandera() -> None:
    code = "import sys, prelock.engine.clean, prelock.engine.sources.frames; print('pandera' in sys.modules)"
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
