"""The last step of loading: hidden timepoints and measures made real, and the frozen definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from prelock.rules.nodes import AtPoint, Node, PointsAggregate, walk
from prelock.study.building import Building, single_day
from prelock.study.definition import Measure, StudyDefinition, Timepoint
from prelock.study.names import all_nodes


def assemble(b: Building, folder: str, digests: Mapping[str, str]) -> StudyDefinition:
    """The study as engines read it."""
    h = b.header
    study = StudyDefinition(
        title=h.title,
        version=h.version,
        folder=folder,
        day_zero=h.day_zero,
        cdisc_days=h.cdisc_days,
        data_cutoff=h.data_cutoff,
        language=h.language,
        patient_table=h.patient_table,
        patient_column=h.patient_column,
        site=h.site,
        ties=h.ties,
        tables=b.tables,
        groups=b.groups,
        timepoints=_timepoints(b),
        measures=_measures(b),
        variables=b.variables,
        criteria=tuple(b.criteria),
        populations=b.populations,
        endpoints=tuple(b.endpoints),
        adverse_events=b.adverse_events,
        completeness=tuple(b.completeness),
        checks=tuple(b.checks),
        characteristics=tuple(b.characteristics),
        characteristics_population=b.characteristics_population,
        gate=b.gate,
        waivers=tuple(b.waivers),
        examples=tuple(b.examples),
        digests=dict(sorted(digests.items())),
    )
    return _with_named_days(study)


def _timepoints(b: Building) -> dict[str, Timepoint]:
    derived = {name: point for name in b.hidden_points if (point := b.point(name))}
    return {**b.timepoints, **derived}


def _measures(b: Building) -> dict[str, Measure]:
    measures = dict(b.measures)
    for name, (base, change) in b.hidden_measures.items():
        measures[name] = change(measures[base])
    return measures


def _with_named_days(study: StudyDefinition) -> StudyDefinition:
    """The study with a timepoint for each `day N` that some rule reads."""
    named = {name for node in all_nodes(study) for name in _points(node) if name not in study.timepoints}
    days = {name: point for name in sorted(named) if (point := single_day(name))}
    return replace(study, timepoints={**study.timepoints, **days}) if days else study


def _points(node: Node) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, AtPoint):
            yield part.point
        elif isinstance(part, PointsAggregate):
            yield from (part.start, part.end)
