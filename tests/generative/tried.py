"""What trying many random studies came to, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from traceback import format_exc

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from tests.engines import DIVIDED, ENGINES, SLOW, Engine
from tests.generative.cases import PATIENTS, Case, CaseText, cases
from tests.generative.compare import differences
from tests.generative.covered import covered
from tests.spark_settings import set_up


@dataclass
class Tried:
    """A case is one question of one patient. `refused` counts declarations that the language would not have."""

    studies: int = 0
    cases: int = 0
    not_loaded: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    uses: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    failing: list[CaseText] = field(default_factory=list)

    def add(self, case: Case, engines: Mapping[str, Engine] = ENGINES | DIVIDED) -> None:
        """Try one study: every question of every patient, on every engine."""
        self.refused.update(case.loaded.refused)
        if case.loaded.study is None:
            self.not_loaded += 1
            return
        try:
            tried, found = differences(case.loaded.study, case.tables, engines)
        except Exception:  # an engine that breaks is one that differs; the others are still to be tried
            self.different.append(format_exc(limit=-3))
            self.failing.append(case.text)
            return
        self.studies += 1
        self.cases += tried
        self.uses.update(covered(case.loaded.study))
        self.different += [f"{difference}\n{_line(case.loaded.text, difference.question)}" for difference in found]
        self.failing += [case.text] if found else []

    def __iadd__(self, other: Tried) -> Tried:
        self.studies += other.studies
        self.cases += other.cases
        self.not_loaded += other.not_loaded
        self.refused += other.refused
        self.uses += other.uses
        self.different += other.different
        self.failing += other.failing
        return self

    def __str__(self) -> str:
        told = f"{self.cases:,} cases in {self.studies:,} random studies, {len(self.different):,} different"
        return f"{told}; {self.not_loaded} studies and {sum(self.refused.values())} declarations refused"


def _line(text: str, question: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip().startswith(question.split()[0] + ":")), "")


def try_studies(seed: int, studies: int, engine: str = "duckdb", patients: int = PATIENTS) -> Tried:
    """So many random studies, the same for the same seed, on the reference and another engine."""
    found = Tried()
    engines = {name: (ENGINES | DIVIDED | SLOW)[name] for name in ("reference", engine)}
    if engine == "spark":
        set_up()

    @seeded(seed)
    @settings(
        max_examples=studies,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(patients))
    def tried(case: Case) -> None:
        found.add(case, engines)

    tried()
    return found
