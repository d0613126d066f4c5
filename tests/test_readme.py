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
    text = README.read_text("utf-8")
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    commands = [hook["entry"]]
    for language, _, body in fences(text):
        data = yaml.safe_load(body) if language == "yaml" else {}
        commands += [step["run"] for step in data.get("steps", []) if step.get("run", "").startswith("schedc ")]
        used = [one for repo in data.get("repos", []) for one in repo["hooks"]]
        assert {one["id"] for one in used} <= {hook["id"]}
        commands += [shlex.join([*shlex.split(hook["entry"]), *map(str, one.get("args", []))]) for one in used]
    assert len(commands) == 5
    return commands
