"""CTCAE grades at their boundaries, in the unit in which a value was reported. Expected grades read off NCI's text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.values import Value
from prelock.errors import Location
from prelock.rules.nodes import Column, Literal, Node
from prelock.rules.types import NUMBER, PATIENT, RANGE, Type
from prelock.study.ctcae import find, scales
from prelock.study.definition import Measure, NormalLimit
from prelock.validators.grading import Baseline, Row, grade

HERE = Location("measures.yaml", 1, 1)
RESULT = Column(relation="labs", name="result", type=NUMBER, grain=PATIENT)


def limit(value: str) -> Node:
    return Literal(value=Decimal(value), type=NUMBER, grain=PATIENT)


def measure(unit: str | None, lln: str | None = None, uln: str | None = None) -> Measure:
    normal = NormalLimit(None, None if lln is None else limit(lln), None if uln is None else limit(uln))
    return Measure(
        name="M", relation="labs", value=RESULT, type=NUMBER,
        date=None, where=None, unit=unit, unit_column="unit", molar_mass=Decimal("386.65"), minimum=None, maximum=None,
        normal=(normal,), fallback=None, agreement=None, scheduled=None, fields={}, location=HERE,
    )  # fmt: skip


def read(node: Node) -> Value:
    assert isinstance(node, Literal)
    assert isinstance(node.value, Decimal)
    return Value(sql.literal(float(node.value)))


def graded(
    scale: str,
    value: float | None,
    unit: str,
    of: Measure,
    baseline: tuple[float, bool] | None = None,
    top: float | None = None,
    read: Callable[[Node], Value] = read,
) -> int | None:
    term = find(scale)
    assert term is not None
    with Session(1) as session:
        import pyarrow as pa

        data = pa.table(
            {"value": pa.array([value], pa.float64()), "unit": pa.array([unit]), "top": pa.array([top], pa.float64())}
        )
        table = session.register_arrow("rows", data)
        reported = Value(table["value"]) if top is None else Value(table["value"], table["top"])
        base = None if baseline is None else Baseline(Value(sql.literal(baseline[0])), sql.literal(baseline[1]))
        row = Row(of, read, lambda node: sql.literal(True), reported, base)
        texts = {unit: unit} if unit else {}
        found: int | None = session.rows(table.select(grade=grade(row, term, texts, table["unit"])))[0][0]
        return found


LYMPHOCYTES = [(1.1, 0), (1.0999, 1), (0.8, 1), (0.7999, 2), (0.5, 2), (0.4999, 3), (0.2, 3), (0.1999, 4), (3.0, 0)]


@pytest.mark.parametrize(("value", "expected"), LYMPHOCYTES)
def test_lymphocytes_at_their_cut_points(value: float, expected: int) -> None:
    assert graded("CTCAE v5 lymphocyte count decreased", value, "10^9/L", measure("10^9/L", lln="1.1")) == expected


@pytest.mark.parametrize(("value", "expected"), [(1100, 0), (800, 1), (799, 2), (500, 2), (199, 4)])
def test_lymphocytes_in_cells_per_microlitre(value: float, expected: int) -> None:
    assert graded("CTCAE v5 lymphocyte count decreased", value, "/µL", measure("10^9/L", lln="1.1")) == expected


@pytest.mark.parametrize(
    ("term", "unit", "lln", "value", "expected"),
    [
        ("neutrophil count decreased", "10^9/L", "1.8", 1.5, 1),
        ("neutrophil count decreased", "10^9/L", "1.8", 1.49, 2),
        ("neutrophil count decreased", "10^9/L", "1.8", 1.0, 2),
        ("neutrophil count decreased", "10^9/L", "1.8", 0.49, 4),
        ("white blood cell decreased", "10^9/L", "4", 3.0, 1),
        ("white blood cell decreased", "10^9/L", "4", 0.99, 4),
        ("platelet count decreased", "10^9/L", "125", 75, 1),
        ("platelet count decreased", "10^9/L", "125", 24.9, 4),
        ("anemia", "g/dL", "12", 10.0, 1),
        ("anaemia", "g/dL", "12", 8.0, 2),
        ("anemia", "g/dL", "12", 7.9, 3),
        ("anemia", "g/L", "120", 99.9, 2),
    ],
)
def test_counts_that_fall(term: str, unit: str, lln: str, value: float, expected: int) -> None:
    assert graded(f"CTCAE v5 {term}", value, unit, measure(unit, lln=lln)) == expected


def test_cholesterol_is_graded_in_the_unit_it_was_reported_in() -> None:
    scale = "CTCAE v5 cholesterol high"
    assert graded(scale, 300, "mg/dL", measure("mg/dL", uln="200")) == 1
    assert graded(scale, 300.1, "mg/dL", measure("mg/dL", uln="200")) == 2
    assert graded(scale, 7.758, "mmol/L", measure("mmol/L", uln="5.2")) == 2  # the same amount of cholesterol
    assert graded(scale, 7.75, "mmol/L", measure("mmol/L", uln="5.2")) == 1


def test_the_limit_follows_the_reported_unit() -> None:
    scale = "CTCAE v5 cholesterol high"
    in_mmol = measure("mmol/L", uln="5.2")  # 5.2 mmol/L is 201.06 mg/dL
    assert graded(scale, 201, "mg/dL", in_mmol) == 0
    assert graded(scale, 202, "mg/dL", in_mmol) == 1


@pytest.mark.parametrize(("value", "expected"), [(149.9, 0), (150, 1), (300, 1), (300.1, 2), (1000, 3), (1000.1, 4)])
def test_triglycerides_begin_at_150(value: float, expected: int) -> None:
    assert graded("CTCAE v5 hypertriglyceridemia", value, "mg/dL", measure("mg/dL")) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(40, 0), (40.1, 1), (120, 1), (120.1, 2), (200, 2), (800, 3), (801, 4)]
)
def test_alt_in_multiples_of_the_limit_where_the_baseline_was_normal(value: float, expected: int) -> None:
    assert graded("CTCAE v5 ALT increased", value, "U/L", measure("U/L", uln="40"), (30, True)) == expected


@pytest.mark.parametrize(("value", "expected"), [(80, 0), (119, 0), (120, 1), (240, 1), (241, 2), (401, 3), (1601, 4)])
def test_alt_in_multiples_of_an_abnormal_baseline(value: float, expected: int) -> None:
    assert graded("CTCAE v5 ALT increased", value, "U/L", measure("U/L", uln="40"), (80, False)) == expected


def test_alt_without_a_baseline_is_not_graded() -> None:
    assert graded("CTCAE v5 ALT increased", 500, "U/L", measure("U/L", uln="40")) is None


@pytest.mark.parametrize(("value", "expected"), [(1.0, 0), (1.01, 1), (2.5, 1), (2.51, 2), (10, 3), (10.1, 4)])
def test_cpk(value: float, expected: int) -> None:
    assert graded("CTCAE v5 CPK increased", value * 200, "U/L", measure("U/L", uln="200")) == expected


def test_creatinine_takes_the_worse_of_limit_and_baseline() -> None:
    of = measure("µmol/L", uln="100")
    assert graded("CTCAE v5 creatinine increased", 140, "µmol/L", of, (60, True)) == 2  # 1.4 x ULN, 2.3 x baseline
    assert graded("CTCAE v5 creatinine increased", 140, "µmol/L", of, (100, True)) == 1
    assert graded("CTCAE v5 creatinine increased", 190, "µmol/L", of, (60, True)) == 3  # > 3 x baseline
    assert graded("CTCAE v5 creatinine increased", 601, "µmol/L", of) == 4  # no baseline can change that
    assert graded("CTCAE v5 creatinine increased", 140, "µmol/L", of) is None  # a baseline could


def test_what_is_not_known_is_not_graded() -> None:
    scale, of = "CTCAE v5 lymphocyte count decreased", measure("10^9/L", lln="1.1")
    assert graded(scale, None, "10^9/L", of) is None
    assert graded(scale, 0.7, "", of) is None
    assert graded(scale, 0.7, "mg/L", of) is None
    assert graded(scale, 0.1, "10^9/L", of, top=0.9) is None  # somewhere between 0.1 and 0.9
    assert graded(scale, 0.81, "10^9/L", of, top=0.9) == 1


def printed(kind: Type, **values: Value) -> tuple[Measure, Callable[[Node], Value]]:
    """A measure in mg/dL whose limits stand on the record, and how they are read there."""
    columns = {name: Column(relation="labs", name=name, type=kind, grain=PATIENT) for name in values}
    within = columns.get("reference")
    limits = NormalLimit(None, columns.get("lower"), columns.get("upper"), within=within)
    return replace(measure("mg/dL"), normal=(limits,)), lambda node: values[node.name]


def number(value: float | None) -> Value:
    return Value(sql.literal(value, "float64") if value is not None else sql.null("float64"))


def test_a_limit_printed_on_the_record_is_in_the_record_s_unit() -> None:
    of, there = printed(NUMBER, lower=number(0), upper=number(5.2))  # mmol/L, as the value
    assert graded("CTCAE v5 cholesterol high", 5.2, "mmol/L", of, read=there) == 0
    assert graded("CTCAE v5 cholesterol high", 5.3, "mmol/L", of, read=there) == 1


def test_an_end_of_the_record_s_reference_range_is_its_limit() -> None:
    both = Value(sql.literal(0.0), sql.literal(5.2))
    of, there = printed(RANGE, reference=both)
    assert graded("CTCAE v5 cholesterol high", 5.2, "mmol/L", of, read=there) == 0
    assert graded("CTCAE v5 cholesterol high", 5.3, "mmol/L", of, read=there) == 1


def test_a_range_without_an_upper_end_has_no_multiple() -> None:
    open_ended = Value(sql.literal(1.0), sql.null("float64"))
    of, there = printed(RANGE, reference=open_ended)
    assert graded("CTCAE v5 cholesterol high", 5.3, "mmol/L", of, read=there) is None
    assert graded("CTCAE v5 cholesterol high", 8, "mmol/L", of, read=there) == 2  # above 7.75, whatever the limit


def test_without_a_lower_limit_only_the_steps_below_it_are_sure() -> None:
    scale, of = "CTCAE v5 lymphocyte count decreased", measure("10^9/L")
    assert graded(scale, 0.4, "10^9/L", of) == 3
    assert graded(scale, 1.0, "10^9/L", of) is None


def test_every_scale_is_found_by_its_own_name_in_any_case() -> None:
    assert len(scales()) == len(set(scales())) >= 11
    for scale in scales():
        assert find(scale) is not None
        assert find(scale.upper()) == find(scale)
    assert find("CTCAE v5.0 anaemia") == find("CTCAE v5 anemia")
    assert find("CTCAE v6 anemia") is None
    assert find("CTCAE v5 wellbeing") is None
