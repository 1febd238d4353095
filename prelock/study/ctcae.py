"""CTCAE version 5 laboratory grades, as data.

Source: Common Terminology Criteria for Adverse Events (CTCAE) version 5.0, U.S. National Cancer Institute,
27 November 2017. "< LLN–0.8" there means below the limit and at least 0.8, so each step is one comparison: exactly
0.8 is grade 1, exactly 0.5 is grade 2, exactly the limit is no grade. Absolute cut-points are given for each unit in
which NCI prints them, because they disagree: cholesterol 300 mg/dL is grade 1, the same amount in mmol/L (7.758) is
grade 2. So a value is graded in the unit it was reported in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

DICTIONARY = "CTCAE v5"


@dataclass(frozen=True)
class Step:
    """A grade holds where value `op` cut. The cut is `number` (`times` None), or number × a limit of the record's own:
    `times` is uln, lln or baseline. `when` restricts the step to a normal or abnormal baseline (None: any)."""

    grade: int
    op: str
    number: Decimal
    times: str | None = None
    when: str | None = None


@dataclass(frozen=True)
class Term:
    """One laboratory term. `steps` maps a unit to its steps, worst grade first; unit None: cuts without a unit (they
    are multiples of a limit), the same in every unit. Below all steps the grade is 0."""

    name: str
    steps: Mapping[str | None, tuple[Step, ...]]

    @property
    def scale(self) -> str:
        """The dictionary with its version and the term, as printed beside every grade."""
        return f"{DICTIONARY} {self.name}"

    @property
    def worst(self) -> int:
        """The highest grade that a laboratory value alone can have."""
        return max(step.grade for steps in self.steps.values() for step in steps)

    @property
    def needs_baseline(self) -> bool:
        """Whether some step compares with the patient's own baseline."""
        return any(s.times == "baseline" or s.when for steps in self.steps.values() for s in steps)


def _falls(*cuts: str) -> tuple[Step, ...]:
    """Steps below the cut-points of grades 2, 3, … (given mildest first) and, for grade 1, below the lower limit."""
    numbered = [Step(grade, "<", Decimal(cut)) for grade, cut in enumerate(cuts, start=2)]
    return (*reversed(numbered), Step(1, "<", Decimal(1), "lln"))


def _rises(first: Step, *cuts: str) -> tuple[Step, ...]:
    """Steps above the cut-points of grades 2, 3, … (given mildest first), after grade 1 as stated."""
    return (*reversed([Step(grade, ">", Decimal(cut)) for grade, cut in enumerate(cuts, start=2)]), first)


def _times(*cuts: str, of: str = "uln", when: str | None = None) -> tuple[Step, ...]:
    """Steps above multiples of a limit, for grades 1, 2, … (given mildest first)."""
    return tuple(reversed([Step(grade, ">", Decimal(cut), of, when) for grade, cut in enumerate(cuts, start=1)]))


def _transaminase() -> tuple[Step, ...]:
    """Multiples of the upper limit if the baseline was normal, of the baseline (grade 1 from 1.5) if it was not."""
    normal = _times("1", "3", "5", "20", when="normal")
    raised = tuple(
        Step(1, ">=", Decimal("1.5"), "baseline", "abnormal")
        if step.grade == 1
        else Step(step.grade, ">", step.number, "baseline", "abnormal")
        for step in normal
    )
    return tuple(step for pair in zip(normal, raised, strict=True) for step in pair)


def _creatinine() -> tuple[Step, ...]:
    """Multiples of the upper limit, and for grades 2 and 3 also of the baseline; the worse one counts."""
    return (
        Step(4, ">", Decimal(6), "uln"),
        Step(3, ">", Decimal(3), "uln"),
        Step(3, ">", Decimal(3), "baseline"),
        Step(2, ">", Decimal("1.5"), "uln"),
        Step(2, ">", Decimal("1.5"), "baseline"),
        Step(1, ">", Decimal(1), "uln"),
    )


def _above_limit(number: str = "1") -> Step:
    return Step(1, ">", Decimal(number), "uln")


def _cells(*cuts: str) -> dict[str | None, tuple[Step, ...]]:
    """Cell counts: cuts in 10^9/L, and the same in cells per cubic millimetre (microlitre)."""
    return {"10^9/L": _falls(*cuts), "/µL": _falls(*(str(Decimal(cut) * 1000) for cut in cuts))}


_LIPIDS: dict[str, dict[str | None, tuple[Step, ...]]] = {
    "cholesterol high": {
        "mg/dL": _rises(_above_limit(), "300", "400", "500"),
        "mmol/L": _rises(_above_limit(), "7.75", "10.34", "12.92"),
    },
    "hypertriglyceridemia": {
        "mg/dL": _rises(Step(1, ">=", Decimal(150)), "300", "500", "1000"),
        "mmol/L": _rises(Step(1, ">=", Decimal("1.71")), "3.42", "5.7", "11.4"),
    },
}

_STEPS: dict[str, dict[str | None, tuple[Step, ...]]] = {
    "lymphocyte count decreased": _cells("0.8", "0.5", "0.2"),
    "neutrophil count decreased": _cells("1.5", "1.0", "0.5"),
    "white blood cell decreased": _cells("3.0", "2.0", "1.0"),
    "platelet count decreased": _cells("75", "50", "25"),
    "anemia": {"g/dL": _falls("10.0", "8.0"), "g/L": _falls("100", "80"), "mmol/L": _falls("6.2", "4.9")},
    "ALT increased": {None: _transaminase()},
    "AST increased": {None: _transaminase()},
    "CPK increased": {None: _times("1", "2.5", "5", "10")},
    "creatinine increased": {None: _creatinine()},
    **_LIPIDS,
}

TERMS: Mapping[str, Term] = {name: Term(name, steps) for name, steps in _STEPS.items()}

_OTHER_NAMES: Mapping[str, str] = {
    "anaemia": "anemia",
    "white cells decreased": "white blood cell decreased",
    "platelets decreased": "platelet count decreased",
    "hypertriglyceridaemia": "hypertriglyceridemia",
    "alanine aminotransferase increased": "ALT increased",
    "aspartate aminotransferase increased": "AST increased",
}


def find(scale: str) -> Term | None:
    """The term that `CTCAE v5 lymphocyte count decreased` names (any case, `v5` or `v5.0`), or None."""
    words = scale.split()
    if len(words) < 3 or words[0].casefold() != "ctcae" or words[1].casefold() not in ("v5", "v5.0"):
        return None
    wanted = " ".join(words[2:]).casefold()
    wanted = _OTHER_NAMES.get(wanted, wanted).casefold()
    return next((term for name, term in TERMS.items() if name.casefold() == wanted), None)


def scales() -> tuple[str, ...]:
    """Every scale that a study may name, for messages and suggestions."""
    return tuple(term.scale for term in TERMS.values())
