"""Mistakes planted in emitters, lowerings, templates and artifacts: each must be caught before anything is written.

A fault either patches a real function while a schedule is compiled, or edits the artifact that a compile wrote.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from schedc.compile import check_artifacts, compile_schedule, read_options
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.workload import Container, Resources, SecretKey
from schedc.records import dataclass, replace
from schedc.targets import target

sys.path.insert(0, str(Path(__file__).parent / "proof"))
from proof_schedules import START, cron

RUN = Container(
    image="ghcr.io/acme/churn:1.4.0",
    command=("python", "-m", "churn.train"),
    args=("--window", "28d", "$(NOT_A_VARIABLE)"),
    env={"STAGE": "prod", "PASSWORD": SecretKey("churn-db", "password")},
    resources=Resources(requests={"cpu": "2", "memory": "4Gi"}),
    service_account="trainer",
)
PLAIN = replace(RUN, args=("--window", "28d"), env={"STAGE": "prod"}, resources=Resources(), service_account=None)
SHARED: dict[str, Any] = {
    "description": "Retrain the churn model",
    "owner": "churn-team",
    "labels": {"team": "ml"},
    "retries": 2,
    "max_active_runs": 1,
    "paused": True,
    "attempt_timeout": 600,
    "run": RUN,
}
BOUNDED = {"start": START + 6 * 86_400 + 34_200, "end": START + 90 * 86_400, "catchup": Catchup.ALL}
SCHEDULES: dict[str, Schedule] = {
    "airflow": cron(
        "30 9 * * 3", "Europe/Amsterdam", timeout=1200, **{**BOUNDED, "start": START + 6 * 86_400 + 30_600}, **SHARED
    ),
    "kubernetes": cron("30 9 1,15 * 3", "Europe/Amsterdam", timeout=1200, start_deadline=300, **SHARED),
    "kubeflow": cron("30 9 1-7 * +3", "UTC", **BOUNDED, **SHARED),
    "vertex": cron(
        "30 9 * * 3",
        "Europe/Amsterdam",
        **{k: v for k, v in SHARED.items() if k not in ("retries", "paused", "attempt_timeout")}
        | {"run": PLAIN, "start": START, "end": START + 90 * 86_400, "max_runs": 9},
    ),
}


def written(name: str, one: Schedule | None = None) -> dict[str, str]:
    sink = Sink()
    output = compile_schedule(one or SCHEDULES[name], target(name), sink)
    assert output is not None, [d.message for d in sink.found]
    return {a.path: a.text for a in output.artifacts}


def errors_of(name: str, files: Mapping[str, str]) -> int:
    one, to = SCHEDULES[name], target(name)
    options = read_options(one, to, Sink())
    assert options is not None
    sink = Sink()
    check_artifacts(one, to, options, files, sink)
    return sink.errors


@pytest.mark.parametrize("name", SCHEDULES)
def test_what_is_not_edited_is_proved(name: str) -> None:
    assert errors_of(name, written(name)) == 0


EDITS: dict[str, list[tuple[str, str, str]]] = {
    "airflow": [
        ("weekday numbered from Monday", "30 9 * * 3", "30 9 * * 2"),
        ("minutes and hours swapped", "30 9 * * 3", "9 30 * * 3"),
        ("minutes and hours swapped, both valid", "30 9 * * 3", "9 3 * * 3"),
        ("a step after a number", "30 9 * * 3", "30 9/12 * * 3"),
        ("a sixth field", "30 9 * * 3", "30 9 * * 3 0-1"),
        ("the zone of another place", 'timezone="Europe/Amsterdam"', 'timezone="Europe/London"'),
        ("the zone dropped", ', timezone="Europe/Amsterdam"', ""),
        ("catchup flipped", "catchup=True", "catchup=False"),
        ("the start a day later", "2026, 1, 7", "2026, 1, 9"),
        ("the start a day earlier", "start_date=datetime(2026, 1, 7", "start_date=datetime(2025, 12, 1"),
        ("the end a week later", "end_date=datetime(2026, 4, 1", "end_date=datetime(2026, 4, 9"),
        ("the zone of the start dropped", ", tzinfo=timezone.utc", ""),
        ("retries lost", '"retries": 2', '"retries": 0'),
        ("more active runs", "max_active_runs=1", "max_active_runs=2"),
        ("pause lost", "is_paused_upon_creation=True", "is_paused_upon_creation=False"),
        ("the owner", "churn-team", "other-team"),
        ("the description", "Retrain the churn model", "Retrain"),
        ("a label", "team=ml", "team=other"),
        ("the image's tag", "churn:1.4.0", "churn:latest"),
        ("a word of the command", '"python", "-m"', '"python"'),
        ("a key of the secret", 'key="password"', 'key="username"'),
        ("a variable", '"prod"', '"dev"'),
        ("the timeout", "seconds=1200", "seconds=120"),
        ("the timeout of a try", "seconds=600", "seconds=60"),
        ("the memory", "4Gi", "4Mi"),
        ("another timetable", "CronTriggerTimetable", "CronDataIntervalTimetable"),
        ("the service account", '"trainer"', '"default"'),
        ("the name of the DAG", 'dag_id="weekly-churn"', 'dag_id="other"'),
    ],
    "kubernetes": [
        ("a star bit", "30 9 1,15 * 3", "30 9 1,15 * *"),
        ("bounds off by one", "30 9 1,15 * 3", "30 9 1,16 * 3"),
        ("the zone dropped", "timeZone: Europe/Amsterdam", ""),
        ("the zone of UTC", "timeZone: Europe/Amsterdam", "timeZone: Etc/UTC"),
        ("the policy", "concurrencyPolicy: Forbid", "concurrencyPolicy: Allow"),
        ("the policy replaces", "concurrencyPolicy: Forbid", "concurrencyPolicy: Replace"),
        ("suspend lost", "suspend: true", "suspend: false"),
        ("the deadline", "startingDeadlineSeconds: 300", "startingDeadlineSeconds: 30"),
        ("retries lost", "backoffLimit: 2", "backoffLimit: 0"),
        ("retries left to the cluster", "backoffLimit: 2", ""),
        ("an escape lost", "$$(NOT_A_VARIABLE)", "$(NOT_A_VARIABLE)"),
        ("a key of the secret", "key: password", "key: username"),
        ("a label", "team: ml", "team: other"),
        ("the owner", "churn-team", "other-team"),
        ("the image", "churn:1.4.0", "churn:1.4.1"),
        ("restarted by the kubelet", "restartPolicy: Never", "restartPolicy: OnFailure"),
        ("the service account", "serviceAccountName: trainer", ""),
        ("a timeout", "activeDeadlineSeconds: 1200", ""),
        ("the name", "name: weekly-churn\n", "name: other\n"),
        ("the suspended Job", "      backoffLimit: 2", "      suspend: true\n      backoffLimit: 2"),
        ("more history", "failedJobsHistoryLimit: 1", "failedJobsHistoryLimit: 0"),
    ],
    "kubeflow": [
        ("seconds forgotten", '"cron": "0 ', '"cron": "'),
        ("the start inclusive", "09:29:59Z", "09:30:00Z"),
        ("the start an hour later", "09:29:59Z", "10:29:59Z"),
        ("catchup flipped", '"no_catchup": false', '"no_catchup": true'),
        ("the concurrency", '"max_concurrency": "1"', '"max_concurrency": "10"'),
        ("pause lost", "DISABLE", "ENABLE"),
        ("no mode", '"mode": "DISABLE"', '"mode": "MODE_UNSPECIFIED"'),
        ("either day", "*/31", "1"),
        ("the owner", "churn-team", "other-team"),
        ("the image in the package only", "churn:1.4.0", "churn:1.4.1"),
        ("the name", '"display_name": "weekly-churn"', '"display_name": "other"'),
    ],
    "vertex": [
        ("the zone dropped", "TZ=Europe/Amsterdam ", ""),
        ("the zone of UTC", "TZ=Europe/Amsterdam ", "TZ=UTC "),
        ("the weekday", "30 9 * * 3", "30 9 * * 4"),
        ("the number of runs", '"maxRunCount": "9"', '"maxRunCount": "10"'),
        ("the active runs", '"maxConcurrentActiveRunCount": "1"', '"maxConcurrentActiveRunCount": "2"'),
        ("the owner", "churn-team", "other-team"),
        ("a label", '"team": "ml"', '"team": "dl"'),
        ("a variable", '"prod"', '"dev"'),
        ("the name", '"displayName": "weekly-churn"', '"displayName": "other"'),
        ("the runs that start at once", '"maxConcurrentRunCount": "10"', '"maxConcurrentRunCount": "9"'),
    ],
}
CAUGHT: set[str] = set()


@pytest.mark.parametrize(
    ("name", "edit"),
    [(n, e) for n, edits in EDITS.items() for e in edits],
    ids=lambda v: v if isinstance(v, str) else v[0],
)
def test_an_edited_artifact_is_caught(name: str, edit: tuple[str, str, str]) -> None:
    what, old, new = edit
    files = written(name)
    changed = {path: text.replace(old, new) for path, text in files.items()}
    assert changed != files, f"{old!r} does not stand in the artifact"
    assert errors_of(name, changed), what
    CAUGHT.add(f"{name}: {what}")


OPEN = {name: cron("30 9 * * 3", "UTC", run=PLAIN) for name in SCHEDULES}
NOT_DECLARED = [
    ("airflow", "max_active_runs=16", "max_active_runs=17", "allows 17 active runs"),
    ("kubernetes", "  suspend: false", "  startingDeadlineSeconds: 30\n  suspend: false", "30 seconds"),
    ("kubernetes", "  suspend: false", "  startingDeadlineSeconds: 90000\n  suspend: false", "90000 seconds"),
    ("kubernetes", "concurrencyPolicy: Allow", "concurrencyPolicy: Forbid", "1 active runs"),
    ("kubeflow", '"max_concurrency": "10"', '"max_concurrency": "3"', "allows 3 active runs"),
    (
        "vertex",
        '"maxConcurrentRunCount"',
        '"maxConcurrentActiveRunCount": "2",\n  "maxConcurrentRunCount"',
        "allows 2 active runs",
    ),
]
FOUND = [
    ("kubernetes", "churn:1.4.0", "churn:9", "another image: ghcr.io/acme/churn:9", "kubernetes/weekly-churn.yaml"),
    ("airflow", '"28d"', '"29d"', "another args: ['--window', '29d']", "airflow/weekly-churn.py"),
    ("kubernetes", "name: weekly-churn\n", "name: other\n", "know it as other", "kubernetes/weekly-churn.yaml"),
    ("kubernetes", "JobsHistoryLimit: 3", "JobsHistoryLimit: 4", "limit: 4", "kubernetes/weekly-churn.yaml"),
    ("vertex", "30 9 * * 3", "30 9 * * 4", "", "vertex/weekly-churn/schedule.json"),
]


def _findings(name: str, old: str, new: str) -> list[Diagnostic]:
    files = written(name, OPEN[name])
    changed = {path: text.replace(old, new) for path, text in files.items()}
    assert changed != files
    options = read_options(OPEN[name], target(name), Sink())
    assert options is not None
    sink = Sink()
    check_artifacts(OPEN[name], target(name), options, changed, sink)
    return [d for d in sink.found if d.is_error]


@pytest.mark.parametrize(("name", "old", "new", "says"), NOT_DECLARED)
def test_a_policy_that_nobody_declared_is_caught(name: str, old: str, new: str, says: str) -> None:
    assert any(d.rule.code == "SC406" and says in d.message for d in _findings(name, old, new))


@pytest.mark.parametrize(("name", "old", "new", "says", "path"), FOUND)
def test_a_finding_names_the_file_and_what_stands_in_it(name: str, old: str, new: str, says: str, path: str) -> None:
    found = _findings(name, old, new)
    assert found
    assert says in found[0].message
    assert f"read from {path}" in found[0].notes


@dataclass(frozen=True)
class Fault:
    """A function that is replaced by one that wraps it."""

    where: str
    wrap: Callable[[Any], Any]
    target: str
    schedule: Schedule | None = None


LOWERED = cron("30 1 * * 1", "Asia/Kolkata")
PATCHES: dict[str, Fault] = {
    "emitter: an hour off": Fault(
        "schedc.targets.airflow.cron.cron_text.cron_fields",
        lambda f: lambda c: f(replace(c, hours=c.hours << 1)),
        "airflow",
    ),
    "emitter: weekdays from Monday": Fault(
        "schedc.targets.kubeflow.cron.cron_fields",
        lambda f: lambda c: f(replace(c, minutes=c.minutes >> 1)),
        "kubeflow",
    ),
    "emitter: the day rule": Fault(
        "schedc.targets.kubeflow.cron._starred", lambda f: lambda v, a, b: "1-7", "kubeflow"
    ),
    "emitter: bounds": Fault(
        "schedc.targets.vertex.body.bounds", lambda f: lambda s: (f(s)[0] + 8 * 86_400, f(s)[1]), "vertex"
    ),
    "emitter: end on a tick": Fault(
        "schedc.targets.vertex.body.bounds", lambda f: lambda s: (f(s)[0], f(s)[1] + 7 * 86_400), "vertex"
    ),
    "emitter: escapes": Fault("schedc.targets.kubernetes.pod.escape", lambda f: lambda t: t, "kubernetes"),
    "emitter: kubeflow escapes": Fault("schedc.targets.kubeflow.body.escaped", lambda f: lambda run: run, "kubeflow"),
    "emitter: policy": Fault(
        "schedc.targets.kubernetes.manifest.concurrency_policy", lambda f: lambda s: "Allow", "kubernetes"
    ),
    "emitter: deadline": Fault("schedc.targets.kubernetes.manifest.deadline", lambda f: lambda s: None, "kubernetes"),
    "emitter: concurrency": Fault("schedc.targets.kubeflow.body.max_concurrency", lambda f: lambda j: 3, "kubeflow"),
    "emitter: kubeflow times": Fault(
        "schedc.targets.kubeflow.body.utc_text", lambda f: lambda t: f(t + 86_400), "kubeflow"
    ),
    "template: the zone's line": Fault(
        "schedc.templating.render",
        lambda f: lambda n, **k: f(n, **k).replace("  timeZone: Europe/Amsterdam\n", ""),
        "kubernetes",
    ),
    "template: a line of the DAG": Fault(
        "schedc.targets.airflow.dag.render",
        lambda f: lambda n, **k: "".join(li for li in f(n, **k).splitlines(True) if "end_date" not in li),
        "airflow",
    ),
    "workload: arguments": Fault(
        "schedc.targets.kubernetes.pod._pod",
        lambda f: lambda s, r: f(s, replace(r, args=())),
        "kubernetes",
    ),
    "workload: resources": Fault(
        "schedc.targets.kubernetes.pod._pod",
        lambda f: lambda s, r: f(s, replace(r, resources=Resources())),
        "kubernetes",
    ),
    "lowering: nights": Fault(
        "schedc.lowering.fixed_offset_to_utc._moved",
        lambda f: lambda c, by: replace(f(c, by), weekdays=c.weekdays),
        "kubeflow",
        LOWERED,
    ),
    "lowering: the other way": Fault(
        "schedc.lowering.fixed_offset_to_utc._moved", lambda f: lambda c, by: f(c, -by), "kubeflow", LOWERED
    ),
    "lowering: half an hour": Fault(
        "schedc.lowering.hourly_to_utc._turned",
        lambda f: lambda m, by: f(m, 30),
        "kubeflow",
        cron("0 * * * *", "Europe/Amsterdam"),
    ),
}


@pytest.mark.parametrize("what", PATCHES)
def test_a_planted_fault_is_caught(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = PATCHES[what]
    one = fault.schedule or SCHEDULES[fault.target]
    good = written(fault.target, one)
    place, name = _place(fault.where)
    monkeypatch.setattr(place, name, fault.wrap(getattr(place, name)))
    sink = Sink()
    output = compile_schedule(one, target(fault.target), sink)
    assert output is None, {a.path: a.text for a in output.artifacts} == good
    assert any(d.rule.code.startswith("SC4") for d in sink.found if d.is_error), [d.message for d in sink.found]
    CAUGHT.add(what)


def _place(where: str) -> tuple[Any, str]:
    """The module (a function may hide it in its package) or the object that holds a name."""
    path, _, name = where.rpartition(".")
    if path in sys.modules:
        return sys.modules[path], name
    outer, _, inner = path.rpartition(".")
    return getattr(sys.modules[outer], inner), name


def test_there_are_many_faults(record_property: Callable[[str, object], None]) -> None:
    count = sum(map(len, EDITS.values())) + len(PATCHES)
    record_property("planted faults", count)
    print(f"{count} faults planted, {len(CAUGHT)} caught in this process")
    assert count >= 30
