"""Runs under a Python with kfp: what comes out when kfp's local runner runs a pipeline package?

Reads JSON from stdin, a list of {"package": text, "parameters": {...}}; writes to stdout for each {"outputs": {...}} or
{"refused": text}, and the release. The runner starts a subprocess in this environment: no container, no installation.
"""

# mypy: ignore-errors

import contextlib
import json
import sys
import tempfile
import warnings
from importlib.metadata import version

from kfp import components, local

warnings.simplefilter("ignore")


def ran(asked):
    loaded = components.load_component_from_text(asked["package"])
    try:
        return {"outputs": loaded(**asked["parameters"]).outputs}
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"}


def main(asked):
    with tempfile.TemporaryDirectory() as root:
        local.init(runner=local.SubprocessRunner(use_venv=False), pipeline_root=root)
        return {"version": version("kfp"), "runs": [ran(one) for one in asked]}


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        answer = main(json.load(sys.stdin))
    json.dump(answer, sys.stdout)
