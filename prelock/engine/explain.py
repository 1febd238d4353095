"""Why a patient's status is what it is: the reference's trace as a tree for people, with the cells and their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from prelock.engine.explain_values import shown
from prelock.engine.interval import Truth, kleene_and
from prelock.engine.reference import CellRef, Lack, Part, Record, Reference, missing_cells
from prelock.engine.reference.statuses import (
    ELIGIBLE,
    PASSES,
    criterion_part,
    endpoint_parts,
    endpoint_status,
)
from prelock.errors import CallError
from prelock.rules.nodes import Node
from prelock.rules.types import Kind
from prelock.rules.words import words
from prelock.study.definition import Criterion, Endpoint, EndpointDefinition, Named, StudyDefinition


@dataclass(frozen=True)
class ExplainTree:
    """One step: what was asked (`words`), its `truth` where it is a rule, its value as text, the cells it read.

    `missing` names the cells that would settle it; empty where it is decided. `title` marks a named rule.
    """

    words: str
    value: str
    truth: Truth = None
    is_rule: bool = False
    cells: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[ExplainTree, ...] = ()
    title: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The tree as plain lists, texts and truths, for JSON."""
        found: dict[str, Any] = {"words": self.words, "value": self.value}
        if self.is_rule:
            found["truth"] = self.truth
        for name in ("cells", "missing"):
            if getattr(self, name):
                found[name] = list(getattr(self, name))
        if self.parts:
            found["parts"] = [part.as_dict() for part in self.parts]
        return found


def explain(
    study: StudyDefinition, records: Mapping[str, Sequence[Record]], patient: str, rule_name: str | None = None
) -> ExplainTree:
    """Why, step by step, for one patient: a criterion, endpoint, variable or population by name, or (None) the whole.

    Raises CallError for a patient or a name that is not there.
    """
    run = Reference(study, records)
    key = run.key(patient)
    if key not in run.patients:
        raise CallError("No such patient in the patient table." + _nearest(patient, list(run.store.shown.values())))
    if rule_name is None:
        return _whole(run, key)
    for name, tree in _named(run, key):
        if name == rule_name:
            return tree()
    names = [name for name, _ in _named(run, key)]
    raise CallError(f"`{rule_name}` is no criterion, endpoint, variable or population." + _nearest(rule_name, names))


