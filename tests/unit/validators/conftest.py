"""Results of the tiny study (see `tiny_study` for its rules and data)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_study import DATA, STUDY, Results, checked

Check = Callable[..., Results]


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The results of the tiny study on its data."""
    return checked(tmp_path_factory.mktemp("tiny"), DATA)


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Results of the tiny study with other files over its own (None: the file is not there), or other rules."""

    def run(files: dict[str, str | None] | None = None, study: str = STUDY) -> Results:
        data = {name: text for name, text in (DATA | (files or {})).items() if text is not None}
        return checked(tmp_path / str(len(list(tmp_path.iterdir()))), data, study)

    return run
