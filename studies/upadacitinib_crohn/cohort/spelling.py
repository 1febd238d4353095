"""The same fact as different hands write it: codes in Chinese and English, dates in several styles, numbers."""

from __future__ import annotations

from datetime import date

from cohort.draw import Draw

CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "sex": {"male": ("男", "男", "male", "M"), "female": ("女", "女", "female", "F")},
    "yes/no": {"yes": ("是", "Y"), "no": ("否", "N")},
    "location": {
        "L1": ("L1", "L1", "回肠型"),
        "L2": ("L2", "结肠型"),
        "L3": ("L3", "L3", "回结肠型"),
        "L2+4": ("L2+L4",),
        "L3+4": ("L3+4", "L3+L4"),
    },
    "behaviour": {"B1": ("B1",), "B2": ("B2", "狭窄型"), "B3": ("B3", "穿透型"), "B2+3": ("B2+3", "B2+B3")},
    "habit": {"never": ("从不", "never"), "former": ("已戒", "former"), "current": ("current",)},
    "choice": {"preference": ("患者意愿", "patient preference"), "need": ("病情需要", "medical need")},
    "visit": {
        "w0": ("W0", "基线"),
        "w4": ("W4", "第4周"),
        "w8": ("W8", "第8周"),
        "w12": ("W12", "第12周"),
        "uns": ("UNS", "临时"),
    },
    "segment": {
        "ileum": ("ileum", "回肠"),
        "right colon": ("right colon", "右半结肠"),
        "transverse": ("transverse", "横结肠"),
        "left colon": ("left colon", "左半结肠"),
        "rectum": ("rectum", "直肠"),
    },
    "segment status": {
        "explored": ("explored", "已检查"),
        "resected": ("resected", "已切除"),
        "not reached": ("not reached", "未到达"),
    },
    "item": {
        "ulcer_size": ("ulcer_size", "溃疡大小"),
        "ulcerated_surface": ("ulcerated_surface", "溃疡面积"),
        "affected_surface": ("affected_surface", "病变面积"),
        "narrowing": ("narrowing", "狭窄"),
    },
    "mass": {"none": ("无", "none"), "questionable": ("可疑", "questionable"), "definite": ("肯定", "definite")},
    "test": {
        "CRP": ("CRP", "C反应蛋白", "crp", "C-reactive protein"),
        "ESR": ("ESR", "血沉", "红细胞沉降率"),
        "FC": ("FC", "粪便钙卫蛋白", "faecal calprotectin", "Fecal Calprotectin"),
        "WBC": ("WBC", "白细胞"),
        "RBC": ("RBC", "红细胞"),
        "HB": ("HB", "Hb", "血红蛋白", "haemoglobin"),
        "PLT": ("PLT", "血小板"),
        "LYM": ("LYM", "淋巴细胞", "淋巴细胞绝对值"),
        "ALB": ("ALB", "白蛋白", "Albumin"),
        "ALT": ("ALT", "谷丙转氨酶", "丙氨酸氨基转移酶"),
    },
    "drug": {
        "infliximab": ("infliximab", "IFX", "英夫利西单抗"),
        "adalimumab": ("adalimumab", "ADA", "阿达木单抗"),
        "ustekinumab": ("ustekinumab", "UST", "乌司奴单抗"),
        "vedolizumab": ("VDZ", "维得利珠单抗"),
        "upadacitinib": ("upadacitinib", "乌帕替尼", "UPA"),
        "tofacitinib": ("tofacitinib", "托法替布"),
    },
    "stop reason": {
        "inadequate": ("继发失应答", "原发无应答", "loss of response", "primary non-response", "inadequate"),
        "intolerance": ("过敏", "不良反应", "allergy", "side effect"),
        "adherence": ("依从性差", "poor adherence"),
    },
}


def said(draw: Draw, kind: str, code: str) -> str:
    """One of the spellings of a code."""
    return draw.pick(CODES[kind][code])


def dated(draw: Draw, day: date | None) -> str:
    """A date as typed: mostly ISO, sometimes with slashes or in Chinese."""
    if day is None:
        return ""
    chance = draw.unit()
    if chance < 0.06:
        return f"{day.year}/{day.month}/{day.day}"
    if chance < 0.08:
        return f"{day.year}年{day.month}月{day.day}日"
    return day.isoformat()


def yes_no(draw: Draw, answer: bool) -> str:
    """A yes or no."""
    return said(draw, "yes/no", "yes" if answer else "no")


def tenths(value: int | None) -> str:
    """A number of tenths, without a needless `.0`."""
    return "" if value is None else decimal(value, 1)


def decimal(value: int, places: int) -> str:
    """A whole number of the last digit as a decimal: (672, 2) is 6.72; trailing zeros are left out."""
    sign, digits = ("-" if value < 0 else ""), str(abs(value)).rjust(places + 1, "0")
    whole, part = (digits[:-places], digits[-places:].rstrip("0")) if places else (digits, "")
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
