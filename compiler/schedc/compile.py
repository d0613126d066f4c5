"""Schedules in, proved artifacts or reasons out; the one module that knows every stage.

    requirements - answers -> exact lowerings -> limits -> emit -> read back -> prove

Each candidate that a target emits is read back from its own text and proved against the schedule as it was written.
What is not proved is not an artifact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schedc.capabilities import Capabilities, No, Requirement, unmet
from schedc.diagnostics import Diagnostic, instead, rules
from schedc.diagnostics.sink import Sink
from schedc.ir.canonical import digest
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Interval
from schedc.ir.words import words
from schedc.ir.workload import Elsewhere
from schedc.lints import NONE, Switched, lint_compiled, lint_schedules
from schedc.lowering import lower
from schedc.lowering.interval_to_calendar import interval_to_calendar
from schedc.node import Node
from schedc.proof import prove
from schedc.proof.policies import shown
from schedc.records import dataclass, field, replace
from schedc.shapes import INVALID, Field, Record
from schedc.target import Artifact, Deployed, Job, Target, UnreadableArtifact
from schedc.targets import known, targets
from schedc.targets import target as find_target

_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What one schedule became on one target: artifacts, and the lowerings on the way; none where it was refused."""

    schedule: Schedule
    target: str
    artifacts: tuple[Artifact, ...]
    lowerings: tuple[str, ...] = ()
    at_deploy: str | None = None
    backfills_from: int | None = None
    engine_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """Everything that one run of the compiler found out."""

    outputs: tuple[Output, ...]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def artifacts(self, target: str) -> dict[str, str]:
        """Text by path below the target's folder."""
        return {a.path: a.text for o in self.outputs if o.target == target for a in o.artifacts}


def compile_schedules(
    schedules: Iterable[Schedule], wanted: Sequence[str], sink: Sink, lints: Switched = NONE
) -> Compilation:
    """Every enabled schedule on every wanted target that it lists; then the lints that are switched on."""
    outputs: list[Output] = []
    enabled = []
    taken: dict[tuple[str, str], str] = {}
    for schedule in schedules:
        _check_targets(schedule, sink.within(schedule=schedule.name))
        if not schedule.enabled:
            continue
        enabled.append(schedule)
        for name in () if sink.is_full else wanted:
            if not lists(schedule, name):
                continue
            output = compile_schedule(schedule, find_target(name), sink.within(schedule.name, name))
            if output is None or not _is_free(output, taken, sink):
                continue
            outputs.append(output)
    lint_schedules(enabled, lints, sink)
    lint_compiled(outputs, lints, sink)
    return Compilation(outputs=tuple(_once_told(outputs, sink)), diagnostics=sink.found)


def _once_told(outputs: Iterable[Output], sink: Sink) -> Iterable[Output]:
    """What a deployment runs is said in a finding where there is one, and not beside it again."""
    told = {(d.schedule, d.target) for d in sink.found if d.rule is rules.BACKFILL_ON_DEPLOY}
    return (replace(o, at_deploy=None) if (o.schedule.name, o.target) in told else o for o in outputs)


def lists(schedule: Schedule, target: str) -> bool:
    """Whether a schedule is deployed to a target: those that it lists, or all that can schedule something."""
    if schedule.deploy_to is not None:
        return target in schedule.deploy_to
    return find_target(target).unschedulable is None


def _check_targets(schedule: Schedule, sink: Sink) -> None:
    for i, name in enumerate(schedule.deploy_to or ()):
        if not known(name):
            _unknown_target(name, schedule.place("deploy_to", i), sink)
    for name in schedule.options:
        here = schedule.node.get("targets")
        assert here is not None
        if not known(name):
            _unknown_target(name, here.key_span(name), sink)
        elif (
            schedule.deploy_to is not None and name not in schedule.deploy_to and _is_own(schedule, here.key_span(name))
        ):
            sink.add(
                rules.UNUSED_TARGET_OPTIONS,
                f"options of {name}, to which this schedule is not deployed",
                here.key_span(name),
                help=f"add {name} to deploy_to, or remove the options",
            )


