"""Where files stand, for readers that begin elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def repository(folder: Path) -> Path:
    """The top of the git checkout that holds a folder; the folder itself where there is none."""
    here = Path(os.path.abspath(folder))
    return next((one for one in (here, *here.parents) if (one / ".git").exists()), here)


def seen_from(folder: Path, base: Callable[[str], Path]) -> Callable[[str], str]:
    """How a path is written from a folder; `base` is where the path begins."""

    def shown(path: str) -> str:
        try:
            return Path(os.path.relpath(base(path) / path, folder)).as_posix()
        except ValueError:  # another drive
            return path

    return shown
