"""The language by example, made from the specs: `python -m tests.spec.reference` writes `docs/reference.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from collected import modules  # noqa: E402
from spec_format import BASE, Spec, rows_drawn  # noqa: E402

OUT = HERE.parents[1] / "docs" / "reference.md"
HEAD = """# The language by example

Made from `tests/spec` by `python -m tests.spec.reference`: each example is a test, run on the reference interpreter and
on every engine. A rule, the rows it reads, and what it gives for each patient. How to write a study is told in
[language.md](language.md).

*Unknown* is the third truth value; *missing* means that there surely is no value. A blank cell is blank in the file;
`ND`, `NK`, `RF` and `NA` are the missing codes *not done*, *not known*, *refused* and *not applicable*.

The examples stand in this study, with what is said beside them laid over it:

"""
TRUTHS = {True: "true", False: "false", None: "unknown"}


def reference() -> str:
    """The whole document."""
    parts = [HEAD, _fenced("yaml", BASE.strip())]
    for module in modules():
        parts += list(_chapter(module))
    return "\n".join(parts).rstrip() + "\n"


def _chapter(module: ModuleType) -> Iterator[str]:
    title, _, more = (module.__doc__ or "").strip().partition("\n")
    yield f"\n## {module.__name__.removeprefix('spec_language_').replace('_', ' ').capitalize()}\n\n{title}\n"
    if more.strip():
        yield f"{dedent(more).strip()}\n"
    for spec in module.SPECS:
        yield from _example(spec)


def _example(spec: Spec) -> Iterator[str]:
    says = spec.says[0].upper() + spec.says[1:]
    yield f"### {says}\n"
    if spec.study.strip():
        yield _fenced("yaml", dedent(spec.study).strip())
    asked = spec.rule if spec.ask == "rule" else f"status of {spec.ask}"
    yield _fenced("text", asked)
    for name, drawn in spec.tables.items():
        rows = rows_drawn(drawn)
        if rows:
            yield f"`{name}`:\n"
            yield _table(list(rows[0]), [list(row.values()) for row in rows])
    for name in spec.absent:
        yield f"`{name}` has no file.\n"
    yield "Result:\n"
    yield _table(["patient", "value"], [[patient, _told(value)] for patient, value in spec.expect.items()])


def _told(value: Any) -> str:
    return TRUTHS[value] if value is None or isinstance(value, bool) else str(value)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def _fenced(kind: str, text: str) -> str:
    return f"```{kind}\n{text}\n```\n"


if __name__ == "__main__":
    OUT.write_text(reference(), encoding="utf-8")
