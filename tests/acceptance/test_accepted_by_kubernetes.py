"""Every golden CronJob is valid, with no unknown field, in the API of each supported Kubernetes release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from golden_files import golden, shown

RELEASES = ("1.27", "1.30", "1.33", "1.35", "1.37")
"""From the first release in which `timeZone` is stable."""
CRON_JOBS = golden("kubernetes")


def _document(path: Path) -> dict[str, Any]:
    (document,) = yaml.safe_load_all(path.read_text("utf-8"))
    assert isinstance(document, dict)
    return document


def test_there_are_cron_jobs() -> None:
    assert len(CRON_JOBS) >= 20
    assert {_document(path)["kind"] for path in CRON_JOBS} == {"CronJob"}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("path", CRON_JOBS, ids=shown)
def test_a_cron_job_is_valid(path: Path, release: str) -> None:
    kubernetes_validate.validate(_document(path), release, strict=True)


@pytest.mark.engines
@pytest.mark.parametrize("release", RELEASES)
def test_all_are_valid(release: str, tell: Callable[[str], None]) -> None:
    for path in CRON_JOBS:
        kubernetes_validate.validate(_document(path), release, strict=True)
    tell(f"Kubernetes {release}, OpenAPI schema, strict: {len(CRON_JOBS)} CronJobs valid, 0 mismatches")


@pytest.mark.parametrize(
    "change", [{"timezone": "UTC"}, {"schedule": 5}, {"suspend": "no"}, {"startingDeadlineSeconds": "60"}]
)
def test_the_check_sees_what_is_wrong(change: dict[str, Any]) -> None:
    document = _document(CRON_JOBS[0])
    document["spec"] = {**document["spec"], **change}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, RELEASES[-1], strict=True)


@pytest.mark.parametrize("path", CRON_JOBS, ids=shown)
def test_no_key_stands_twice(path: Path) -> None:
    """YAML readers in Go refuse a key that stands twice, and Python's takes the last one."""
    tree = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(keys) == len(set(keys))
            nodes += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value
