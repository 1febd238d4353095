"""prelock among other tools: each of them is really run, on the small study with an open and with a closed gate."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from prelock.study.load import SECTIONS

Prelock = Callable[..., Any]
ROOT = Path(__file__).parents[2]
VALUES = ("19120", "1912-05-01", "P2,女")


def run(command: Sequence[str | Path], folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    return subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def spoil(place: Any) -> None:
    """A patient of 19,120 cm, and one whose date of birth can't be read, so that the age is unknown."""
    place.change("patients.csv", "1980-05-01,2024-01-10,180", "1980-05-01,2024-01-10,19120")
    place.change("tables.yaml", "plausible: 100 to 230", "max: 300, plausible: 100 to 230")
    place.change("patients.csv", "1990-02-28", "1990-02-31")


def check(prelock: Prelock, place: Any, *arguments: str) -> Any:
    return prelock("check", "study", "--data", "data", "--out", place.out, *arguments)


# ---- JUnit XML ------------------------------------------------------------------------------------------------------
def junit(place: Any) -> tuple[dict[str, str], dict[tuple[str, str], ET.Element]]:
    root = ET.parse(place.out / "junit.xml").getroot()
    cases = {(case.get("classname", ""), case.get("name", "")): case for case in root.iter("testcase")}
    assert int(root.get("tests", "")) == len(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(root.get(attribute, "")) == len(list(root.iter(tag)))
    return dict(root.attrib), cases


def test_junit_is_green_where_the_gate_is_open(prelock: Prelock, place: Any) -> None:
    assert check(prelock, place, "--format", "junit").returncode == 0
    counts, cases = junit(place)
    assert (counts["failures"], counts["errors"]) == ("0", "0")
    assert ("prelock.criteria", "adult") in cases
    assert ("prelock.checks", "patients.sex: code") in cases
    assert ("prelock.gate", "gate") in cases
    assert check(prelock, place).returncode == 0
    assert not (place.out / "junit.xml").exists(), "left over from an earlier run"


def test_junit_is_red_where_it_closes(prelock: Prelock, place: Any) -> None:
    spoil(place)
    assert check(prelock, place, "--format", "junit").returncode == 1
    _, cases = junit(place)
    red = {name for name, case in cases.items() if case.find("failure") is not None or case.find("error") is not None}
    assert red == {
        ("prelock.criteria", "adult"),
        ("prelock.checks", "patients.birth_date: type"),
        ("prelock.checks", "patients.height: range"),
        ("prelock.gate", "gate"),
    }
    failure = cases["prelock.checks", "patients.height: range"].find("failure")
    assert failure is not None
    assert failure.get("message") == "1 of 4 fail"
    assert cases["prelock.checks", "patients.height: range"].get("file") == "tables.yaml"
    warned = cases["prelock.checks", "patients.height: plausible"]
    assert [child.tag for child in warned] == ["system-out"]
    text = (place.out / "junit.xml").read_text(encoding="utf-8")
    assert not [value for value in VALUES if value in text]


def test_junit_of_a_table_that_cannot_be_read(prelock: Prelock, place: Any) -> None:
    (place.data / "labs.csv").unlink()
    assert check(prelock, place, "--format", "junit").returncode == 3
    _, cases = junit(place)
    assert [case.find("error") is not None for (suite, _), case in cases.items() if suite == "prelock.tables"] == [True]
    assert cases["prelock.checks", "labs.result: type"].find("error") is not None


def test_junit_holds_only_what_xml_can(prelock: Prelock, place: Any) -> None:
    place.change("study.yaml", "study: Six patients", 'study: "Six \\u0001 <patients> & \\uFFFE"')
    check(prelock, place, "--format", "junit")
    counts, _ = junit(place)
    assert counts["name"] == "Six \ufffd <patients> & \ufffd"


# ---- GitHub annotations ---------------------------------------------------------------------------------------------
COMMAND = re.compile(r"::(error|warning) (.*?)::(.*)")


def annotations(text: str) -> list[tuple[str, dict[str, str], str]]:
    found = [match for line in text.splitlines() if (match := COMMAND.fullmatch(line))]
    return [(m[1], dict(part.split("=", 1) for part in m[2].split(",")), m[3]) for m in found]


def test_lint_annotates_the_line_of_each_problem(prelock: Prelock, place: Any) -> None:
    assert prelock("lint", "study", "--format", "github").stdout == ""
    place.change("eligibility.yaml", "age is between 18 and 75", "agee is between 18 and 75")
    result = prelock("lint", "study", "--format", "github")
    assert result.returncode == 2
    [(level, where, text)] = annotations(result.stdout)
    assert (level, where["file"], where["line"]) == ("error", "study/eligibility.yaml", "3")
    line = (place.study / "eligibility.yaml").read_text(encoding="utf-8").splitlines()[2]
    assert line[int(where["col"]) - 1 : int(where["endColumn"]) - 1] == "agee"
    assert "%0ADid you mean `age`?" in text


def test_check_annotates_rules_and_names_no_value(prelock: Prelock, place: Any) -> None:
    spoil(place)
    result = check(prelock, place, "--format", "github")
    found = annotations(result.stdout)
    assert [where["title"] for _, where, _ in found] == [
        "gate", "adult", "patients.birth_date%3A type", "patients.height%3A range", "patients.height%3A plausible",
    ]  # fmt: skip
    assert [level for level, *_ in found] == ["error"] * 4 + ["warning"]
    place_of = {where["title"]: (where.get("file"), where.get("line")) for _, where, _ in found}
    assert place_of["adult"] == ("study/eligibility.yaml", "3")
    assert place_of["patients.height%3A range"] == ("study/tables.yaml", "8")
    assert not [value for value in VALUES for *_, text in found if value in text]


def test_annotations_leave_json_whole(prelock: Prelock, place: Any) -> None:
    spoil(place)
    result = check(prelock, place, "--format", "json", "--format", "github")
    assert json.loads(result.stdout)["gate"]["ready"] is False
    assert len(annotations(result.stderr)) == 5


# ---- the GitHub Action ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The action as GitHub checks it out: the repository at a path of its own."""
    folder = tmp_path_factory.mktemp("action") / "checkout"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "results")
    for name in ("prelock", "studies"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in ("action.yml", "setup.cfg", "setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder


class Runner:
    """As much of GitHub's runner as a composite action of bash steps needs."""

    def __init__(self, action: Path, workspace: Path, **inputs: str) -> None:
        declared = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        assert set(inputs) <= set(declared["inputs"])
        assert all(name in inputs or "default" in spec for name, spec in declared["inputs"].items())
        defaults = {name: spec["default"] for name, spec in declared["inputs"].items() if "default" in spec}
        self.known = {f"inputs.{name}": value for name, value in (defaults | inputs).items()}
        self.known["github.action_path"] = str(action)
        self.steps, self.declared_outputs = declared["runs"]["steps"], declared["outputs"]
        self.workspace = workspace
        self.files = {name: workspace / f".{name.lower()}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        assert declared["runs"]["using"] == "composite"

    def value(self, text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: self.known[match[1]], text)

    def run(self, **settings: str) -> tuple[int, str]:
        """Run the steps in order; the first that fails ends the job."""
        shown = ""
        for step in self.steps:
            if "if" in step:
                name, other = re.fullmatch(r"([\w.-]+) != '(.*)'", step["if"]).groups()  # type: ignore[union-attr]
                if self.known[name] == other:
                    continue
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], "an expression in a script lets an input run as code"
            own = {name: self.value(text) for name, text in step.get("env", {}).items()}
            files = {name: str(path) for name, path in self.files.items()}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = run(command, self.workspace, **own, **files, **settings)
            shown += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, shown
        return 0, shown

    def outputs(self) -> dict[str, str]:
        written = self.files["GITHUB_OUTPUT"]
        lines = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
        told = {f"steps.check.outputs.{name}": value for name, value in (line.split("=", 1) for line in lines)}
        return {
            name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: told.get(match[1], ""), spec["value"])
            for name, spec in self.declared_outputs.items()
        }


@pytest.fixture
def install(tmp_path: Path) -> dict[str, str]:
    """pip installs from the checkout into a folder beside it, without fetching anything."""
    target = str(tmp_path / "installed")
    return {"PIP_TARGET": target, "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": target}


@pytest.mark.slow
def test_the_action_opens_and_closes_the_gate(action: Path, place: Any, install: dict[str, str]) -> None:
    given = {"study": "study", "data": "data", "python": sys.executable}
    runner = Runner(action, place.folder, **given)
    code, shown = runner.run(**install)
    assert code == 0, shown
    assert (Path(install["PIP_TARGET"]) / "prelock" / "cli.py").is_file()
    assert runner.outputs() == {"gate": "open", "junit": "prelock-results/junit.xml"}
    assert (place.folder / "prelock-results" / "junit.xml").is_file()
    spoil(place)
    runner.files["GITHUB_OUTPUT"].unlink()
    code, shown = runner.run(**install)
    assert code == 1
    assert runner.outputs()["gate"] == "closed"
    assert "::error title=gate::" in shown
    assert "is closed" in runner.files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    place.change("eligibility.yaml", "age is", "agee is")
    runner.files["GITHUB_OUTPUT"].unlink()
    code, shown = runner.run(**install)
    assert (code, runner.outputs()["gate"]) == (2, "")
    assert "file=study/eligibility.yaml" in shown


@pytest.mark.slow
def test_the_action_without_data_checks_the_rules_alone(action: Path, place: Any, install: dict[str, str]) -> None:
    runner = Runner(action, place.folder, study="study", python=sys.executable)
    code, shown = runner.run(**install)
    assert code == 0, shown
    assert runner.outputs() == {"gate": "", "junit": ""}


# ---- pre-commit -----------------------------------------------------------------------------------------------------
@pytest.fixture
def hook() -> dict[str, Any]:
    [found] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return dict(found)


def test_the_hook_is_asked_about_every_file_of_a_study(hook: dict[str, Any]) -> None:
    for name in ("study", *SECTIONS):
        assert re.search(hook["files"], f"studies/one/{name}.yaml"), name
    assert not re.search(hook["files"], ".github/workflows/test.yaml")


def test_pre_commit_runs_the_hook(hook: dict[str, Any], place: Any) -> None:
    """pre-commit itself, on the hook as declared but for its environment, which is this one."""
    (place.folder / "bin").mkdir()
    program = place.folder / "bin" / "prelock"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m prelock "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    (place.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (place.folder / "unrelated.yaml").write_text("a: [", encoding="utf-8")
    settings = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(place.folder / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    for command in (("init", "-q"), ("add", "study", "unrelated.yaml", ".pre-commit-config.yaml")):
        assert run(["git", *command], place.folder, **settings).returncode == 0
    pre_commit = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    assert run([sys.executable, "-m", "pre_commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"],
               place.folder, **settings).returncode == 0  # fmt: skip
    passed = run(pre_commit, place.folder, **settings)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout
    place.change("measures.yaml", "unit column: unit", "unit colum: unit")
    failed = run(pre_commit, place.folder, **settings)
    assert failed.returncode == 1
    assert "measures.yaml:1:" in failed.stdout
    assert failed.stdout.count("1 problem in study") == 1, "a study is linted once, however many of its files changed"


# ---- pytest ---------------------------------------------------------------------------------------------------------
def as_tests(place: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    plugin = () if installed() else ("-p", "prelock.embedding.pytest_plugin")
    command = [sys.executable, "-m", "pytest", *plugin, "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]
    return run([*command, "--rootdir", "."], place.folder)


def installed() -> bool:
    from importlib.metadata import entry_points

    return any(point.value == "prelock.embedding.pytest_plugin" for point in entry_points(group="pytest11"))


def test_each_criterion_and_check_is_a_test(place: Any) -> None:
    passed = as_tests(place, "--prelock", "study", "--prelock-data", "data", "-v")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    for line in ("prelock::criteria::adult", "prelock::checks::patients.sex: code", "prelock::gate::gate"):
        assert re.search(rf"{line}\S* PASSED", passed.stdout), passed.stdout
    spoil(place)
    failed = as_tests(place, "--prelock", "study", "--prelock-data", "data", "-ra")
    assert failed.returncode == 1
    red = re.findall(r"^FAILED prelock::(\w+::.+?)(?: - .*)?$", failed.stdout, re.MULTILINE)
    assert red == [
        "criteria::adult",
        "checks::patients.birth_date: type",
        "checks::patients.height: range",
        "gate::gate",
    ]
    assert "study/tables.yaml:8: 1 of 4 fail" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert not [value for value in VALUES if value in failed.stdout]
    one = as_tests(place, "--prelock", "study", "--prelock-data", "data", "-k", "treated")
    assert (one.returncode, "1 passed" in one.stdout) == (0, True)


def test_the_tests_of_prelock_stand_beside_others(place: Any) -> None:
    (place.folder / "test_own.py").write_text("def test_own(): pass\n", encoding="utf-8")
    passed = as_tests(place, "--prelock", "study", "--prelock-data", "data", "-v")
    assert "test_own.py::test_own PASSED" in passed.stdout
    assert "prelock::gate::gate PASSED" in passed.stdout
    alone = as_tests(place)
    assert "1 passed" in alone.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--prelock", "study"), "go together"),
        (("--prelock", "nowhere", "--prelock-data", "data"), "there is no study folder"),
        (("--prelock", "study", "--prelock-data", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_tested_is_a_usage_error(place: Any, arguments: tuple[str, ...], said: str) -> None:
    refused = as_tests(place, *arguments)
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr + refused.stdout


def test_the_plugin_is_registered_and_loads_nothing_heavy(place: Any) -> None:
    setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    assert "pytest11 =\n    prelock = prelock.embedding.pytest_plugin" in setup
    code = (
        "import sys, pytest; pytest.main(['-q', '-p', 'prelock.embedding.pytest_plugin', '-p', 'no:cacheprovider']); "
        "print('loaded:', *sorted({'polars', 'duckdb', 'pandas', 'pandera', 'yaml', 'lark'} & set(sys.modules)))"
    )
    ran = run([sys.executable, "-c", code], place.folder, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert ran.stdout.splitlines()[-1].strip() == "loaded:", ran.stdout + ran.stderr


# ---- a Great Expectations Checkpoint --------------------------------------------------------------------------------
CHECKPOINT = """
import sys
import great_expectations as gx
import pandas as pd
from prelock.embedding.expectation import ExpectPrelockGateToBeOpen

context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("exports").add_dataframe_asset("patients")
records = asset.add_batch_definition_whole_dataframe("all")
suite = context.suites.add(gx.ExpectationSuite(name="lock"))
suite.add_expectation(ExpectPrelockGateToBeOpen(**GIVEN))
definition = context.validation_definitions.add(gx.ValidationDefinition(name="lock", data=records, suite=suite))
checkpoint = context.checkpoints.add(gx.Checkpoint(name="lock", validation_definitions=[definition]))
frame = pd.read_csv("data/patients.csv", dtype=str)
outcome = checkpoint.run(batch_parameters={"dataframe": frame})
[told] = [result for ran in outcome.run_results.values() for result in ran.results]
print("SUCCESS", outcome.success, told.result.get("observed_value"), told.exception_info["raised_exception"])
print([blocker["rule"] for blocker in told.result.get("details", {}).get("blockers", ())])
"""


def checkpoint(place: Any, **given: Any) -> list[str]:
    script = place.folder / "checkpoint.py"  # `python -c` would be ended by PySpark (see schemas/libraries.py)
    script.write_text(CHECKPOINT.replace("GIVEN", repr(given)), encoding="utf-8")
    ran = run([sys.executable, script], place.folder)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()[-2:]


def test_a_checkpoint_holds_the_gate(place: Any) -> None:
    given = {"study": "study", "data": "data", "locking": False}
    assert checkpoint(place, **given) == ["SUCCESS True open False", "[]"]
    spoil(place)
    closed = checkpoint(place, **given)
    assert closed == ["SUCCESS False closed False", "['errors', 'undetermined eligibility']"]


def test_a_checkpoint_on_the_batch_itself(place: Any) -> None:
    """A study of one table: the batch is that table."""
    for name in ("measures", "endpoints", "adverse_events", "completeness"):
        (place.study / f"{name}.yaml").unlink()
    tables = (place.study / "tables.yaml").read_text(encoding="utf-8")
    (place.study / "tables.yaml").write_text(tables[: tables.index("labs:")], encoding="utf-8")
    place.change(
        "eligibility.yaml", "exclude:\n  no_crp: {text: No CRP at baseline, rule: CRP at baseline is missing}\n", ""
    )
    assert checkpoint(place, study="study", batch_is="patients") == ["SUCCESS True open False", "[]"]
    spoil(place)
    assert checkpoint(place, study="study", batch_is="patients")[0] == "SUCCESS False closed False"


@pytest.mark.parametrize(
    "url", ["postgresql://u:s3cret@h/db", "postgres://h/db?password=s3cret", "postgresql://u:s3c@ret%zz"]
)
def test_an_expectation_holds_no_password(url: str) -> None:
    from prelock.embedding.expectation import ExpectPrelockGateToBeOpen
    from prelock.errors import CallError

    with pytest.raises(CallError, match="PGPASSWORD") as refused:
        ExpectPrelockGateToBeOpen(study="study", data=url)
    assert "s3c" not in str(refused.value)
    assert ExpectPrelockGateToBeOpen(study="study", data="postgresql://u@h/db").data == "postgresql://u@h/db"


def test_a_gate_that_cannot_be_asked_fails_the_checkpoint(place: Any) -> None:
    assert checkpoint(place, study="nowhere", data="data")[0] == "SUCCESS False None True"
    assert checkpoint(place, study="study")[0] == "SUCCESS False None True"
    (place.data / "labs.csv").unlink()
    assert checkpoint(place, study="study", data="data")[0].startswith("SUCCESS False closed")