def _is_own(schedule: Schedule, span: Any) -> bool:
    """Options that come from the repository's settings are for the schedules that use them."""
    return bool(span.file.path == schedule.node.span.file.path)


def _unknown_target(name: str, span: Any, sink: Sink) -> None:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), list(targets()), n=1)
    shown = ", ".join(targets())
    sink.add(
        rules.UNKNOWN_TARGET,
        f"no target is called {name!r}",
        span,
        help=f"did you mean {near[0]}?" if near else f"the targets are {shown}",
        replacement=instead(span, name, near[0], safe=name.lower() == near[0]) if near else None,
    )


def compile_schedule(schedule: Schedule, target: Target, sink: Sink) -> Output | None:
    """One schedule on one target: its first candidate that is proved, or None after the sink was told why not."""
    if target.unschedulable is not None:
        place = _deploy_place(schedule, target.name)
        sink.add(
            rules.UNSUPPORTED, f"{target.title} cannot run any schedule", place, notes=(f"it {target.unschedulable}",)
        )
        return None
    options = read_options(schedule, target, sink)
    schedule = for_target(schedule, target, options or {})
    if isinstance(schedule.run, Elsewhere) and not target.replaces_run(options or {}):
        message = f"the schedule {schedule.name} has no run, which {target.title} needs"
        help = "say what it runs, for example run: {container: {image: ghcr.io/acme/churn:1.4.0}}"
        sink.add(rules.MISSING_FIELD, message, schedule.place(), help=help)
        return None
    lowered, names = lower(schedule, capabilities_of(target, options or {}))
    left = unmet(lowered, capabilities_of(target, options or {}))
    for requirement, answer in _as_written(schedule, left, unmet(schedule, capabilities_of(target, options or {}))):
        _refuse(schedule, lowered, target, requirement, answer, sink)
    if options is None or left:
        return None
    job = _job(lowered, schedule, target, options)
    before = sink.errors
    target.limits(job, sink)
    if sink.errors > before:
        return None
    artifacts = prove_candidates(schedule, target, job, sink)
    if artifacts is None:
        return None
    return Output(
        schedule=schedule,
        target=target.name,
        artifacts=artifacts,
        lowerings=names,
        at_deploy=target.at_deploy(job),
        backfills_from=target.backfills_from(job),
        engine_name=target.engine_name(job),
    )


def for_target(schedule: Schedule, target: Target, options: Mapping[str, Any]) -> Schedule:
    """A schedule as one target sees it: an option that is named as a field of schedules stands for that field."""
    if target.replaces_run(options):
        schedule = replace(schedule, run=Elsewhere())
    return replace(schedule, owner=options["owner"]) if "owner" in options else schedule


def _as_written(
    schedule: Schedule, left: list[tuple[Requirement, No]], before: list[tuple[Requirement, No]]
) -> list[tuple[Requirement, No]]:
    """What is unmet, in words of fields that the user wrote: a lowering may ask for a bound that nobody wrote."""
    written = [one for one in left if schedule.node.get(*one[0].path) is not None]
    unwritten = len(written) < len(left)
    return [*(one for one in before if unwritten and one not in written), *written]


def capabilities_of(target: Target, options: Mapping[str, Any]) -> Capabilities:
    return target.capabilities.but(target.by_version(options))


def _job(lowered: Schedule, schedule: Schedule, target: Target, options: Mapping[str, Any]) -> Job:
    zone = not isinstance(schedule.trigger, Interval)
    return Job(
        schedule=lowered,
        options=options,
        digest=digest(schedule, {k: v for k, v in options.items() if v != _default(target, k)}),
        words=words(schedule.trigger, zone=zone),
        origin=schedule.source.rsplit("/", 1)[-1],
    )


def _default(target: Target, name: str) -> Any:
    return next((f.default for f in target.options if f.name == name), None)


