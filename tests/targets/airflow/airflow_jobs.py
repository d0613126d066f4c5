"""Builds jobs for the tests of the Airflow target, with no front end in between, and makes random ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_pods import init_containers, pods
from hypothesis import strategies as st
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.ir.calendar import ALL_HOURS, ALL_MINUTES, Calendar, mask
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Interval, Trigger
from schedc.ir.workload import ConfigMapKey, Container, PodField, Resources, ScheduledTime, SecretKey
from schedc.node import Node
from schedc.source import SourceFile, Span
from schedc.target import Artifact, Deployed, Job
from schedc.targets.airflow import TARGET

DIGEST = "0123456789abcdef"
WEEKLY = Calendar(minutes=mask([5]), hours=mask([14]), weekdays=mask([3]))
IMAGE = "ghcr.io/acme/churn:1.4.0"
_FILE = SourceFile("schedules/churn.yaml", "weekly-churn:\n")


def schedule(trigger: Trigger | Calendar = WEEKLY, zone: str = "UTC", **fields: Any) -> Schedule:
    given = {"name": "weekly-churn", "run": Container(image=IMAGE), **fields}
    timed = Cron(trigger, zone) if isinstance(trigger, Calendar) else trigger
    return Schedule(trigger=timed, timezone=zone, node=Node({}, Span(_FILE, 0, 12)), **given)


def job(one: Schedule, words: str = "at 14:05 on Wednesdays, UTC", origin: str = "churn.yaml", **options: Any) -> Job:
    return Job(schedule=one, options=options, digest=DIGEST, words=words, origin=origin)


def candidates(one: Schedule, **options: Any) -> list[str]:
    found = []
    for artifacts in TARGET.emit(job(one, **options)):
        (artifact,) = artifacts
        assert artifact.path == f"{one.name}.py"
        found.append(artifact.text)
    return found


def emitted(one: Schedule, **options: Any) -> str:
    return candidates(one, **options)[0]


def read_text(text: str, name: str = "weekly-churn") -> Deployed:
    return TARGET.read({f"{name}.py": text})


def findings(one: Schedule, **options: Any) -> list[Diagnostic]:
    sink = Sink()
    TARGET.limits(job(one, **options), sink)
    return sink.found


def first(one: Job) -> Artifact:
    return next(iter(TARGET.emit(one)))[0]


HOSTILE = (
    "plain",
    "",
    " ",
    "it's",
    'say "hi"',
    "both ' and \"",
    "back\\slash",
    "two\nlines",
    "ends\n",
    "a\r\nb",
    "\ttab",
    "{{ ds }}",
    "{% raw %}",
    "{# no comment",
    "}} %}",
    "$(HOME)",
    "$$(HOME)",
    "$HOME costs $5$",
    "$é",
    "{{$.inputs}}",
    "run.sh",
    "run.bash",
    "vars.env",
    "job.yaml",
    "é und 日本語 🎉",
    "\u202egnp.exe",
    "\x00\x1b[31m",
    '"""',
    "'''",
    "# comment",
    "a" * 100,
    "日" * 50,
    "-x",
    "a=b",
    "*",
    "~/x",
    "%(x)s {0} {x}",
)
texts = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=30)
_names = st.from_regex(r"[A-Z_][A-Z0-9_]{0,40}", fullmatch=True)
_keys = st.from_regex(r"[a-z][a-z0-9.-]{0,40}", fullmatch=True)
_quantities = st.sampled_from(["1", "250m", "4Gi", "1.5", "{{ x }}"])
_amounts = st.dictionaries(st.sampled_from(["cpu", "memory", "nvidia.com/gpu", "ephemeral-storage"]), _quantities)


_forms = st.lists(
    texts.map(lambda text: text.replace("%", "%%")) | st.sampled_from(["%Y", "%m-%d", "%H%%", "%j", "%y"])
)
times = st.builds(
    ScheduledTime,
    _forms.map("".join),
    st.sampled_from(["UTC", "Europe/Amsterdam", "Etc/GMT+5", "America/Port-au-Prince"]),
)


