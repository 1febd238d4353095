"""Value labels of SPSS and Stata files: a code may be declared by the value that is stored, or by its label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prelock.engine.cells import means
from prelock.engine.sources.typed import cell_text
from prelock.study.definition import ColumnSpec, Table

Labels = Mapping[Any, str]


def labelled(labels: Mapping[str, Labels], table: Table) -> dict[str, dict[Any, str]]:
    """By header, the values that are given by another text: the label, where the study knows it and not the value.

    Where it knows both and they mean different things, both stand in the cell, which is then a code of nobody's.
    """
    return {header: dict(_shown(own, _specs(table, header))) for header, own in labels.items()}


def _specs(table: Table, header: str) -> list[ColumnSpec]:
    return [spec for spec in table.columns.values() if spec.header == header]


def _shown(labels: Labels, specs: Sequence[ColumnSpec]) -> Iterator[tuple[Any, str]]:
    for value, label in labels.items():
        text = cell_text(value) or ""
        pairs = [(means(text, spec, said=True), means(label, spec)) for spec in specs]
        known = [(own, said) for own, said in pairs if said is not None]
        if any(own not in (None, said) for own, said in known):
            yield value, f"{text} = {label}"
        elif known:
            yield value, label
