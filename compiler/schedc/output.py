"""Artifacts on disk: written whole or not at all, never outside the output folder, compared byte by byte."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


class OutputError(OSError):
    """An output that cannot be written; the text says which file and why."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How the files of one target differ from what its sources compile to, as sorted relative paths."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    orphans: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.orphans)


def existing(folder: Path) -> dict[str, bytes]:
    """The files below a target's folder, by relative path with forward slashes; hidden ones are left out."""
    if not folder.is_dir():
        return {}
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in relative.parts):
            found[relative.as_posix()] = path.read_bytes()
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


def write(folder: Path, artifacts: Mapping[str, str]) -> int:
    """Write the artifacts that changed, each by renaming a finished file over the old one; how many there were.

    Raises `OutputError`.
    """
    written = 0
    for relative, text in sorted(artifacts.items()):
        path = _inside(folder, relative)
        data = text.encode("utf-8")
        try:
            if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            _check_no_link(folder, path)
            _replace(path, data)
        except OSError as error:
            if isinstance(error, OutputError):
                raise
            raise OutputError(f"{path} cannot be written: {error.strerror}") from error
        written += 1
    return written


def _inside(folder: Path, relative: str) -> Path:
    parts = PurePosixPath(relative)
    if parts.is_absolute() or ".." in parts.parts or "\\" in relative or not parts.parts:
        raise OutputError(f"the artifact path {relative!r} leads out of the output folder")
    return folder.joinpath(*parts.parts)


def _check_no_link(folder: Path, path: Path) -> None:
    """A link below the output folder could lead a write to anywhere."""
    current = path
    while current != folder:
        if current.is_symlink():
            raise OutputError(f"{current} is a symbolic link, and nothing is written through one")
        current = current.parent


def _replace(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".schedc-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
