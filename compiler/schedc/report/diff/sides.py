"""What is asked of one side alone: when it fires in words, its zone, its secrets."""

from __future__ import annotations

from schedc.engines.model import CronError
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Once
from schedc.ir.words import calendar_words, words
from schedc.ir.zones import UTC, UnknownZone, Zone, zone
from schedc.proof.clock import clocks
from schedc.report.diff.covering import COVER
from schedc.report.diff.flatten import secrets_in
from schedc.report.diff.model import One
from schedc.target import Told


def words_of(one: One | None) -> str | None:
    """When it fires, in words, without the zone."""
    if one is None:
        return None
    if one.schedule is not None:
        return words(one.schedule.trigger)
    told = _any_told(one)
    if told is None:
        return None
    if told.period is not None:
        return f"every {told.period} seconds"
    try:
        return " and ".join(dict.fromkeys(calendar_words(c) for c in clocks(told)[0].calendars))
    except (CronError, UnknownZone):
        return ", ".join(told.crons)


def _any_told(one: One) -> Told | None:
    return next((c.deployed.told for _, c in sorted(one.cells.items()) if c.deployed is not None), None)


def zone_of(one: One | None) -> str | None:
    """The zone to show instants in; None where there is no side."""
    if one is None:
        return None
    if one.schedule is not None:
        return one.schedule.timezone
    told = _any_told(one)
    return None if told is None else told.timezone


def zone_of_schedule(schedule: Schedule | None) -> Zone:
    return UTC if schedule is None or isinstance(schedule.trigger, Once) else zone(schedule.timezone)


def zone_of_told(one: One | None, told: Told | None) -> Zone:
    """The zone whose days count, which is the schedule's and not what an engine was given in its place."""
    if one is not None and one.schedule is not None:
        return zone_of_schedule(one.schedule)
    try:
        return UTC if told is None else zone(told.timezone)
    except UnknownZone:
        return UTC


def secrets_of(one: One | None) -> set[str]:
    """The texts of a side that look like secrets, which diffs of artifacts must not show."""
    if one is None:
        return set()
    found = set(secrets_in(one.schedule.run)) if one.schedule is not None else set()
    if one.schedule is not None:
        found |= {*secrets_in(one.schedule.description or "", "description"), *secrets_in(one.schedule.labels)}
        found |= set(secrets_in({k: v.plainly() for k, v in one.schedule.options.items()}))
    for cell in one.cells.values():
        if cell.deployed is not None:
            found |= {*secrets_in(cell.deployed.workload), *secrets_in(cell.deployed.labels)}
            found |= {*secrets_in(cell.deployed.identity), *secrets_in(cell.deployed.description or "", "description")}
    return found - {COVER}
