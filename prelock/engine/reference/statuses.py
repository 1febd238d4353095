"""What a study asks of a patient, as rules: who passes a criterion, who is eligible, who achieves an endpoint."""

from __future__ import annotations

from prelock.engine.interval import Truth, kleene_and
from prelock.engine.reference.run import Here, Run
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import Node
from prelock.study.definition import Criterion, EndpointDefinition
from prelock.study.names import member, passes

PASSES: dict[Truth, str] = {True: "passes", False: "fails", None: "unknown"}
ELIGIBLE: dict[Truth, str] = {True: "eligible", False: "ineligible", None: "undetermined"}
ACHIEVED: dict[Truth, str] = {True: "achieved", False: "not achieved", None: "undetermined"}


def achieved(definition: EndpointDefinition) -> tuple[Node, Node, Node]:
    """Membership, evaluability, achievement."""
    return member(definition), definition.evaluable, definition.achieved


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
    belongs, evaluable, met = achieved(definition)
    here = Here(patient)
    return run.evaluate(belongs, here), run.evaluate(evaluable, here), run.evaluate(met, here)


def endpoint_status(run: Run, definition: EndpointDefinition, patient: str) -> str:
    """The status of one definition of an endpoint for a patient."""
    belongs, evaluable, met = (part.truth for part in endpoint_parts(run, definition, patient))
    return status_of(belongs, evaluable, met)


def status_of(belongs: Truth, evaluable: Truth, met: Truth) -> str:
    """not applicable outside the population, then not evaluable, then achieved or not; unknown: undetermined."""
    if belongs is False:
        return "not applicable"
    if belongs and evaluable is False:
        return "not evaluable"
    return ACHIEVED[met] if belongs and evaluable else "undetermined"
