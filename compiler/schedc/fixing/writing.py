"""Sources written back: whole or not at all, and only where nobody else wrote meanwhile."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from schedc.output import OutputError
from schedc.whole_file import replace_file


def write_source(path: Path, read: bytes, data: bytes, root: Path) -> None:
    """Put `data` in place of a file that held `read`, keeping its mode; a link is followed inside `root` only.

    Raises `OutputError`, and then the file is as it was.
    """
    try:
        real = path.resolve(strict=True)
        is_link = real != Path(os.path.abspath(path))
        if is_link and not real.is_relative_to(root.resolve()):
            raise OutputError(f"{path} is a link that leads out of the project, and was not written")
        mode = real.stat().st_mode
        if not stat.S_ISREG(mode):
            raise OutputError(f"{path} is not a file, and was not written")
        if not os.access(real, os.W_OK):
            raise OutputError(f"{path} is read-only, and was not written")

        def check() -> None:
            if real.read_bytes() != read:
                raise OutputError(f"{path} was changed while it was checked, and was not written")

        replace_file(real, data, stat.S_IMODE(mode), check)
    except OutputError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise OutputError(f"{path} cannot be written: {reason}") from error
