"""Runs a command many times in forked processes, each of which meets one fault at one system call that changes a file.

    python fault_runner.py '{"folder": ..., "arguments": [...], "kind": "kill", "most": 200}'

`folder` holds `before/`, which is copied to `run-K/` for the K-th call. Prints a line of JSON for each run. The first
run that ends with its fault unmet is the last.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHANGING = ("open", "write", "replace", "rename", "fsync", "unlink", "remove", "rmdir", "mkdir", "chmod", "fchmod")
ERRORS = {"full": errno.ENOSPC, "broken": errno.EIO, "forbidden": errno.EACCES}
KILLED = 137


class Fault:
    """Counts the calls, and does at the chosen one what `kind` says; `met` is the name of that call."""

    def __init__(self, kind: str, at: int) -> None:
        self.kind, self.left, self.met = kind, at, ""

    def strikes(self, name: str) -> bool:
        if self.met:
            return False
        self.left -= 1
        if self.left >= 0:
            return False
        self.met = name
        return True

    def strike(self, path: object = None) -> None:
        if self.kind == "kill":
            os._exit(KILLED)
        elif self.kind in ERRORS:
            number = ERRORS[self.kind]
            raise OSError(number, os.strerror(number), path if isinstance(path, str | os.PathLike) else None)
        else:
            os.kill(os.getpid(), signal.SIGINT if self.kind == "interrupt" else signal.SIGTERM)


def wrapped(fault: Fault, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        reads = name == "open" and len(arguments) > 1 and not arguments[1] & (os.O_WRONLY | os.O_RDWR)
        if not reads and fault.strikes(name):
            fault.strike(arguments[0] if arguments else None)
        return real(*arguments, **named)

    return call


def install(fault: Fault) -> None:
    """Put the fault between the program and the system, half-done writes included."""
    for name in CHANGING:
        setattr(os, name, wrapped(fault, name, getattr(os, name)))

    class Raw(io.FileIO):
        def write(self, data: Any, /) -> int:
            if fault.strikes("write"):
                super().write(memoryview(data)[: len(data) // 2])
                fault.strike()
                return super().write(memoryview(data)[len(data) // 2 :]) + len(data) // 2
            return super().write(data)

    real_open = io.open

    def open_file(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if not set(mode) & set("wax+"):
            return real_open(file, mode, buffering, *rest, **named)
        if not isinstance(file, int) and fault.strikes("open"):
            fault.strike(file)
        names = ("encoding", "errors", "newline", "closefd", "opener")
        options = {**dict(zip(names, rest, strict=False)), **named}
        raw = Raw(file, mode.replace("b", "").replace("t", ""), options.get("closefd", True), options.get("opener"))
        buffered = io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        return io.TextIOWrapper(buffered, options.get("encoding"), options.get("errors"), options.get("newline"))

    for module, name in ((io, "open"), (builtins, "open"), (os, "fdopen")):
        setattr(module, name, open_file)


def one_run(folder: Path, arguments: list[str], kind: str, at: int) -> dict[str, Any]:
    """What a run did and left behind, and what the next one without a fault makes of it."""
    here = folder / f"run-{at}"
    shutil.copytree(folder / "before", here)
    fault = Fault(kind, at)
    code, met, said = forked(here, arguments, fault)
    left = tree(here)
    again, _, _ = forked(here, arguments, None)
    after = tree(here)
    shutil.rmtree(here)
    return {"at": at, "code": code, "met": met, "said": said, "left": left, "again": again, "after": after}


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


def forked(here: Path, arguments: list[str], fault: Fault | None) -> tuple[int, str, str]:
    """Exit code, the call that met the fault, and all that was printed."""
    said = here.parent / "said"
    said.write_bytes(b"")
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        tell, end = os.write, os._exit
        os.chdir(here)
        for number in (1, 2):
            os.dup2(os.open(said, os.O_WRONLY | os.O_APPEND), number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        from schedc.__main__ import main

        sys.argv = ["schedc", *arguments]
        if fault is not None:
            install(fault)
        code = 99
        try:
            code = main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            tell(write_end, (fault.met if fault else "").encode() or b"-")
            sys.stdout.flush()
            sys.stderr.flush()
            end(code)
    os.close(write_end)
    _, status = os.waitpid(child, 0)
    met = os.read(read_end, 100).decode()
    os.close(read_end)
    return os.waitstatus_to_exitcode(status), met or "killed", said.read_text("utf-8")


def warm(folder: Path, arguments: list[str]) -> None:
    """Run the command once without a fault in this process, so that the forked ones need not import and prove anew."""
    from schedc.__main__ import main

    here = folder / "warm"
    shutil.copytree(folder / "before", here)
    os.chdir(here)
    sys.argv = ["schedc", *arguments]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main()
    os.chdir(folder)
    shutil.rmtree(here)


def main(job: dict[str, Any]) -> None:
    """Runs until one meets no fault."""
    folder = Path(job["folder"])
    warm(folder, job["arguments"])
    for at in range(job["most"]):
        result = one_run(folder, job["arguments"], job["kind"], at)
        print(json.dumps(result), flush=True)
        if result["met"] == "-":
            return
    raise SystemExit(f"after {job['most']} calls there are still more")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
