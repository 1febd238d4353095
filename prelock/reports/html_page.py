"""The report for people: one HTML file that needs no network, from the template beside it."""

from __future__ import annotations

from pathlib import Path

from prelock.reports.report import Report
from prelock.reports.view import view

NAME = "report.html"
PAGE = Path(__file__).with_name("page")


def write(report: Report, folder: Path) -> None:
    """Write `report.html` to `folder`."""
    (folder / NAME).write_text(text(report), encoding="utf-8", newline="\n")


def text(report: Report) -> str:
    """The page; every text from the study or the data is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    loader = FileSystemLoader(PAGE, encoding="utf-8")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    css, js = (Markup((PAGE / name).read_text(encoding="utf-8")) for name in ("report.css", "report.js"))
    shown = view(report.study, report.results, report.summary)
    page = environment.get_template("report.html")
    return page.render(**shown, notices=report.notices, run=report.run, css=css, js=js) + "\n"