def prove_candidates(schedule: Schedule, target: Target, job: Job, sink: Sink) -> tuple[Artifact, ...] | None:
    """The first candidate without an error; where there is none, the errors of the first one are told."""
    first: list[Diagnostic] | None = None
    for artifacts in target.emit(job):
        trial = sink.trial()
        _check(schedule, target, job.options, {a.path: a.text for a in artifacts}, trial)
        if not trial.errors:
            sink.extend(trial.found)
            return artifacts
        if first is None:
            first = trial.found
    sink.extend(first or [])
    return None


def check_artifacts(
    schedule: Schedule, target: Target, options: Mapping[str, Any], files: Mapping[str, str], sink: Sink
) -> None:
    """Read files from a disk back and prove them against a schedule; each finding names the files.

    What the schedule leaves open must be what a compile chooses: nobody declared what somebody wrote into a file.
    """
    trial = sink.trial()
    deployed = _check(schedule, target, options, files, trial)
    if deployed is not None and not trial.errors:
        _check_choices(schedule, target, options, deployed, trial)
    where = f"read from {', '.join(f'{target.name}/{path}' for path in sorted(files))}"
    sink.extend(replace(found, notes=(*found.notes, where)) for found in trial.found)


def _check(
    schedule: Schedule, target: Target, options: Mapping[str, Any], files: Mapping[str, str], sink: Sink
) -> Deployed | None:
    """What the files say, proved against the schedule; None where they cannot be read."""
    try:
        deployed = target.read(files)
    except UnreadableArtifact as error:
        message = f"{', '.join(sorted(files))}: {error}"
        sink.add(rules.UNREADABLE_ARTIFACT, message, schedule.place(), help="compile it again with schedc compile")
        return None
    schedule = for_target(schedule, target, options)
    prove(schedule, deployed, target.families(options), target.title, sink)
    name = target.engine_name(Job(schedule=schedule, options=options, digest="", words="", origin=""))
    called = deployed.name if deployed.called is None else deployed.called
    if called != name:
        message = f"{target.title} would know it as {shown(called)}, and not as {name}"
        sink.add(rules.METADATA_DIFFERS, message, schedule.place())
    for key, wanted in target.identity(options).items():
        has = deployed.identity.get(key)
        if has != wanted:
            own = schedule.options.get(target.name)
            place = own.nearest(key) if own else schedule.place()
            sink.add(rules.METADATA_DIFFERS, f"{target.title} carries another {key}: {shown(has)}", place)
    return deployed


_POLICIES = {
    "missed": "makes up for {} missed runs",
    "busy": "would {} when a run is due and enough are active",
    "limit": "allows {} active runs",
    "start_deadline": "gives a run up after {} seconds",
}


def _check_choices(
    schedule: Schedule, target: Target, options: Mapping[str, Any], deployed: Deployed, sink: Sink
) -> None:
    """The policies of files, declared or not, against those that a compile writes."""
    seen = for_target(schedule, target, options)
    capabilities = capabilities_of(target, options)
    lowered, _ = lower(seen, capabilities)
    quiet = sink.trial()
    job = _job(lowered, seen, target, options)
    if not unmet(lowered, capabilities):
        target.limits(job, quiet)
        candidate = None if quiet.errors else next(target.emit(job), None)
        if candidate is not None:
            wanted = target.read({a.path: a.text for a in candidate}).behaviour
            for name, does in _POLICIES.items():
                has, would = getattr(deployed.behaviour, name), getattr(wanted, name)
                if has != would:
                    words = does.format("any number of" if has is None else str(has).replace("_", " "))
                    sink.add(
                        rules.POLICY_DIFFERS,
                        f"{target.title} {words}, which nobody declared",
                        schedule.place(),
                        notes=(f"where it is left open, schedc writes {'nothing' if would is None else would}",),
                        help="declare it in the schedule, or compile again",
                    )


