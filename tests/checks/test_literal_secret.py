"""What looks like a secret is refused, and what only has a telling name or only looks random is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiling import compile_files, document
from schedc.checks.literal_secret import looks_like
from schedc.diagnostics.render import render

_TOKEN = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"
_RANDOM = "hV8x2Lq9" + "Zt4W1"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("X", _TOKEN, "a GitHub token"),
        ("X", "AKIA" + "IOSFODNN7EXAMPLE", "an AWS access key"),
        ("X", "xoxb-" + "123456789012-abcdefABCDEF", "a Slack token"),
        ("X", "glpat-" + "abcdefghij0123456789", "a GitLab token"),
        ("X", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv", "a Google API key"),
        ("X", "sk-ant-" + "abcdefghijklmnopqrstuvwxyz0123456789", "an OpenAI or Anthropic key"),
        ("X", "hf_" + "abcdefghijklmnopqrstuvwxyz012345", "a Hugging Face token"),
        ("X", "-----BEGIN RSA " + "PRIVATE KEY-----", "a private key"),
        ("X", "postgres://app:" + "hunter2@db/ledger", "a URL with a password"),
        ("DB_PASSWORD", _RANDOM, "a secret: it is random, and called DB_PASSWORD"),
        ("--api-key", _RANDOM, "a secret: it is random, and called --api-key"),
        ("apiToken", "no", None),
        ("DB_PASSWORD_FILE", "/run/secrets/db", None),
        ("TOKEN_URL", "https://auth.acme.example/token", None),
        ("SECRET_NAME", "churn-db-credentials", None),
        ("PASSWORD_POLICY", "twelve characters", None),
        ("DIGEST", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", None),
        ("X", _RANDOM, None),
        ("DATABASE", "postgres://db/ledger", None),
    ],
)
def test_looks_like(name: str, text: str, kind: str | None) -> None:
    assert looks_like(name, text) == kind


def _one(env: dict[str, str]) -> dict[str, object]:
    container = {"image": "ghcr.io/acme/ledger:8.0.1", "command": ["ledger", "--token", _TOKEN], "env": env}
    return {"cron_expression": "0 4 * * *", "deploy_to": ["kubernetes"], "run": {"container": container}}


def test_a_secret_is_refused_and_never_printed(tmp_path: Path) -> None:
    result = compile_files(tmp_path, {"a.yaml": document({"ledger": _one({"DB_PASSWORD": _RANDOM})})})
    assert [d.rule.name for d in result.found if d.is_error] == ["literal-secret", "literal-secret"]
    shown = render(result.found, "text") + render(result.found, "json")
    assert _TOKEN not in shown
    assert _RANDOM not in shown
