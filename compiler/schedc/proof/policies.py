"""Whether what an artifact says of runs is what the schedule declares; what is open must be safe."""

from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Cache, Catchup, Overlap, Schedule
from schedc.ir.workload import Container, Pipeline, Steps, Workload
from schedc.pipeline_spec import without_cache
from schedc.records import fields, replace
from schedc.target import Behaviour, Deployed

_MISSED = {
    Catchup.ALL: {"all"},
    Catchup.LATEST: {"latest"},
    Catchup.FALSE: {"latest", "none"},
    Catchup.NONE: {"none"},
    None: {"latest", "none"},
}
_LONGEST_SKIP = 60


def prove_policies(schedule: Schedule, deployed: Deployed, title: str, sink: Sink) -> None:
    """Each declared policy against the behaviour that was read back."""
    is_ = deployed.behaviour
    wrong = []
    if is_.missed not in _MISSED[schedule.catchup]:
        wrong.append(("catchup", f"makes up for {is_.missed} missed runs"))
    if not _overlap_holds(schedule, is_):
        wrong.append(("overlap", f"would {is_.busy.replace('_', ' ')} when a run is due and one is active"))
    if schedule.max_active_runs is not None and is_.limit != schedule.max_active_runs:
        wrong.append(("max_active_runs", f"allows {is_.limit or 'any number of'} active runs"))
    if schedule.start_deadline is not None and is_.start_deadline != schedule.start_deadline:
        wrong.append(("start_deadline_second", f"gives a run up after {is_.start_deadline} seconds"))
    if is_.paused != schedule.paused:
        wrong.append(("paused", "is paused" if is_.paused else "is not paused"))
    if is_.retries != schedule.retries:
        wrong.append(("retries", f"tries {is_.retries} times again"))
    if is_.timeout != schedule.timeout:
        wrong.append(("timeout_second", f"bounds a run to {is_.timeout} seconds"))
    if is_.attempt_timeout != schedule.attempt_timeout:
        wrong.append(("attempt_timeout_second", f"bounds a try to {is_.attempt_timeout} seconds"))
    if deployed.cache and schedule.cache is not Cache.AS_COMPILED:
        wrong.append(("cache", "may serve steps from the cache"))
    for field, does in wrong:
        sink.add(rules.POLICY_DIFFERS, f"{title} {does}", schedule.place(field))


def _overlap_holds(schedule: Schedule, is_: Behaviour) -> bool:
    match schedule.overlap:
        case None:
            return is_.busy != "replace" or is_.limit is None
        case Overlap.ALLOW:
            return is_.busy == "start" and is_.limit is None
        case Overlap.QUEUE:
            return is_.busy == "wait_all"
        case Overlap.REPLACE:
            return is_.busy == "replace"
        case Overlap.SKIP:
            short = is_.start_deadline is not None and (
                is_.start_deadline <= _LONGEST_SKIP or is_.start_deadline == schedule.start_deadline
            )
            return is_.busy == "skip" or (is_.busy == "wait_latest" and short)


def prove_metadata(schedule: Schedule, deployed: Deployed, title: str, sink: Sink) -> None:
    """Description, owner and labels are carried, never dropped."""
    for field, has, wants in (
        ("description", deployed.description, schedule.description),
        ("owner", deployed.owner, schedule.owner),
        ("labels", dict(deployed.labels), dict(schedule.labels)),
    ):
        if has != wants:
            message = f"{title} carries another {field}: {shown(has)}"
            sink.add(rules.METADATA_DIFFERS, message, schedule.place(field))


def prove_workload(schedule: Schedule, deployed: Deployed, title: str, sink: Sink) -> None:
    """What runs is what the schedule says, all escapes undone."""
    wanted, has = _in_order(_wanted(schedule)), _in_order(deployed.workload)
    if has != wanted:
        part = _part(wanted, has)
        found = _at(has, part)
        message = f"{title} would run another {part[-1]}" + ("" if found is None else f": {shown(found)}")
        sink.add(rules.WORKLOAD_DIFFERS, message, schedule.place(*part))


def _wanted(schedule: Schedule) -> Workload:
    """The workload, with the step cache off unless the schedule leaves it as it was compiled."""
    run = schedule.run
    if isinstance(run, Pipeline) and schedule.cache is Cache.OFF:
        return replace(run, spec=without_cache(run.spec))
    return run


def _in_order(run: Workload) -> Workload:
    """The workload with what has names, and no order that means anything, in the order of its names.

    Steps, volumes and mounts: some artifacts hold them as mappings, or by kind. What is empty says nothing.
    """
    if isinstance(run, Steps):
        steps = (replace(step, container=_with_pod(step.container)) for step in run.steps)
        return Steps(steps=tuple(sorted(steps, key=lambda step: step.name)))
    return _with_pod(run) if isinstance(run, Container) else run


def _with_pod(run: Container) -> Container:
    pod = {key: value for key, value in run.pod.items() if value not in ({}, ())}
    for key in ("volumes", "volume_mounts"):
        if key in pod:
            pod[key] = tuple(sorted(pod[key], key=lambda one: (str(one["name"]), str(one.get("mount_path")))))
    return replace(run, pod=pod)


def _part(wanted: Workload, has: Workload) -> tuple[str, ...]:
    """The first field of the workload that differs."""
    if type(wanted) is not type(has):
        return ("run",)
    kind = type(wanted).__name__.lower()
    for name in (one.name for one in fields(wanted)):
        if getattr(wanted, name) != getattr(has, name):
            return "run", kind, name
    return ("run",)


def _at(run: Workload, part: tuple[str, ...]) -> object:
    """What a workload has in a field, where that can be shown on a line."""
    value = getattr(run, part[-1], None)
    return list(value) if isinstance(value, tuple) and all(isinstance(one, str) for one in value) else value


_LONGEST = 60


def shown(value: object) -> str:
    """A value as a message shows it: at most a line of it, and `nothing` for what is not there."""
    if value is None or value == {}:
        return "nothing"
    text = value if isinstance(value, str) and value.isprintable() and value.strip() == value != "" else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
