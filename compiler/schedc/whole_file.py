"""Files written whole or not at all: a finished file is renamed over the old one. Folders that go, go at once.

A process that is killed cannot clean up. What it leaves is hidden, and called `.schedc-xxxxxxxx.tmp`: a file on which
it held a lock, or a folder that was on its way out. Whoever writes there next gets the lock, sees by it that the writer
is dead, and removes the file; such a folder is always removed.
"""

from __future__ import annotations

import importlib
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

_fcntl: Any
try:
    _fcntl = importlib.import_module("fcntl")
except ImportError:  # Windows, where what a killed process leaves stays
    _fcntl = None

_TEMPORARY = re.compile(r"\.schedc-[0-9a-f]{8}\.tmp")
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def replace_file(path: Path, data: bytes, mode: int = 0o644, last: Callable[[], None] = lambda: None) -> None:
    """Rename a finished file over `path`; `last` is called right before that, and stops it by raising an error."""
    handle, temporary = _temporary(path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(temporary, mode)
            last()
            if _fcntl is None:
                file.close()  # Windows renames no open file
            os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def remove_folder(folder: Path) -> None:
    """Remove a folder of files at once: it is renamed first, and put back where nothing in it can be removed."""
    gone = folder.with_name(f".schedc-{os.urandom(4).hex()}.tmp")
    os.rename(folder, gone)
    try:
        _empty(gone)
    except OSError:
        with suppress(OSError):
            os.rename(gone, folder)
        raise


def _empty(folder: Path) -> None:
    """The first file that cannot be removed is an error; what stays after that is removed by the next run."""
    names = sorted(os.listdir(folder))
    with suppress(FileNotFoundError):  # another process removes the same
        for name in names[:1]:
            os.unlink(folder / name)
    with suppress(OSError):
        for name in names[1:]:
            os.unlink(folder / name)
        os.rmdir(folder)


def sweep(folder: Path) -> int:
    """Remove the temporary files of dead processes from a folder, and say how many there were.

    Those of living ones are locked, and stay.
    """
    try:
        with os.scandir(folder) as entries:
            found = [entry.name for entry in entries if _TEMPORARY.fullmatch(entry.name)]
    except OSError:
        return 0
    return sum(_removed_dead(folder / name) for name in found)


def _removed_dead(path: Path) -> bool:
    with suppress(OSError):  # one that cannot be opened or removed harms nobody
        if stat.S_ISDIR(os.lstat(path).st_mode):
            _empty(path)
            return True
        if _fcntl is None:
            return False
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            is_file = stat.S_ISREG(os.fstat(handle).st_mode)
            if is_file and _locked(handle, otherwise=False) and _is_called(handle, path):
                os.unlink(path)
                return True
        finally:
            os.close(handle)
    return False


def _temporary(folder: Path) -> tuple[int, Path]:
    """A new file, open and locked. One that was swept away before it was locked is given up for another."""
    while True:
        name = folder / f".schedc-{os.urandom(4).hex()}.tmp"
        try:
            handle = os.open(name, _NEW, 0o600)
        except FileExistsError:
            continue
        try:
            if _locked(handle, otherwise=True) and _is_called(handle, name):
                return handle, name
        except BaseException:
            os.close(handle)
            with suppress(OSError):
                os.unlink(name)
            raise
        os.close(handle)


def _locked(handle: int, otherwise: bool) -> bool:
    """Whether the lock was free, and is held now; `otherwise` where the file system has no locks."""
    if _fcntl is None:
        return otherwise
    try:
        _fcntl.flock(handle, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return otherwise
    return True


def _is_called(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.lstat(path), os.fstat(handle))
    except FileNotFoundError:
        return False
