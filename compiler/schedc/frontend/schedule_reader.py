"""One resolved tree of a schedule becomes a `Schedule`, or the sink is told why not."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from schedc.diagnostics import Replacement, instead, rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_mistakes import CronMistake, Kind
from schedc.frontend.cron_suspicions import suspicions
from schedc.frontend.fields import SCHEDULE, SLIPS
from schedc.frontend.times import WrittenTime, resolve, zone_help, zone_hint
from schedc.frontend.workload_reader import ReadPipeline, read_workload
from schedc.ir import zones
from schedc.ir.calendar import Calendar
from schedc.ir.schedule import Cache, Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once, Trigger
from schedc.ir.workload import Elsewhere, Workload
from schedc.node import Node
from schedc.records import replace
from schedc.shapes import INVALID
from schedc.source import Span

_RUNS_ELSEWHERE = replace(SCHEDULE, fields=tuple(replace(f, required=False) for f in SCHEDULE.fields))
"""The fields of a schedule whose target says what runs; nothing but `run` is required otherwise."""

_TRIGGERS = ("cron_expression", "interval_second", "run_once_start_time")


def read_schedule(
    name: str, node: Node, source: str, applied_after: int | None, read_pipeline: ReadPipeline, sink: Sink
) -> Schedule | None:
    """The schedule of a resolved tree. `read_pipeline` reads a `run.pipeline`, since packages are files."""
    before = sink.errors
    may_lack_run = _runs_elsewhere(node)
    if isinstance(node.value, dict) and "run" not in node.value and not may_lack_run:
        sink.add(
            rules.MISSING_FIELD,
            f"the schedule {name} has no run",
            node.span,
            help="say what it runs, for example run: {container: {image: ghcr.io/acme/churn:1.4.0}}",
        )
        data = _without_run(node, sink)
    else:
        data = (_RUNS_ELSEWHERE if may_lack_run else SCHEDULE).read(node, sink)
    known = _partial(node, sink) if data is INVALID else data
    zone = _zone(known, node, sink)
    times = {key: resolve(known[key], zone, sink) if zone else INVALID for key in _TIMES if _is_time(known.get(key))}
    trigger = _trigger(known, times, zone, node, sink)
    written = _written(node)
    run = _run(known, node, read_pipeline, sink)
    if run is None and may_lack_run and isinstance(node.value, dict) and "run" not in node.value:
        run = Elsewhere()
    if sink.errors > before or data is INVALID or trigger is None or run is None:
        return None
    start = trigger.start if isinstance(trigger, Interval) else times.get("start_time")
    return Schedule(
        name=name,
        trigger=trigger,
        timezone=data.get("timezone", "UTC"),
        written=written,
        start=start,
        end=times.get("end_time"),
        catchup=_CATCHUPS[data["catchup"]] if "catchup" in data else None,
        overlap=Overlap(data["overlap"]) if "overlap" in data else None,
        max_active_runs=data.get("max_active_runs"),
        max_runs=data.get("max_runs"),
        start_deadline=data.get("start_deadline_second"),
        paused=data.get("paused", False),
        enabled=data.get("enabled", True),
        deploy_to=data.get("deploy_to"),
        retries=data.get("retries", 0),
        timeout=data.get("timeout_second"),
        attempt_timeout=data.get("attempt_timeout_second"),
        description=data.get("description"),
        owner=data.get("owner"),
        labels=data.get("labels", {}),
        cache=Cache.AS_COMPILED if data.get("cache") == "as_compiled" else Cache.OFF,
        run=run,
        options=_options(node),
        node=node,
        source=source,
        applied_after=applied_after,
    )


def _runs_elsewhere(node: Node) -> bool:
    """Whether Airflow is the only target and its options say what runs, or that the file runs nothing by itself."""
    listed, options = node.get("deploy_to"), node.get("targets", "airflow")
    if listed is None or options is None or listed.plainly() != ["airflow"] or not isinstance(options.value, dict):
        return False
    own = options.plainly()
    return own.get("emit") == "schedule" or isinstance(own.get("operator"), dict)


def _run(data: Mapping[str, Any], node: Node, read_pipeline: ReadPipeline, sink: Sink) -> Workload | None:
    here = node.get("run")
    if here is None or "run" not in data:
        return None
    return read_workload(data["run"], here, data.get("timezone", "UTC"), read_pipeline, sink)


_TIMES = ("start_time", "end_time", "run_once_start_time")
_CATCHUPS = {
    True: Catchup.ALL,
    False: Catchup.FALSE,
    "all": Catchup.ALL,
    "latest": Catchup.LATEST,
    "none": Catchup.NONE,
}


def _is_time(value: Any) -> bool:
    return isinstance(value, WrittenTime)


def _without_run(node: Node, sink: Sink) -> Any:
    _partial(node, sink, quiet=False)
    return INVALID


def _partial(node: Node, sink: Sink, quiet: bool = True) -> dict[str, Any]:
    """The fields that can be read, so that a mistake in one does not hide another that only their meaning shows."""
    data: dict[str, Any] = {}
    if not isinstance(node.value, dict):
        return data
    into = Sink() if quiet else sink
    for field in SCHEDULE.fields:
        entry = node.value.get(field.name)
        if entry is not None:
            value = field.shape.read(entry.node, into)
            if value is not INVALID:
                data[field.name] = value
    return data


def _options(node: Node) -> dict[str, Node]:
    targets = node.get("targets")
    return {name: entry.node for name, entry in targets.value.items()} if targets else {}


def _zone(data: Mapping[str, Any], node: Node, sink: Sink) -> zones.Zone | None:
    name = data.get("timezone", "UTC")
    try:
        return zones.zone(name)
    except zones.UnknownZone:
        near = zone_hint(name)
        span = node.nearest("timezone")
        sink.add(
            rules.UNKNOWN_TIMEZONE,
            f"{name[:60]!r} is not a zone of the IANA database",
            span,
            notes=(f"zones are those of tzdata {zones.tzdata_version()}",),
            help=zone_help(name),
            replacement=instead(span, name, near, safe=name.lower() == near.lower()) if near else None,
        )
        return None


def _trigger(
    data: Mapping[str, Any], times: Mapping[str, Any], zone: zones.Zone | None, node: Node, sink: Sink
) -> Trigger | None:
    given = [key for key in _TRIGGERS if isinstance(node.value, dict) and key in node.value]
    if len(given) != 1:
        _wrong_count(given, node, sink)
        return None
    key = given[0]
    gap, fold = data.get("dst_gap"), data.get("dst_fold")
    if key != "cron_expression":
        for name in ("dst_gap", "dst_fold"):
            if name in data:
                message = f"{name} has no meaning beside {key}, which is instants and knows no clock"
                sink.add(rules.CONFLICTING_FIELDS, message, node.key_span(name), help=f"remove {name}")
    if key not in data:
        return None
    if key == "run_once_start_time":
        at = times.get(key, INVALID)
        return None if at is INVALID else Once(at)
    if key == "interval_second":
        if "start_time" not in (node.value or {}):
            sink.add(
                rules.INTERVAL_WITHOUT_START,
                "an interval has nothing to count from without a start_time",
                node.key_span(key),
                help="add start_time: the instant of the first run",
            )
            return None
        start = times.get("start_time", INVALID)
        return None if start is INVALID else Interval(start, data[key])
    calendar = _calendar(data[key], node.get(key), sink)
    if calendar is None:
        return None
    if calendar.every_hour:
        for name in ("dst_gap", "dst_fold"):
            if name in data:
                message = f"{name} means nothing for a schedule that matches in every hour: it follows the clock"
                sink.add(rules.CONFLICTING_FIELDS, message, node.key_span(name), help=f"remove {name}")
    return Cron(calendar, zone.name if zone else "UTC", Gap(gap) if gap else None, Fold(fold) if fold else None)


def _wrong_count(given: list[str], node: Node, sink: Sink) -> None:
    choices = "cron_expression, interval_second or run_once_start_time"
    if not given:
        if any(_means_trigger(key) for key in node.value or ()):
            return  # that key was told already, with the field that was meant
        sink.add(rules.TRIGGER_COUNT, "nothing says when it fires", node.span, help=f"give one of {choices}")
        return
    message = f"{' and '.join(given)} are two ways to say when it fires"
    if len(given) == 3:
        message = "three ways to say when it fires"
    sink.add(rules.TRIGGER_COUNT, message, node.key_span(given[1]), help="keep one of them")


def _means_trigger(key: str) -> bool:
    """Whether a key is one that people write for a trigger, or a trigger with a slip in it."""
    if any(trigger in SLIPS.get(key, "") for trigger in _TRIGGERS):
        return True
    return key not in _FIELDS and bool(get_close_matches(key.lower().replace("-", "_"), _TRIGGERS, n=1, cutoff=0.7))


_FIELDS = frozenset(f.name for f in SCHEDULE.fields)


def _calendar(text: str, node: Node | None, sink: Sink) -> Calendar | None:
    assert node is not None
    calendar, mistakes = read_cron(text)
    for mistake in mistakes:
        rule = rules.AMBIGUOUS_DAY_FIELDS if mistake.kind is Kind.AMBIGUOUS_DAY_FIELDS else rules.INVALID_CRON
        fix = _replacement(node, text, mistake)
        sink.add(rule, mistake.message, cron_span(node, mistake), help=mistake.help, replacement=fix)
    if calendar is not None:
        for one in suspicions(text, calendar):
            fix = _replacement(node, text, one)
            sink.add(rules.SUSPICIOUS_CRON, one.message, cron_span(node, one), help=one.help, replacement=fix)
    return calendar


def _replacement(node: Node, text: str, mistake: CronMistake) -> Replacement | None:
    if mistake.better is None:
        return None
    return instead(cron_span(node, mistake), text[mistake.start : mistake.end], mistake.better, mistake.safe)


def cron_span(node: Node, mistake: CronMistake) -> Span:
    """Where a mistake stands in the file: inside the quotes, if the text has neither escapes nor folded lines."""
    span = node.span
    raw = span.file.text[span.start : span.end]
    at = raw.find(node.value)
    return span.part(at + mistake.start, at + mistake.end) if at >= 0 else span


def _written(node: Node) -> str:
    for key in _TRIGGERS:
        found = node.get(key)
        if found is not None:
            return str(found.written if found.written is not None else found.value)
    return ""
