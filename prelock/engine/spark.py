"""A session on Spark: what is stored lies as Parquet in a folder that every worker reaches, so that none is missed.

A worker may be lost at any moment: nothing is kept in its memory, and a part that it had begun is begun again.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import duckdb

from prelock.engine import sql
from prelock.engine.session import Session, quoted
from prelock.engine.sql.spark import SPARK
from prelock.engine.sql.tables import Stored
from prelock.engine.sql.types import STRUCT, DType
from prelock.engine.sql.write import query
from prelock.errors import CallError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import DataType

# What the engine's SQL is written for; these hold for the session only and change nothing of the cluster.
MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.analyzer.maxIterations": "10000",  # queries lie in many layers
}
FOLDER = "spark.prelock.folder"  # where the run keeps its tables; must be reached by every worker
# Spark's name of a type → ours
TYPES = {
    "string": "string",
    "boolean": "boolean",
    "tinyint": "int8",
    "smallint": "int16",
    "int": "int32",
    "bigint": "int64",
    "float": "float32",
    "double": "float64",
    "date": "date",
    "timestamp_ntz": "timestamp",
}
Batches = Iterator[Any]


class SparkEngine(Session):
    """Tables in Spark. Without a cluster in Spark's own settings it runs here, on `threads` cores (None: all)."""

    name = "spark"
    small = apart = False

    def __init__(self, threads: int | None = None) -> None:
        self.spark = _spark(threads).newSession()
        for name, value in MEANING.items():
            self.spark.conf.set(name, value)
        self.duck = duckdb.connect(":memory:")  # reads what Spark has written
        self.folder = _folder(self.spark)
        self._numbers = count(1)
        self._stored: dict[str, Path] = {}

    def make_ready(self, patients: sql.Table, rows: int) -> None:
        """Spark spreads the work by itself."""

    def as_written(self) -> None:
        """Spark plans every query."""

    def table(self, name: str) -> sql.Table:
        """A stored table or view."""
        return sql.Table(_types(self.spark.table(backticked(name))), Stored(name))

    def register_arrow(self, name: str, data: Any) -> sql.Table:
        """`data` (an Arrow table of moderate size) as a table."""
        self._show(name, self.spark.createDataFrame(data))
        return self.table(name)

    def materialise(self, expr: sql.Table, name: str | None = None) -> sql.Table:
        """The rows of `expr`, stored once under `name` (or a unique name)."""
        stored = self.store(self.sql(expr), name)
        return sql.Table(stored.types, stored.op, expr.sure)

    def _create(self, name: str, query: str) -> None:
        self.keep(name, self.spark.sql(query))

    def keep(self, name: str, frame: DataFrame) -> None:
        """Write the rows of a frame, and read the table `name` from there."""
        path = self.folder / str(next(self._numbers))
        typed = frame.select([_typed(field.name, field.dataType) for field in frame.schema.fields])
        typed.write.parquet(_address(path))
        self.drop(name)
        self._stored[name] = path
        self._show(name, self.spark.read.schema(typed.schema).parquet(_address(path)))

    def parquet(self, files: Iterable[Path], part: str, place: str) -> sql.Table:
        """The rows of Parquet files, where they lie; `part` is the file's name, `place` the row's in it, from 0."""
        frame = self.spark.read.option("mergeSchema", "true").parquet(*map(_plain, files))
        name, row = self.unique("v"), f"_metadata.row_index AS {quoted(place)}"
        self._show(name, frame.selectExpr("*", f"_metadata.file_name AS {quoted(part)}", row))
        return self.table(name)

    def written(self, query: str, name: str) -> Path:
        """The folder of Parquet files with the rows of a query, in its order, worked out and written by the workers."""
        stored = self.unique(f"result {name}")
        self._create(stored, query)
        return self._stored[stored]

    def spread(self, expr: sql.Table | str, judge: Callable[[Batches], Batches], schema: str) -> sql.Table:
        """What `judge` makes of the rows, run where they are: batch by batch, in every worker; stored.

        `schema` are the columns it makes, as Spark writes them (`row bigint, …`).
        """
        name = self.unique("t")
        self.keep(name, self.spark.sql(self.sql(expr)).mapInArrow(judge, schema))
        return self.table(name)

    def view(self, query: str, name: str | None = None) -> sql.Table:
        """An SQL query as a table that is computed where it is read."""
        name = name or self.unique("v")
        self._show(name, self.spark.sql(query))
        return self.table(name)

    def run(self, statement: str) -> None:
        """Run an SQL statement that gives nothing back."""
        self.spark.sql(statement)

    def drop(self, name: str) -> None:
        """Forget a stored table."""
        path = self._stored.pop(name, None)
        if path is not None:
            self.spark.catalog.dropTempView(name)
            shutil.rmtree(path, ignore_errors=True)

    def rows(self, expr: sql.Table | str) -> list[tuple[Any, ...]]:
        """All rows of a small expression or SQL query as Python values."""
        return [tuple(row) for row in self.spark.sql(self.sql(expr)).collect()]

    def arrow(self, expr: sql.Table | str) -> Any:
        """All rows of a small expression or SQL query as an Arrow table."""
        return self.spark.sql(self.sql(expr)).toArrow()

    def sql(self, expr: sql.Table | str) -> str:
        """The SQL of a table; a query is its own."""
        return expr if isinstance(expr, str) else query(expr, SPARK)

    def close(self) -> None:
        """Free what was stored; Spark itself stays for the next session."""
        self.duck.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _show(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(backticked(name))


def _spark(threads: int | None) -> SparkSession:
    """The application's Spark: the one that runs, or a new one by Spark's own settings."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise CallError("The engine spark needs PySpark: pip install 'prelock[spark]'") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers run what the driver runs
    builder: Any = SparkSession.builder
    builder = builder.appName("prelock")
    if threads is not None:
        builder = builder.master(f"local[{threads}]")
    try:
        return builder.getOrCreate()  # type: ignore[no-any-return]
    except PySparkException as error:
        raise CallError("Spark can't be started: it needs Java 17 (JAVA_HOME), and a cluster it can reach.") from error


def _address(path: Path) -> str:
    """The path in the file system that is mounted, whatever Spark's own default is."""
    return f"file://{path}"


def _plain(path: Path) -> str:
    """The address with glob characters made plain, as Spark reads them."""
    return _address(Path(re.sub(r"([\\*?\[\]{}])", r"\\\1", str(path))))


def _folder(spark: SparkSession) -> Path:
    """A new folder for the run's tables. On a cluster it must be named, and every worker must reach it."""
    base = spark.conf.get(FOLDER, None)
    here = str(spark.sparkContext.master).startswith("local")
    if base is None and not here:
        raise CallError(f"On a cluster, set {FOLDER} to a folder that the driver and every worker reach.")
    if base is not None:
        Path(base).mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="prelock-", dir=base))
    if not here:
        _refuse_unshared(spark, folder)
    return folder


