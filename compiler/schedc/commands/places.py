"""Where files stand, for readers that begin elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from schedc.project import repository

__all__ = ["repository", "seen_from"]


def seen_from(folder: Path, base: Callable[[str], Path]) -> Callable[[str], str]:
    """How a path is written from a folder; `base` is where the path begins."""

    def shown(path: str) -> str:
        try:
            return Path(os.path.relpath(base(path) / path, folder)).as_posix()
        except ValueError:  # another drive
            return path

    return shown
