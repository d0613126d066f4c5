"""Prints a digest of each thing that schedc makes, as JSON: `python same_bytes_worker.py CHECKOUT WORK`.

In `WORK` a project is made of the checkout's examples. With `SHUFFLED` in the environment folders are listed in another
order each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXAMPLES = (
    "cron_fields",
    "gpu_training",
    "nightly_inference",
    "pod_block",
    "timezones",
    "weekly_churn",
    "workload_text",
)
MISTAKES = """
schedules:
  twice: {cron_expression: "0 25 * * *", colour: red, deploy_to: [airflow, kubernetes, nowhere]}
  "Übung": {cron_expression: "0 0 L * *", overlap: replace, run: {container: {image: "a b", command: [x]}}}
  ok: {cron_expression: */30 * * * MONDAY, run: {container: {image: "a.example/x:1", command: [x]}}}
"""
COMMANDS = {
    **{f"compile {name}": ["compile", f"schedules/{name}.yaml", "--out", f"out/{name}"] for name in EXAMPLES},
    "compile dev": ["compile", "schedules/weekly_churn.yaml", "--env", "dev"],
    "check all": ["check", "--format", "json"],
    "check text": ["check", "more"],
    **{
        f"check {form}": ["check", "more", "--format", form]
        for form in ("json", "sarif", "junit", "gitlab", "markdown")
    },
    "diff text": ["diff", "schedules/cron_fields.yaml", "changed.yaml", "--from", "2027-01-01"],
    "diff json": ["diff", "schedules/cron_fields.yaml", "changed.yaml", "--from", "2027-01-01", "--format", "json"],
    "targets": ["targets", "--format", "json"],
    "matrix": ["targets", "--format", "markdown"],
    "schema": ["schema"],
    "explain": ["explain", "0 8 1-7 * MON"],
    "next": ["next", "--cron", "30 2 * * *", "--timezone", "Europe/Amsterdam", "--from", "2027-03-27"],
    "verify": ["verify", "out/weekly_churn"],
}


def shuffle() -> None:
    """Let the operating system name files in another order each time, and have another number of processors."""
    chance = random.Random(os.environ["SHUFFLED"])
    scandir, listdir = os.scandir, os.listdir

    class Shuffled:
        def __init__(self, path: Any) -> None:
            with scandir(path) as entries:
                self._found = list(entries)
            chance.shuffle(self._found)

        def __iter__(self) -> Iterator[Any]:
            return iter(self._found)

        def __next__(self) -> Any:
            if not self._found:
                raise StopIteration
            return self._found.pop()

        def __enter__(self) -> Shuffled:
            return self

        def __exit__(self, *rest: object) -> None:
            self.close()

        def close(self) -> None:
            self._found = []

    def listed(path: Any = ".") -> list[Any]:
        found = listdir(path)
        chance.shuffle(found)
        return found

    for name, value in (("scandir", Shuffled), ("listdir", listed), ("cpu_count", lambda: chance.randint(1, 128))):
        setattr(os, name, value)


def project(checkout: Path, work: Path) -> None:
    (work / "schedules").mkdir(parents=True)
    (work / "more").mkdir()
    for name in EXAMPLES:
        shutil.copy(checkout / "examples" / f"{name}.yaml", work / "schedules")
    settings = (checkout / "examples" / "schedc.toml").read_text("utf-8")
    (work / "schedc.toml").write_text(settings.replace('sources = ["."]', 'sources = ["schedules"]'), "utf-8")
    for name in ("b", "a", "c"):
        (work / "more" / f"{name}.yaml").write_text(MISTAKES.replace("ok:", f"ok-{name}:"), "utf-8")
    changed = (work / "schedules" / "cron_fields.yaml").read_text("utf-8").replace("* * *", "* * 1")
    (work / "changed.yaml").write_text(changed, "utf-8")


def digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text).hexdigest()[:20]


def commands() -> Iterator[tuple[str, str]]:
    from schedc.__main__ import main

    for name, arguments in COMMANDS.items():
        out, err = io.StringIO(), io.StringIO()
        sys.argv = ["schedc", *arguments]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main()
            except SystemExit as stop:
                code = int(stop.code or 0)
        if os.environ.get("SHOWN"):
            sys.stderr.write(f"--- {name}: {code}\n{out.getvalue()[:300]}\n{err.getvalue()[:600]}\n")
        yield name, digest(f"{code}\0{out.getvalue()}\0{err.getvalue()}")


def documents(checkout: Path) -> Iterator[tuple[str, str]]:
    sys.path.insert(0, str(checkout / "scripts"))
    import target_pages
    import write_docs
    from schedc.diagnostics import explanations

    yield "rules", digest(explanations.index())
    for name in ("schedule", "container", "step", "pipeline", "project", "defaults", *sorted(target_pages.PARTS)):
        yield f"docs {name}", digest(write_docs.PARTS[name]())


def main(checkout: Path, work: Path) -> None:
    if os.environ.get("SHUFFLED"):
        shuffle()
    project(checkout, work)
    os.chdir(work)
    found = dict(commands())
    made = (p for folder in ("out", "compiled") for p in (work / folder).rglob("*"))
    for path in sorted(p for p in made if p.is_file()):
        found[path.relative_to(work).as_posix()] = f"{digest(path.read_bytes())} {path.stat().st_mode & 0o777:o}"
    found.update(documents(checkout))
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
