"""A tiny study with data small enough to work every result out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prelock.engine.clean import clean_tables
from prelock.engine.evaluate import Evaluation
from prelock.engine.session import Session
from prelock.engine.sources import open_data
from prelock.results import TABLES
from prelock.schemas import validate_all
from prelock.study.load import load
from prelock.validators import run_all

Rows = list[dict[str, Any]]
Results = dict[str, Rows]

STUDY = """
study: Tiny
version: 1.0.0
language: 1
day_zero: first_dose
patient: patients.patient_id
timepoints:
  baseline: {day: 0, window: -28 to 0, choose: closest}
  week 12: {day: 84, window: 70 to 98, choose: closest}
ties: [later day]
tables:
  patients:
    file: patients.csv
    one row for each: patient_id
    columns:
      patient_id: text
      sex: {type: code, values: [male, female]}
      birth_date: {type: date, not after: start}
      start: date
      consent: {type: yes/no, yes: [Y], no: [N]}
      weight: number
  labs:
    file: labs.csv
    one row for each: lab_id
    patient without rows: none
    missing codes: {not done: [ND]}
    columns:
      patient_id: text
      test: {type: code, values: [CRP, LYM]}
      taken: {type: date, not before: patients.birth_date}
      result: {type: result}
      unit: {type: unit}
  events:
    file: events.csv
    one row for each: ae_id
    patient without rows: none
    columns:
      patient_id: text
      term: text
      onset_date: date
      serious: {type: yes/no, yes: [Y], no: [N]}
  doses:
    file: doses.csv
    one row for each: dose_id
    patient without rows: none
    columns:
      patient_id: text
      begun: date
      ended: {type: date, not before: begun, blank means: ongoing}
measures:
  CRP: {from: labs.result, where: test is CRP, date: taken, unit: mg/L, unit column: unit, normal: at most 5 mg/L}
  LYM:
    from: labs.result
    where: test is LYM
    date: taken
    unit: 10^9/L
    unit column: unit
    normal: at least 1.1 10^9/L
variables:
  first_dose: start
  age: years from birth_date to first_dose
eligibility:
  include:
    age: {text: Adults, rule: age is between 18 and 75}
    consent: {text: Consent, rule: consent is yes}
populations: {treated: start is recorded}
endpoints:
  crp_low: {achieved: CRP at week 12 <= 5 mg/L, if missing: [as observed, non-responder], interval: clopper-pearson}
adverse_events:
  source: events
  population: eligible
  treatment emergent: day of onset_date is between 0 and 98
  serious: serious is yes
  categories:
    Zoster: {terms: [/zoster/]}
    Lymphopenia:
      terms: [lymphopenia]
      grade: {measure: LYM, by: CTCAE v5 lymphocyte count decreased, within: 7 days}
    Herpes: {terms: [/herpes/]}
completeness:
  baseline: {require: [sex], expect: [CRP]}
  week 12: {due if: consent is yes, expect: [CRP]}
checks:
  weight_sane: {each: patient, rule: weight > 20}
  no_overlap: {in each: "patient's doses", never: two rows overlap from begun to ended}
characteristics:
  population: treated
  male: sex is male
  sex: sex
  weight: weight
"""

PATIENTS = """patient_id,sex,birth_date,start,consent,weight
P1,male,1980-01-01,2024-01-01,Y,60
P2,female,2010-01-01,2024-01-01,N,70
P3,male,1980-01-01,2024-01-01,,80
P4,female,1980-01-01,2024-01-01,N,
P5,male,1980-01-01,2024-01-01,Y,10
P6,,,2024-01-01,Y,90
"""
LABS = """lab_id,patient_id,test,taken,result,unit
L1,P1,CRP,2024-01-01,20,mg/L
L2,P1,CRP,2024-03-25,0.4,mg/dL
L3,P1,LYM,2024-02-05,0.7,10^9/L
L4,P1,LYM,2024-02-20,0.1,10^9/L
L5,P5,CRP,2024-03-25,ND,mg/L
L6,P3,CRP,2024-03-25,high,mg/L
L7,P5,LYM,2024-03-25,low,10^9/L
L8,P2,CRP,2024-01-01,3,mg/L
L8,P2,CRP,2024-01-02,4,mg/L
L9,P9,CRP,2024-01-01,3,mg/L
L10,P9,CRP,2024-01-01,3,mg/L
"""
EVENTS = """ae_id,patient_id,term,onset_date,serious
A1,P1,Herpes zoster,2024-02-01,N
A2,P1,zoster,2023-12-01,N
A3,P1,Lymphopenia,2024-02-01,Y
A4,P4,zoster,2024-02-01,N
A5,P5,headache,2024-02-01,N
A6,P5,zoster,,N
"""
DOSES = """dose_id,patient_id,begun,ended
D1,P1,2024-01-01,2024-01-31
D2,P1,2024-01-31,
D3,P5,2024-02-01,2024-01-01
D4,P4,2024-01-01,2024-01-31
D5,P4,2024-02-01,2024-02-28
"""
DATA = {"patients": PATIENTS, "labs": LABS, "events": EVENTS, "doses": DOSES}


def checked(folder: Path, data: dict[str, str], study: str = STUDY) -> Results:
    """Every result table of the tiny study on `data`, as rows."""
    (folder / "study").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "study" / "study.yaml").write_text(study, encoding="utf-8")
    for name, text in data.items():
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    definition = load(folder / "study")
    with Session(1) as session:
        raw = open_data(definition, folder / "data", session)
        clean = clean_tables(definition, raw, session)
        validated = validate_all(definition, raw, clean, session)
        tables = run_all(Evaluation(definition, session, raw, clean), validated)
        assert set(tables) == set(TABLES)
        for name, table in tables.items():
            assert set(TABLES[name].names) <= set(table.columns)
        return {name: session.arrow(table).to_pylist() for name, table in tables.items()}
