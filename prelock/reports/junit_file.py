"""`junit.xml`: a run as test cases, in the form that build servers read."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from prelock.reports.cases import Case, Outcome, cases
from prelock.reports.report import Report

NAME = "junit.xml"
CHILD = {Outcome.FAILED: "failure", Outcome.ERROR: "error", Outcome.SKIPPED: "skipped", Outcome.WARNED: "system-out"}
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, folder: Path) -> None:
    """Write `junit.xml` to `folder`. It holds no times: the same input gives the same bytes."""
    found = cases(report)
    root = ET.Element("testsuites", {"name": _legal(report.study.title), **_counts(found)})
    for name, own in groupby(found, lambda case: case.suite):
        listed = list(own)
        suite = ET.SubElement(root, "testsuite", {"name": name, **_counts(listed)})
        for case in listed:
            _case(suite, case)
    ET.indent(root)
    ET.ElementTree(root).write(folder / NAME, encoding="utf-8", xml_declaration=True)


def _case(suite: ET.Element, case: Case) -> None:
    place = {"file": case.location.file, "line": str(case.location.line)} if case.location else {}
    named = {"classname": f"prelock.{case.suite}", "name": _legal(case.name)}
    made = ET.SubElement(suite, "testcase", {**named, **place})
    if case.outcome in CHILD:
        child = ET.SubElement(made, CHILD[case.outcome])
        child.text = _legal(case.text)
        if case.outcome is not Outcome.WARNED:
            child.set("message", _legal(case.text or "nothing to check").split("\n")[0])


def _counts(found: list[Case]) -> dict[str, str]:
    by = Counter(case.outcome for case in found)
    counts = {"failures": by[Outcome.FAILED], "errors": by[Outcome.ERROR], "skipped": by[Outcome.SKIPPED]}
    return {"tests": str(len(found)), **{name: str(count) for name, count in counts.items()}}


def _legal(text: str) -> str:
    """The text without what XML can't hold."""
    return NOT_IN_XML.sub("\ufffd", text)
