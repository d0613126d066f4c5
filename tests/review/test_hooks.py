"""The hooks for other repositories, run by pre-commit itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hook_config import hooks, local_config
from review_repository import CHANGED, ROOT, Repository, make_repository

UNTIDY = """\
schedules:
  tidy:
    cron_expression: "0 6 * * MONDAY" # weekly
    paused: no
    deploy_to: [kubernetes]
    run: {container: {image: ghcr.io/acme/tidy:1.0.0, command: [tidy]}}
"""


def _run(repository: Repository, *chosen: str, files: str = "--all-files") -> tuple[int, str]:
    repository.write({"../hooks.yaml": local_config({name: [] for name in chosen})})
    done = repository.run(f"pre-commit run --config ../hooks.yaml {files}")
    return done.returncode, done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path, CHANGED, compiled=True)


def test_the_manifest_is_one() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert set(hooks()) == {"schedc-check", "schedc-fix", "schedc-compile"}
    assert {one["entry"] for one in hooks().values()} == {one["name"] for one in hooks().values()}


def test_hooks_pass_where_all_is_well(repository: Repository) -> None:
    code, said = _run(repository, *hooks())
    assert code == 0
    assert said.count("Passed") == 3


def test_a_file_that_was_changed_by_hand_fails_one(repository: Repository) -> None:
    path = repository.folder / "compiled/kubernetes/nightly-load.yaml"
    path.write_text(path.read_text("utf-8").replace("30 2", "30 3"), "utf-8")
    code, said = _run(repository, *hooks(), files="--files compiled/kubernetes/nightly-load.yaml")
    assert code == 1
    assert [line.split(".")[0] for line in said.splitlines() if line.endswith("Failed")] == ["schedc compile --check"]


def test_mistakes_are_mended_once(repository: Repository) -> None:
    repository.write({"schedules/tidy.yaml": UNTIDY})
    repository.well("git add --all")
    code, said = _run(repository, "schedc-fix")
    assert code == 1
    assert "files were modified by this hook" in said
    text = (repository.folder / "schedules/tidy.yaml").read_text("utf-8")
    assert text == UNTIDY.replace("MONDAY", "MON").replace("paused: no", "paused: false")
    repository.well("schedc compile && git add --all")
    assert _run(repository, *hooks())[0] == 0


def test_a_commit_that_only_removes_a_schedule_leaves_no_orphan(repository: Repository) -> None:
    repository.write({"schedules/tidy.yaml": UNTIDY})
    repository.well("schedc check --fix && schedc compile && git add --all && git commit --quiet --message tidy")
    repository.well("git rm --quiet schedules/tidy.yaml")
    code, said = _run(repository, *hooks(), files="")
    assert code == 1
    assert "compiled/kubernetes/tidy.yaml is compiled from no source" in said


def test_other_files_start_no_hook_but_the_comparison(repository: Repository) -> None:
    repository.write({"notes.txt": "a\n"})
    repository.well("git add --all")
    code, said = _run(repository, *hooks(), files="--files notes.txt")
    assert code == 0
    assert said.count("Skipped") == 2
    assert said.count("Passed") == 1


@pytest.mark.engines
def test_pre_commit_installs_them(tmp_path: Path) -> None:
    """From the last commit of this checkout, into an environment of its own, with the network."""
    repository = make_repository(tmp_path, CHANGED, compiled=True)
    (tmp_path / "bin/schedc").unlink()
    del repository.environment["PYTHONPATH"]
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HTTP", "http"))}
    repository.environment.update(kept, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*")
    revision = repository.well(f"git -C {ROOT} rev-parse HEAD").strip()
    used = [{"id": name} for name in hooks()]
    repository.write(
        {"../hooks.yaml": yaml.safe_dump({"repos": [{"repo": str(ROOT), "rev": revision, "hooks": used}]})}
    )
    done = repository.run("pre-commit run --config ../hooks.yaml --all-files")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Passed") == 3
