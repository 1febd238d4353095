"""Expressions behind names."""

from __future__ import annotations

import pytest
from study_folders import good

from prelock.rules.nodes import And, Not
from prelock.study import names


def test_an_exclusion_passes_when_its_rule_does_not_hold() -> None:
    study = good("one_file")
    adult, no_consent = study.criteria
    assert names.passes(adult) is adult.rule
    turned = names.passes(no_consent)
    assert isinstance(turned, Not)
    assert turned.part is no_consent.rule


def test_eligible_is_all_criteria() -> None:
    study = good("one_file")
    node = names.eligible(study)
    assert isinstance(node, And)
    assert node.parts == tuple(names.passes(c) for c in study.criteria)
    assert names.population(study, "eligible") == node


def test_populations_and_endpoints_by_name() -> None:
    study = good("registry")
    assert names.population(study, "low_arm") is study.populations["low_arm"].node
    assert names.endpoint(study, "calm").name == "calm"
    assert names.criterion(study, "pain").kind == "include"
    with pytest.raises(KeyError):
        names.population(study, "nobody")


def test_all_nodes_holds_every_rule() -> None:
    study = good("registry")
    found = set(map(id, names.all_nodes(study)))
    assert {id(c.rule) for c in study.criteria} <= found
    assert {id(d.achieved) for e in study.endpoints for d in e.definitions} <= found
    assert {id(n) for g in study.groups.values() for n in g.fields.values()} <= found
