"""The hand-written query's record checks: types, codes, ranges, keys, orphans, date order, the study's own checks.

Each table is asked once how many of its rows pass each check, and once more for the rows that fail any.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

STUDY = Path(__file__).parent / "study"
SOURCES = {"biologics": "biologic_history", "history": "medical_history", "medications": "concomitant_medication"}
CUTOFF = "2025-02-28"
BOUNDS = {"data_cutoff": (CUTOFF, f"DATE '{CUTOFF}'", f"DATE '{CUTOFF}'"), "first_dose": ("first_dose", "first_dose", "first_dose_hi"),
          "patients.birth_date": ("birth_date", "birth", "birth_hi")}  # fmt: skip
EXPECTED = {"endoscopy.score": "segment_status IN ('已检查', 'explored')",
            "procedures.finding": "kind IN ('结肠镜', 'ileocolonoscopy', '小肠镜', 'balloon enteroscopy', '病理活检', 'biopsy')"}  # fmt: skip


@dataclass(frozen=True)
class Test:
    """One check of a table's rows: `fails` is never null; `applies` says on which rows it is asked."""

    rule: str
    kind: str
    column: str
    fails: str
    applies: str = "true"
    severity: str = "error"


def tables() -> dict[str, Any]:
    """The tables' declarations, every scalar as text."""
    return dict(yaml.load((STUDY / "tables.yaml").read_text(encoding="utf-8"), yaml.BaseLoader))


def raw(table: str, data: Path) -> str:
    """The table's rows as text."""
    path = str(data / f"{SOURCES.get(table, table)}.parquet").replace("'", "''")
    return f"SELECT *, file_row_number + 1 AS row FROM read_parquet('{path}', file_row_number = true)"


def source(table: str, data: Path) -> str:
    """The table's rows as text, with the patient's dates."""
    return (
        "SELECT r.*, p.pid, p.patient, p.sex, p.birth, p.birth_hi, p.diagnosed, p.diagnosed_hi, first_dose, first_dose_hi, dosed,"
        f" f.last_contact AS contact, f.last_contact_hi AS contact_hi FROM ({raw(table, data)}) r LEFT JOIN patients p ON p.patient = r.patient_id"
        " LEFT JOIN (SELECT *, true AS dosed FROM doses) d USING (pid) LEFT JOIN follow_up f USING (pid)"
    )


def tests(table: str, spec: dict[str, Any]) -> list[Test]:
    """Every check of single rows."""
    keys = spec["one row for each"] if isinstance(spec["one row for each"], list) else [spec["one row for each"]]
    columns = {**dict.fromkeys(keys, "text"), **spec["columns"]}
    found = [
        test
        for name, c in columns.items()
        for test in _cells(table, name, {"type": c} if isinstance(c, str) else c, name in keys, spec)
    ]
    pairs: dict[str, Test] = {}
    for name, c in spec["columns"].items():
        if not isinstance(c, str):
            for other in _listed(c.get("not before")):
                pairs.setdefault(f"{_bound(other)[0]}|{name}", _order(table, name, other, name, columns))
            for other in _listed(c.get("not after")):
                pairs.setdefault(f"{name}|{_bound(other)[0]}", _order(table, name, name, other, columns))
    return found + list(pairs.values()) + OWN.get(table, [])


def _listed(given: Any) -> list[str]:
    return [] if given is None else [given] if isinstance(given, str) else list(given)


def _bound(name: str) -> tuple[str, str, str]:
    return BOUNDS.get(name, (name, f'day_low("{name}")', f'day_high("{name}")'))


def _order(table: str, column: str, early: str, late: str, columns: dict[str, Any]) -> Test:
    (a, _, a_hi), (b, b_lo, _) = _bound(early), _bound(late)
    low = _bound(early)[1]
    return Test(
        f"{table}: {a} is not after {b}",
        "date order",
        column,
        f"coalesce({low} > {_bound(late)[2]}, false)",
        f"{a_hi} IS NOT NULL AND {b_lo} IS NOT NULL",
    )


