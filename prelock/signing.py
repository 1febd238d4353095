"""A lock signed by a person, with a key from a file that lies neither in the lock nor with its rules or data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prelock.errors import CallError
from prelock.lock.manifest import read_manifest
from prelock.lock.signing import add_signature, needs_passphrase, sign


def sign_folder(folder: Path, name: str, meaning: str, key: Path, ask: Callable[[], str]) -> None:
    """Sign the lock in a folder as `name`, meaning `author`, `reviewer` or `approver`. `ask` gives the passphrase."""
    body, digest = read_manifest(folder)
    for what, place in (("lock", folder), *((n, folder / body["run"][n]) for n in ("study", "data"))):
        if key.resolve().is_relative_to(place.resolve()):
            raise CallError(f"The key {key} lies in the folder of the {what}. A private key is kept elsewhere.")
    passphrase = ask().encode() if needs_passphrase(key) else None
    add_signature(folder, sign(digest, name, meaning, key, passphrase))
