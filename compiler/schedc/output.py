"""Artifacts on disk: written whole or not at all, never outside the output folder, compared byte by byte."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

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
        if not folder.is_dir():
            return {}
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in relative.parts):
                found[relative.as_posix()] = path.read_bytes()
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {_reason(error)}") from error
    return found


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
            _put(path, data)
        except OutputError as error:
            raise OutputError(str(error), written) from error
        except (OSError, ValueError) as error:
            raise OutputError(f"{path} cannot be written: {_reason(error)}", written) from error
        written += 1
    return written


def _put(path: Path, data: bytes) -> None:
    """Another process that removes orphans may take an empty folder away before the file is in it."""
    for tries_left in (2, 1, 0):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
        except FileNotFoundError:
            if not tries_left:
                raise
        else:
            return


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
            remove_folder(inner)
        else:
            for path in places:
                path.unlink()
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
    return folder.joinpath(*parts.parts)


def _check_no_link(root: Path, path: Path) -> None:
    """A link below the output folder could lead a write to anywhere."""
    current = path
    while current != root:
        if current.is_symlink():
            raise OutputError(f"{current} is a symbolic link, and nothing is written through one")
        current = current.parent
