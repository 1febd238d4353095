"""What ran where: the machine in general terms, and the cost of a child process."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter, sleep
from typing import Any

PACKAGES = ("prelock", "duckdb", "pandera", "pandas", "polars", "pyarrow")


@dataclass(frozen=True)
class Cost:
    """One process: seconds by the clock and of processor time, peak memory in MB, exit code; why it was stopped."""

    seconds: float
    cpu: float
    peak_mb: float
    code: int
    stopped: str = ""


@dataclass(frozen=True)
class Limit:
    """What a process may use before it is stopped: resident memory in MB, and seconds by the clock."""

    memory_mb: int
    seconds: int


def measured(command: Sequence[str], log: Path | None = None, limit: Limit | None = None) -> Cost:
    """Run a command to its end, or to its `limit`. What it prints goes to `log`, else nowhere.

    A child's peak counts from what its parent holds as it starts it, so the caller stays small.
    """
    target = open(log, "wb") if log else subprocess.DEVNULL  # noqa: SIM115
    began = perf_counter()
    process = subprocess.Popen(command, stdout=target, stderr=subprocess.STDOUT if log else subprocess.DEVNULL)
    stopped: list[str] = []
    if limit is not None:
        Thread(target=_watch, args=(process.pid, limit, stopped), daemon=True).start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if not isinstance(target, int):
        target.close()
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(
        round(seconds, 3),
        round(usage.ru_utime + usage.ru_stime, 3),
        round(usage.ru_maxrss / scale, 1),
        process.returncode,
        stopped[0] if stopped and process.returncode else "",
    )


def _watch(pid: int, limit: Limit, stopped: list[str]) -> None:
    """Kill a process once it is past its limit, and say why; ends with the process (Linux: `/proc` tells its memory)."""
    began, page = perf_counter(), os.sysconf("SC_PAGE_SIZE")
    while True:
        try:
            resident = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * page / 2**20
            if resident > limit.memory_mb or perf_counter() - began > limit.seconds:
                over = f"out of memory: more than {limit.memory_mb:,} MB"
                stopped.append(over if resident > limit.memory_mb else f"stopped after {limit.seconds} s")
                os.kill(pid, signal.SIGKILL)
                return
        except (OSError, ValueError, IndexError):
            return
        sleep(0.1)


def summed_up(costs: Sequence[Cost]) -> dict[str, Any]:
    """Median and best of several runs, and all of them."""
    return {
        "seconds": median(c.seconds for c in costs),
        "best": min(c.seconds for c in costs),
        "cpu": median(c.cpu for c in costs),
        "peak_mb": max(c.peak_mb for c in costs),
        "runs": [asdict(c) for c in costs],
    }


def described() -> dict[str, Any]:
    """The machine without its name: cores, memory, load, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
