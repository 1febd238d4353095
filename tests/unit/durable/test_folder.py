"""A folder of results is the former one or the new one, whoever looks and whenever; what is not ours stays."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prelock.durable import folder as durable
from prelock.durable.files import write_whole
from prelock.durable.folder import UNFINISHED, replace_folder

OURS = ("a.csv", "b.csv", "c.csv")


def write(out: Path, text: str, names: tuple[str, ...] = OURS) -> None:
    def fill(folder: Path) -> None:
        for name in names:
            (folder / name).write_text(text, encoding="utf-8")

    replace_folder(out, OURS, fill)


def held(out: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}


def no_exchange(one: Path, other: Path) -> None:
    raise OSError(errno.EBUSY, "Device or resource busy")


@pytest.mark.parametrize("in_one_step", [True, False])
def test_new_files_take_the_place_of_the_former(
    tmp_path: Path, in_one_step: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_one_step:
        monkeypatch.setattr(durable, "exchange", no_exchange)
    out = tmp_path / "deep" / "out"
    write(out, "first")
    (out / "my notes.txt").write_text("mine", encoding="utf-8")
    (out / "my folder").mkdir()
    out.chmod(0o750)
    write(out, "second", OURS[:2])
    (out / "my folder").rmdir()
    assert held(out) == {"a.csv": "second", "b.csv": "second", "my notes.txt": "mine"}
    assert out.stat().st_mode & 0o777 == 0o750
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_an_error_while_files_are_written_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "out", "first")

    def fail(folder: Path) -> None:
        (folder / "a.csv").write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        replace_folder(tmp_path / "out", OURS, fail)
    assert held(tmp_path / "out") == dict.fromkeys(OURS, "first")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    write(tmp_path / "out", "first")
    assert (tmp_path / "out").is_symlink()
    assert held(tmp_path / "real") == dict.fromkeys(OURS, "first")


def test_what_a_killed_run_left_is_cleared_and_what_was_not_ours_comes_back(tmp_path: Path) -> None:
    write(tmp_path / "out", "second")
    left = tmp_path / ".out-abc.prelock"
    left.mkdir()
    (left / "a.csv").write_text("first", encoding="utf-8")
    (left / "my notes.txt").write_text("mine", encoding="utf-8")
    write(tmp_path / "out", "third")
    assert held(tmp_path / "out") == {**dict.fromkeys(OURS, "third"), "my notes.txt": "mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_living_run_is_filling_is_left_alone(tmp_path: Path) -> None:
    seen = []

    def fill(folder: Path) -> None:
        write(tmp_path / "out", "the other's")
        seen.append(folder.is_dir())
        (folder / "a.csv").write_text("own", encoding="utf-8")

    replace_folder(tmp_path / "out", OURS, fill)
    assert seen == [True]
    assert held(tmp_path / "out") == {"a.csv": "own"}


def test_a_run_that_can_only_write_inside_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "out", "first")
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    write(tmp_path / "out", "second", OURS[:1])
    assert held(tmp_path / "out") == {"a.csv": "second"}


def test_files_replaced_one_by_one_are_marked_until_all_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "exchange", no_exchange)
    write(tmp_path / "out", "first")
    replace, done = Path.replace, []

    def stop_after_one(self: Path, target: Path) -> Path:
        if done:
            raise KeyboardInterrupt
        done.append(target)
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "out", "second")
    assert (tmp_path / "out" / UNFINISHED).exists()
    write(tmp_path / "out", "third")
    assert held(tmp_path / "out") == dict.fromkeys(OURS, "third")


def test_a_folder_among_the_files_is_replaced_and_removed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "exchange", no_exchange)

    def fill(folder: Path) -> None:
        (folder / "pages").mkdir()
        (folder / "pages" / "index.html").write_text("page", encoding="utf-8")

    for _ in range(2):
        replace_folder(tmp_path / "out", ("pages",), fill)
        assert [path.name for path in (tmp_path / "out" / "pages").iterdir()] == ["index.html"]
    replace_folder(tmp_path / "out", ("pages",), lambda folder: None)
    assert list((tmp_path / "out").iterdir()) == []


WRITER = """
import sys
from pathlib import Path
from prelock.durable.folder import replace_folder
names = ("a.csv", "b.csv", "c.csv")
for n in range(60):
    def fill(folder):
        for name in names:
            (folder / name).write_text(sys.argv[2] + str(n))
    replace_folder(Path(sys.argv[1]), names, fill)
"""


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="folders can't be exchanged in one step here")
def test_who_looks_while_two_runs_write_never_sees_a_mixture(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "start")
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(out), name]) for name in ("one", "two")]
    looked = set()
    while any(process.poll() is None for process in running):
        handle = os.open(out, os.O_RDONLY)  # it is always there
        try:
            texts = {_read(handle, name) for name in OURS}
        except FileNotFoundError:  # the former folder, just now removed
            continue
        finally:
            os.close(handle)
            time.sleep(0.002)
        assert len(texts) == 1
        looked |= texts
    assert [process.wait() for process in running] == [0, 0]
    assert len(looked) > 2
    assert set(held(out)) == set(OURS)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def _read(folder: int, name: str) -> str:
    with open(os.open(name, os.O_RDONLY, dir_fd=folder), encoding="utf-8") as file:
        return file.read()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "seal", b"first")
    write_whole(tmp_path / "seal", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("seal", b"second")]
    with pytest.raises(TypeError):
        write_whole(tmp_path / "seal", "text")  # type: ignore[arg-type]
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("seal", b"second")]
