"""The entry point: exit codes for what no command expects, and a sentence where the machine fails."""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import suppress
from types import FrameType

_INTERRUPTED = 130
_TERMINATED = 143


def main() -> int:
    """Run the command line; 0 done, 1 findings or drift, 2 wrong usage or unreadable input."""
    try:
        _open_streams()
        before = _ask_for_an_end()
        from schedc.cli import run

        try:
            code = run(sys.argv[1:])
        except SystemExit:
            sys.stdout.flush()  # what --help prints
            raise
        finally:
            if before is not None:
                signal.signal(signal.SIGTERM, before)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _silence()
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        return _failed(error)
    return code


def _open_streams() -> None:
    """What was closed goes nowhere: a file that is opened later must not take its number and be written over."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _ask_for_an_end() -> signal.Handlers | int | None:
    """Let SIGTERM end the program as Ctrl-C does, with what it began cleaned up; None where nothing was changed."""
    try:
        if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
            return None
        signal.signal(signal.SIGTERM, _terminated)
    except ValueError:  # not the main thread
        return None
    return signal.SIG_DFL


def _terminated(number: int, frame: FrameType | None) -> None:
    raise SystemExit(_TERMINATED)


def _failed(error: OSError) -> int:
    """Say what the machine refused, as far as it can be said."""
    reason = error.strerror or str(error)
    try:
        os.getcwd()
    except OSError:
        reason = "the current folder does not exist any more"
    about = f"{error.filename}: " if error.filename is not None and os.path.exists(os.curdir) else ""
    with suppress(OSError):
        print(f"schedc: {about}{reason}", file=sys.stderr, flush=True)
    _silence()
    return 2


def _silence() -> None:
    """Let what was not written be dropped, and not be tried again when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())


if __name__ == "__main__":
    raise SystemExit(main())
