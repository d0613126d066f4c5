"""The README's files and commands, in its order in a fresh folder, give what it says that they give."""

from __future__ import annotations

import shlex
from pathlib import Path

import yaml
from page_shell import fences, follow, run, shell

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def test_the_readme_is_true(tmp_path: Path) -> None:
    here = tmp_path / "project"
    here.mkdir()
    environment = shell(tmp_path)
    assert follow(README, here, environment) >= 8
    for command in _in_ci():
        done = run(command, here, environment)
        assert (done.returncode, done.stdout) == (0, ""), command


def _in_ci() -> list[str]:
    """What the README runs in CI and in hooks of pre-commit: they pass on the repository that it has made."""
    hooks = {one["id"]: one["entry"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    inputs = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    commands = []
    for language, _, body in fences(README.read_text("utf-8")):
        data = yaml.safe_load(body) if language == "yaml" else {}
        for step in data.get("steps", []):
            if given := step.get("with"):
                assert given.keys() <= inputs.keys()
                names = {f"SCHEDC_{name.upper().replace('-', '_')}": str(value) for name, value in given.items()}
                variables = {"RUNNER_TEMP": "..", "SCHEDC_INSTALL": "none", **names}
                shown = shlex.join(f"{name}={value}" for name, value in variables.items())
                commands.append(f"env {shown} bash {shlex.quote(str(ROOT / 'ci/github/run.sh'))} >/dev/null 2>&1")
        for one in (one for repo in data.get("repos", []) for one in repo["hooks"]):
            quiet = "" if one["id"] == "schedc-compile" else " 2>/dev/null"
            commands.append(shlex.join([*shlex.split(hooks[one["id"]]), *map(str, one.get("args", []))]) + quiet)
    assert len(commands) == 6
    return commands
