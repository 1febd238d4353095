"""What the last long runs of random studies came to, for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parent / "generative.json"
HEAD = """## Random studies

`python -m tests.generative.long` draws whole studies and rows, and holds an engine to the reference interpreter; a case is
one rule on one patient. What a run finds becomes a spec and is mended; these are the last whole runs (`generative.json`).

| engine | cases | studies | patients each | different | seeds | commit | minutes |
| --- | ---: | ---: | ---: | ---: | --- | --- | ---: |
"""


def random_studies() -> str:
    """The section of the page; '' where no run was kept."""
    if not FIGURES.exists():
        return ""
    kept: dict[str, dict[str, Any]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return HEAD + "\n".join(_row(engine, run) for engine, run in kept.items()) + "\n"


def _row(engine: str, run: dict[str, Any]) -> str:
    first, last = run["seeds"]
    cells = [engine, f"{run['cases']:,}", f"{run['studies']:,}", run["patients a study"], f"{run['different']:,}"]
    cells += [f"{first} to {last}", f"`{run['commit']}`", f"{run['seconds'] / 60:.0f}"]
    return "| " + " | ".join(map(str, cells)) + " |"


__all__ = ["random_studies"]