def _refuse_unshared(spark: SparkSession, folder: Path) -> None:
    """What a worker writes where the driver can't read it would be lost without an error: every core tries."""
    from py4j.protocol import Py4JJavaError

    tasks = 4 * spark.sparkContext.defaultParallelism
    folder.chmod(0o770)
    try:
        spark.sparkContext.parallelize(range(tasks), tasks).foreach(partial(_touch, str(folder)))
        reached = len(list(folder.iterdir())) == tasks
    except Py4JJavaError:
        reached = False
    if not reached:
        shutil.rmtree(folder, ignore_errors=True)
        raise CallError(
            f"A worker does not reach {FOLDER} ({folder.parent}), or lacks prelock: each needs the same version of it, "
            "and the same folder."
        )
    for path in folder.iterdir():
        path.unlink()


def _touch(folder: str, number: int) -> None:
    (Path(folder) / f"{number}").touch(exist_ok=True)


def _types(frame: DataFrame) -> dict[str, DType]:
    return {field.name: _type(field.dataType) for field in frame.schema.fields}


def _type(kind: DataType) -> DType:
    written = kind.simpleString()
    if written.startswith("struct"):
        return STRUCT
    return DType("array" if written.startswith("array") else TYPES.get(written, written.replace(",", ", ")))


def _typed(name: str, kind: DataType) -> Any:
    """The column; one that holds nothing at all gets a type, as Parquet wants it."""
    from pyspark.sql import functions

    column = functions.col(backticked(name))
    return column.cast("int").alias(name) if kind.simpleString() == "void" else column


def backticked(name: str) -> str:
    """An identifier that Spark reads whatever its settings: types are read by those of any session."""
    return "`" + name.replace("`", "``") + "`"


__all__ = ["SparkEngine", "backticked", "quoted"]
