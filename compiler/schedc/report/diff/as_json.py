"""A diff as JSON, with the keys that docs/diff.md names. A key that is there once stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from schedc.ir.stamps import stamp
from schedc.ir.zones import tzdata_version
from schedc.report.diff.model import ClockNote, FieldChange, InstantChange, Report, ScheduleChange, TargetChange
from schedc.report.diff.phrases import zone_or_utc
from schedc.report.diff.text import counted


def render(report: Report, diagnostics: list[Mapping[str, Any]]) -> str:
    """One object; `diagnostics` are those of both sides, as every command gives them."""
    data = {
        "version": 1,
        "tzdata": tzdata_version(),
        "old": report.old,
        "new": report.new,
        "from": stamp(report.begin),
        "until": stamp(report.until),
        "summary": {**counted(report.changes), "unchanged": report.unchanged},
        "schedules": [_schedule(one) for one in report.changes],
        "not_compared": list(report.not_compared),
        "environments_not_compared": list(report.environments_not_compared),
        "diagnostics": diagnostics,
    }
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def _schedule(one: ScheduleChange) -> dict[str, Any]:
    return {
        "name": one.name,
        "environment": one.environment,
        "status": one.status,
        "renamed_from": one.renamed_from,
        "certain": one.certain,
        "category": one.category.value,
        "before": {"words": one.words_before, "timezone": one.zone_before} if one.words_before is not None else None,
        "after": {"words": one.words_after, "timezone": one.zone_after} if one.words_after is not None else None,
        "instants": _instants(one.instants, one),
        "fields": [_field(f) for f in one.fields],
        "remarks": list(one.remarks),
        "targets": [_target(t, one) for t in one.targets],
    }


def _target(one: TargetChange, of: ScheduleChange) -> dict[str, Any]:
    return {
        "target": one.target,
        "status": one.status,
        "category": one.category.value,
        "codes": {"before": list(one.codes_before), "after": list(one.codes_after)},
        "instants": _instants(one.instants, of),
        "clock_changes": [_note(n) for n in one.clock],
        "fields": [_field(f) for f in one.fields],
        "remarks": list(one.remarks),
        "files": {"before": sorted(one.files_before), "after": sorted(one.files_after)},
    }


def _instants(one: InstantChange | None, of: ScheduleChange) -> dict[str, Any] | None:
    if one is None:
        return None

    def event(both: tuple[int | None, int | None]) -> dict[str, Any]:
        names = of.zone_before, of.zone_after
        sides = [None if i is None else _time(i, n) for i, n in zip(both, names, strict=True)]
        return {"before": sides[0], "after": sides[1]}

    weeks = (one.until - one.begin) / 604_800
    return {
        "from": stamp(one.begin),
        "until": stamp(one.until),
        "before": one.before,
        "after": one.after,
        "lost": one.lost,
        "gained": one.gained,
        "moved": [{"seconds": seconds, "count": count} for seconds, count in one.moved],
        "changed_a_week": round(one.total / weeks, 3),
        "difference_a_week": round((one.after - one.before) / weeks, 3),
        "first": None if one.first is None else event(one.first),
        "events": [event(both) for both in one.events],
    }


def _time(instant: int, name: str) -> dict[str, str]:
    from schedc.ir.stamps import local_stamp

    return {"utc": stamp(instant), "local": local_stamp(instant, zone_or_utc(name))}


def _field(one: FieldChange) -> dict[str, Any]:
    return {"path": one.path, "before": one.before, "after": one.after, "category": one.category.value}


def _note(one: ClockNote) -> dict[str, Any]:
    return {"at": stamp(one.at), "timezone": one.timezone, "text": one.text, "new": one.is_new}
