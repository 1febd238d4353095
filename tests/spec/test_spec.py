"""Every spec, on every engine."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from spec_engines import ENGINES
from spec_format import Spec

HERE = Path(__file__).parent


def _specs() -> list[tuple[str, Spec]]:
    found = []
    for file in sorted((HERE / "language").glob("*.py")):
        made = importlib.util.spec_from_file_location(f"spec_language_{file.stem}", file)
        assert made is not None
        assert made.loader is not None
        module = importlib.util.module_from_spec(made)
        made.loader.exec_module(module)
        found += [(file.stem, spec) for spec in module.SPECS]
    return found


SPECS = _specs()


def _shortest(text: str) -> str:
    """The column of a missing cell, or its table where there is no row."""
    words = text.split()
    return words[0] if words[2] == "0" else words[3]


# The reference names every missing cell in full; the engine's text must name at least its column.
TOLD = {"reference": str, "duckdb": _shortest}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spec", [spec for _, spec in SPECS], ids=[f"{name}: {spec.says}" for name, spec in SPECS])
def test_spec(spec: Spec, engine: str, tmp_path: Path) -> None:
    answers = ENGINES[engine](spec, tmp_path)
    assert answers.values == dict(spec.expect)
    if answers.findings is not None:
        for patient, kinds in spec.findings.items():
            assert answers.findings[patient] == kinds, patient
    for patient, texts in spec.missing.items():
        for text in texts:
            assert TOLD[engine](text) in answers.missing[patient]


def test_statements_are_made_once() -> None:
    says = [(name, spec.says) for name, spec in SPECS]
    assert len(says) == len(set(says))
