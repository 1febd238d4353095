"""What stands for a rule's meaning: another digest when the rule, or anything that it reads, says something else.

Words for people and places in the file do not count. Where a rule can't be told from the rest of its table, or from the
rest of the study, the digest is that of the whole: it may change too often, never too seldom.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from prelock.rules.nodes import OTHER, Column, Linked, Node
from prelock.study.definition import Check, StudyDefinition

LENGTH = 16
_WORDS = frozenset({"location", "text", "source", "say", "shown"})


def rule_digest(study: StudyDefinition, rule: str) -> str:
    """The digest (16 hexadecimal digits) of a rule by the name that its findings bear."""
    root = definition(study, rule)
    if root is None:
        told: Any = dict(sorted(study.digests.items()))
    else:
        used: dict[str, Any] = {}
        told = [_plain(root), used]
        _gather(study, root, used)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def definition(study: StudyDefinition, rule: str) -> Any:
    """What declares a rule: a check, a column (`labs.unit: code`), a measure (`CRP: range`), or else its table; None
    where nothing does any more."""
    checks = {check.name: check for check in study.checks}
    if rule in checks:
        return checks[rule], _named_columns(study, checks[rule])
    head = rule.partition(": ")[0]
    table, _, column = head.partition(".")
    if head in study.measures:
        return study.measures[head]
    if head in study.tables:
        return study.tables[head]
    return study.tables[table].columns.get(column) if table in study.tables else None


def _named_columns(study: StudyDefinition, check: Check) -> dict[str, Any]:
    """Columns that a check names beside its rule."""
    table = study.tables.get(check.relation, study.tables[study.patient_table])
    return {name: table.columns.get(name) for name in (*check.same, check.column) if name is not None}


def _gather(study: StudyDefinition, root: Any, used: dict[str, Any]) -> None:
    """Everything that `root` reads by name, and what that reads, into `used`."""
    for node in _nodes(root):
        for name, definition in _read(study, node):
            if name not in used:
                used[name] = _plain(definition)
                _gather(study, definition, used)


def _read(study: StudyDefinition, node: Node) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Column) and node.relation in study.tables:
        yield f"{node.relation}.{node.name}", study.tables[node.relation].columns.get(node.name)
    if isinstance(node, Linked) and node.link == OTHER:
        yield f"{node.relation}.{node.name}", study.tables[node.relation].columns.get(node.name)
    elif isinstance(node, Linked):
        yield f"{node.relation} links", study.tables[node.relation].links
    criteria = {criterion.name: criterion for criterion in study.criteria}
    endpoints = {endpoint.name: endpoint for endpoint in study.endpoints}
    named: dict[str, Mapping[str, Any]] = {
        "variable": study.variables, "population": {**study.populations, "eligible": study.criteria},
        "measure": study.measures, "timepoint": study.timepoints, "group": study.groups,
        "criterion": criteria, "endpoint": endpoints,
    }  # fmt: skip
    for part in _texts(node):
        for kind, definitions in named.items():
            if part in definitions:
                yield f"{kind} {part}", definitions[part]


def _texts(node: Node) -> Iterator[str]:
    """The texts a node holds itself: names of what it reads, among others."""
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, str):
            yield value
        elif is_dataclass(value) and not isinstance(value, Node):
            yield from (text for part in fields(value) if isinstance(text := getattr(value, part.name), str))


def _nodes(value: Any) -> Iterator[Node]:
    """Every node in a definition, however deep."""
    if isinstance(value, Node):
        yield value
    if is_dataclass(value):
        for item in fields(value):
            yield from _nodes(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _nodes(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _nodes(part)


def _plain(value: Any) -> Any:
    """A definition as JSON, without the words that are for people."""
    if is_dataclass(value):
        told = {item.name: _plain(getattr(value, item.name)) for item in fields(value) if item.name not in _WORDS}
        return {"": type(value).__name__, **told}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(str(part) for part in value)
    return value if value is None or isinstance(value, bool | int) else str(value)
