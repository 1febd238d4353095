"""Every spec, on every engine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import pytest
from collected import specs
from spec_engines import run
from spec_format import Spec, study_text

from prelock.engine.reference.listed import AGGREGATES
from prelock.rules import nodes
from prelock.rules.nodes import Node, walk
from prelock.study.load_header import TIES
from prelock.study.load_timepoints import CHOICES
from prelock.study.names import all_nodes
from tests.engines import DIVIDED, ENGINES
from tests.spec import reference
from tests.study_text import study_of

SPECS = specs()


def _shortest(text: str) -> str:
    """The column of a missing cell; the record's key (here its row) where rows conflict, its table where none is."""
    table, _, row, column, *_ = text.split()
    if row == "0":
        return table
    return f"={row}" if text.endswith(" conflict") else column


# The reference names every missing cell in full; the engine's text must name at least its column.
TOLD = {"reference": str, "duckdb": _shortest, "batches": _shortest, "spark": _shortest}


def _asked() -> Iterator[Any]:
    """Every spec on every engine; on Spark the first of every file, or all with `make spark`."""
    few = [next(file) for _, file in groupby(SPECS, key=itemgetter(0))]
    on_spark = SPECS if os.environ.get("PRELOCK_TEST_SPARK") == "all" else few
    marks = [pytest.mark.slow, pytest.mark.xdist_group("spark")]
    for name, spec in SPECS:
        yield from (pytest.param(spec, engine, id=f"{name}: {spec.says}-{engine}") for engine in ENGINES | DIVIDED)
    yield from (pytest.param(spec, "spark", id=f"{name}: {spec.says}-spark", marks=marks) for name, spec in on_spark)


@pytest.mark.parametrize(("spec", "engine"), list(_asked()))
def test_spec(spec: Spec, engine: str, request: pytest.FixtureRequest) -> None:
    if engine == "spark":
        request.getfixturevalue("spark_here")
    answers = run(engine, spec)
    assert answers.values == dict(spec.expect)
    if answers.findings is not None:
        for patient, kinds in spec.findings.items():
            assert answers.findings[patient] == kinds, patient
    for patient, texts in spec.missing.items():
        for text in texts:
            assert TOLD[engine](text) in answers.missing[patient]


def test_every_node_is_specified() -> None:
    """Each node class occurs in some spec's study, and each aggregate, span, tie and choice in some rule."""
    seen: set[type[Node]] = set()
    for _, spec in SPECS:
        for rule in all_nodes(study_of(study_text(spec))):
            seen.update(type(node) for node in walk(rule))
    assert seen == {c for c in vars(nodes).values() if isinstance(c, type) and issubclass(c, Node)} - {Node}


WORDS = (
    *AGGREGATES,
    *("years", "months", "exact months", "weeks", "days", "hours", "day of", "previous", "any", "no", "every"),
    *("at least", "at most", "exactly", "number of", "number of different", "that are missing", "matches"),
    *("starts with", "has the word", "is one of", "is between", "is within", "is recorded", "is missing", "is normal"),
    *("is yes", "is no", "is met", "is achieved", "complete", "percent fall in", "fall in", "otherwise"),
)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_specified(word: str) -> None:
    assert any(re.search(rf"(?<!\w){word}(?!\w)", study_text(spec)) for _, spec in SPECS)


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_specified(choice: str) -> None:
    assert any(f"choose: {choice}" in study_text(spec) for _, spec in SPECS)


@pytest.mark.parametrize("tie", TIES)
def test_every_tie_is_specified(tie: str) -> None:
    assert any(re.search(rf"^ties:.*?^- {tie}$", study_text(spec), re.DOTALL | re.MULTILINE) for _, spec in SPECS)


def test_statements_are_made_once() -> None:
    says = [(name, spec.says) for name, spec in SPECS]
    assert len(says) == len(set(says))


def test_the_language_reference_is_made_from_the_specs() -> None:
    """`python -m tests.spec.reference` writes it anew."""
    assert reference.OUT.read_text(encoding="utf-8") == reference.reference()
