"""Artifacts on disk: written whole or not at all, never outside the output folder, compared byte by byte."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from schedc.patterns import pattern
from schedc.records import dataclass
from schedc.whole_file import remove_folder, replace_file, sweep


class OutputError(OSError):
    """An output that cannot be written or read; the text says which file and why. `written` files were by then."""

    def __init__(self, message: str, written: int = 0) -> None:
        super().__init__(message)
        self.written = written


@dataclass(frozen=True, slots=True)
class Drift:
    """How the files of one target differ from what its sources compile to, as sorted relative paths."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    orphans: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.orphans)


def existing(folder: Path) -> dict[str, bytes]:
    """The files below a target's folder, by relative path with forward slashes; hidden ones are left out.

    Raises `OutputError`.
    """
    found = {}
    path = folder
    try:
        for relative in paths(folder):
            path = folder / relative
            found[relative] = path.read_bytes()
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {_reason(error)}") from error
    return found


def paths(folder: Path) -> list[str]:
    """Where the files below a target's folder are, as `existing` has them. Raises `OutputError`."""
    try:
        if not folder.is_dir():
            return []
        all_paths = [(one, one.relative_to(folder)) for one in sorted(folder.rglob("*"))]
        return [
            relative.as_posix()
            for one, relative in all_paths
            if not any(part.startswith(".") or part == "__pycache__" for part in relative.parts) and one.is_file()
        ]
    except (OSError, ValueError) as error:
        raise OutputError(f"{folder} cannot be read: {_reason(error)}") from error


def compare(folder: Path, artifacts: Mapping[str, str]) -> Drift:
    """What a compile would change."""
    on_disk = existing(folder)
    wanted = {path: text.encode("utf-8") for path, text in artifacts.items()}
    return Drift(
        missing=tuple(sorted(wanted.keys() - on_disk.keys())),
        changed=tuple(sorted(p for p in wanted.keys() & on_disk.keys() if wanted[p] != on_disk[p])),
        orphans=tuple(sorted(on_disk.keys() - wanted.keys())),
    )


def write(folder: Path, artifacts: Mapping[str, str], root: Path | None = None) -> int:
    """Write the artifacts that changed, each by renaming a finished file over the old one; how many there were.

    What a killed process left beside them is removed. `root` is the output folder that the user named, which may be a
    link; nothing below it may be one. It is `folder` itself where left out. Raises `OutputError`.
    """
    root = folder if root is None else root
    written = 0
    swept: set[Path] = set()
    for relative, text in sorted(artifacts.items()):
        path = _inside(folder, relative)
        try:
            data = text.encode("utf-8")
            _check_no_link(root, path)
            if path.parent not in swept:
                swept.add(path.parent)
                sweep(path.parent)
            if path.is_file() and path.read_bytes() == data:
                continue
            _put(root, path, data)
        except OutputError as error:
            raise OutputError(str(error), written) from error
        except (OSError, ValueError) as error:
            raise OutputError(f"{path} cannot be written: {_reason(error)}", written) from error
        written += 1
    return written


def _put(root: Path, path: Path, data: bytes) -> None:
    """Another process that removes orphans may take an empty folder away before the file is in it."""
    for tries_left in (2, 1, 0):
        try:
            root.mkdir(parents=True, exist_ok=True)
            with _held(root, path.parent, make=True) as folder:
                replace_file(folder / path.name, data)
        except FileNotFoundError:
            if not tries_left:
                raise
        else:
            return


_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def _held(root: Path, folder: Path, make: bool = False) -> Iterator[Path]:
    """A path of a folder below `root` that stays that folder, whatever is put in its place while it is used.

    Each step from `root` on is opened without following a link. Where the system has no paths for open folders (all
    but Linux), the plain path is given, and a link that is put there between the check and the write is followed.
    """
    handle = os.open(root, _OPEN & ~getattr(os, "O_NOFOLLOW", 0)) if _HOLDS else -1
    try:
        current = root
        for part in folder.relative_to(root).parts:
            current = current / part
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=handle) if _HOLDS else current.mkdir()
            if current.is_symlink():
                raise OutputError(f"{current} is a symbolic link, and nothing is written through one")
            if _HOLDS:
                inner = _opened(part, handle, current)
                os.close(handle)
                handle = inner
        yield Path(f"/proc/self/fd/{handle}") if _HOLDS else folder
    finally:
        if _HOLDS:
            os.close(handle)


def _opened(part: str, handle: int, shown: Path) -> int:
    try:
        return os.open(part, _OPEN, dir_fd=handle)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and shown.is_symlink():
            raise OutputError(f"{shown} is a symbolic link, and nothing is written through one") from None
        raise


_HOLDS = os.path.isdir("/proc/self/fd") and os.open in os.supports_dir_fd


def tidy(folder: Path, root: Path) -> None:
    """Remove what killed processes left below a target's folder, and the folders that held nothing else."""
    try:
        _check_no_link(root, folder)
    except OutputError:
        return
    for inner, _, _ in os.walk(folder, topdown=False):
        if sweep(Path(inner)):
            with suppress(OSError):
                os.rmdir(inner)


def is_own_file(folder: Path, relative: str, root: Path) -> bool:
    """Whether a path below a target's folder is a file, and neither it nor a folder on the way to it is a link."""
    path = _inside(folder, relative)
    try:
        _check_no_link(root, path)
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def remove(folder: Path, files: Mapping[str, bytes], root: Path) -> None:
    """Remove the files of one schedule that hold these bytes, and the folders below `root` that they leave empty.

    Several files go all or none: their folder, which holds nothing else, is renamed away first. Raises `OutputError`.
    """
    path = folder
    try:
        for relative, data in files.items():
            path = _inside(folder, relative)
            if not is_own_file(folder, relative, root) or path.read_bytes() != data:
                raise OutputError(f"{path} was changed meanwhile, and was not removed")
        places = [_inside(folder, relative) for relative in files]
        inner = path.parent
        if len(places) > 1 and set(inner.iterdir()) == set(places):
            path = inner
            with _held(root, inner.parent) as here:
                remove_folder(here / inner.name)
        else:
            for path in places:
                with _held(root, path.parent) as here:
                    (here / path.name).unlink()
    except OutputError:
        raise
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be removed: {_reason(error)}") from error
    for empty in path.parents:
        if empty == root:
            break
        try:
            empty.rmdir()
        except OSError:
            break


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _inside(folder: Path, relative: str) -> Path:
    parts = PurePosixPath(relative)
    if parts.is_absolute() or ".." in parts.parts or "\\" in relative or not parts.parts:
        raise OutputError(f"the artifact path {relative!r} leads out of the output folder")
    if any(_NO_FILE.search(part) for part in parts.parts):
        raise OutputError(f"the artifact path {relative!r} is not one that every system has")
    return folder.joinpath(*parts.parts)


_NO_FILE = pattern(r"[\x00-\x1f\x7f<>:\"|?*]|[. ]$|^ |^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)
"""What Windows takes for a device, a stream or another name; a checkout may be there."""


def _check_no_link(root: Path, path: Path) -> None:
    """A link below the output folder could lead a write to anywhere."""
    current = path
    while current != root:
        if current.is_symlink():
            raise OutputError(f"{current} is a symbolic link, and nothing is written through one")
        current = current.parent
