"""Signatures under a manifest: Ed25519, each with a name and a meaning. The private key stays where it was.

What is signed is the canonical JSON of the manifest's digest, the name, the meaning and the time, so that none of them
can be changed afterwards. Keys are PEM or OpenSSH files, as `openssl genpkey -algorithm ed25519` and
`ssh-keygen -t ed25519` make them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prelock.durable.files import write_whole
from prelock.errors import CallError
from prelock.lock.canonical import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAME = "signatures.json"
MEANINGS = ("author", "reviewer", "approver")


class _EncryptedError(Exception):
    """The key is encrypted and no passphrase was given."""


@dataclass(frozen=True)
class Signature:
    """Who signed the manifest `manifest` (its digest), as what and when; `key` and `signature` in hexadecimal."""

    manifest: str
    name: str
    meaning: str
    at: str
    key: str
    signature: str = ""

    def signed(self) -> bytes:
        """The bytes that are signed."""
        return canonical({name: value for name, value in asdict(self).items() if name != "signature"})

    def holds(self) -> bool:
        """The key made this signature for exactly this."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.signed())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(manifest: str, name: str, meaning: str, key: Path, passphrase: bytes | None = None) -> Signature:
    """A signature with the private key in a file."""
    private = _private_key(key, passphrase)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    bare = Signature(manifest, name, meaning, at, private.public_key().public_bytes_raw().hex())
    return replace(bare, signature=private.sign(bare.signed()).hex())


def needs_passphrase(path: Path) -> bool:
    """The private key in a file is encrypted."""
    try:
        _private_key(path, None)
    except _EncryptedError:
        return True
    return False


def public_key(path: Path) -> str:
    """The public key in a PEM or OpenSSH file, in hexadecimal."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    data = _bytes(path)
    load = serialization.load_ssh_public_key if data.startswith(b"ssh-") else serialization.load_pem_public_key
    try:
        found = load(data)
    except (ValueError, TypeError) as error:
        raise CallError(f"{path} holds no public key in PEM or OpenSSH form.") from error
    if not isinstance(found, Ed25519PublicKey):
        raise CallError(f"{path} holds no Ed25519 key.")
    return found.public_bytes_raw().hex()


def read_signatures(folder: Path) -> tuple[Signature, ...] | None:
    """The signatures in a lock's folder; None where the file is not one that prelock wrote."""
    try:
        data = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return ()
    try:
        signatures = tuple(Signature(**told) for told in json.loads(data))
        return signatures if data == _text(signatures) else None
    except (ValueError, TypeError):
        return None


def add_signature(folder: Path, signature: Signature) -> None:
    """Put a signature beside those that are there."""
    there = read_signatures(folder)
    if there is None:
        raise CallError(f"{folder / NAME} was changed; nothing was signed.")
    write_whole(folder / NAME, _text((*there, signature)))


def _text(signatures: Iterable[Signature]) -> bytes:
    return canonical([asdict(signature) for signature in signatures]) + b"\n"


def _private_key(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    data = _bytes(path)
    ssh = b"OPENSSH PRIVATE KEY" in data
    load: Any = serialization.load_ssh_private_key if ssh else serialization.load_pem_private_key
    try:
        key = load(data, passphrase)
    except TypeError as error:
        if passphrase is None:
            raise _EncryptedError from error
        raise CallError(f"{path} has no passphrase.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CallError(f"{path} holds no private key, or its passphrase is another.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CallError(f"{path} holds no Ed25519 key.")
    return key


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CallError(f"The key {path} can't be read: {error.strerror}.") from error
