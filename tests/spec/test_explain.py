"""`explain` takes every spec's rule apart, and names every kind of node that rules are made of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from collected import specs
from spec_format import raw_tables, study_text

from prelock.engine import explain
from prelock.engine.explain import ExplainTree
from prelock.engine.explain_text import render
from prelock.engine.reference import records_from
from prelock.rules import nodes
from prelock.rules.nodes import Node
from prelock.study.definition import StudyDefinition
from tests.study_text import study_of

OWN_WORDS = {nodes.Substitute: "counted as "}  # said in words of their own where they make a difference


def steps(tree: ExplainTree) -> Iterator[ExplainTree]:
    yield tree
    for part in tree.parts:
        yield from steps(part)


def test_every_node_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    explained: set[type[Node]] = set()
    in_words = explain.in_words

    def named(study: StudyDefinition, node: Node) -> str:
        words = in_words(study, node)
        assert words, type(node)
        explained.add(type(node))
        return words

    monkeypatch.setattr(explain, "in_words", named)
    for _, spec in specs():
        study = study_of(study_text(spec))
        records = records_from(study, raw_tables(spec))
        for patient in spec.expect:
            tree = explain.explain(study, records, patient, "answer" if spec.ask == "rule" else None)
            assert tree.parts, (spec.says, patient)
            assert tree.words in render(tree)
            words = [step.words for step in steps(tree)]
            explained |= {node for node, own in OWN_WORDS.items() if any(told.startswith(own) for told in words)}
    assert {c for c in vars(nodes).values() if isinstance(c, type) and issubclass(c, Node)} - {
        Node
    } - explained == set()
