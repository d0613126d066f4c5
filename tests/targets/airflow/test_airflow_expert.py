"""What an expert passes on to Airflow: written, read back, and refused where schedc has a word for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow_jobs import emitted, findings, read_text, schedule
from schedc.ir.workload import Container, Elsewhere, Step, Steps
from schedc.targets.airflow import TARGET

OWN: dict[str, Any] = {
    "operator": {
        "import": "acme.ops.TrainOperator",
        "kwargs": {"model": "churn-{{ ds }}", "on_success_callback": {"ref": "acme.alerts.notify"}, "deep": [{"a": 1}]},
    }
}
OPTIONS: list[dict[str, Any]] = [
    OWN,
    {"dag_kwargs": {"params": {"window": 28, "ratio": 0.5}, "fail_fast": True, "access_control": {"ml": ["can_read"]}}},
    {"dag_kwargs": {"on_failure_callback": [{"ref": "acme.alerts.page"}, {"ref": "other.alerts.page"}]}},
    {"default_args": {"retry_delay": 60, "pool": "gpu", "on_failure_callback": {"ref": "acme.alerts.page"}}},
    {"emit": "schedule"},
    {"emit": "schedule", "dag_kwargs": {"on_failure_callback": {"ref": "acme.alerts.literal"}}, "version": "2.11"},
    {"namespace": "ml", "tags": ("a", "b"), "dag_id": "acme.churn", "startup_timeout_seconds": 600},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_what_is_passed_on_is_read_back(options: dict[str, Any], tmp_path: Path) -> None:
    one = schedule(retries=2, timeout=600, attempt_timeout=60, owner="ml", run=Container(image="x"))
    assert [d.message for d in findings(one, **options) if d.is_error] == []
    text = emitted(one, **options)
    found = read_text(text)
    for name, value in TARGET.identity(options).items():
        assert found.identity.get(name) == value, name
    assert found.workload == (Elsewhere() if TARGET.replaces_run(options) else one.run)
    behaviour = found.behaviour
    assert (behaviour.retries, behaviour.timeout, behaviour.attempt_timeout) == (2, 600, 60)
    assert found.owner == "ml"
    path = tmp_path / "dag.py"
    path.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "--quiet", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_changed_argument_is_another_identity() -> None:
    text = emitted(schedule(), **OWN)
    wanted = TARGET.identity(OWN)
    assert read_text(text).identity["kwargs"] == wanted["kwargs"]
    assert read_text(text.replace('"a": 1', '"a": 2')).identity["kwargs"] != wanted["kwargs"]
    other = text.replace("from acme.alerts import notify", "from os import system as notify")
    assert read_text(other).identity["kwargs"] != wanted["kwargs"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"dag_kwargs": {"schedule": "@daily"}}, "use cron_expression or interval_second"),
    ({"dag_kwargs": {"catchup": True}}, "use catchup"),
    ({"dag_kwargs": {"start_date": "2027-01-01"}}, "use start_time"),
    ({"dag_kwargs": {"max_active_runs": 2}}, "use max_active_runs"),
    ({"dag_kwargs": {"dag_id": "x"}}, "use targets.airflow.dag_id"),
    ({"dag_kwargs": {"default_args": {}}}, "use targets.airflow.default_args"),
    ({"dag_kwargs": {"tags": []}}, "use targets.airflow.tags or labels"),
    ({"dag_kwargs": {"render_template_as_native_obj": True}}, "literal text would not stay literal"),
    ({"default_args": {"retries": 3}}, "use retries"),
    ({"default_args": {"owner": "x"}}, "use owner"),
    ({"default_args": {"execution_timeout": 3}}, "use attempt_timeout_second"),
    ({"default_args": {"image": "x"}}, "use run.container.image"),
    ({"default_args": {"cmds": ["x"]}}, "use run.container.command"),
    ({"default_args": {"namespace": "x"}}, "use targets.airflow.namespace with operator: kubernetes"),
    ({"operator": {"import": "a.B", "kwargs": {"retries": 1}}}, "use retries"),
    ({"operator": {"import": "a.B", "kwargs": {"task_id": "x"}}}, "use run.steps"),
    ({"emit": "schedule", "operator": "bash"}, "remove operator"),
]


@pytest.mark.parametrize(("options", "help"), REFUSED)
def test_what_has_a_field_is_refused_with_its_name(options: dict[str, Any], help: str) -> None:
    errors = [d for d in findings(schedule(), **options) if d.is_error]
    assert [d.help for d in errors] == [help]


@pytest.mark.parametrize(
    "options",
    [
        {"dag_kwargs": {"a b": 1}},
        {"dag_kwargs": {"class": 1}},
        {"dag_kwargs": {"a": float("inf")}},
        {"dag_kwargs": {"a": {"ref": "no_dot"}}},
        {"dag_kwargs": {"a": {"ref": "a.b", "more": 1}}},
        {"dag_kwargs": {"a": {"ref": "a.import"}}},
        {"default_args": {"a": [{"ref": "os; import x"}]}},
    ],
)
def test_what_is_no_python_is_refused(options: dict[str, Any]) -> None:
    assert len([d for d in findings(schedule(), **options) if d.is_error]) == 1


def test_a_module_with_the_arguments_of_a_dag() -> None:
    text = emitted(schedule(attempt_timeout=60), emit="schedule")
    assert 'SCHEDULE = {\n    "dag_id": "weekly-churn",' in text
    assert '    "default_args": {"retries": 0, "execution_timeout": timedelta(seconds=60)},\n' in text
    assert "import DAG" not in text
    assert "Operator" not in text


def _steps(**after: tuple[str, ...]) -> Steps:
    return Steps(
        steps=tuple(
            Step(name=name.replace("_", "-"), container=Container(image=name), after=after[name])
            for name in sorted(after)
        )
    )


ORDERS = [
    (_steps(extract=(), train=("extract",), report=("train",)), ["extract >> train", "train >> report"]),
    (_steps(a=(), b=("a",), c=("b",)), ["a >> b >> c"]),
    (_steps(a=(), b=(), c=("b", "a"), d=("c",)), ["[b, a] >> c >> d"]),
    (_steps(a=(), b=()), []),
]


@pytest.mark.parametrize(("run", "lines"), ORDERS)
def test_the_order_of_steps_can_be_read(run: Steps, lines: list[str]) -> None:
    text = emitted(schedule(run=run))
    assert read_text(text).workload == run
    shown = [line.strip() for line in text.splitlines() if " >> " in line]
    assert shown in (lines, ["extract >> train >> report"])


@pytest.mark.parametrize("names", [("class", "dag"), ("2nd", "step-2nd"), ("k8s", "datetime"), ("a" * 63, "b" * 63)])
def test_any_name_of_a_step_is_a_variable(names: tuple[str, str], tmp_path: Path) -> None:
    first, second = names
    steps = (
        Step(name=first, container=Container(image="a")),
        Step(name=second, container=Container(image="b"), after=(first,)),
    )
    run = Steps(steps=tuple(sorted(steps, key=lambda step: step.name)))
    text = emitted(schedule(run=run))
    assert read_text(text).workload == run
    (tmp_path / "dag.py").write_text(text, "utf-8")
    for arguments in (["format", "--diff"], ["check", "--preview", "--select", "AIR002,AIR3,I,F,E4,E7,E9,W,B,PLE"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--isolated", "--quiet", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