def _cells(table: str, name: str, c: dict[str, Any], key: bool, spec: dict[str, Any]) -> list[Test]:
    header, kind, rule = f'"{c.get("column", name)}"', c["type"], f"{table}.{name}"
    codes = {**spec.get("missing codes", {}), **c.get("missing codes", {})}
    absent = ", ".join(f"'{t}'" for t in ["", *(t for texts in codes.values() for t in _listed(texts))])
    written = f"{header} NOT IN ({absent})"
    bad = {"code": _no_code(header, c), "yes/no": _no_code(header, c), "number": f"number({header}) IS NULL", "whole number": f"number({header}) IS NULL",
           "result": f"number(ltrim({header}, '<>')) IS NULL", "date": f"day_low({header}) IS NULL",
           "date and time": f"day_low(left({header}, 10)) IS NULL"}.get(kind)  # fmt: skip
    found = []
    if bad is not None:
        found.append(
            Test(
                f"{rule}: {'code' if kind in ('code', 'yes/no') else 'type'}",
                "code" if kind in ("code", "yes/no") else "type",
                name,
                f"({bad})",
                written,
            )
        )
    if key or "required" in c:
        found.append(Test(f"{rule}: required", "required", name, f"{header} = ''"))
    limits = {
        "range": (c.get("min"), c.get("max")),
        "plausible": tuple(c["plausible"].split(" to ")) if "plausible" in c else (None, None),
    }
    for how, (low, high) in limits.items():
        outside = [f"number({header}) < {low}"] * (low is not None) + [f"number({header}) > {high}"] * (
            high is not None
        )
        if outside:
            found.append(
                Test(
                    f"{rule}: {how}",
                    how,
                    name,
                    f"({' OR '.join(outside)})",
                    f"number({header}) IS NOT NULL",
                    "error" if how == "range" else "warning",
                )
            )
    if "pattern" in c:
        found.append(
            Test(f"{rule}: pattern", "pattern", name, f"NOT regexp_full_match({header}, '{c['pattern']}')", written)
        )
    if rule in EXPECTED:
        found.append(
            Test(
                f"{table}: {name} is filled in where it is expected", "expected", name, f"{header} = ''", EXPECTED[rule]
            )
        )
    return found


def _no_code(header: str, c: dict[str, Any]) -> str:
    values = c.get("values", {"yes": c.get("yes", []), "no": c.get("no", [])})
    spelled = (
        values if isinstance(values, list) else [text for code, texts in values.items() for text in (code, *texts)]
    )
    texts = ", ".join("'" + text.lower() + "'" for text in dict.fromkeys(spelled))
    return f"lower({header}) NOT IN ({texts})"


OWN = {
    "biologics": [Test("biologic_after_diagnosis", "rule", "start_date", "coalesce(day_high(start_date) < diagnosed, false)", severity="warning")],
    "labs": [Test("lab_after_last_contact", "rule", "collected_at", "coalesce(day_low(left(collected_at, 10)) > contact_hi, false)")],
    "history": [Test("obstetric_sex", "rule", "category", "coalesce(sex <> 'female', false)", "category IN ('孕产史', 'obstetric')")],
    "patients": [Test("every_patient_treated", "rule", "first_dose", "dosed IS NULL")],
}  # fmt: skip


def key_query(columns: list[str], spec: dict[str, Any], key: str) -> str:
    """Repeated keys: one finding each, at the record whose declared key comes first."""
    headers = [spec["columns"].get(c, {}) for c in columns]
    names = [h.get("column", c) if isinstance(h, dict) else c for c, h in zip(columns, headers, strict=True)]
    cells = {"test_name": "test_code(test_name)", "visit_date": "day_low(visit_date)", "patient_id": "patient_id"}
    by = [cells.get(n, f'"{n}"') for n in names]
    filled = " AND ".join(f"\"{n}\" <> ''" for n in names)
    if "visit_date" in names:  # a partial date is no one day, so it repeats none
        filled += " AND day_low(visit_date) = day_high(visit_date)"
    return f"SELECT arg_min(row, {key}) AS row, count(*) AS n FROM raw WHERE {filled} GROUP BY {', '.join(by)} HAVING count(*) > 1"
