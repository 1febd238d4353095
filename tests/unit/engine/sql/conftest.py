"""The engines on which queries are tried."""

from __future__ import annotations

import pytest

from prelock.engine.session import Session
from prelock.engine.spark import SparkEngine


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=[pytest.mark.slow, pytest.mark.xdist_group("spark")])])
def engine(request: pytest.FixtureRequest) -> type[Session]:
    """The session of each engine."""
    if request.param == "duckdb":
        return Session
    request.getfixturevalue("spark_here")
    return SparkEngine
