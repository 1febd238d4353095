"""Records in several units, by hand: creatinine of 113.12 g/mol, 1 mg/dL = 10000 / 113.12 µmol/L = 88.40 µmol/L."""

from __future__ import annotations

from pathlib import Path

from tiny_study import checked

STUDY = """
study: Units
version: 1.0.0
language: 1
patient: patients.patient_id
day_zero: start
timepoints:
  baseline: {day: 0, window: -7 to 7, choose: closest}
ties: [later day]
tables:
  patients: {file: patients.csv, one row for each: patient_id, columns: {first_dose: date}}
  labs:
    file: labs.csv
    one row for each: lab_id
    patient without rows: none
    columns:
      patient_id: text
      taken: date
      result: result
      unit: {type: unit, values: {mg/dL: [mg per 100 mL]}}
      low: number
      high: number
measures:
  creatinine:
    from: labs.result
    date: taken
    unit: µmol/L
    unit column: unit
    molar mass: 113.12
    normal: from low to high
variables: {start: first_dose}
eligibility: {include: {normal: {text: Creatinine normal, rule: creatinine at baseline is normal}}}
"""
ROWS = {  # patient: result, unit, the record's own range, the value in µmol/L, normal
    "in µmol/L": ("88", "umol/L", "60,110", "88", "yes"),
    "in mmol/L": ("0.088", "mmol/L", "0.06,0.11", "88", "yes"),
    "in mg/dL": ("1", "mg/dL", "0.7,1.2", "88.401697313", "yes"),
    "spelled by the study": ("2", "mg per 100 mL", "0.7,1.2", "176.803394625", "no"),
    "censored": ("<0.5", "mg/dL", "0.7,1.2", "below 44.200848656", "no"),
    "without a unit": ("88", "", "60,110", "", ""),
    "of another kind": ("88", "U/L", "60,110", "", ""),
    "not known": ("88", "µmol per l", "60,110", "", ""),
    "without limits": ("88", "umol/L", ",", "88", "unknown"),
}


def test_molar_units_own_ranges_and_units_that_say_nothing(tmp_path: Path) -> None:
    patients = "patient_id,first_dose\n" + "".join(f"{name},2024-01-01\n" for name in ROWS)
    labs = "lab_id,patient_id,taken,result,unit,low,high\n" + "".join(
        f"L{n},{name},2024-01-01,{result},{unit},{own}\n"
        for n, (name, (result, unit, own, *_)) in enumerate(ROWS.items())
    )
    found = checked(tmp_path, {"patients": patients, "labs": labs}, STUDY)
    measured = {row["patient"]: (row["value"], row["normal"]) for row in found["measures"]}
    assert measured == {name: tuple(rest) for name, (_, _, _, *rest) in ROWS.items()}
    faults = {row["patient"]: row["column"] for row in found["findings"] if row["kind"] == "unit"}
    assert faults == dict.fromkeys(("without a unit", "of another kind", "not known"), "unit")
    statuses = {row["patient"]: row["status"] for row in found["eligibility"]}
    told = {"yes": "eligible", "no": "ineligible"}
    assert statuses == {name: told.get(row[4], "undetermined") for name, row in ROWS.items()}
