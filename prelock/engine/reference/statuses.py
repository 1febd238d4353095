"""What a study asks of a patient, as rules: who passes a criterion, who is eligible, who achieves an endpoint."""

from __future__ import annotations

from prelock.engine.interval import Truth, kleene_and, kleene_not
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import And, Node, Not, Variable
from prelock.rules.types import PATIENT, TRUTH
from prelock.study.definition import Criterion, EndpointDefinition, StudyDefinition

PASSES: dict[Truth, str] = {True: "passes", False: "fails", None: "unknown"}
ELIGIBLE: dict[Truth, str] = {True: "eligible", False: "ineligible", None: "undetermined"}
ACHIEVED: dict[Truth, str] = {True: "achieved", False: "not achieved", None: "undetermined"}


def passes(criterion: Criterion) -> Node:
    """True for a patient who gets past the criterion: an exclusion's rule must not hold."""
    if criterion.kind == "include":
        return criterion.rule
    return Not(part=criterion.rule, type=TRUTH, grain=PATIENT)


def eligible(study: StudyDefinition) -> Node:
    """True for a patient who passes every criterion."""
    return And(parts=tuple(passes(criterion) for criterion in study.criteria), type=TRUTH, grain=PATIENT)


def population(name: str) -> Node:
    """True for a member of the population."""
    return Variable(name=name, type=TRUTH, grain=PATIENT)


def achieved(definition: EndpointDefinition) -> tuple[Node, Node, Node]:
    """Membership, evaluability, achievement."""
    return population(definition.population), definition.evaluable, definition.achieved


def criterion_part(run: Run, criterion: Criterion, patient: str) -> Part:
    """Whether the patient gets past the criterion, with the trace."""
    return run.evaluate(passes(criterion), Here(patient))


def criterion_status(run: Run, criterion: Criterion, patient: str) -> str:
    """passes, fails or unknown."""
    return PASSES[criterion_part(run, criterion, patient).truth]


def eligibility_status(run: Run, patient: str) -> str:
    """eligible, ineligible or undetermined: one failed criterion decides."""
    parts = [criterion_part(run, criterion, patient) for criterion in run.study.criteria]
    return ELIGIBLE[kleene_and(*(part.truth for part in parts))]


def endpoint_parts(run: Run, definition: EndpointDefinition, patient: str) -> tuple[Part, Part, Part]:
    """Membership, evaluability and achievement, evaluated."""
    member, evaluable, met = achieved(definition)
    here = Here(patient)
    return run.evaluate(member, here), run.evaluate(evaluable, here), run.evaluate(met, here)


def endpoint_status(run: Run, definition: EndpointDefinition, patient: str) -> str:
    """not applicable outside the population, then not evaluable, then achieved or not; unknown: undetermined."""
    member, evaluable, met = (part.truth for part in endpoint_parts(run, definition, patient))
    if kleene_not(member):
        return "not applicable"
    if member and kleene_not(evaluable):
        return "not evaluable"
    return ACHIEVED[met] if member and evaluable else "undetermined"
