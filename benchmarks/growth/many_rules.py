"""A study with any number of rules: the benchmark's own, and more criteria and checks of every kind it has.

Each added rule asks something else: another measure, timepoint, window or limit.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path
from typing import TypeVar

STUDY = Path(__file__).parents[1] / "study"
OWN = 50  # rules of the benchmark's study, which are kept
MEASURES = {
    "SES-CD": (56, ""),
    "CDAI": (600, ""),
    "CRP": (100, "mg/L"),
    "ESR": (100, "mm/h"),
    "FC": (1800, "ug/g"),
    "ALB": (50, "g/L"),
}
NUMBERS = {"age": ("years", 100), "disease_duration": ("months", 400), "followed": ("days", 300), "BMI": ("", 40)}
Rule = tuple[str, str]  # where it belongs, and its YAML
Kind = TypeVar("Kind")


def written(rules: int, folder: Path) -> Path:
    """A study of `rules` rules (at least `OWN`), written to a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(STUDY, folder)
    kinds = (_levels(), _changes(), _numbers(), _windows(), _records())
    added: dict[str, list[str]] = {"include": [], "exclude": [], "checks": []}
    for number in range(rules - OWN):
        place, rule = next(kinds[number % len(kinds)])
        added[place].append(rule)
    criteria = folder / "eligibility.yaml"
    text = criteria.read_text(encoding="utf-8")
    for place in ("include", "exclude"):
        text = text.replace(f"{place}:\n", f"{place}:\n" + "".join(added[place]))
    criteria.write_text(text, encoding="utf-8")
    with (folder / "checks.yaml").open("a", encoding="utf-8") as checks:
        checks.write("".join(added["checks"]))
    return folder


def _each(*kinds: Kind) -> Iterator[tuple[int, Kind]]:
    """Every kind at step 1, then every kind at step 2, and so on."""
    return ((step, kind) for step in count(1) for kind in kinds)


def _levels() -> Iterator[Rule]:
    for step, ((measure, (most, unit)), point) in _each(*product(MEASURES.items(), ("baseline", "week 12"))):
        limit = most * (0.5 + 0.4 / (step + 1))
        rule = f"{measure} at {point} <= {limit:.2f} {unit}".strip()
        yield "include", f"  level_{_word(measure)}_{_word(point)}_{step}: {{rule: {rule}}}\n"


def _changes() -> Iterator[Rule]:
    for step, (measure, (most, unit)) in _each(*MEASURES.items()):
        rule = f"rise in {measure} from baseline to week 12 <= {most * step / (step + 2):.2f} {unit}".strip()
        yield "include", f"  change_{_word(measure)}_{step}: {{rule: {rule}}}\n"


def _numbers() -> Iterator[Rule]:
    for step, (name, (unit, most)) in _each(*NUMBERS.items()):
        rule = f"{name} <= {most * (1 + step / 100):.1f} {unit}"
        yield "include", f"  number_{_word(name)}_{step}: {{rule: {rule.strip()}}}\n"


def _windows() -> Iterator[Rule]:
    for step, test in _each("CRP", "ESR", "FC", "ALB"):
        rows = f"number of labs where (test is {test} and day of collected_at is between -{step} and {2 * step})"
        yield "exclude", f"  samples_{test.lower()}_{step}: {{rule: {rows} > 2}}\n"


def _records() -> Iterator[Rule]:
    for step in count(1):
        each, rule = (
            ("visits", f"weight_kg >= {20 + step / 10:.1f}"),
            ("labs", f"day of collected_at <= {400 + step}"),
            ("cdai", f"cdai_total <= {600 + step}"),
        )[step % 3]
        yield "checks", f"more_{each}_{step}: {{each: {each}, rule: {rule}, say: Please check, severity: warning}}\n"


def _word(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")
