"""Names that depend on themselves through criteria, populations, endpoints, or the study's day zero.

The rows of a table count as one thing: whether a cell counts can't depend on what is made from rows of its own table.
"""

from __future__ import annotations

from collections.abc import Iterator

from prelock.documents.tree import Scalar
from prelock.rules.nodes import (
    FOLDS,
    AtPoint,
    Column,
    DayOf,
    Linked,
    Met,
    Node,
    PointsAggregate,
    Previous,
    Variable,
    walk,
)
from prelock.study.building import Building
from prelock.study.lazy import chain

Key = tuple[str, ...]


def circles(b: Building) -> None:
    """Note one circle for each name where one closes."""
    graph = {key: list(dict.fromkeys(_uses(b, parts))) for key, parts in _definitions(b).items()}
    for key in graph:
        if key[0] == "rows":
            graph[key] += [*_conditional(b, key[1]), *_refusing(b, key[1])]
        if key[0] == "group":
            graph[key] += [("rows", b.groups[key[1]].table), *_refusing(b, key[1])]
    done: set[Key] = set()
    for start in graph:
        _search(b, graph, start, [], done)


def _search(b: Building, graph: dict[Key, list[Key]], key: Key, path: list[Key], done: set[Key]) -> None:
    if key in path:
        circle = _from_its_condition(path[path.index(key) :])
        place = _place(b, circle)
        if place is not None:
            b.note("circle", chain([part[-1] for part in circle]), place, _hint(b, circle))
        return
    if key in done or key not in graph:
        return
    for used in graph[key]:
        _search(b, graph, used, [*path, key], done)
    done.add(key)


def _from_its_condition(circle: list[Key]) -> list[Key]:
    """The circle told from the cell's condition on, if it runs through one."""
    first = next((n for n, (kind, *_) in enumerate(circle) if kind in ("column", "check")), 0)
    return circle[first:] + circle[:first]


def _conditional(b: Building, table: str) -> Iterator[Key]:
    """The columns of which a rule says whether their cells count."""
    for column in b.tables[table].columns.values():
        if column.expected_if is not None or column.valid_if is not None:
            yield ("column", table, column.name)


def _refusing(b: Building, relation: str) -> Iterator[Key]:
    """The checks that take cells of a relation out of use."""
    yield from (("check", c.name) for c in b.checks if c.relation == relation and c.on_fail == "unknown")


def _hint(b: Building, circle: list[Key]) -> str:
    if any(kind in ("column", "check") for kind, *_ in circle) and any(kind == "rows" for kind, *_ in circle):
        return (
            "Whether a cell counts can't depend on other rows of its table, or on what is made from them. "
            "Read columns of the row alone, or ask for it in a check without `on fail: unknown`."
        )
    if ("variable", b.header.day_zero) in circle:
        return "Study days and timepoints are counted from day zero, so day zero can't be found by them."
    return "Break the circle: one of them must not use the next."


def _place(b: Building, circle: list[Key]) -> Scalar | None:
    """The first name of the circle that is declared somewhere."""
    sections = {"variable": "variables", "population": "populations", "criterion": "criteria"}
    sections |= {"endpoint": "endpoints", "measure": "measures", "group": "groups", "field": "groups"}
    sections |= {"check": "checks", "rows": "tables"}
    names = [(f"columns of {k[1]}", k[2]) if k[0] == "column" else (sections.get(k[0], ""), k[1]) for k in circle]
    found = (b.declared.get(section, {}).get(name) for section, name in names)
    return next((place for place in found if place), None)


def _definitions(b: Building) -> dict[Key, list[Node]]:
    """The parts of what stands behind each name."""
    found: dict[Key, list[Node]] = {("variable", v.name): [v.node] for v in b.variables.values()}
    found |= {("population", p.name): [p.node] for p in b.populations.values()}
    found |= {("criterion", c.name): [c.rule] for c in b.criteria}
    found |= {("endpoint", e.name): [e.definitions[0].achieved, e.definitions[0].evaluable] for e in b.endpoints}
    for m in b.measures.values():
        limits = [part for limit in m.normal for part in limit.parts]
        nodes = [m.value, m.date, m.where, m.fallback, m.agreement, m.scheduled, *m.fields.values(), *limits]
        found["measure", m.name] = [node for node in nodes if node is not None]
    for g in b.groups.values():
        found |= {("field", g.name, name): [node] for name, node in g.fields.items()}
    for t in b.tables.values():
        found["rows", t.name] = []
        for c in t.columns.values():
            found["column", t.name, c.name] = [rule for rule in (c.expected_if, c.valid_if) if rule is not None]
    parts = {key: [part for node in nodes for part in walk(node)] for key, nodes in found.items()}
    for t in b.tables.values():  # whether a cell is valid may depend on what stands in it
        for name in t.columns:
            own = parts["column", t.name, name]
            parts["column", t.name, name] = [p for p in own if not (_own(p, t.name) and getattr(p, "name", "") == name)]
    for g in b.groups.values():
        parts["group", g.name] = [part for node in g.fields.values() for part in _outside(node, g.name)]
    for check in b.checks:
        rules = [rule for rule in (check.rule, check.when) if rule is not None]
        parts["check", check.name] = [part for rule in rules for part in _outside(rule, check.relation)]
    return parts


def _own(node: Node, relation: str) -> bool:
    return isinstance(node, Column) and node.relation == relation


def _outside(node: Node, group: str, in_rows: bool = False) -> Iterator[Node]:
    """What the rows of a group are made from: its fields are worked out together, after the rows that they count."""
    if in_rows or not (isinstance(node, Column) and node.relation == group):
        yield node
    for child in node.children():
        yield from _outside(child, group, in_rows or isinstance(node, FOLDS))


def _uses(b: Building, parts: list[Node]) -> Iterator[Key]:
    for part in parts:
        yield from _used_by(b, part)


def _used_by(b: Building, part: Node) -> Iterator[Key]:
    if isinstance(part, Variable):
        yield from _named(b, part.name)
    elif isinstance(part, Met):
        yield (part.section, part.name)
        yield from _population_of(b, part)
    elif isinstance(part, Column) and part.relation in b.groups:
        yield ("field", part.relation, part.name)
        yield ("group", part.relation)
    elif isinstance(part, Column):
        yield ("column", part.relation, part.name)
    elif isinstance(part, AtPoint | PointsAggregate):
        yield ("measure", part.measure)
        yield _rows(b, b.measures[part.measure].relation)
    elif isinstance(part, FOLDS) and not isinstance(part, PointsAggregate):
        yield _rows(b, part.rows.relation)
    elif isinstance(part, Previous) and part.relation in b.tables:
        yield ("rows", part.relation)
    elif isinstance(part, Linked) and part.link in b.tables[part.relation].links:
        yield ("rows", b.tables[part.relation].links[part.link].target)
    if isinstance(part, AtPoint | PointsAggregate | DayOf) and b.header.day_zero:
        yield ("variable", b.header.day_zero)


def _rows(b: Building, relation: str) -> Key:
    return ("group" if relation in b.groups else "rows", relation)


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
