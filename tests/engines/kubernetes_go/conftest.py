"""The program of this folder, built and ready to be asked."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from engine_go import built, once_for_all_workers, with_pinned_zones

HERE = Path(__file__).parent
# Without what only a debugger needs, and hardly optimised: it is built more slowly than it is run.
LEAN = ("-gcflags=all=-N -l -dwarf=0", "-ldflags=-s -w")

Ask = Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Puts questions to Kubernetes, and gives an answer for each."""
    program = built(HERE, once_for_all_workers(tmp_path_factory), ("test", "-c", *LEAN), CGO_ENABLED="0")

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
