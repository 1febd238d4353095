"""One meaning on both engines: the same bytes from the same Parquet, also on a cluster that loses a worker."""

from __future__ import annotations

import csv
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

import prelock
from prelock.errors import CallError
from prelock.results import TABLES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("spark"), pytest.mark.usefixtures("spark_here")]
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "studies" / "upadacitinib_crohn"
LONG = pytest.mark.skipif(os.environ.get("PRELOCK_TEST_SPARK") != "all", reason="takes minutes: make spark")
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def as_parquet(texts: dict[str, str], folder: Path) -> Path:
    """Tables as folders of two all-text Parquet files each; the cells are those of the CSV, blank ones null."""
    for name, text in texts.items():
        header, *rows = csv.reader(text.lstrip("\ufeff").splitlines(keepends=True))
        columns = [pa.array([row[place] or None for row in rows], pa.string()) for place in range(len(header))]
        table, half = pa.table(columns, names=header), len(rows) // 2
        (folder / f"{name}.parquet").mkdir(parents=True)
        parquet.write_table(table.slice(0, half), folder / f"{name}.parquet" / "part-0.parquet")
        parquet.write_table(table.slice(half), folder / f"{name}.parquet" / "part-1.parquet")
    return folder


def example(which: str) -> dict[str, str]:
    """The tables of the example study."""
    return {path.stem: path.read_text(encoding="utf-8-sig") for path in (EXAMPLE / which).glob("*.csv")}


def differing(one: Path, other: Path) -> list[str]:
    """The result tables whose CSV files are not the same, byte for byte."""
    return [n for n in TABLES if (one / f"{n}.csv").read_bytes() != (other / f"{n}.csv").read_bytes()]


@pytest.fixture
def tiny(place: Any, tmp_path: Path) -> tuple[Path, Path]:
    """A study of six patients and its tables in Parquet."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in place.data.glob("*.csv")}
    return place.study, as_parquet(texts, tmp_path / "parquet")


def test_a_small_study_has_the_same_results(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    study, data = prelock.load(tiny[0]), tiny[1]
    study.check(data, tmp_path / "duckdb").close()
    with study.check(data, tmp_path / "spark", engine="spark", formats=["csv"]) as run:
        assert run.summary["engine"] == "spark"
    assert differing(tmp_path / "duckdb", tmp_path / "spark") == []


def test_results_are_folders_of_parquet_files_in_the_order_of_the_csv(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    prelock.load(tiny[0]).check(tiny[1], out, engine="spark", formats=["csv"]).close()
    assert json.loads((out / "summary.json").read_text())["engine"] == "spark"
    assert (out / "report.html").exists()
    with (out / "eligibility.csv").open(encoding="utf-8") as file:
        written = [row["patient"] for row in csv.DictReader(file)]
    parts = sorted((out / "eligibility.parquet").glob("*.parquet"))
    assert [p for part in parts for p in parquet.read_table(part)["patient"].to_pylist()] == written


def test_what_spark_does_not_read_is_refused(place: Any, tmp_path: Path) -> None:
    study = prelock.load(place.study)
    with pytest.raises(prelock.DataError, match=r"This engine reads only \.parquet"):
        study.check(place.data, engine="spark")
    with pytest.raises(CallError, match="A second opinion is given by the engine duckdb only"):
        study.check(place.data, engine="spark", second_opinion=True)


@LONG
@pytest.mark.parametrize("which", ["data", "data_with_errors"])
def test_the_first_study_has_the_same_results(which: str, tmp_path: Path) -> None:
    study, data = prelock.load(EXAMPLE), as_parquet(example(which), tmp_path / "data")
    study.check(data, tmp_path / "duckdb").close()
    study.check(data, tmp_path / "spark", engine="spark", formats=["csv"]).close()
    assert differing(tmp_path / "duckdb", tmp_path / "spark") == []


# A run in a process of its own, as a driver is; it kills the worker that it is told to once patients are evaluated.
DRIVER = """
import json, os, signal, sys
import prelock
study, data, out, worker = sys.argv[1:]
seen = {}

def progress(step):
    from pyspark.sql import SparkSession
    seen[step] = SparkSession.active().sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    if step == "evaluating patients":
        os.kill(int(worker), signal.SIGKILL)

run = prelock.load(study).check(data, out, engine="spark", formats=["csv"], progress=progress)
print(json.dumps(seen))
"""


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Spark's own cluster on this machine: a master and two workers, each a process. Gives its address and workers."""
    import pyspark

    command = str(Path(pyspark.__file__).parent / "bin" / "spark-class")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, daemon = f"spark://127.0.0.1:{port}", "org.apache.spark.deploy"
    settings = {**os.environ, "SPARK_DAEMON_MEMORY": "192m", "SPARK_DAEMON_JAVA_OPTS": QUICK}
    asked = [[f"{daemon}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"]]
    for number in range(2):
        own = ["--host", "127.0.0.1", "--cores", "1", "--memory", "600m", "--webui-port", "0"]
        asked.append([f"{daemon}.worker.Worker", *own, "-d", str(folder / f"worker {number}"), address])
    with ExitStack() as stack:
        processes = []
        for arguments in asked:
            log = stack.enter_context((folder / f"log {len(processes)}").open("wb"))
            process = subprocess.Popen([command, *arguments], env=settings, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            processes.append(process)
        yield address, processes[1:]


@LONG
def test_a_worker_that_is_killed_changes_nothing(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    study, data = tiny
    prelock.load(study).check(data, tmp_path / "duckdb").close()
    with cluster(tmp_path) as (address, workers):
        conf = {
            "spark.prelock.folder": tmp_path / "work",
            "spark.executor.memory": "512m",
            "spark.executor.extraJavaOptions": f"'{QUICK}'",
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",
            "spark.scheduler.maxRegisteredResourcesWaitingTime": "120s",
            "spark.sql.shuffle.partitions": "2",
        }
        asked = " ".join(f"--conf {name}={value}" for name, value in conf.items())
        before = os.environ["PYSPARK_SUBMIT_ARGS"].replace("--master local[1]", f"--master {address} {asked}")
        told = subprocess.run(
            [sys.executable, "-c", DRIVER, study, data, tmp_path / "spark", str(workers[0].pid)],
            env={**os.environ, "PYSPARK_SUBMIT_ARGS": before, "PYSPARK_PYTHON": sys.executable},
            cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr[-3000:]
        seen = json.loads(told.stdout.splitlines()[-1])
        assert seen["evaluating patients"] == 2
        assert seen["writing results"] == 1
        assert workers[0].poll() is not None
    assert differing(tmp_path / "duckdb", tmp_path / "spark") == []
