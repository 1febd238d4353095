"""Mean and standard deviation against the standard library, and the same whatever the order of the rows."""

from __future__ import annotations

import random
from statistics import mean, stdev

import pyarrow as pa
import pytest

from prelock.engine.session import Session
from prelock.validators.moments import Extent, Moments, moments


def found(values: list[float | None]) -> Moments:
    with Session(2) as session:
        table = session.register_arrow("numbers", pa.table({"x": pa.array(values, pa.float64())}))
        known = [v for v in values if v is not None]
        extent = Extent(len(known), min(known, default=None), max(known, default=None))
        return moments(session, table, {"x": table["x"]}, {"x": extent})["x"]


@pytest.mark.parametrize(
    "values", [[1.0, 2.0, 4.0], [0.1, 0.2, 0.3, 0.7], [1e-6, 3e-6, 2e-6], [291.5, -3.25, 1e9, 17.0]]
)
def test_they_are_those_of_the_standard_library(values: list[float]) -> None:
    assert found([*values, None]) == pytest.approx((mean(values), stdev(values)), rel=1e-12)


def test_the_order_of_the_rows_changes_no_bit() -> None:
    source = random.Random(7)
    values: list[float | None] = [source.uniform(-100, 1000) for _ in range(5000)]
    first = found(values)
    source.shuffle(values)
    assert found(values) == first


def test_too_few_values() -> None:
    assert found([None]) == (None, None)
    assert found([3.0]) == (3.0, None)
    assert found([3.0, 3.0]) == (3.0, 0.0)
