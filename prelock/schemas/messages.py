"""The queries that single cells, columns and files raise, in each language that a study may ask for."""

from __future__ import annotations

from collections.abc import Mapping

from prelock.rules.text import plain_number
from prelock.schemas.constraints import Constraint

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "type": "{column}: '{value}' {why}. Please correct it, or say why there is no value.",
        "code": "{column}: '{value}' {why} ({codes}). Please correct it.",
        "required": "{column} is blank. Please enter it, or say why it is missing.",
        "range": "{column}: {value} is not {range}. Please correct it.",
        "plausible": "{column}: {value} is unusual; expected is {range}. Please confirm or correct it.",
        "pattern": "{column}: '{value}' is not of the form {pattern}. Please correct it.",
        "between": "between {low} and {high}{unit}",
        "at least": "at least {low}{unit}",
        "at most": "at most {high}{unit}",
    },
    "zh": {
        "type": "{column}：“{value}”{why}，请更正或说明缺失原因。",
        "code": "{column}：“{value}”{why}（{codes}），请更正。",
        "required": "{column} 为空，请补充或说明缺失原因。",
        "range": "{column}：{value} 不在允许范围内（{range}），请更正。",
        "plausible": "{column}：{value} 不常见（预期 {range}），请确认或更正。",
        "pattern": "{column}：“{value}”不符合格式 {pattern}，请更正。",
        "between": "{low} 至 {high}{unit}",
        "at least": "不小于 {low}{unit}",
        "at most": "不大于 {high}{unit}",
    },
}
WHY_ZH: Mapping[str, str] = {
    "is none of the declared codes": "不是规定的代码",
    "holds an answer that is none of the declared codes": "含有未规定的选项代码",
    "is neither yes nor no": "既不是“是”也不是“否”",
    "is not a number": "不是数字",
    "is a percentage, and the unit declared for the column is not %": "是百分数，但该列声明的单位不是 %",
    "is not a whole number": "不是整数",
    "is not a result: a number, or a number with < or >": "不是检验结果（数字，或带 <、> 的数字）",
    "is not a reference range, as 0-5, <5 or >60": "不是参考范围（如 0-5、<5、>60）",
    "has two readings as a reference range": "作为参考范围有两种读法",
    "has two readings as a date; write year-month-day": "作为日期有两种读法，请按 年-月-日 填写",
    "does not begin with its year; write year-month-day": "不是以年份开头，请按 年-月-日 填写",
    "is not a date; write year-month-day": "不是日期，请按 年-月-日 填写",
    "is a day that does not exist": "是不存在的日期",
    "lost its year or was turned into a date by a spreadsheet": "缺少年份，或被电子表格改成了日期",
    "has no time of day that exists": "时间不存在",
}


def template(language: str, constraint: Constraint) -> str:
    """The query of a constraint; `{value}` and `{why}` are left to be filled for each cell."""
    texts = TEXTS.get(language, TEXTS["en"])
    parts = {
        "column": constraint.spec.header,
        "codes": ", ".join(constraint.spec.codes) or "yes, no",
        "range": _range(texts, constraint),
        "pattern": constraint.spec.pattern or "",
    }
    text = texts[constraint.kind]
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def reason(language: str, why: str) -> str:
    """Why a cell can't be read, in the study's language."""
    return WHY_ZH.get(why, why) if language == "zh" else why


def _range(texts: Mapping[str, str], constraint: Constraint) -> str:
    low, high = constraint.low, constraint.high
    unit = f" {constraint.spec.type.unit}" if constraint.spec.type.unit else ""
    if low is not None and high is not None:
        return texts["between"].format(low=plain_number(low), high=plain_number(high), unit=unit)
    if low is not None:
        return texts["at least"].format(low=plain_number(low), unit=unit)
    return "" if high is None else texts["at most"].format(high=plain_number(high), unit=unit)
