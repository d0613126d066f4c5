"""kfp's local runner runs the pipeline that schedc wrote, with the parameters of its recurring run.

kfp runs lightweight Python components in a subprocess. Containers need Docker there, so that no golden pipeline runs
here: their steps are containers, and that kfp says so itself is tested too.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from engine_python import engine_python
from engine_worker import asked
from golden_files import golden, shown
from json_differences import differences, fields

pytestmark = pytest.mark.engines

_COMPILER = Path(__file__).resolve().parents[3] / "compiler"
_WORKER = Path(__file__).with_name("kubeflow_local_worker.py")
_FUNCTION = """
from pathlib import Path

from kfp import compiler, dsl

from schedc import Pipeline, Schedule


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def told(days: int, rate: float, stage: str, features: list, flags: dict, dry: bool) -> str:
    import json

    given = {"days": days, "rate": rate, "stage": stage, "features": features, "flags": flags, "dry": dry}
    return json.dumps(given)


@dsl.pipeline(name="churn")
def churn(
    days: int = 28,
    rate: float = 0.5,
    stage: str = "staging",
    features: list = ["recency"],
    flags: dict = {"fast": True},
    dry: bool = True,
) -> str:
    return told(days=days, rate=rate, stage=stage, features=features, flags=flags, dry=dry).output


compiler.Compiler().compile(churn, "churn.yaml")
"""
_SCHEDULE = "{0}_of_them = Schedule('5 14 * * 3', name='function-{0}', run=Pipeline(churn, parameters={1!r}))\n"
DEFAULTS = {"days": 28, "rate": 0.5, "stage": "staging", "features": ["recency"], "flags": {"fast": True}, "dry": True}
GIVEN: dict[str, dict[str, Any]] = {
    "all": {
        "days": -14,
        "rate": 1e-7,
        "stage": "größe \U0001f600 $(X) ${x} '\"\\\n",
        "features": ["a", 1.5, True, ["b", {}], ""],
        "flags": {"ß": {"deep": [1, 2.5]}, "": ""},
        "dry": False,
    },
    "some": {"days": 2**53, "flags": {}, "features": []},
    "none": {},
}


def _from_package(given: dict[str, Any]) -> dict[str, Any]:
    run = {"pipeline": {"package": "churn.yaml", "parameters": given}}
    return {"cron_expression": "5 14 * * 3", "run": run}


def _compiled(folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """The package and the parameters of the recurring run, by schedule: each choice, as a function and as a package."""
    schedules = "".join(_SCHEDULE.format(name, given) for name, given in GIVEN.items())
    packages = {f"package-{name}": _from_package(given) for name, given in GIVEN.items()}
    (folder / "churn.py").write_text(_FUNCTION + schedules, "utf-8")
    (folder / "packages.yaml").write_text(yaml.safe_dump({"schedules": packages}), "utf-8")
    for source in ("churn.py", "packages.yaml"):  # the first compiles the package of the second
        done = subprocess.run(
            [engine_python("SCHEDC_SDK_PYTHON"), "-m", "schedc", "compile", source, "--target", "kubeflow"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(_COMPILER), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    made = {}
    for path in sorted(folder.glob("compiled/kubeflow/*/recurringrun.json")):
        run = json.loads(path.read_text("utf-8"))
        package = path.with_name("pipeline.yaml").read_text("utf-8")
        assert yaml.safe_load(package) == run["pipeline_spec"]
        made[path.parent.name] = (package, run.get("runtime_config", {}).get("parameters", {}))
    assert made.keys() == {f"{kind}-{name}" for kind in ("function", "package") for name in GIVEN}
    return made


def _ran(packages: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    return dict(asked(_WORKER, [{"package": text, "parameters": given} for text, given in packages]))


def test_a_package_runs_with_the_parameters_of_its_run(tmp_path: Path, tell: Callable[[str], None]) -> None:
    made = _compiled(tmp_path)
    package, _ = made["function-all"]
    dropped = {key: value for key, value in GIVEN["all"].items() if key != "days"}
    answer = _ran([*made.values(), (package, dropped)])
    assert [run for run in answer["runs"] if "refused" in run] == []
    *runs, short = [json.loads(run["outputs"]["Output"]) for run in answer["runs"]]
    found = {}
    for name, run in zip(made, runs, strict=True):
        found[name] = differences(run, {**DEFAULTS, **GIVEN[name.partition("-")[2]]})
    wrong = sum(map(len, found.values()))
    count = sum(map(fields, runs))
    tell(f"kfp.local {answer['version']}: {len(runs)} pipelines run, {count} fields compared, {wrong} mismatches")
    assert not wrong, found
    assert differences(short, GIVEN["all"]) == ["$.days is 28, not -14"]


def test_kfp_runs_no_golden_pipeline_without_docker(tell: Callable[[str], None]) -> None:
    packages = golden("kubeflow", "pipeline.yaml")
    bodies = [json.loads(path.with_name("recurringrun.json").read_text("utf-8")) for path in packages]
    given = [body.get("runtime_config", {}).get("parameters", {}) for body in bodies]
    answer = _ran(list(zip((path.read_text("utf-8") for path in packages), given, strict=True)))
    said = {shown(path): run.get("refused", "") for path, run in zip(packages, answer["runs"], strict=True)}
    containers = [name for name, text in said.items() if "attempting to run a Container Component" in text]
    unread = [name for name in said if name not in containers]
    tell(
        f"kfp.local {answer['version']}: {len(said)} golden pipelines not run: their containers need Docker, and "
        f"{len(unread)} with variables kfp does not load as components"
    )
    assert len(containers) >= 20
    for name in unread:
        # kfp takes a pipeline for its component of the same name, and then its list of variables for a mapping.
        assert said[name] == "AttributeError: 'list' object has no attribute 'items'"
        (executor,) = _spec(packages, name)["deploymentSpec"]["executors"].values()
        assert executor["container"]["env"]


def _spec(packages: list[Path], name: str) -> dict[str, Any]:
    (path,) = [path for path in packages if shown(path) == name]
    return dict(next(iter(yaml.safe_load_all(path.read_text("utf-8")))))
