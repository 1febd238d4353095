"""A small study with its data, and prelock run as a person runs it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

FILES = {
    "study.yaml": """\
study: Six patients
version: 1.0.0
language: 1
patient: patients.patient_id
day_zero: first_dose
timepoints:
  baseline: {day: 0, window: -28 to 0, choose: closest}
  week 12: {day: 84, window: 70 to 98, choose: closest}
ties: [later day]
""",
    "tables.yaml": """\
patients:
  file: patients.csv
  one row for each: patient_id
  columns:
    sex: {type: code, values: {male: [M, 男], female: [F, 女]}}
    birth_date: date
    first_dose_date: {type: date, not before: birth_date}
    height: {type: number, unit: cm, plausible: 100 to 230}
labs:
  file: labs.csv
  one row for each: lab_id
  patient without rows: none
  missing codes: {not done: [ND]}
  columns:
    patient_id: text
    test: {type: code, values: [CRP]}
    collected_on: date
    result: result
    unit: unit
events:
  file: events.csv
  one row for each: event_id
  patient without rows: none
  columns:
    patient_id: text
    term: text
    onset_date: date
""",
    "measures.yaml": """\
CRP: {from: labs.result, where: test is CRP, date: collected_on, unit: mg/L, unit column: unit, normal: at most 5 mg/L}
""",
    "variables.yaml": "first_dose: first_dose_date\nage: years from birth_date to first_dose\n",
    "eligibility.yaml": """\
include:
  treated: {text: Treated, rule: first_dose is recorded}
  adult: {text: Aged 18 to 75, rule: age is between 18 and 75}
exclude:
  no_crp: {text: No CRP at baseline, rule: CRP at baseline is missing}
""",
    "endpoints.yaml": """\
crp_normal:
  text: CRP normal at week 12
  evaluable: [CRP at week 12 is recorded]
  achieved: CRP at week 12 is normal
  if missing: [as observed, non-responder]
""",
    "adverse_events.yaml": """\
source: events
population: eligible
treatment emergent: day of onset_date is between 0 and 98
if onset is missing: unknown
categories:
  Acne: {terms: [acne]}
""",
    "completeness.yaml": "week 12: {expect: [CRP]}\n",
    "characteristics.yaml": "population: eligible\nsex: sex\nage: age\n",
}

# P1 and P2 are eligible, P3 is 17, P4 has no CRP at baseline; P1 is normal at week 12 (0.47 mg/dL), P2 is not.
DATA = {
    "patients.csv": """\
patient_id,sex,birth_date,first_dose_date,height
P1,M,1980-05-01,2024-01-10,180
P2,女,1990-02-28,2024-01-15,165
P3,F,2006-06-30,2024-02-01,160
P4,男,1975-03-03,2024-02-05,172
""",
    "labs.csv": """\
lab_id,patient_id,test,collected_on,result,unit
1,P1,CRP,2024-01-09,12,mg/L
2,P1,CRP,2024-04-02,0.47,mg/dL
3,P2,CRP,2024-01-15,<0.5,mg/L
4,P2,CRP,2024-04-08,9.1,mg/L
5,P3,CRP,2024-02-01,3,mg/L
6,P4,CRP,2024-02-04,ND,
""",
    "events.csv": """\
event_id,patient_id,term,onset_date
E1,P1,Acne,2024-01-20
E2,P1,acne ,2024-03-01
E3,P2,headache,2024-02-02
""",
}


@dataclass(frozen=True)
class Place:
    """A folder with `study` and `data` in it."""

    folder: Path

    @property
    def study(self) -> Path:
        return self.folder / "study"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text of a study or data file, which must hold it."""
        path = (self.data if file.endswith(".csv") else self.study) / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """The study and its data."""
    found = Place(tmp_path)
    for folder, files in ((found.study, FILES), (found.data, DATA)):
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    return found


@dataclass(frozen=True)
class Result:
    """What a command line came to."""

    returncode: int
    stdout: str
    stderr: str


Prelock = Callable[..., Result]


@pytest.fixture
def prelock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Prelock:
    """Run a `prelock` command line in the temporary folder, in this process."""
    from prelock.cli import run

    monkeypatch.delenv("PRELOCK_DEBUG", raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Result(code, told.out, told.err)

    return call


@pytest.fixture
def process(tmp_path: Path) -> Prelock:
    """Run a `prelock` command line as a process of its own, with settings of its environment."""

    def call(*arguments: object, **settings: str) -> Result:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **settings}
        command = [sys.executable, "-m", "prelock", *map(str, arguments)]
        ended = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        return Result(ended.returncode, ended.stdout, ended.stderr)

    return call
