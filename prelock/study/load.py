"""From a study folder to a StudyDefinition, or to all of its problems at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from prelock.documents.folder import Folder, read_folder
from prelock.documents.reading import Fields
from prelock.documents.tree import Element
from prelock.errors import Problem, StudyError
from prelock.rules.scope import MeasureName, Scope
from prelock.rules.types import TRUTH, Type
from prelock.study import (
    load_adverse_events,
    load_characteristics,
    load_checks,
    load_completeness,
    load_eligibility,
    load_endpoints,
    load_groups,
    load_header,
    load_lock,
    load_measures,
    load_populations,
    load_tables,
    load_timepoints,
    load_variables,
    load_waivers,
)
from prelock.study.assemble import assemble
from prelock.study.building import Building
from prelock.study.definition import StudyDefinition
from prelock.study.design import check_design
from prelock.study.lazy import Names, Resolver
from prelock.study.shared_declarations import column_types, written_out


@dataclass(frozen=True)
class Loader:
    """How a section is read: first its names are declared, then, with all names known, its rules are resolved."""

    declare: Callable[[Building, Element], None]
    finish: Callable[[Building, Element], None]


# In the order in which sections are read; that of the files is free.
SECTIONS: Mapping[str, Loader] = {
    "tables": Loader(load_tables.declare, load_tables.finish),
    "groups": Loader(load_groups.declare, load_groups.finish),
    "measures": Loader(load_measures.declare, load_measures.finish),
    "timepoints": Loader(load_timepoints.declare, load_timepoints.finish),
    "variables": Loader(load_variables.declare, load_variables.finish),
    "populations": Loader(load_populations.declare, load_populations.finish),
    "eligibility": Loader(load_eligibility.declare, load_eligibility.finish),
    "completeness": Loader(load_completeness.declare, load_completeness.finish),
    "endpoints": Loader(load_endpoints.declare, load_endpoints.finish),
    "adverse_events": Loader(load_adverse_events.declare, load_adverse_events.finish),
    "checks": Loader(load_checks.declare, load_checks.finish),
    "characteristics": Loader(load_characteristics.declare, load_characteristics.finish),
    "lock": Loader(load_lock.declare, load_lock.finish),
    "waivers": Loader(load_waivers.declare, load_waivers.finish),
}


def load(folder: str | Path) -> StudyDefinition:
    """The study in a folder. Raises StudyError with every problem, CallError when there is no such folder."""
    problems: list[Problem] = []
    path = Path(folder)
    read = read_folder(path, tuple(SECTIONS), load_header.KEYS, problems)
    if read is None or not read.whole:
        raise StudyError(problems)
    study = define(read, str(folder), problems)
    if problems or study is None:
        raise StudyError(list(dict.fromkeys(problems)))
    return study


def define(read: Folder, folder: str, problems: list[Problem]) -> StudyDefinition | None:
    """The study of the read documents; None where problems were found."""
    b = Building(_sections(read, problems), problems, Resolver(problems), column_types=column_types(read.sections))
    main = Fields(read.main, load_header.KEYS, "study.yaml", problems)
    load_header.declare(b, main)
    for name, loader in SECTIONS.items():
        if name in b.sections:
            loader.declare(b, b.sections[name])
    b.scope = _scope(b)
    if b.header.patient_table not in b.tables:
        return None  # without the patient's key no rule can be read, and every one would complain
    for name, loader in SECTIONS.items():
        if name in b.sections:
            loader.finish(b, b.sections[name])
    load_header.finish(b, main)
    check_design(b)
    return None if problems else assemble(b, folder, read.digests)


def _sections(read: Folder, problems: list[Problem]) -> dict[str, Element]:
    """The sections, with the populations that may stand beside the criteria."""
    sections = dict(read.sections)
    if "tables" in sections:
        sections["tables"] = written_out(sections["tables"], problems)
    beside = load_eligibility.populations_in(sections.get("eligibility"))
    if beside is not None:
        if "populations" in sections:
            hint = f"They also stand in {sections['populations'].location.file}: keep one place."
            line = beside.source.line(beside.location.line)
            problems.append(
                Problem("section-twice", "populations stand here a second time", beside.location, hint, line)
            )
        else:
            sections["populations"] = beside
    return sections


def _scope(b: Building) -> Scope:
    """All names, those of derived things resolved on first use."""

    def variable(name: str) -> Type:
        return b.type_of("variable", name)

    def measure(name: str) -> MeasureName:
        found: MeasureName = b.resolver.get(("measure", name))
        return found

    populations = ("eligible", *b.declared.get("populations", {}))
    return Scope(
        relations=b.relations,
        measures=Names(b.declared.get("measures", {}), measure),
        points={name: name for name in b.timepoints},
        variables=Names(b.declared.get("variables", {}), variable),
        populations=dict.fromkeys(populations, TRUTH),
        criteria=b.declared.get("criteria", {}),
        endpoints=b.declared.get("endpoints", {}),
        facts=b.facts,
        complete=Names(b.declared.get("complete", {}), lambda name: b.resolver.get(("complete", name))),
        visit=b.header.visit,
        cdisc_days=b.header.cdisc_days,
        has_day_zero=b.header.day_zero is not None,
    )
