"""The manifest of a lock: everything that went in and came out, each by its SHA-256, and the verdict.

`manifest.json` is canonical JSON that holds the digest of its own contents. What may differ between two locks of the
same data by the same rules stands under `run`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from prelock.errors import ManifestError
from prelock.lock.canonical import canonical, digest, file_digest

NAME = "manifest.json"
FORMAT = "prelock manifest 1"


def listed(folder: Path, names: Iterable[str]) -> list[dict[str, Any]]:
    """Each file by name, with its size in bytes and its digest."""
    return [
        {"file": name, "bytes": (folder / name).stat().st_size, "sha256": file_digest(folder / name)}
        for name in sorted(names)
    ]


def files_beneath(folder: Path) -> list[str]:
    """Every file of a folder, by its path from there."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def manifest_bytes(body: Mapping[str, Any]) -> bytes:
    """The file, whole."""
    return canonical({"manifest": body, "sha256": digest(canonical(body))}) + b"\n"


def read_manifest(folder: Path) -> tuple[dict[str, Any], str]:
    """The manifest of a lock's folder and its digest. ManifestError where it was changed, or there is none."""
    path = folder / NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"There is no lock in {folder}: {NAME} can't be read ({error.strerror}).") from error
    try:
        whole = json.loads(data)
        body, told = whole["manifest"], whole["sha256"]
        intact = data == manifest_bytes(body) and body["format"] == FORMAT
    except (ValueError, KeyError, TypeError, RecursionError):
        intact = False
    if not intact:
        raise ManifestError(f"{path} was changed, or is no manifest of this version.", exit_code=1)
    return body, told
