"""A study from its text alone."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from prelock.study.definition import StudyDefinition
from prelock.study.load import load


@lru_cache(maxsize=4)
def study_of(text: str) -> StudyDefinition:
    """The study, loaded from a folder that is gone afterwards. Raises StudyError."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.yaml").write_text(text, encoding="utf-8")
        return load(folder)
