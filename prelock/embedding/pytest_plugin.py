"""A pytest plugin: `pytest --prelock STUDY --prelock-data DIR` makes each criterion, each check and the gate a test.

Without `--prelock` it adds three options and loads nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from prelock.reports.cases import Case


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("prelock", "checks of clinical-study data")
    group.addoption("--prelock", metavar="STUDY", help="Test the data of this prelock study.")
    group.addoption("--prelock-data", metavar="DIR", help="The folder with the study's tables.")
    group.addoption("--prelock-second-opinion", action="store_true", help="Let Great Expectations judge too.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check the data once, and add a test for each case."""
    study, data = config.getoption("prelock"), config.getoption("prelock_data")
    if study is None and data is None:
        return
    if study is None or data is None:
        raise pytest.UsageError("--prelock STUDY and --prelock-data DIR go together")
    found = _cases(study, data, config.getoption("prelock_second_opinion"))
    suites: dict[str, Suite] = {}
    for case in found:
        if case.suite not in suites:
            suites[case.suite] = Suite.from_parent(session, name=case.suite, nodeid=f"prelock::{case.suite}")
        items.append(CaseItem.from_parent(suites[case.suite], name=case.name, case=case, study=Path(study)))


def _cases(study: str, data: str, second_opinion: bool) -> list[Case]:
    from prelock import PrelockError, load
    from prelock.reports.cases import cases

    try:
        with load(study).check(data, second_opinion=second_opinion) as run:
            return cases(run.report)
    except PrelockError as error:
        raise pytest.UsageError(f"prelock: {error}") from error


class Suite(pytest.Collector):
    """The cases of one kind: criteria, checks, the gate."""

    def collect(self) -> Iterator[pytest.Item]:
        """Nothing: its items are made with it."""
        return iter(())


class NotPassedError(Exception):
    """What a case says."""


class CaseItem(pytest.Item):
    """One case as a test."""

    def __init__(self, *, case: Case, study: Path, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.case, self.study = case, study

    def runtest(self) -> None:
        """Pass, skip what had nothing to look at, or raise what the case says."""
        from prelock.reports.cases import Outcome

        if self.case.outcome is Outcome.SKIPPED:
            pytest.skip("nothing to check")
        if self.case.outcome is Outcome.WARNED:
            self.add_report_section("call", "prelock", self.case.text)
        elif self.case.outcome is not Outcome.PASSED:
            raise NotPassedError(self.case.text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None) -> str:
        """What the case says, and where its rule stands; no traceback."""
        if not isinstance(excinfo.value, NotPassedError):
            return str(super().repr_failure(excinfo))
        place = self.case.location
        return self.case.text if place is None else f"{self.study / place.file}:{place.line}: {self.case.text}"

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The line of the rule."""
        place = self.case.location
        where = self.study if place is None else self.study / place.file
        return where, None if place is None else place.line - 1, f"{self.case.suite}: {self.case.name}"
