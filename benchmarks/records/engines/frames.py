"""What the engines share whose answers are arrays of record keys by rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from benchmarks.records.engines import ANSWERS

Found = Mapping[str, Any]  # rule → the record keys, as an array


def read_polars(data: Path) -> pl.DataFrame:
    """The extract as a Polars frame."""
    return pl.read_parquet(data / "labs.parquet")


def write(found: Found, out: Path) -> None:
    """The answers as `rule, record`."""
    parts = [pa.table({"rule": pa.repeat(rule, len(keys)), "record": pa.array(keys)}) for rule, keys in found.items()]
    parquet.write_table(pa.concat_tables(parts), out / ANSWERS)
