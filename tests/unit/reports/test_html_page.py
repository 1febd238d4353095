"""The page: self-contained, escaped, accessible, and saying first what could not be checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from prelock.reports import html_page, listings
from prelock.reports.report import Report
from prelock.reports.rows import Results
from prelock.reports.view import characteristics, definition, flow


class Page(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture
def page(report: Report) -> str:
    return html_page.text(report)


def test_nothing_is_fetched(page: str) -> None:
    for tag, attributes in Page(page).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base"), tag
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert "url(" not in page


def test_texts_of_the_study_and_the_data_are_escaped(page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page
    assert "Six patients &amp; &lt;more&gt;" in page
    assert "Adults &amp; &lt;75&gt;" in page
    assert "sex &lt;b&gt;" in page


def test_every_table_has_a_caption_and_every_header_a_scope(page: str) -> None:
    tags = Page(page).tags
    assert sum(tag == "table" for tag, _ in tags) == sum(tag == "caption" for tag, _ in tags) >= 9
    assert {attributes.get("scope") for tag, attributes in tags if tag == "th"} == {"col", "row"}
    assert ("html", {"lang": "en"}) in tags


def test_what_could_not_run_stands_before_the_results(page: str) -> None:
    assert page.index("labs.csv is not in the data folder") < page.index('id="flow"')
    assert page.index("1 finding of severity error") < page.index('id="flow"')


def test_rates_stand_side_by_side(page: str) -> None:
    text = " ".join(Page(page).texts)
    for part in ("1/2 (50.0%)", "9.5 to 90.5", "1/3 (33.3%)", "6.1 to 79.2", "STRIDE-II", "2 (66.7%)", "4/6"):
        assert part in text


def test_the_page_says_how_many_findings_it_leaves_out(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "SHOWN", 1)
    page = html_page.text(report)
    assert "The first 1 are shown; 1 more stand in findings.csv" in page
    assert "Please check sex" in page  # the error, though the warning comes first in the file
    assert "Is 17 cm right?" not in page
    assert "2 more stand in eligibility.csv" in page


def test_an_empty_run_makes_a_page(report: Report, make_results: Callable[..., Results]) -> None:
    from prelock.reports.summary import summarise

    bare = replace(report.study, criteria=(), endpoints=(), completeness=(), characteristics=(), populations={})
    results = make_results({})
    summary = summarise(bare, results, "duckdb")
    summary["gate"] = {"ready": True, "block_on": [], "allow": {}, "blockers": []}
    summary["waivers"] = {"as_of": None, "waived": {}, "ended": 0, "all": []}
    page = html_page.text(Report(bare, results, summary, report.run))
    assert "No record raised a finding" in page
    assert "0 patients" in page


def test_the_flow_shows_the_steps_at_which_somebody_leaves(report: Report) -> None:
    steps = [*report.summary["attrition"], {**report.summary["attrition"][1], "step": 3, "criterion": "nobody",
                                            "excluded": 0, "remaining": 3}]  # fmt: skip
    found = flow(report.study, {**report.summary, "attrition": steps})
    assert (found["start"], found["end"], found["quiet"]) == (6, 3, 1)
    assert [(s["text"], s["excluded"], s["undetermined"]) for s in found["steps"]] == [
        ("Adults & <75>", 1, 0),
        ("Follow-up under 12 weeks", 1, 1),
    ]


def test_table_1_in_the_words_of_its_readers(report: Report) -> None:
    male, age, location = characteristics(report.study, report.results.rows("characteristics"))
    assert (male["text"], male["figure"], male["lines"]) == ("male", "2 (66.7%)", [])
    assert (age["text"], age["figure"], age["range"]) == (
        "Age, years",
        "30.13 (29.50, 30.75); mean 30.13 (SD 1.01)",
        "29 to 31.25",
    )
    assert age["missing"] == 1
    assert [(line["label"], line["figure"]) for line in location["lines"]] == [("L1", "3 (100%)"), ("L2", "0")]


def test_a_rate_over_nobody_has_no_interval_and_no_mark() -> None:
    row = {"missing_rule": "as observed", "achieved": 0, "denominator": 0, "percent": None, "ci_low": None,
           "ci_high": None, "ci_method": "wilson"}  # fmt: skip
    rate = definition([row])["rates"]["as observed"]
    assert rate == {"share": "0/0", "interval": "", "point": None, "low": None, "high": None}


def test_waivers_are_listed_with_who_and_why(report: Report) -> None:
    page = html_page.text(report)
    assert "Waivers, as of 2025-03-01" in page
    assert "in force until 2025-12-31" in page
    assert "Confirmed &lt;by&gt; the site" in page


def test_data_that_could_not_be_read_close_the_gate(report: Report) -> None:
    gate = {**report.summary["gate"], "ready": True, "blockers": []}
    ready = replace(report, summary={**report.summary, "gate": gate})
    assert "The gate is closed." in html_page.text(ready)
    assert "Nothing stands between this data and lock" in html_page.text(replace(ready, notices=()))
