"""The paper's endpoints, patient by patient, by plain Python over `plain_cohort`."""

from __future__ import annotations

from fractions import Fraction

from plain_cohort import BASELINE, WEEK12, Patient, analysed, normal, total

PEOPLE = {p.key: p for p in analysed()}
MEASURE = {
    "endo": "SES-CD",
    "muco": "SES-CD",
    "clin": "CDAI",
    "resp": "CDAI",
    "crp_": "CRP",
    "esr_": "ESR",
    "fc_n": "FC",
}


def both(name: str) -> list[Patient]:
    """Those of the 94 with a value at baseline and at week 12."""
    return [p for p in PEOPLE.values() if (name, BASELINE) in p.at and (name, WEEK12) in p.at]


def exam(patient: Patient, window: tuple[int, int, int], *items: str) -> list[int]:
    """The scores of an examination, of all or some items."""
    return [v for (_, item), v in patient.at["SES-CD", window].items() if not items or item in items]


def cdai_fall(p: Patient) -> Fraction:
    """CDAI at baseline less CDAI at week 12."""
    return p.at["CDAI", BASELINE] - p.at["CDAI", WEEK12]


def achieved(name: str, p: Patient) -> bool:
    """Whether an evaluable patient reached an endpoint of the paper."""
    if name in ("clinical_response", "clinical_remission", "response_and_remission"):
        response, remission = cdai_fall(p) >= 100, p.at["CDAI", WEEK12] < 150
        return {"clinical_response": response, "clinical_remission": remission}.get(name, response and remission)
    if name.endswith("normalisation"):
        return normal(name[:3].strip("_").upper(), p, WEEK12)
    before, after = total(p.at["SES-CD", BASELINE]), total(p.at["SES-CD", WEEK12])
    return {
        "endoscopic_response": 2 * (before - after) >= before,
        "endoscopic_remission": after <= 4 and before - after >= 2 and max(exam(p, WEEK12)) <= 1,
        "mucosal_healing": max(exam(p, WEEK12, "ulcerated_surface")) == 0,
    }[name]


def evaluable(name: str) -> list[Patient]:
    """Those of the 94 of whom it can be told."""
    found = both(MEASURE[name[:4]])
    if name == "mucosal_healing":
        found = [p for p in found if max(exam(p, BASELINE, "ulcerated_surface")) >= 1]
    return found
