"""What a spec is: a rule, small tables as text, and the value that each patient must get."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

BASE = """
study: Spec
version: 1.0.0
language: 1
day_zero: first_dose
patient: patients.patient
timepoints:
  baseline: {day: 0, window: -28 to 0, choose: closest}
  week 12: {day: 84, window: 70 to 98, choose: closest}
ties: [later day, scheduled, later time]
tables:
  patients:
    file: patients.csv
    one row for each: patient
    missing codes: {not done: [ND], not known: [NK], refused: [RF], not applicable: [NA]}
    columns:
      sex: {type: code, values: [male, female]}
      birth: date
      start: date
      stop: date
      until: {type: date, blank means: ongoing}
      seen: date and time
      left: date and time
      a: number
      b: number
      c: number
      weight: {type: number, unit: kg}
      flag: yes/no
      other: yes/no
      note: text
      severity: {type: code, values: [mild, moderate, severe], ordered: yes, scores: {mild: 1, moderate: 2, severe: 4}}
  drugs:
    file: drugs.csv
    one row for each: course
    patient without rows: none
    missing codes: {not done: [ND], not known: [NK], refused: [RF], not applicable: [NA]}
    columns:
      patient: text
      drug: {type: code, values: [IFX, ADA, UST]}
      given: date
      ended: {type: date, blank means: ongoing}
      dose: number
      times: whole number
      level: {type: code, values: [low, middle, high], ordered: yes}
      response: yes/no
      reason: {type: code, values: [inadequate, intolerance, other]}
  history:
    file: history.csv
    one row for each: entry
    patient without rows: unknown
    columns:
      patient: text
      item: {type: code, values: [surgery, abscess]}
      year: whole number
  labs:
    file: labs.csv
    one row for each: lab
    patient without rows: none
    missing codes: {not done: [ND], not known: [NK], refused: [RF], not applicable: [NA]}
    columns:
      patient: text
      test: {type: code, values: [CRP, FC]}
      taken: date and time
      result: result
      unit: unit
      planned: yes/no
      lower: number
      upper: number
variables:
  first_dose: start
measures:
  CRP:
    from: labs.result
    where: test is CRP
    date: taken
    unit: mg/L
    unit column: unit
    normal: at most 5 mg/L
    scheduled: planned is yes
    with: [planned]
"""


SHAPES = ("rows from columns", "supplement", "only rows with")
BESIDE = " supplement"
SHARED = ("column types", "every table")


@dataclass(frozen=True)
class Spec:
    """One statement about the language.

    `rule` is read at patient grain unless `ask` names a status of the study itself (`eligible`, a criterion, or
    `endpoint` / `endpoint rival`). `study` is YAML laid over the base study. `tables` are drawn as text; columns and
    keys that are not drawn are blank and numbered; tables that are not drawn are empty, those in `absent` have no file.
    A table whose shape is declared lies as it is drawn; its supplement is drawn under `<table> supplement`.
    `expect` maps a patient to True, False, None (unknown) or a value as text. `findings` maps a patient to the kinds
    of finding raised, `missing` to what each text that names the missing cells must contain.
    """

    says: str
    rule: str
    expect: Mapping[str, Any]
    tables: Mapping[str, str] = field(default_factory=dict)
    study: str = ""
    ask: str = "rule"
    absent: tuple[str, ...] = ()
    findings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def study_tree(spec: Spec) -> dict[str, Any]:
    """The spec's study as plain dicts, every scalar as it is written."""
    tree = _merged(_plain(BASE), _plain(spec.study))
    if spec.ask == "rule":
        tree.setdefault("variables", {})["answer"] = spec.rule
    return tree


def _plain(text: str) -> dict[str, Any]:
    return yaml.load(text, Loader=yaml.BaseLoader) or {}


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` laid over `base`, key by key; a value `drop` takes the key away."""
    result = copy.copy(base)
    for key, value in over.items():
        if value == "drop":
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = _merged(result[key], value)
        else:
            result[key] = value
    return result


def study_text(spec: Spec) -> str:
    """The spec's study.yaml."""
    return yaml.safe_dump(study_tree(spec), allow_unicode=True, sort_keys=False, width=100_000)


def raw_tables(spec: Spec) -> dict[str, list[dict[str, str]]]:
    """The rows of each table, text by header, every declared column present."""
    found = {}
    for name, table in study_tree(spec)["tables"].items():
        if name in spec.absent or name in SHARED:
            continue
        drawn = rows_drawn(spec.tables.get(name, ""))
        if name == "patients":
            here = {row["patient"] for row in drawn}
            drawn += [{"patient": patient} for patient in spec.expect if patient not in here]
        as_drawn = any(shape in table for shape in SHAPES) or "parts:" in yaml.safe_dump(table)
        found[name] = drawn if as_drawn else [_complete(table, row, n) for n, row in enumerate(drawn, start=1)]
        if "supplement" in table and name + BESIDE not in spec.absent:
            found[name + BESIDE] = rows_drawn(spec.tables[name + BESIDE])
    return found


def headers(table: Mapping[str, Any]) -> list[str]:
    """The file's headers of a declared table."""
    keys = table["one row for each"]
    names = [keys] if isinstance(keys, str) else list(keys)
    columns = table.get("columns", {})
    names += [name for name in columns if name not in names]
    return [spec.get("column", n) if isinstance(spec := columns.get(n), dict) else n for n in names]


def _complete(table: Mapping[str, Any], row: dict[str, str], number: int) -> dict[str, str]:
    keys = table["one row for each"]
    numbered = {keys: str(number)} if isinstance(keys, str) else {}
    return {header: row.get(header, numbered.get(header, "")) for header in headers(table)}


def rows_drawn(text: str) -> list[dict[str, str]]:
    """The rows of a table drawn with `|`, text by header."""
    lines = [line.strip().strip("|").split("|") for line in text.strip().splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
