"""Findings with everything in them that a format can stumble over."""

from __future__ import annotations

from schedc.diagnostics import Diagnostic, Replacement, Severity, diagnose, rules
from schedc.diagnostics.render import About, Case
from schedc.source import SourceFile, Span

HOSTILE = (
    "a\nb\r ::error::x %0A %25 | a | </details> <img src=x> ]]> \t \x00\x1b[31m \u202e \ud800 \U0001f600 :smile:"
    " @everyone #1 !2 `code` **bold** [x](http://evil.example) www.evil.example &amp; <!-- c --> $(x) \\| ${values.A}"
)
SECRET = "kR7w3Np5" + "Ys2Q8"
_TEXT = f"""schedules:
  churn:  # \U0001f600 é
    \U0001f600: "5 25 * * 3"
    catchup: yes
    env: {{DB_PASSWORD: {SECRET}, OTHER: {SECRET}}}
"""
FILE = SourceFile("naïve folder/a,b:c 100%.yaml", _TEXT)
SETTINGS = SourceFile("schedc.toml", 'sources = ["schedules"]\n')


def span(marked: str, file: SourceFile = FILE) -> Span:
    start = file.text.index(marked)
    return Span(file, start, start + len(marked))


def findings() -> list[Diagnostic]:
    """Two targets, two environments, hostile text, several lines, nothing but a message, and a secret."""
    at_cron = span("25 *")
    several = [
        diagnose(
            rules.UNSUPPORTED,
            "the target cannot do it",
            at_cron,
            notes=("a reason", "see its source"),
            help="write '5 23 * * 3'",
            replacement=Replacement(at_cron, "23 *"),
            target=target,
            schedule="churn",
        )
        for target in ("kubernetes", "airflow")
    ]
    environments = [
        Diagnostic(
            rule=rules.TARGET_CAVEAT,
            message="a limit",
            span=span("yes"),
            target="airflow",
            schedule="churn",
            environment=name,
            severity=Severity.WARNING,
        )
        for name in ("prod", "dev")
    ]
    return [
        *several,
        *environments,
        diagnose(rules.INVALID_VALUE, HOSTILE, span("yes\n    env"), notes=(HOSTILE,), help=HOSTILE, schedule=HOSTILE),
        diagnose(rules.SKIPPED_PYTHON, "one file was not run"),
        diagnose(rules.INVALID_PROJECT, "it cannot be", Span(SETTINGS, 0, 0)),
        diagnose(rules.LITERAL_SECRET, "the text looks like a secret", span(SECRET), schedule="churn"),
        diagnose(
            rules.WRONG_TYPE,
            f"'{SECRET}' is not a number",
            span("OTHER"),
            notes=(f"it is {SECRET}",),
            help=f'write "{SECRET}"',
            replacement=Replacement(span("OTHER"), f'OTHER: "{SECRET}"'),
            schedule="churn",
        ),
    ]


def _from_root(path: str) -> str:
    return f"services/{path}"


ABOUT = About(
    cases=(
        Case("churn", "airflow"),
        Case("churn", "kubernetes"),
        Case("quiet", "vertex"),
        Case("churn", "vertex", "dev"),
    ),
    settings="services/schedc.toml",
    from_root=_from_root,
)
