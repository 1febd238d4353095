"""A folder of results that is there whole or not at all: filled aside, flushed, and put in place in one step."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prelock.durable.exchange import exchange
from prelock.durable.files import flush_folder, flush_tree

UNFINISHED = ".prelock-unfinished"
_SUFFIX = ".prelock"
_TRIES = 10
# What a folder that is a mount point, or a system without the call, answers to an exchange.
_NO_EXCHANGE = {errno.ENOTSUP, errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.EPERM, errno.EACCES}


def replace_folder(out: Path, ours: Collection[str], fill: Callable[[Path], None]) -> None:
    """Let `fill` write into a new folder, then put that in the place of `out`.

    What lies in `out` under other names than `ours` is kept. A process that is killed leaves the former folder or the
    new one. Where a folder can't be exchanged (a mount point, Windows) files are replaced one by one, and the file
    UNFINISHED stands among them until all are.
    """
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    _clear(out, ours)
    with _new_folder(out) as new:
        fill(new)
        flush_tree(new)
        if new.parent == out or not _put(new, out):
            _one_by_one(new, out, ours)
        else:
            _keep_others(new, out, ours)
        flush_folder(out.parent)


def _put(new: Path, out: Path) -> bool:
    """`new` stands where `out` stood; false where the system can't do that in one step."""
    if not out.exists():
        with suppress(OSError):  # another run was faster
            new.rename(out)
            return True
    shutil.copymode(out, new)
    try:
        exchange(new, out)
    except OSError as error:
        if error.errno in _NO_EXCHANGE:
            return False
        raise
    return True


def _keep_others(former: Path, out: Path, ours: Collection[str]) -> None:
    """Move what is not ours from the former folder to the one in its place."""
    for path in former.iterdir() if former.exists() else ():
        if path.name not in ours and not (out / path.name).exists():
            path.rename(out / path.name)


def _one_by_one(new: Path, out: Path, ours: Collection[str]) -> None:
    (out / UNFINISHED).touch()
    names = {path.name for path in new.iterdir()}
    for name in sorted(names):
        if (out / name).is_dir():
            shutil.rmtree(out / name)
        (new / name).replace(out / name)
    for name in set(ours) - names:
        if (out / name).is_dir():
            shutil.rmtree(out / name)
        else:
            (out / name).unlink(missing_ok=True)
    flush_folder(out)
    (out / UNFINISHED).unlink()


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out`, in it where its parent can't be written to; held while it is filled, then removed."""
    parent = out.parent if os.access(out.parent, os.W_OK) or not out.exists() else out
    new, held = _made(out, parent)
    try:
        new.chmod(0o777 & ~_mask())
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if held is not None:
            os.close(held)


def _made(out: Path, parent: Path) -> tuple[Path, int | None]:
    """A new folder and its handle. Another run may take it for one left behind before it is held: then made again."""
    for _ in range(_TRIES):
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=_SUFFIX, dir=parent))
        held = _hold(new)
        if held is not None and new.exists():
            return new, held
        if held is not None:
            os.close(held)
        shutil.rmtree(new, ignore_errors=True)
    # A system that holds no folders clears none either.
    return Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=_SUFFIX, dir=parent)), None


def _clear(out: Path, ours: Collection[str]) -> None:
    """Remove what runs that were killed left behind; what was not ours goes back to where it lay."""
    for parent in (out.parent, out):
        for left in parent.glob(f".{out.name}-*{_SUFFIX}"):
            held = _hold(left)
            if held is not None:
                if out.exists():
                    _keep_others(left, out, ours)
                shutil.rmtree(left, ignore_errors=True)
                os.close(held)


def _hold(folder: Path) -> int | None:
    """A handle that no other process holds until it is closed; None where another holds it, or can't be asked."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
