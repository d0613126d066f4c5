"""Tells the sink what of a job lies outside what a cluster takes, each with its place, reason and remedy."""

from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.records import dataclass
from schedc.source import Span
from schedc.target import Job

Path = tuple[str | int, ...]

VALIDATE_BATCH = "kubernetes/kubernetes pkg/apis/batch/validation/validation.go"
VALIDATE_CORE = "kubernetes/kubernetes pkg/apis/core/validation/validation.go"
SYNTAX = "k8s.io/apimachinery pkg/util/validation/validation.go"


def minor_version(job: Job) -> int:
    """The x of the Kubernetes 1.x that is compiled for."""
    return int((job.options.get("version") or "1.33").partition(".")[2])


@dataclass(frozen=True, slots=True)
class Report:
    job: Job
    sink: Sink

    def refuse(self, path: Path, message: str, why: str, source: str, help: str) -> None:
        self.refuse_at(self.job.schedule.place(*path), message, why, source, help)

    def refuse_key(self, path: Path, key: str, message: str, why: str, source: str, help: str) -> None:
        """At the key of a mapping instead of its value."""
        mapping = self.job.schedule.node.get(*path)
        span = mapping.key_span(key) if mapping else self.job.schedule.place(*path)
        self.refuse_at(span, message, why, source, help)

    def refuse_at(self, span: Span, message: str, why: str, source: str, help: str) -> None:
        self.sink.add(rules.TARGET_LIMIT, message, span, notes=(why, f"source: {source}"), help=help)


def plain_text(report: Report, path: Path, text: str) -> None:
    if "\0" in text:
        report.refuse(
            path,
            "the text holds a zero byte",
            "a program's arguments and environment end at a zero byte",
            "execve(2)",
            "pass it encoded, for example as base64",
        )
    if is_broken(text):
        report.refuse(path, *broken(str(path[-1])))


def is_broken(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def broken(what: str) -> tuple[str, str, str, str]:
    return (
        f"{what} holds half of a surrogate pair",
        "such text cannot be written as UTF-8",
        "https://www.rfc-editor.org/rfc/rfc3629",
        "write the whole character",
    )


def shown(text: str) -> str:
    short = text if len(text) <= 60 else text[:57] + "..."
    return "'" + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in short) + "'"
