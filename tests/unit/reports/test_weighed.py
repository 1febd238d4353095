"""Which findings could change most, and how the page groups them. What is undecided was put there by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prelock.reports import html_page
from prelock.reports.listings import findings
from prelock.reports.report import Report
from prelock.reports.rows import Results
from prelock.reports.weighed import names_of, top, waiting

Rows = dict[str, list[dict[str, Any]]]
OPEN = ("A", "B", "C")


def finding(name: str, patient: str, decides: str, severity: str = "error", site: str = "") -> dict[str, Any]:
    return {"finding_id": name, "rule": "r", "kind": "type", "severity": severity, "grain": "record", "table": "t",
            "patient": patient, "site": site, "column": "c", "message": name, "decides": decides}  # fmt: skip


# A is undetermined by one criterion and an endpoint; B is ineligible, so what is unknown there changes nothing of it.
TABLES: Rows = {
    "findings": [
        finding("note on A", "A", "", "note"),
        finding("one endpoint", "A", "endpoint: e2", site="North"),
        finding("read but decided", "B", "eligibility: c1; eligibility: c2; endpoint: e1", site="North"),
        finding("one criterion", "A", "eligibility: c1; endpoint: e1", "warning", site="North"),
        finding("both", "A", "eligibility: c1; endpoint: e2", "warning", site="North"),
        finding("nobody's", "", ""),
        finding("small", "C", "eligibility: c1", site="South"),
    ],
    "eligibility": [
        {"patient": "A", "status": "undetermined"},
        {"patient": "B", "status": "ineligible"},
        {"patient": "C", "status": "eligible"},
    ],
    "criteria": [
        {"patient": "A", "criterion": "c1", "status": "unknown"},
        {"patient": "A", "criterion": "c2", "status": "passes"},
        {"patient": "B", "criterion": "c1", "status": "unknown"},
        {"patient": "B", "criterion": "c2", "status": "fails"},
        {"patient": "C", "criterion": "c1", "status": "passes"},
    ],
    "outcomes": [
        {"patient": "A", "endpoint": "e1", "definition": "main", "status": "not evaluable"},
        {"patient": "A", "endpoint": "e2", "definition": "main", "status": "achieved"},
        {"patient": "A", "endpoint": "e2", "definition": "rival", "status": "undetermined"},
    ],
}


def test_what_could_change_most_comes_first(make_results: Callable[..., Results]) -> None:
    rows = top(make_results(TABLES), 10)
    assert [(r["finding_id"], r["still_open"], r["reach"]) for r in rows] == [
        ("both", 2, 2),
        ("one criterion", 1, 2),
        ("one endpoint", 1, 1),
        ("read but decided", 0, 3),
        ("small", 0, 1),
        ("nobody's", 0, 0),
        ("note on A", 0, 0),
    ]
    assert [r["finding_id"] for r in top(make_results(TABLES), 2)] == ["both", "one criterion"]


def test_an_endpoint_open_by_two_definitions_is_open_once(make_results: Callable[..., Results]) -> None:
    both = [{"patient": "A", "endpoint": "e2", "definition": d, "status": "undetermined"} for d in ("main", "rival")]
    rows = {r["finding_id"]: r for r in top(make_results({**TABLES, "outcomes": both}), 10)}
    assert (rows["one endpoint"]["still_open"], rows["one endpoint"]["undecided"]) == (1, "endpoint: e2")
    assert rows["both"]["undecided"] == "eligibility: c1; endpoint: e2"
    assert rows["small"]["undecided"] is None


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["eligibility: c1"], "1 criterion undecided"),
        (["endpoint: e1", "endpoint: e2"], "2 endpoints undecided"),
        (["eligibility: c1", "eligibility: c2", "endpoint: e1"], "2 criteria and 1 endpoint undecided"),
    ],
)
def test_what_waits_is_said_in_words(names: list[str], text: str) -> None:
    assert waiting(names) == text


def test_names_that_wait_are_told_once(make_results: Callable[..., Results]) -> None:
    assert names_of(top(make_results(TABLES), 10)) == ["eligibility: c1", "endpoint: e2"]


def test_findings_are_grouped_by_site_and_patient(make_results: Callable[..., Results]) -> None:
    shown = findings(make_results(TABLES), {"findings": {"error": 4, "warning": 2, "note": 1}})
    names = [(site["name"], [patient["name"] for patient in site["patients"]]) for site in shown["sites"]]
    assert names == [("North", ["A", "B"]), ("South", ["C"]), (None, ["A", None])]
    assert (shown["total"], shown["more"], shown["by_site"]) == (7, 0, True)
    first = shown["sites"][0]["patients"][0]
    assert first["counts"] == {"error": 1, "warning": 2}
    assert first["waiting"] == "1 criterion and 1 endpoint undecided"


def test_without_sites_the_page_groups_by_patient(report: Report) -> None:
    page = html_page.text(report)
    assert "2 findings by patient" in page
    assert page.index("<strong>P5</strong> 1 error") < page.index("<strong>P3</strong> 1 warning")
