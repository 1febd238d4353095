"""Errors in history, procedures and medicines."""

from __future__ import annotations

from cohort.planted_care import analysed
from cohort.planting import Planting, Row, read_day


def confirms(row: Row) -> bool:
    """The examination that confirmed active disease."""
    return row["finding"] in ("active CD", "活动期CD", "活动性克罗恩病")


def other_records(p: Planting) -> None:
    """History, procedures, medicines."""
    _history(p)
    _procedures(p)
    _medicines(p)


def _history(p: Planting) -> None:
    person = p.take(lambda q: q.analysed and q.sex == "male")
    row = {"mh_id": "H901", "patient_id": person.key, "category": "孕产史", "condition": "妊娠"}
    p.append(
        "medical_history",
        {**row, "onset_date": person.on(-400).isoformat(), "severe": "否"},
        "category",
        "a pregnancy in a man",
        "rule",
        "obstetric_sex",
    )
    person = p.take(analysed)
    row = {"mh_id": "H902", "patient_id": person.key, "category": "past", "condition": "appendicitis"}
    early = person.birth.replace(day=1, year=person.birth.year - 3).isoformat()
    p.append("medical_history", {**row, "onset_date": early, "severe": "N"}, "onset_date", "before birth", "date order")
    person = p.take(analysed)
    row = {"mh_id": "H903", "patient_id": person.key, "category": "comorbidity", "condition": "malignancy"}
    p.append(
        "medical_history",
        {**row, "onset_date": person.on(-90).isoformat(), "severe": "是"},
        "severe",
        "a severe comorbidity",
        "",
        "",
        "severe_comorbidity fails",
    )
    person = p.take(analysed)
    row = {"mh_id": "H904", "patient_id": person.key, "category": "past", "condition": "flu?"}
    p.append(
        "medical_history",
        {**row, "onset_date": person.on(-90).isoformat(), "severe": "否"},
        "condition",
        "undeclared code",
        "code",
    )


def _procedures(p: Planting) -> None:
    person = p.take(
        lambda q: (
            q.analysed and p.has("procedures", lambda r: r["kind"] in ("结肠镜", "ileocolonoscopy") and confirms(r))(q)
        )
    )
    p.change(
        "procedures",
        p.index("procedures", person, confirms),
        "finding",
        "",
        "finding of the confirming endoscopy deleted",
        "expected",
        "",
        "active_cd unknown",
    )
    person = p.take(analysed)
    late = "2025-04-02"
    p.change(
        "procedures",
        p.index("procedures", person, confirms),
        "procedure_date",
        late,
        "after the cut-off",
        "date order",
        "",
        "active_cd fails",
    )


def _medicines(p: Planting) -> None:
    person = p.take(p.has("concomitant_medication", lambda r: r["stop_date"] != ""))
    index = p.index("concomitant_medication", person, lambda r: r["stop_date"] != "")
    row = p.tables["concomitant_medication"][index]
    stop = read_day(row["start_date"]).replace(day=1, year=read_day(row["start_date"]).year - 1)
    p.change(
        "concomitant_medication", index, "stop_date", stop.isoformat(), "stopped before it was begun", "date order"
    )
    person = p.take(p.has("concomitant_medication"))
    p.change(
        "concomitant_medication", p.index("concomitant_medication", person), "drug", "中药", "undeclared code", "code"
    )
    person = p.take(p.has("concomitant_medication"))
    p.change(
        "concomitant_medication",
        p.index("concomitant_medication", person),
        "daily_mg",
        "20 mg",
        "a unit in a number",
        "type",
    )