def read_options(schedule: Schedule, target: Target, sink: Sink) -> dict[str, Any] | None:
    """The target's options of a schedule, defaults filled in; None after the sink was told what is wrong."""
    node = schedule.options.get(target.name) or Node({}, schedule.place("targets"))
    optional = tuple(Field(f.name, f.shape, f.about) for f in target.options)
    read = Record(optional, f"targets.{target.name}").read(node, sink)
    if read is INVALID:
        return None
    missing = [f for f in target.options if f.required and f.name not in read]
    if missing:
        keys = " and ".join(filter(None, (", ".join(f.name for f in missing[:-1]), missing[-1].name)))
        sink.add(
            rules.MISSING_OPTION,
            f"{target.title} needs {keys}, and nobody gave {'them' if len(missing) > 1 else 'it'}",
            _deploy_place(schedule, target.name),
            notes=[f"{f.name}: {f.about}" for f in missing if f.about],
            help=f"set {'them' if len(missing) > 1 else 'it'} under targets.{target.name} in the schedule, in its"
            " file's defaults or in schedc.toml",
        )
        return None
    return {**{f.name: f.default for f in target.options if f.default is not None}, **read}


def _deploy_place(schedule: Schedule, name: str) -> Any:
    """Where a schedule says that it is deployed to a target, or the schedule itself."""
    if schedule.deploy_to and name in schedule.deploy_to:
        return schedule.place("deploy_to", schedule.deploy_to.index(name))
    return schedule.node.span


def _refuse(
    schedule: Schedule, lowered: Schedule, target: Target, requirement: Requirement, answer: No, sink: Sink
) -> None:
    notes = [f"{target.title} {answer.because}", f"see {answer.source}"]
    help = answer.instead
    if isinstance(schedule.trigger, Interval) and requirement.path == ("interval_second",):
        if interval_to_calendar(schedule) is None:
            notes.insert(0, _interval_reason(schedule))
        if schedule.catchup is not Catchup.ALL and help is None:
            help = "use whole minutes that divide an hour, or whole hours that divide a day"
    sink.add(
        rules.UNSUPPORTED,
        f"{target.title} cannot honour {_asked(requirement, schedule)}",
        schedule.place(*requirement.path),
        notes=notes,
        help=help,
    )


def _asked(requirement: Requirement, schedule: Schedule) -> str:
    name = str(requirement.path[-1]) if requirement.path else ""
    phrase = requirement.feature.value
    if name == "cron_expression" and isinstance(schedule.trigger, Interval):
        return f"{phrase}, which an interval of {schedule.trigger.seconds} seconds needs"
    return (
        f"{phrase} ({name})" if name and name.replace("_", " ") not in phrase and name != "cron_expression" else phrase
    )


def _interval_reason(schedule: Schedule) -> str:
    trigger = schedule.trigger
    assert isinstance(trigger, Interval)
    if _DAY % trigger.seconds == 0:
        return f"{trigger.seconds} seconds from this start are not the same minutes in each of their hours"
    return f"{trigger.seconds} seconds from this start are not the same times on every day of a UTC clock"


def _is_free(output: Output, taken: dict[tuple[str, str], str], sink: Sink) -> bool:
    """Whether nothing else writes these files, on a disk that may not tell upper from lower case, or has this name."""
    import unicodedata

    claims = {f"{output.target}/{artifact.path}": "write" for artifact in output.artifacts}
    claims[output.engine_name] = "be called"
    for claim, verb in claims.items():
        key = (f"{output.target} {verb}", unicodedata.normalize("NFC", claim).casefold())
        other = taken.setdefault(key, output.schedule.name)
        if other != output.schedule.name:
            sink.add(
                rules.CONFLICTING_OUTPUT,
                f"{output.schedule.name} and {other} would both {verb} {claim}",
                output.schedule.place("targets", output.target),
                schedule=output.schedule.name,
                target=output.target,
                help="give one of them another name",
            )
            return False
    return True
