"""The program of this folder, built and ready to be asked."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from engine_go import built, with_pinned_zones

HERE = Path(__file__).parent

Ask = Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Puts questions to Kubernetes, and gives an answer for each."""
    program = built("kubernetes_go", tmp_path_factory)

    def ask(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        done = subprocess.run(
            [program, "-test.timeout=0"],
            input="".join(json.dumps(question) + "\n" for question in questions),
            capture_output=True,
            text=True,
            check=False,
            env=with_pinned_zones(),
        )
        assert done.returncode == 0, done.stderr[:4000]
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(questions)
        return answers

    return ask


@pytest.fixture(scope="session")
def release() -> str:
    """The release of Kubernetes that is asked."""
    found = re.search(
        r"^require k8s\.io/kubernetes (v\S+)|^\tk8s\.io/kubernetes (v\S+)", (HERE / "go.mod").read_text(), re.M
    )
    assert found
    return found[1] or found[2]
