"""The raw tables read once more by plain Python, with its own word lists: nothing here comes from the program or from
the generator. Wherever a cell is not understood it fails loudly."""

from __future__ import annotations

import csv
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"
WORDS = {
    "male": "男 M male", "female": "女 F female", "yes": "是 Y", "no": "否 N",
    "never": "从不", "former": "已戒", "current": "吸烟 饮酒",
    "L1": "回肠型", "L2": "结肠型", "L3": "回结肠型", "L2+4": "L2+L4", "L3+4": "L3+L4",
    "B1": "", "B2": "狭窄型", "B3": "穿透型", "B2+3": "B2+B3",
    "infliximab": "IFX 英夫利西单抗", "adalimumab": "ADA 阿达木单抗", "ustekinumab": "UST 乌司奴单抗",
    "vedolizumab": "VDZ 维得利珠单抗", "upadacitinib": "乌帕替尼 UPA", "tofacitinib": "托法替布",
    "inadequate": "原发无应答 继发失应答 primary_non-response loss_of_response",
    "intolerance": "过敏 不良反应 allergy side_effect", "adherence": "依从性差 poor_adherence",
    "explored": "已检查", "resected": "已切除", "not reached": "未到达 not_reached",
    "ulcer_size": "溃疡大小", "ulcerated_surface": "溃疡面积", "affected_surface": "病变面积", "narrowing": "狭窄",
    "CRP": "C反应蛋白 C-reactive_protein", "ESR": "血沉 红细胞沉降率",
    "FC": "粪便钙卫蛋白 faecal_calprotectin fecal_calprotectin", "WBC": "白细胞", "RBC": "红细胞",
    "HB": "血红蛋白 haemoglobin", "PLT": "血小板", "LYM": "淋巴细胞 淋巴细胞绝对值", "ALB": "白蛋白 albumin",
    "ALT": "谷丙转氨酶 丙氨酸氨基转移酶",
    "positive": "阳性 +", "negative": "阴性 -",
    "preference": "患者意愿 patient_preference", "need": "病情需要 medical_need",
    "comorbidity": "合并症", "past": "既往史", "obstetric": "孕产史", "hypertension": "高血压",
    "ankylosing spondylitis": "强直性脊柱炎 ankylosing_spondylitis", "hyperlipidemia": "高脂血症",
    "IgA nephropathy": "IgA肾病 IgA_nephropathy", "psoriasis": "银屑病", "appendicitis": "阑尾炎",
    "kidney stones": "kidney_stones", "childbirth": "分娩",
    "resection": "肠切除术", "strictureplasty": "狭窄成形术", "stoma": "造口术",
    "perianal surgery": "肛周手术 perianal_surgery",
    "other abdominal": "other_abdominal", "ileocolonoscopy": "结肠镜", "biopsy": "病理活检",
    "active CD": "活动期CD 活动性克罗恩病 active_CD", "inactive CD": "缓解期CD inactive_CD",
    "prednisone": "泼尼松", "methylprednisolone": "甲泼尼龙", "azathioprine": "硫唑嘌呤 AZA", "mesalazine": "美沙拉嗪",
    "metronidazole": "", "ciprofloxacin": "环丙沙星", "entecavir": "恩替卡韦", "isoniazid": "异烟肼",
    "hepatoprotective": "复方甘草酸苷", "iron": "铁剂",
    "none": "无", "questionable": "可疑", "definite": "肯定",
    "interrupted": "暂停", "reduced": "减量", "withdrawn": "永久停药",
    "followed": "随访中", "stopped": "停药",
}  # fmt: skip
MEANING = {w.replace("_", " ").casefold(): code for code, text in WORDS.items() for w in text.split()}
MEANING.update({code.casefold(): code for code in WORDS})
# What one written unit is worth in the usual unit of its test.
WORTH = {
    "CRP": {"mg/L": 1, "mg/l": 1, "mg/dL": 10}, "ESR": {"mm/h": 1, "mm/hr": 1},
    "FC": {"μg/g": 1, "ug/g": 1, "µg/g": 1, "mg/kg": 1}, "ALT": {"U/L": 1, "IU/L": 1},
    "WBC": {"10^9/L": 1, "×10^9/L": 1, "10*9/L": 1, "G/L": 1, "10⁹/L": 1},
    "RBC": {"10^12/L": 1, "×10^12/L": 1, "T/L": 1}, "HB": {"g/L": 1, "g/dL": 10},
    "PLT": {"10^9/L": 1, "×10^9/L": 1, "G/L": 1}, "LYM": {"10^9/L": 1, "×10^9/L": 1, "10*9/L": 1},
    "ALB": {"g/L": 1, "g/dL": 10},
}  # fmt: skip


def rows(name: str, folder: str = "data") -> list[dict[str, str]]:
    """All rows of a table."""
    with (STUDY / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def code(text: str) -> str:
    """The meaning of a code; blank for blank."""
    return MEANING[text.casefold()] if text else ""


def days(text: str) -> tuple[date, date] | None:
    """First and last day that a date may be."""
    if not text:
        return None
    parts = [int(n) for n in re.findall(r"\d+", text.split(" ")[0])]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    year, month = parts
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), date.fromordinal(after.toordinal() - 1)


def day(text: str) -> date:
    """A full date."""
    first, last = days(text) or (None, None)
    assert first is not None, text
    assert first == last, text
    return first


def number(text: str) -> Fraction:
    """The decimal that is written."""
    return Fraction(text)


def years(start: date, end: date) -> int:
    """Completed years; 29 February counts as 1 March."""
    birthday = (3, 1) if (start.month, start.day) == (2, 29) else (start.month, start.day)
    return end.year - start.year - ((end.month, end.day) < birthday)
