"""The queries that the relations, checks and events raise, in each language that a study may ask for."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "key": "More than one record has the same {columns}. Please check which is right.",
        "orphan": "This patient is not in {table}. Please check the patient's key.",
        "date order": "{earlier} is after {later}. Please check both dates.",
        "expected": "{column} is blank, but it is expected here. Please enter it, or say why it is missing.",
        "not valid": "{column} is filled in, but it can't apply to this record. Please check.",
        "same": "{column} differs between the rows of one {group}. Please check which is right.",
        "link": "{column} is not found in {target}. Please check.",
        "measure range": "{measure} lies outside {bounds}. Please check the value and its unit.",
        "measure plausible": "{measure} outside {bounds} is unusual. Please confirm the value and its unit.",
        "own history": "{measure} is more than {times} times away from this patient's other values. Please check.",
        "total row": "This row sums up others and is no record. Please leave it out of the export.",
        "value without event": "{measure} of grade {grade} or worse without '{category}' within {days} days. "
        "Please check either.",
        "event without value": "No {measure} of grade {grade} or worse within {days} days of this event. Please check.",
        "rule": "This does not hold: {rule}. Please check.",
        "query": "This needs a look: {rule}. Please check.",
        "window": "{column} lies outside the window of its visit. Please check the date and the visit.",
        "two rows": "Two records don't go together: {rule}. Please check both.",
        "alike": "Several records agree on {columns}. Please check whether one was entered twice.",
        "overlap": "Two periods of this patient share a day. Please check both.",
        "no category": "This event's term fits no category of the study. Please check the term.",
        "two categories": "This event's term fits several categories and is counted in the first: {categories}.",
    },
    "zh": {
        "key": "多条记录的 {columns} 相同，请核对哪条正确。",
        "orphan": "{table} 中没有该患者，请核对患者编号。",
        "date order": "{earlier} 晚于 {later}，请核对两个日期。",
        "expected": "{column} 为空，但此处应填写。请补充或说明缺失原因。",
        "not valid": "{column} 已填写，但不适用于该记录，请核对。",
        "same": "同一 {group} 各行的 {column} 不一致，请核对哪个正确。",
        "link": "{target} 中找不到 {column}，请核对。",
        "measure range": "{measure} 超出 {bounds}，请核对数值和单位。",
        "measure plausible": "{measure} 不在 {bounds} 之内，不常见，请确认数值和单位。",
        "own history": "{measure} 与该患者其他结果相差超过 {times} 倍，请核对单位。",
        "total row": "该行为汇总行，不是记录，请从导出数据中删除。",
        "value without event": "{measure} 达到 {grade} 级或以上，但前后 {days} 天内没有“{category}”事件，请核对。",
        "event without value": "该事件前后 {days} 天内没有 {grade} 级或以上的 {measure} 结果，请核对。",
        "rule": "不符合规则：{rule}，请核对。",
        "query": "请核对：{rule}。",
        "window": "{column} 不在该次访视的时间窗内，请核对日期和访视。",
        "two rows": "两条记录相互矛盾：{rule}，请核对。",
        "alike": "多条记录的 {columns} 相同，请核对是否重复录入。",
        "overlap": "该患者的两个时段有重叠日期，请核对。",
        "no category": "该事件名称不属于本研究的任何类别，请核对名称或指定类别。",
        "two categories": "该事件名称符合多个类别，按第一个计：{categories}。",
    },
}


def message(language: str, kind: str, **parts: str) -> str:
    """The query of one kind; English where the study's language is not known."""
    return TEXTS.get(language, TEXTS["en"])[kind].format(**parts)
