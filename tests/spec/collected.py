"""All specs, by the file they stand in."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from spec_format import Spec

HERE = Path(__file__).parent


def modules() -> list[ModuleType]:
    """The files of `language`, in order."""
    found = []
    for file in sorted((HERE / "language").glob("*.py")):
        made = importlib.util.spec_from_file_location(f"spec_language_{file.stem}", file)
        assert made is not None
        assert made.loader is not None
        module = importlib.util.module_from_spec(made)
        made.loader.exec_module(module)
        found.append(module)
    return found


def specs() -> list[tuple[str, Spec]]:
    """(file, spec) for each."""
    return [(module.__name__.removeprefix("spec_language_"), spec) for module in modules() for spec in module.SPECS]
