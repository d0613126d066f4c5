"""The entry point: exit codes for what no command expects."""

from __future__ import annotations

import io
import os
import sys


def main() -> int:
    """Run the command line; 0 done, 1 findings or drift, 2 wrong usage or unreadable input."""
    from schedc.cli import run

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    raise SystemExit(main())