def containers(operator: str) -> st.SearchStrategy[Container]:
    """Containers that the operator can run, full of hostile text."""
    if operator == "bash":
        return st.builds(
            Container,
            image=texts,
            command=st.builds(lambda a, b: (a, *b), st.sampled_from(["python", "x.sh", "a b"]), st.lists(texts)),
            args=st.none() | st.lists(texts, max_size=5).map(tuple),
            env=st.dictionaries(_names, texts | times, max_size=4),
        )
    words = st.none() | st.lists(texts, max_size=5).map(tuple)
    if operator == "docker":
        folder = st.fixed_dictionaries({}, optional={"working_dir": texts.filter(bool)})
        args = words | st.lists(texts | times, max_size=3).map(tuple)
        env = st.dictionaries(_names, texts | times, max_size=4)
        return st.builds(Container, image=texts, command=words, args=args, env=env, pod=folder)
    references: st.SearchStrategy[Any] = (
        st.builds(SecretKey, _keys, _keys) | st.builds(ConfigMapKey, _keys, _keys) | st.builds(PodField, texts)
    )
    resources = st.builds(Resources, requests=_amounts, limits=_amounts)
    env = st.dictionaries(_names, texts | references, max_size=3)
    return st.builds(
        Container,
        image=texts,
        command=words | st.lists(texts | times, max_size=3).map(tuple),
        args=words | st.lists(texts | times, max_size=3).map(tuple),
        env=st.dictionaries(_names, texts | references | times, max_size=4),
        resources=resources,
        service_account=st.none() | _keys,
        init_containers=init_containers(texts, env, resources),
        pod=pods(texts),
    )


calendars = st.builds(
    Calendar,
    seconds=st.just(1) | st.integers(1, (1 << 60) - 1),
    minutes=st.sampled_from([1, 1 << 30, ALL_MINUTES]) | st.integers(1, (1 << 60) - 1),
    hours=st.just(ALL_HOURS) | st.integers(1, (1 << 24) - 1),
    months=st.just((1 << 13) - 2) | st.integers(1, (1 << 12) - 1).map(lambda m: m << 1),
    weekdays=st.integers(1, 127),
)
zones = st.sampled_from(["UTC", "Europe/Amsterdam", "America/Argentina/ComodRivadavia", "Australia/Lord_Howe"])
_instants = st.integers(1_500_000_000, 4_000_000_000)


@st.composite
def schedules(draw: st.DrawFn, operator: str = "kubernetes") -> Schedule:
    """Schedules that the target takes, in all its policies."""
    start = draw(st.none() | _instants)
    fields: dict[str, Any] = {
        "start": start,
        "end": draw(st.none() | _instants.map(lambda one: one + 10_000_000_000)),
        "max_active_runs": draw(st.none() | st.integers(1, 100)),
        "paused": draw(st.booleans()),
        "retries": draw(st.integers(0, 5)),
        "timeout": draw(st.none() | st.integers(1, 10**6)),
        "attempt_timeout": draw(st.none() | st.integers(1, 10**6)),
        "description": draw(st.none() | texts),
        "owner": draw(st.none() | texts.filter(str.strip)),
        "labels": draw(st.dictionaries(_keys, texts.filter(lambda text: len(text) < 58), max_size=3)),
        "run": draw(containers(operator)),
        "applied_after": draw(st.none() | _instants),
    }
    catchups: list[Catchup | None] = [None, Catchup.FALSE, Catchup.LATEST]
    fields["catchup"] = draw(st.sampled_from([*catchups, Catchup.ALL] if start is not None else catchups))
    if fields["max_active_runs"] is None:
        queue = [Overlap.QUEUE] if fields["catchup"] is Catchup.ALL else []
        fields["overlap"] = draw(st.sampled_from([None, Overlap.ALLOW, *queue]))
    if start is not None and fields["catchup"] is Catchup.ALL and draw(st.booleans()):
        return schedule(Interval(start, draw(st.integers(1, 10**7))), **fields)
    return schedule(draw(calendars), draw(zones), **fields)


def options(operator: str) -> st.SearchStrategy[Mapping[str, Any]]:
    own: dict[str, Mapping[str, st.SearchStrategy[Any]]] = {
        "kubernetes": {
            "namespace": st.just("ml"),
            "kubernetes_conn_id": st.sampled_from(["k8s", "it's"]),
            "in_cluster": st.booleans(),
            "startup_timeout_seconds": st.integers(1, 10_000),
            "on_finish_action": st.sampled_from(["delete_pod", "keep_pod"]),
            "deferrable": st.booleans(),
        },
        "docker": {"docker_url": st.just("tcp://docker:2375"), "network_mode": st.just("bridge")},
        "bash": {},
    }
    shared: dict[str, st.SearchStrategy[Any]] = {
        "version": st.sampled_from(["2.11", "3.0", "3.1", "3.3"]),
        "dag_id": st.from_regex(r"[A-Za-z0-9_.-]{1,100}", fullmatch=True),
        "tags": st.lists(texts.filter(lambda text: text != "" and "=" not in text), max_size=4).map(tuple),
    }
    return st.fixed_dictionaries({"operator": st.just(operator)}, optional={**shared, **own[operator]})
