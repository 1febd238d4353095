"""The documents say what the program does: tables, columns, commands, options, and the README's own example."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click

from prelock.cli import cli
from prelock.results import TABLES

ROOT = Path(__file__).parents[2]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(name), re.DOTALL | re.MULTILINE)


def test_every_result_column_is_documented() -> None:
    outputs = text("docs/outputs.md")
    for table in TABLES.values():
        part = outputs[outputs.index(f"### `{table.name}.csv`") :].split("\n### ")[0].split("\n## ")[0]
        for column in (*table.columns, *([table.further] if table.further else [])):
            values = f" ({' / '.join(column.values)})" if column.values else ""
            assert f"| `{column.name}` | {column.cell} | {column.meaning}{values} |" in part, table.name
        assert f"A row is {table.row}." in part


def test_every_command_and_option_is_in_the_readme() -> None:
    readme = text("README.md")
    for name, command in cli.commands.items():
        assert f"`prelock {name}" in readme
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in readme, (name, parameter.opts)


def test_the_first_study_of_the_readme_gives_what_the_readme_shows(tmp_path: Path) -> None:
    [study] = blocks("README.md", "yaml")
    patients, labs = blocks("README.md", "csv")
    consoles = blocks("README.md", "console")
    for name, content in (("first/study.yaml", study), ("data/patients.csv", patients), ("data/labs.csv", labs)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")

    def prelock(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); import prelock.cli as c; c.main()",
        ]
        return subprocess.run([*command, *arguments], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)

    assert prelock("lint", "first").returncode == 0
    [shown] = [block for block in consoles if "prelock check first" in block]
    checked = prelock("check", "first", "--data", "data", "--out", "results")
    assert shown.split("--out results\n")[1].strip() in checked.stdout
    assert checked.returncode == 1
    [shown] = [block for block in consoles if "prelock explain" in block]
    explained = prelock("explain", "first", "--data", "data", "--patient", "P5", "--rule", "adult")
    assert shown.split("--rule adult\n")[1].strip() in explained.stdout
    (tmp_path / "first" / "study.yaml").write_text(study.replace("age >= 18", "agee >= 18"), encoding="utf-8")
    [shown] = blocks("README.md", "text")
    assert shown.strip() == prelock("lint", "first").stdout.strip()


def test_the_last_long_runs_of_random_studies_are_on_the_page() -> None:
    from benchmarks.generative_page import random_studies

    assert random_studies().strip() in text("docs/benchmarks.md")


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"


# What the examples of docs/language.md read and do not declare themselves.
BESIDE = {
    "tables.yaml": """
patients:
  file: patients.csv
  one row for each: patient_id
  columns: {sex: {type: code, values: [male, female]}, birth_date: date, mrn: text, centre: text, height_cm: number}
follow_up:
  file: follow_up.csv
  one row for each: patient_id
  columns: {last_contact: date, endoscopy_planned: {type: yes/no, yes: [Y], no: [N]}}
visits:
  file: visits.csv
  one row for each: visit_id
  patient without rows: none
  columns:
    patient_id: text
    visit_name: {type: code, values: [w0, w4, w12]}
    visit_number: whole number
    visit_date: date
    weight_kg: number
endoscopy:
  file: endoscopy.csv
  one row for each: [exam_id, segment, item]
  patient without rows: none
  columns:
    patient_id: text
    exam_date: date
    segment_status: {type: code, values: [explored, resected]}
    item: {type: code, values: [ulcer_size, narrowing]}
    score: {type: whole number, min: 0, max: 3}
cdai:
  file: cdai.csv
  one row for each: cdai_id
  patient without rows: none
  columns: {patient_id: text, assess_date: date, cdai_total: number, stools: number, pain: number}
  fields: {computed: 2 * stools + 5 * pain}
exposure:
  file: exposure.csv
  one row for each: dose_id
  patient without rows: none
  columns: {patient_id: text, drug: {type: code, values: [upadacitinib]}, start_date: date, end_date: date}
biologics:
  file: biologics.csv
  one row for each: bio_id
  patient without rows: none
  columns: {patient_id: text, drug: {type: code, values: [a, b]}, start_date: date, stop_date: date, stop_reason: text}
history:
  file: history.csv
  one row for each: mh_id
  columns:
    patient_id: text
    category: {type: code, values: [obstetric, past]}
    grade: number
    severe: {type: yes/no, yes: [Y], no: [N]}
adverse_events:
  file: adverse_events.csv
  one row for each: ae_id
  patient without rows: none
  columns:
    patient_id: text
    term: text
    onset_date: date
    end_date: date
    action: {type: code, values: [none, withdrawn]}
    hospitalised: {type: yes/no, yes: [Y], no: [N]}
""",
    "measures.yaml": """
CDAI: {from: cdai.cdai_total, date: assess_date, if missing: computed}
SES-CD: {from: exam.summed, date: exam_date, with: [calm]}
FC: {from: labs.result, where: test is FC, date: collected_at, unit: ug/g, unit column: unit, normal: under 60 ug/g}
LYM: {from: labs.result, where: test is LYM, date: collected_at, unit: 10^9/L, unit column: unit, normal: 1 to 3 10^9/L}
""",
    "variables.yaml": "followed: days from first_dose to last_contact\n",
}
CHANGES = (  # the examples are short: columns that they leave out, and a timepoint's further items
    ("tables.yaml", "ESR: [血沉]", "ESR: [血沉], FC: [], LYM: [], ALB: []"),
    (
        "tables.yaml",
        "    unit: unit\n",
        "    unit: unit\n    planned: {type: yes/no, yes: [Y], no: [N]}\n    lower: number\n    upper: number\n",
    ),
    ("completeness.yaml", "expect: [CDAI], expect if", "expect: [CDAI, FC, SES-CD], expect if"),
)


def test_the_examples_of_the_language_reference_are_a_study_without_problems(tmp_path: Path) -> None:
    import prelock

    sections = re.findall(r"^## (.*?\.yaml.*?)\n(.*?)(?=^## |\Z)", text("docs/language.md"), re.DOTALL | re.MULTILINE)
    files: dict[str, str] = {}
    for head, body in sections:
        for block in re.findall(r"^```yaml\n(.*?)^```$", body, re.DOTALL | re.MULTILINE):
            named = re.split(r"^# (\w+\.yaml).*\n", block, flags=re.MULTILINE)
            parts = zip(named[1::2], named[2::2], strict=True) if len(named) > 1 else [(head.split(",")[0], block)]
            files |= {name: files.get(name, "") + part for name, part in parts}
    assert len(files) == 13
    for name, old, new in CHANGES:
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    for name, content in files.items():
        (tmp_path / name).write_text(content + BESIDE.get(name, ""), encoding="utf-8")
    assert [problem.render() for problem in prelock.lint(tmp_path)] == []
