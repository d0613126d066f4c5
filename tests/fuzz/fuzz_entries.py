"""What is fuzzed: functions that take any bytes, and raise nothing but what they document.

Each stands at a place where something from outside comes in. A fault is an exception, or a broken law of the answer.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree

from schedc.diagnostics import Diagnostic, Severity, rules
from schedc.diagnostics.render import FORMATS, render
from schedc.diagnostics.sink import Sink
from schedc.frontend.cron_expression import read_cron
from schedc.load import Selection, environment_names, load
from schedc.project import Project, environment, lints_of, read_project
from schedc.source import SourceFile, Span
from schedc.target import UnreadableArtifact
from schedc.targets import target

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "golden"


def cron(data: bytes) -> None:
    """Either a calendar or mistakes, and each mistake lies in the text."""
    text = data.decode("utf-8", "replace")
    calendar, mistakes = read_cron(text)
    assert (calendar is None) == bool(mistakes)
    for one in mistakes:
        assert 0 <= one.start <= one.end <= len(text)
        assert one.message


def yaml(data: bytes) -> None:
    """A source is read, under each of its environments, and its findings can be printed in every form."""
    path = Path("fuzz.yaml")
    selection = Selection(paths=(path.name,), cwd=Path(), instead={path: data})
    project = Project(Path())
    sink = Sink()
    load(project, selection, sink)
    environment_names(project, selection)
    check_forms(sink.found)


def toml(data: bytes) -> None:
    """A `schedc.toml` is read, with all its environments."""
    sink = Sink()
    with tempfile.TemporaryDirectory(prefix="schedc-fuzz-") as scratch:
        path = Path(scratch, "schedc.toml")
        path.write_bytes(data)
        project = read_project(path, sink)
    for name in (None, *project.environments):
        environment(project, name, sink)
        lints_of(project, name)
    check_forms(sink.found)


def writers(data: bytes) -> None:
    """Findings with any text in any place, in every form: a path, a source, a message, a note, a help."""
    path, text, message, note, help = (data.decode("utf-8", "replace").split("\0") + [""] * 5)[:5]
    file = SourceFile(path or "a.yaml", text)
    half = len(text) // 2
    severities = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    check_forms(
        [
            Diagnostic(
                rule=rules.UNREADABLE_FILE,
                severity=severity,
                message=message or "m",
                span=Span(file, half, len(text)),
                notes=(note,) if note else (),
                help=help or None,
                schedule=note or None,
                target="airflow",
            )
            for severity in severities
        ]
    )


def check_forms(found: Iterable[Diagnostic]) -> None:
    """Every form can be written and encoded, and what is JSON or XML can be read."""
    for form in FORMATS:
        text = render(list(found), form)
        text.encode("utf-8", "backslashreplace")
        if form in ("json", "sarif", "gitlab"):
            json.loads(text)
        elif form == "junit":
            ElementTree.fromstring(text)


def _reader(name: str, *paths: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        parts = data.decode("utf-8", "replace").split("\0")
        texts = (parts + [""] * len(paths))[: len(paths)]
        try:
            deployed = target(name).read(dict(zip(paths, texts, strict=True)))
        except UnreadableArtifact as error:
            if not str(error):
                raise AssertionError("a refusal without a reason") from error
        else:
            assert isinstance(deployed.name, str)

    return read


ENTRIES: dict[str, Callable[[bytes], None]] = {
    "cron": cron,
    "yaml": yaml,
    "toml": toml,
    "writers": writers,
    "airflow": _reader("airflow", "x.py"),
    "kubeflow": _reader("kubeflow", "x/recurringrun.json", "x/pipeline.yaml"),
    "kubernetes": _reader("kubernetes", "x.yaml"),
    "vertex": _reader("vertex", "x/schedule.json"),
    "terraform": _reader("vertex", "x.tf.json"),
}
"""Every entry by its name, which is also that of its folder in `corpus/`."""


def seeds(name: str) -> list[bytes]:
    """Where a search begins: what the examples say, and what they compile to."""
    examples = sorted((ROOT / "examples").glob("*.yaml"))
    if name == "yaml":
        return [path.read_bytes() for path in examples]
    if name == "toml":
        return [path.read_bytes() for path in sorted(ROOT.glob("examples/*.toml"))]
    if name == "writers":
        return [b"a.yaml\0schedules: {}\n\0it is wrong\0because\0mend it", "a,b:c%\0\tü\n\0]]>\0<&\0`|".encode()]
    if name == "cron":
        return [b"5 14 * * 3", b"*/5 0-6,L 1W * +MON#2", b"@daily", b"0 0 0 29 2 ? 2028", b"0 8 * JAN-MAR fri"]
    if name == "kubeflow":
        bodies = sorted(GOLDEN.glob("kubeflow/*/*/recurringrun.json"))
        return [one.read_bytes() + b"\0" + one.with_name("pipeline.yaml").read_bytes() for one in bodies]
    ends = {"airflow": "airflow/*/*.py", "kubernetes": "kubernetes/*/*.yaml", "vertex": "vertex/*/*/schedule.json"}
    return [path.read_bytes() for path in sorted(GOLDEN.glob(ends.get(name, "vertex/*/*.tf.json")))]
