"""ci/gitlab.yml is a configuration of GitLab, and its lines do what it says in a repository."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from review_repository import CHANGED, REFUSED, ROOT, Repository, make_repository

TEMPLATE = ROOT / "ci/gitlab.yml"


def _template() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TEMPLATE.read_text("utf-8"))
    return found


def _job(repository: Repository, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the lines of a job as a runner does: in one shell, which ends at the first that fails."""
    template = _template()
    lines = template[name]["script"]
    given = {key: one["value"] for key, one in template["variables"].items()}
    more = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.well("git rev-parse main").strip()}
    script = "\n".join(["set -eo pipefail", *lines])
    return repository.run(f"bash -c {shlex.quote(script)}", **{**given, **more, **variables})


@pytest.fixture
def changed(tmp_path: Path) -> Repository:
    found = make_repository(tmp_path, CHANGED, compiled=True)
    nothing = tmp_path / "bin/apt-get"
    nothing.write_text("#!/bin/sh\n", "utf-8")
    nothing.chmod(0o755)
    return found


def test_the_template_is_one() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(TEMPLATE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_jobs_extend_what_is_there_and_keep_what_they_write(changed: Repository) -> None:
    jobs = {name: one for name, one in _template().items() if isinstance(one, dict) and "script" in one}
    assert set(jobs) == {"schedc-check", "schedc-compile", "schedc-diff"}
    for name, job in jobs.items():
        assert job["extends"] in _template()
        done = _job(changed, name)
        assert done.returncode == 0, done.stdout
        kept = job.get("artifacts", {})
        for path in [*kept.get("paths", []), *kept.get("reports", {}).values()]:
            assert (changed.folder / path).stat().st_size > 2, path


def test_a_pipeline_of_a_merge_request_has_all_jobs() -> None:
    """A job without rules is in no such pipeline, as soon as another job makes one."""
    template = _template()
    on_merge_requests = {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}
    for name in ("schedc-check", "schedc-compile", "schedc-diff"):
        job = {**template[template[name]["extends"]], **template[name]}
        assert on_merge_requests in job["rules"], name


@pytest.mark.parametrize(("install", "code"), [("", 2), ("schedc==0.1.0", 0)])
def test_what_is_installed_is_chosen(install: str, code: int) -> None:
    """No name is looked up on a public index because nobody said what to install."""
    template = _template()
    assert template["variables"]["SCHEDC_INSTALL"]["value"] == ""
    first = template[".schedc"]["before_script"][0]
    done = subprocess.run(["bash", "-ec", first], env={"SCHEDC_INSTALL": install}, capture_output=True, check=False)
    assert done.returncode == code


def test_reports_are_written_where_something_fails(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, REFUSED)
    done = _job(repository, "schedc-check")
    assert done.returncode == 1
    (finding,) = json.loads((repository.folder / "gl-code-quality-report.json").read_text("utf-8"))
    assert (finding["check_name"], finding["location"]["lines"]["begin"]) == ("SC301", 22)
    assert "<failure" in (repository.folder / "schedc-junit.xml").read_text("utf-8")
    assert _job(repository, "schedc-compile").returncode == 1


def test_options_and_severity_reach_schedc(changed: Repository) -> None:
    assert _job(changed, "schedc-check", SCHEDC_FAIL_ON="warning").returncode == 1
    assert _job(changed, "schedc-check", SCHEDC_FAIL_ON="warning", SCHEDC_OPTIONS="--target airflow").returncode == 0
    for name in ("schedc-check", "schedc-compile", "schedc-diff"):
        assert _job(changed, name, SCHEDC_OPTIONS="--env nowhere").returncode == 2


def test_the_difference_is_the_comment(changed: Repository) -> None:
    done = _job(changed, "schedc-diff")
    text = (changed.folder / "schedc-diff.md").read_text("utf-8")
    assert done.returncode == 0
    assert text.startswith("<!-- schedc diff -->\n\n### schedc diff: 4 schedules changed")