def _nearest(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    return f" Did you mean `{near[0]}`?" if near else ""


def _named(run: Reference, patient: str) -> Iterator[tuple[str, Callable[[], ExplainTree]]]:
    """Everything that can be explained by its name, with how."""
    yield "eligible", partial(_eligibility, run, patient)
    for criterion in run.study.criteria:
        yield criterion.name, partial(_criterion, run, criterion, patient)
    for endpoint in run.study.endpoints:
        yield endpoint.name, partial(_endpoint, run, endpoint, patient)
    for named in (*run.study.populations.values(), *run.study.variables.values()):
        yield named.name, partial(_value, run, named, patient)


# ---- named rules ----------------------------------------------------------------------------------------------------
def _whole(run: Reference, patient: str) -> ExplainTree:
    ends = tuple(_endpoint(run, endpoint, patient) for endpoint in run.study.endpoints)
    name = f"Patient {run.store.shown[patient]}"
    return ExplainTree(name, "", parts=(_eligibility(run, patient), *ends), title=True)


def _eligibility(run: Reference, patient: str) -> ExplainTree:
    parts = tuple(_criterion(run, criterion, patient) for criterion in run.study.criteria)
    truth = kleene_and(*(part.truth for part in parts))
    missing = tuple(dict.fromkeys(text for part in parts for text in part.missing)) if truth is None else ()
    return ExplainTree("eligible", ELIGIBLE[truth], truth, True, (), missing, parts, title=True)


def _criterion(run: Reference, criterion: Criterion, patient: str) -> ExplainTree:
    part = criterion_part(run, criterion, patient)
    about = f"{criterion.name}: {criterion.text}" if criterion.text else criterion.name
    return _titled(run, f"{criterion.kind} {about}", PASSES[part.truth], part.truth, (part,))


def _endpoint(run: Reference, endpoint: Endpoint, patient: str) -> ExplainTree:
    about = f"{endpoint.name}: {endpoint.text}" if endpoint.text else endpoint.name
    main, *rivals = (_definition(run, about, definition, patient) for definition in endpoint.definitions)
    return ExplainTree(main.words, main.value, main.truth, True, (), main.missing, (*main.parts, *rivals), title=True)


def _definition(run: Reference, about: str, definition: EndpointDefinition, patient: str) -> ExplainTree:
    status = endpoint_status(run, definition, patient)
    truth = {"achieved": True, "undetermined": None}.get(status, False)
    parts = endpoint_parts(run, definition, patient)
    member = ExplainTree(f"population {definition.population}", _said(parts[0].truth), parts[0].truth, True)
    inner = (member, *(tree(run, part) for part in parts[1:]))
    missing = lacking(run, parts) if status == "undetermined" else ()
    name = definition.name if definition.name not in ("", "main") else about
    return ExplainTree(name, status, truth, True, (), missing, inner, title=True)


def _value(run: Reference, named: Named, patient: str) -> ExplainTree:
    part = run.at_patient(named.node, patient)
    about = f"{named.name}: {named.text}" if named.text else named.name
    is_rule = named.node.type.kind is Kind.TRUTH
    value = _said(part.truth) if is_rule else shown(part.value, named.node.type)
    return ExplainTree(about, value, part.truth, is_rule, (), lacking(run, (part,)), (tree(run, part),), title=True)


def _titled(run: Reference, name: str, value: str, truth: Truth, parts: tuple[Part, ...]) -> ExplainTree:
    inner = tuple(tree(run, part) for part in parts)
    return ExplainTree(name, value, truth, True, (), lacking(run, parts), inner, title=True)


# ---- parts ----------------------------------------------------------------------------------------------------------
SAID: dict[Truth, str] = {True: "yes", False: "no", None: "unknown"}


def _said(truth: Truth) -> str:
    return SAID[truth]


def tree(run: Reference, part: Part) -> ExplainTree:
    """A part of the trace, and all under it."""
    inner = tuple(tree(run, child) for child in part.parts)
    is_rule = part.node.type.kind is Kind.TRUTH if part.node is not None else _ruled(part, inner)
    truth = part.truth if is_rule else None
    value = _said(truth) if is_rule else shown(part.value, part.node.type if part.node is not None else None)
    cells = tuple(cell_words(run.study, cell) for cell in part.cells)
    if part.words and len(inner) == 1 and inner[0].is_rule and inner[0].parts:
        inner = inner[0].parts  # a row, and the filter that every row repeats
    name = part.words or (in_words(run.study, part.node) if part.node is not None else "")
    if not name and not cells and len(inner) == 1:
        only = inner[0]
        return ExplainTree(only.words, value, truth, is_rule, (*cells, *only.cells), only.missing, only.parts)
    name = name or (part.cells[0].column if part.cells else "value")
    return ExplainTree(name, value, truth, is_rule, cells, lacking(run, (part,)), inner)


def _ruled(part: Part, inner: tuple[ExplainTree, ...]) -> bool:
    """A row that a filter holds or does not hold for, rather than a value."""
    return isinstance(part.value.low, bool) or (len(inner) == 1 and inner[0].is_rule and not part.value.bounded)


def in_words(study: StudyDefinition, node: Node) -> str:
    """The node in plain words; a timepoint or measure of a rival definition by the author's name for it."""
    text = words(node)
    for point in study.timepoints.values():
        if point.name != point.shown:
            days = f" (day {point.window[0]} to {point.window[1]})" if point.window else ""
            text = text.replace(f'"{point.name}"', point.shown + days)
    for measure in study.measures.values():
        if measure.derived:
            text = text.replace(f'"{measure.name}"', measure.shown)
    return text


def lacking(run: Reference, parts: Sequence[Part]) -> tuple[str, ...]:
    """The cells that would settle the parts that are unknown, as text."""
    found: set[Lack] = set()
    for part in parts:
        found.update(missing_cells(part))
    return tuple(lack_words(run.study, lack) for lack in sorted(found))


def cell_words(study: StudyDefinition, cell: CellRef) -> str:
    """`labs.csv row 17 result "0.47"`."""
    raw = cell.raw if cell.raw is not None else ""
    table = study.tables[cell.table]
    return f'{table.file} row {table.file_row(cell.row)} {header(study, cell.table, cell.column)} "{raw}"'


def lack_words(study: StudyDefinition, lack: Lack) -> str:
    """`labs.csv row 17 result: blank`, or `labs.csv: no row in window (CRP)`."""
    table = study.tables[lack.table]
    file = table.file
    if lack.row == 0:
        return f"{file}: {lack.why}" + (f" ({lack.column})" if lack.column else "")
    return f"{file} row {table.file_row(lack.row)} {header(study, lack.table, lack.column)}: {lack.why}"


def header(study: StudyDefinition, table: str, column: str) -> str:
    """A declared column's name in its file."""
    spec = study.tables[table].columns.get(column)
    return spec.header if spec is not None else column
