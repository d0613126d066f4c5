"""Runs the examples of the rule pages.

A fenced block whose info string holds the word `schedc` is a file of a small repository; the words after it say how it
is used: `file=NAME`, `target=A,B`, `paths=A,B` (what is compiled; else each YAML or Python file), `env=NAME` and
`data` (a file that is not a source). A block ```toml is `schedc.toml`, and may switch a lint on. A block ```diff schedc
target=T` is an edit of the artifact that the other blocks compile to; it is then read back and proved, as `schedc
verify` does. A block ```console schedc is run line by line in the folder (`schedc`, `rm` and `echo ... >> FILE`), and
only what its last line says counts.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from schedc import cli
from schedc.compile import check_artifacts, compile_schedules, read_options
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.load import Selection, load
from schedc.project import find_project, lints_of
from schedc.targets import target as find_target

_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DEFAULT_NAMES = {"yaml": "schedule.yaml", "python": "schedule.py", "toml": "schedc.toml"}


@dataclass(frozen=True)
class Example:
    """The files of one section, and how they are compiled."""

    files: dict[str, str]
    paths: tuple[str, ...]
    targets: tuple[str, ...]
    environment: str | None = None
    edits: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a test asks of a diagnostic."""

    code: str
    is_error: bool
    message: str


@dataclass
class _Gathered:
    files: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    environment: str | None = None
    edits: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


def sections(page: str) -> dict[str, str]:
    """The text below each `## ` heading."""
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    return {title.strip(): body for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def example_of(section: str) -> Example | None:
    """The example of a section's fenced blocks, or None where it has none."""
    found = _Gathered()
    for info, body in _FENCE.findall(section):
        language, *words = info.split()
        if "schedc" not in words:
            continue
        options = dict(word.split("=", 1) for word in words if "=" in word)
        found.targets += [t for t in options.get("target", "").split(",") if t]
        found.paths += [p for p in options.get("paths", "").split(",") if p]
        found.environment = options.get("env", found.environment)
        if language == "diff":
            found.edits.append(body)
            continue
        if language == "console":
            found.commands += [line.removeprefix("$ ") for line in body.splitlines()]
            continue
        name = options.get("file") or _DEFAULT_NAMES[language]
        found.files[name] = body
        if language in ("yaml", "python") and "data" not in words:
            found.sources.append(name)
    if not found.files:
        return None
    return Example(
        files=found.files,
        paths=tuple(found.paths or found.sources),
        targets=tuple(dict.fromkeys(found.targets)),
        environment=found.environment,
        edits=tuple(found.edits),
        commands=tuple(found.commands),
    )


def run_example(example: Example, folder: Path) -> list[Finding]:
    """Everything that compiling (and, with edits, verifying) an example finds, or that its last command says."""
    for name, text in example.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    if example.commands:
        with contextlib.chdir(folder):
            return [_run(line) for line in example.commands][-1]
    return [Finding(d.rule.code, d.is_error, d.message) for d in _compile(example, folder)]


def _compile(example: Example, folder: Path) -> list[Diagnostic]:
    sink = Sink()
    project = find_project(folder, sink)
    selection = Selection(paths=example.paths, cwd=folder, environment=example.environment)
    lints = lints_of(project, example.environment)
    compilation = compile_schedules(load(project, selection, sink), example.targets, sink, lints)
    for output in compilation.outputs if example.edits else ():
        target = find_target(output.target)
        edited = {a.path: _edited(a.text, example.edits) for a in output.artifacts}
        inner = sink.within(output.schedule.name, output.target)
        options = read_options(output.schedule, target, inner)
        assert options is not None
        check_artifacts(output.schedule, target, options, edited, inner)
    return sink.found


def _run(line: str) -> list[Finding]:
    """What one command of a console block says."""
    command, *words = shlex.split(line)
    if command == "rm":
        Path(words[0]).unlink()
        return []
    if command == "echo":
        text, mark, path = words
        assert mark == ">>"
        Path(path).write_text(Path(path).read_text("utf-8") + text + "\n", "utf-8")
        return []
    assert command == "schedc"
    if "--format" not in words:
        words += ["--format", "json"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        cli.run(words)
    found = json.loads(said.getvalue())["diagnostics"]
    return [Finding(d["code"], d["severity"] == "error", d["message"]) for d in found]


def _edited(text: str, edits: tuple[str, ...]) -> str:
    """The text with each run of `-` lines replaced by the `+` lines after it."""
    for edit in edits:
        old = "".join(line[1:] + "\n" for line in edit.splitlines() if line.startswith("-"))
        new = "".join(line[1:] + "\n" for line in edit.splitlines() if line.startswith("+"))
        assert old in text, f"the artifact does not hold\n{old}\n{text}"
        text = text.replace(old, new, 1)
    return text
