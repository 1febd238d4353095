"""What of the language a study uses, and all that random studies must use sooner or later."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine.reference.listed import AGGREGATES
from prelock.engine.reference.spans import SPANS
from prelock.rules import nodes as n
from prelock.rules.text import TEXT_TESTS
from prelock.study.definition import ColumnKind, StudyDefinition
from prelock.study.load_censored import BY_SIDE, SHARES, SIDES
from prelock.study.load_header import TIES
from prelock.study.load_timepoints import CHOICES
from prelock.study.names import all_nodes

NODES = {c for c in vars(n).values() if isinstance(c, type) and issubclass(c, n.Node)} - {n.Node}
BY = ("first", "last")  # go by another column, and over a span of time by day
WANTED = {
    *(f"node {node.__name__}" for node in NODES),
    *(f"column {kind.value}" for kind in ColumnKind),
    *(f"choose {choice}" for choice in CHOICES),
    *(f"tie {tie}" for tie in TIES),
    *(f"rows {how}" for how in AGGREGATES if how not in BY),
    *(f"list {how}" for how in AGGREGATES if how not in (*BY, "only")),
    *(f"points {how}" for how in AGGREGATES if how not in ("only", "earliest", "latest")),
    *(f"pick {which}" for which in ("earliest", "latest", "first", "last", "highest", "lowest")),
    *(f"span {unit}" for unit in (*SPANS, "hours")),
    *(f"text {how}" for how in TEXT_TESTS),
    *(f"state {state}" for state in ("missing", "recorded")),
    *(f"compare {op}" for op in ("=", "<", "<=", ">", ">=")),
    *(f"arithmetic {op}" for op in ("+", "-", "*", "/", "^")),
    *(f"timepoint {told}" for told in ("window", "visit", "visit and window", "day")),
    *(f"measure {part}" for part in ("unit column", "range", "normal", "fallback", "agreement", "scheduled", "where")),
    "measure reference range",
    *(f"censored {side} {share}" for side in SIDES for share in BY_SIDE[side]),
    *(f"blank means {meaning}" for meaning in ("nothing", "ongoing", "not applicable", "a code")),
    *("expected if", "valid if", "optional", "missing codes", "no rows none", "no rows unknown"),
    *("day zero", "day one", "check that takes cells out of use", "group", "finer group", "last observation"),
}


def covered(study: StudyDefinition) -> set[str]:
    """What of `WANTED` (and perhaps more) the study uses."""
    return {*_of_rules(study), *_of_tables(study), *_of_timepoints(study), *_of_measures(study), *_of_sections(study)}


def _of_rules(study: StudyDefinition) -> Iterator[str]:
    for root in all_nodes(study):
        for node in n.walk(root):
            yield f"node {type(node).__name__}"
            yield from _how(node)


def _how(node: n.Node) -> Iterator[str]:
    match node:
        case n.RowsAggregate():
            yield f"rows {node.how}"
        case n.PointsAggregate():
            yield f"points {node.how}"
        case n.Listwise():
            yield f"list {node.how}"
        case n.Pick():
            yield f"pick {node.which}"
        case n.Span():
            yield f"span {node.unit}"
        case n.TextTest():
            yield f"text {node.how}"
        case n.HasState():
            yield f"state {node.state}"
        case n.Compare():
            yield f"compare {node.op}"
        case n.Arithmetic():
            yield f"arithmetic {node.op}"


def _of_tables(study: StudyDefinition) -> Iterator[str]:
    for table in study.tables.values():
        yield f"no rows {table.no_rows}"
        for column in table.columns.values():
            yield f"column {column.kind.value}"
            means = column.blank_means
            known = means in ("ongoing", "not applicable")
            yield f"blank means {means if known else 'nothing' if means is None else 'a code'}"
            yield from (("optional",) if column.optional else ())
            yield from (("missing codes",) if column.missing_codes else ())
            yield from (("expected if",) if column.expected_if is not None else ())
            yield from (("valid if",) if column.valid_if is not None else ())


def _of_timepoints(study: StudyDefinition) -> Iterator[str]:
    for point in study.timepoints.values():
        yield f"choose {point.choose}"
        if point.window is not None and not point.visits:
            yield "timepoint day" if point.window[0] == point.window[1] else "timepoint window"
        elif point.visits:
            yield "timepoint visit" if point.window is None else "timepoint visit and window"
    yield from (f"tie {tie}" for tie in study.ties)
    yield "day one" if study.cdisc_days else "day zero"


def _of_measures(study: StudyDefinition) -> Iterator[str]:
    for m in study.measures.values():
        by = m.type.censored
        for side, share in (("below", by.below), ("above", by.above)) if by else ():
            yield from (f"censored {side} {word}" for word, counts in SHARES.items() if counts == share)
        parts = {"unit column": m.unit_column, "range": m.maximum, "normal": m.normal or None, "fallback": m.fallback}
        parts |= {"reference range": next((limit.within for limit in m.normal), None)}
        parts |= {"agreement": m.agreement, "scheduled": m.scheduled, "where": m.where}
        yield from (f"measure {part}" for part, held in parts.items() if held is not None)


def _of_sections(study: StudyDefinition) -> Iterator[str]:
    yield from ("group" if len(group.key) == 1 else "finer group" for group in study.groups.values())
    yield from ("check that takes cells out of use" for check in study.checks if check.on_fail == "unknown")
    for endpoint in study.endpoints:
        yield from ("last observation" for d in endpoint.definitions if d.locf_achieved is not None)
