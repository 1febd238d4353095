"""Names that depend on themselves through criteria, populations, endpoints, or the study's day zero."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.documents.tree import Scalar
from prelock.rules.nodes import AtPoint, Column, DayOf, Met, Node, PointsAggregate, Variable, walk
from prelock.study.building import Building
from prelock.study.lazy import chain

Key = tuple[str, ...]


def circles(b: Building) -> None:
    """Note one circle for each name where one closes."""
    graph = {key: list(dict.fromkeys(_uses(b, nodes))) for key, nodes in _definitions(b).items()}
    done: set[Key] = set()
    for start in graph:
        _search(b, graph, start, [], done)


def _search(b: Building, graph: dict[Key, list[Key]], key: Key, path: list[Key], done: set[Key]) -> None:
    if key in path:
        circle = path[path.index(key) :]
        place = _place(b, circle)
        if place is not None:
            b.note("circle", chain([part[-1] for part in circle]), place, _hint(b, circle))
        return
    if key in done or key not in graph:
        return
    for used in graph[key]:
        _search(b, graph, used, [*path, key], done)
    done.add(key)


def _hint(b: Building, circle: list[Key]) -> str:
    if ("variable", b.header.day_zero) in circle:
        return "Study days and timepoints are counted from day zero, so day zero can't be found by them."
    return "Break the circle: one of them must not use the next."


def _place(b: Building, circle: list[Key]) -> Scalar | None:
    sections = {"variable": "variables", "population": "populations", "criterion": "criteria"}
    sections |= {"endpoint": "endpoints", "measure": "measures"}
    found = [
        place
        for kind, name in (k[:2] for k in circle)
        if (place := b.declared.get(sections.get(kind, ""), {}).get(name))
    ]
    return found[0] if found else None


def _definitions(b: Building) -> dict[Key, list[Node]]:
    found: dict[Key, list[Node]] = {("variable", v.name): [v.node] for v in b.variables.values()}
    found |= {("population", p.name): [p.node] for p in b.populations.values()}
    found |= {("criterion", c.name): [c.rule] for c in b.criteria}
    found |= {("endpoint", e.name): [e.definitions[0].achieved, e.definitions[0].evaluable] for e in b.endpoints}
    for m in b.measures.values():
        limits = [part for limit in m.normal for part in (limit.condition, limit.low, limit.high)]
        nodes = [m.value, m.date, m.where, m.fallback, m.agreement, m.scheduled, *m.fields.values(), *limits]
        found["measure", m.name] = [node for node in nodes if node is not None]
    for g in b.groups.values():
        found |= {("field", g.name, name): [node] for name, node in g.fields.items()}
    return found


def _uses(b: Building, nodes: list[Node]) -> Iterator[Key]:
    for node in nodes:
        for part in walk(node):
            yield from _used_by(b, part)


def _used_by(b: Building, part: Node) -> Iterator[Key]:
    if isinstance(part, Variable):
        yield from _named(b, part.name)
    elif isinstance(part, Met):
        yield (part.section, part.name)
        yield from _population_of(b, part)
    elif isinstance(part, Column) and part.relation in b.groups:
        yield ("field", part.relation, part.name)
    elif isinstance(part, AtPoint | PointsAggregate):
        yield ("measure", part.measure)
    if isinstance(part, AtPoint | PointsAggregate | DayOf) and b.header.day_zero:
        yield ("variable", b.header.day_zero)


def _named(b: Building, name: str) -> Iterator[Key]:
    if name == "eligible":
        yield from (("criterion", criterion.name) for criterion in b.criteria)
    elif name in b.populations:
        yield ("population", name)
    else:
        yield ("variable", name)


def _population_of(b: Building, part: Met) -> Iterator[Key]:
    for endpoint in b.endpoints:
        if part.section == "endpoint" and endpoint.name == part.name:
            yield from _named(b, endpoint.definitions[0].population)
