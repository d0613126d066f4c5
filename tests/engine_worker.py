"""Questions to a script that runs under the interpreter of a real engine: JSON in, JSON out."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from engine_python import engine_python

_SECONDS = 400


def asked(worker: Path, questions: Any, variable: str = "SCHEDC_SDK_PYTHON") -> Any:
    """What the worker answers; skips as `engine_python` does. The worker finds the helpers of this folder, no settings
    of the user's, and no proxy. The same questions are put only once, also where the worker fails.
    """
    answer, errors = _ran(engine_python(variable), str(worker), json.dumps(questions))
    assert answer, errors[-3000:]
    return json.loads(answer)


@cache
def _ran(python: str, worker: str, questions: str) -> tuple[str, str]:
    """What a worker wrote, nothing where it failed; and its complaints."""
    kept = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    with tempfile.TemporaryDirectory() as home:
        ours = {"HOME": home, "PYTHONPATH": str(Path(__file__).parent), "PYTHONIOENCODING": "utf-8"}
        try:
            done = subprocess.run(
                [python, "-W", "ignore", worker],
                input=questions,
                capture_output=True,
                text=True,
                encoding="utf-8",
                env={**kept, **ours, "PYTHONDONTWRITEBYTECODE": "1"},
                timeout=_SECONDS,
                check=True,
            )
        except subprocess.TimeoutExpired:
            return "", f"{worker} was not done after {_SECONDS} s"
        except subprocess.CalledProcessError as error:
            return "", str(error.stderr)
    return done.stdout, done.stderr
