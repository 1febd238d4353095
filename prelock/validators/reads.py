"""Which cells a rule reads: columns of tables, and in which rows of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from prelock.rules import nodes as n
from prelock.rules.types import NUMBER, TRUTH
from prelock.study import names
from prelock.study.definition import Measure, StudyDefinition, Timepoint


@dataclass(frozen=True)
class Read:
    """A column of a table; `where`, at the table's row grain, must not be false in the rows that count (None: all)."""

    table: str
    column: str
    where: n.Node | None = None


Inside = tuple[str, n.Node] | None  # a filter on the rows of a table


class Reader:
    """The cells that expressions of a study read, through variables, measures, groups and fields."""

    def __init__(self, study: StudyDefinition) -> None:
        self.study = study
        self._named: dict[tuple[str, str], frozenset[Read]] = {}

    def of(self, node: n.Node) -> frozenset[Read]:
        """Every read of an expression."""
        return frozenset(self._reads(node, None))

    def _reads(self, node: n.Node, inside: Inside) -> Iterator[Read]:
        match node:
            case n.Column():
                yield from self._column(node.relation, node.name, inside)
            case n.Linked():
                yield from self._linked(node, inside)
            case n.Variable():
                yield from self._name(("variable", node.name), self._meaning(node.name))
            case n.Met():
                yield from self._name((node.section, node.name), self._met(node))
            case n.AtPoint():
                yield from self._measure(node.measure, [node.point], node.field)
            case n.IsNormal():
                yield from self._measure(node.value.measure, [node.value.point], None, normal=True)
            case n.PointsAggregate():
                yield from self._measure(node.measure, [node.start, node.end], None)
            case n.DayOf():
                yield from self._day_zero()
                yield from self._reads(node.value, inside)
            case _:
                yield from self._parts(node, inside)

    def _parts(self, node: n.Node, inside: Inside) -> Iterator[Read]:
        """Parts of a node that has no cells of its own; in a fold the filter narrows the rows of its values."""
        rows: n.Rows | None = getattr(node, "rows", None)
        for child in node.children():
            if rows is None:
                yield from self._reads(child, inside)
            else:
                yield from self._reads(child, None if child is rows.where else self._rows(rows.relation, rows.where))

    def _rows(self, relation: str, where: n.Node | None) -> Inside:
        """A filter can be asked of a table's rows; of a group's rows it is not."""
        return (relation, where) if where is not None and relation in self.study.tables else None

    def _column(self, relation: str, name: str, inside: Inside) -> Iterator[Read]:
        if relation in self.study.tables:
            yield Read(relation, name, inside[1] if inside and inside[0] == relation else None)
            return
        group = self.study.groups[relation]
        if name in group.fields:
            yield from self._name((relation, name), group.fields[name])
        else:
            yield Read(group.table, name)

    def _linked(self, node: n.Linked, inside: Inside) -> Iterator[Read]:
        if node.link == n.OTHER:
            yield from self._column(node.relation, node.name, inside)
            return
        link = self.study.tables[node.relation].links[node.link]
        for source in link.sources:
            yield from self._reads(source, inside)
        yield Read(link.target, node.name)

    def _name(self, key: tuple[str, str], meaning: n.Node) -> Iterator[Read]:
        if key not in self._named:
            self._named[key] = frozenset()  # a name never depends on itself; this only guards a faulty study
            self._named[key] = frozenset(self._reads(meaning, None))
        yield from self._named[key]

    def _meaning(self, name: str) -> n.Node:
        known = self.study.variables
        return known[name].node if name in known else names.population(self.study, name)

    def _met(self, node: n.Met) -> n.Node:
        if node.section == "criterion":
            return names.criterion(self.study, node.name).rule
        return names.achieved(self.study, names.endpoint(self.study, node.name).definitions[0])

    def _day_zero(self) -> Iterator[Read]:
        if self.study.day_zero is not None:
            yield from self._name(("variable", self.study.day_zero), self._meaning(self.study.day_zero))

    # ---- measures ---------------------------------------------------------------------------------------------------
    def _measure(self, name: str, points: list[str], field: str | None, normal: bool = False) -> Iterator[Read]:
        """The rows that may be chosen: those of the filter, in the window; the date and the filter itself anywhere."""
        measure = self.study.measures[name]
        timepoints = [self.study.timepoints[point] for point in points]
        everywhere = [measure.where, *(rule for t in timepoints for rule in t.visits.values())]
        chosen = [measure.value, measure.fallback, measure.agreement, measure.scheduled]
        chosen += [measure.fields[field]] if field is not None else []
        if normal:
            chosen += [part for limit in measure.normal for part in limit.parts]
        passing = self._rows(measure.relation, measure.where)
        for node in (part for part in everywhere if part is not None):
            yield from self._reads(node, None)
        if measure.date is not None:
            yield from self._reads(measure.date, passing)
            yield from self._day_zero()
        inside = self._rows(measure.relation, _inside(measure, timepoints))
        for node in (part for part in chosen if part is not None):
            yield from self._reads(node, inside)
        if measure.unit_column is not None:
            yield from self._column(measure.relation, measure.unit_column, inside)


def _inside(measure: Measure, points: list[Timepoint]) -> n.Node | None:
    """The measure's filter, and its day between the first and the last day of the timepoints' windows."""
    parts = [] if measure.where is None else [measure.where]
    windows = [window for p in points if (window := _window(p)) is not None]
    if measure.date is not None and len(windows) == len(points) and not any(p.visits for p in points):
        day = n.DayOf(value=measure.date, type=NUMBER, grain=measure.date.grain)
        parts.append(_compared(day, ">=", min(first for first, _ in windows)))
        parts.append(_compared(day, "<=", max(last for _, last in windows)))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else n.And(parts=tuple(parts), type=TRUTH, grain=measure.value.grain)


def _window(point: Timepoint) -> tuple[int, int] | None:
    return point.window or (None if point.day is None else (point.day, point.day))


def _compared(day: n.Node, op: str, bound: int) -> n.Node:
    limit = n.Literal(value=Decimal(bound), type=NUMBER, grain=frozenset())
    return n.Compare(op=op, left=day, right=limit, type=TRUTH, grain=day.grain)
