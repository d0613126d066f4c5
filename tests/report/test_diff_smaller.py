"""No change is called smaller than it is: what only an order, or an option of a target, changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from diffing import DAILY, YEAR, container, data, diff, merged, write
from schedc.cli import run

FIRST, SECOND = {"name": "migrate", "image": "a:1"}, {"name": "warm-up", "image": "a:2"}


def _airflow(**options: Any) -> dict[str, Any]:
    run = {"run": None} if options.get("emit") == "schedule" else {}
    return merged(DAILY, {"deploy_to": ["airflow"], "targets": {"airflow": options}, **run})


@pytest.mark.parametrize(
    ("old", "new", "category"),
    [
        (container(init_containers=[FIRST, SECOND]), container(init_containers=[SECOND, FIRST]), "workload"),
        (_airflow(), _airflow(emit="schedule"), "fires"),
        (_airflow(), _airflow(dag_kwargs={"max_consecutive_failed_dag_runs": 3}), "policy"),
    ],
    ids=["the order of init containers", "a DAG that is none any longer", "a DAG that pauses itself"],
)
def test_a_change_is_called_what_it_is(
    old: dict[str, Any], new: dict[str, Any], category: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for before, after in ((old, new), (new, old)):
        both = ({"one": {**({} if "deploy_to" in one else DAILY), **one}} for one in (before, after))
        (one,) = data(tmp_path, capsys, *both)["schedules"]
        assert one["category"] == category, one


def test_the_order_of_init_containers_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (merged(DAILY, container(init_containers=inits)) for inits in ([FIRST, SECOND], [SECOND, FIRST]))
    (change,) = data(tmp_path, capsys, {"one": one}, {"one": other})["schedules"]
    assert [(f["path"], f["before"], f["after"]) for f in change["fields"]] == [
        ("run.container.init_containers", "[migrate, warm-up]", "[warm-up, migrate]")
    ]


def test_what_was_not_looked_at_far_enough_fires_between_artifacts_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each minute until 2029-12-31 or until 2030-01-05: that is too far to list, and no policy."""
    for side, end in (("old", "2029-12-31T00:00:00Z"), ("new", "2030-01-05T00:00:00Z")):
        one = merged(_airflow(), {"cron_expression": "* * * * *", "end_time": end})
        config = write(tmp_path / side, {"one": one}) / "schedc.toml"
        assert run(["compile", "--config", str(config), "--out", str(tmp_path / side / "out")]) == 0
    said = diff(capsys, str(tmp_path / "old/out"), str(tmp_path / "new/out"), *YEAR)
    assert said.blocks["one"][0].split()[1] == "fires", said
    assert "no instant differs until 2028-" in said.out
