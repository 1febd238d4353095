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


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"
